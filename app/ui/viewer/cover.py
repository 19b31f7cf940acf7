"""Widgets that lie over the whole window but its menu bar."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QMainWindow, QWidget


class Cover(QObject):
    """Keeps a widget as large as its window for as long as it is visible."""

    def __init__(self, widget: QWidget, window: QMainWindow) -> None:
        super().__init__(widget)
        self._widget = widget
        self._window = window
        window.installEventFilter(self)

    def show(self) -> None:
        """Show the widget, over everything else."""
        self._cover()
        self._widget.show()
        self._widget.raise_()

    def _cover(self) -> None:
        bar = self._window.menuBar()
        top = 0 if bar.isNativeMenuBar() or bar.isHidden() else bar.height()
        self._widget.setGeometry(self._window.rect().adjusted(0, top, 0, 0))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self._widget.isVisible():
            self._cover()
        return False
