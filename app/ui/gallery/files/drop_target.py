"""A field that takes what is dropped on it, as a copy, and shows where while something is dragged."""

from __future__ import annotations

import abc

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from app.ui.controls.drop_frame import DropFrame
from app.ui.gallery.files.dropping import accept_copy


class DropTarget(QWidget):
    """Outlined while it would take what is dragged over it."""

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptDrops(True)
        self._drop_frame = DropFrame(self)

    @abc.abstractmethod
    def takes(self, data: QMimeData) -> bool:
        """Whether there may be anything for it."""

    @abc.abstractmethod
    def receive(self, data: QMimeData) -> bool:
        """Take what was dropped. Returns whether there was anything."""

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.takes(event.mimeData()):
            accept_copy(event)
            self._drop_frame.show_over()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._drop_frame.hide()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        accept_copy(event)

    def dropEvent(self, event: QDropEvent) -> None:
        self._drop_frame.hide()
        if self.receive(event.mimeData()):
            accept_copy(event)
