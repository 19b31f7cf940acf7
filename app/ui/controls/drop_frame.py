"""Shows where what is dragged would be taken, and what would become of it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.ui.controls.style.theme import RADIUS, colours


class DropFrame(QWidget):
    """An outline over a widget, and words in its middle where they are needed. Drags and the mouse go through it."""

    def __init__(self, target: QWidget) -> None:
        super().__init__(target)
        self.setObjectName("dropFrame")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._target = target
        self.words = ""
        self.hide()

    def show_over(self, words: str = "") -> None:
        """Show it over the whole target."""
        self.words = words
        self.setGeometry(self._target.rect())
        self.show()
        self.raise_()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        scheme, painter = colours(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(scheme.color("accent"), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), RADIUS, RADIUS)
        if self.words:
            room = QRectF(self.rect())
            around = painter.boundingRect(room, Qt.AlignmentFlag.AlignCenter, self.words).adjusted(-16, -9, 16, 9)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(scheme.color("fill"))
            painter.drawRoundedRect(around, RADIUS, RADIUS)
            painter.setPen(Qt.GlobalColor.white)
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, self.words)
