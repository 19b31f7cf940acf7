"""Words over a picture."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from app.ui.controls.style.theme import RADIUS, colours


def paint_note(painter: QPainter, room: QRectF, place: Qt.AlignmentFlag, text: str, colour: QColor) -> None:
    """Write at a side of the room, on a ground that keeps it readable over any picture."""
    around = painter.boundingRect(room, place, text).adjusted(-8, -3, 8, 3)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colours().color("viewer"))
    painter.drawRoundedRect(around, RADIUS, RADIUS)
    painter.setPen(colour)
    painter.drawText(room, place, text)
