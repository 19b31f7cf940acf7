"""The application object: hears what the system asks of the app as a whole."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from PySide6.QtCore import QEvent, QUrl, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication

from app.core.links import is_link


class Application(QApplication):
    """A `QApplication` that tells of files to open and of quitting. (A filter on it would see every event there is.)

    Signals:
        fileOpened(Path): a file was dropped on the Dock icon or opened with the app.
        linkOpened(str): a link of the app's own scheme was opened.
        quitAsked(): the app is about to close its windows and quit.
    """

    fileOpened = Signal(object)
    linkOpened = Signal(str)
    quitAsked = Signal()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FileOpen:
            opened = cast(QFileOpenEvent, event)
            name, link = opened.file(), opened.url().toString(QUrl.ComponentFormattingOption.FullyEncoded)
            if is_link(link):
                self.linkOpened.emit(link)
                return True
            if name:
                self.fileOpened.emit(Path(name))
                return True
        elif event.type() == QEvent.Type.Quit:
            self.quitAsked.emit()
        return super().event(event)
