"""A coloured dot that shows how something stands."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.ui.controls.style.theme import colours


class StatusDot(QWidget):
    """Its colour has a meaning in words, for the tooltip and for screen readers."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(QSize(12, 12))
        self._colour = "faint"

    def show_state(self, colour: str, meaning: str) -> None:
        self._colour = colour
        self.setAccessibleName(meaning)
        self.setToolTip(meaning)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours().color(self._colour))
        painter.drawEllipse(QPointF(QRectF(self.rect()).center()), 4.5, 4.5)
