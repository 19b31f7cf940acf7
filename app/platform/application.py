"""The application object: hears what the system asks of the app as a whole."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication


class Application(QApplication):
    """A `QApplication` that tells of files to open and of quitting. (A filter on it would see every event there is.)

    Signals:
        fileOpened(Path): a file was dropped on the Dock icon or opened with the app.
        quitAsked(): the app is about to close its windows and quit.
    """

    fileOpened = Signal(object)
    quitAsked = Signal()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FileOpen:
            name = cast(QFileOpenEvent, event).file()
            if name:
                self.fileOpened.emit(Path(name))
                return True
        elif event.type() == QEvent.Type.Quit:
            self.quitAsked.emit()
        return super().event(event)
