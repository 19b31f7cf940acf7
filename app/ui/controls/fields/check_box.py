"""A check box in the colours of the window."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox

from app.ui.controls.style.theme import colours

SIDE = 16
GAP = 8


class CheckBox(QCheckBox):
    """Filled with the accent and a tick while it is on; with a ring while it has the focus."""

    def sizeHint(self) -> QSize:
        return QSize(SIDE + GAP + self.fontMetrics().horizontalAdvance(self.text()) + 4, 26)

    def hitButton(self, pos: object) -> bool:
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        scheme = colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(1.5, (self.height() - SIDE) / 2 + 0.5, SIDE - 1, SIDE - 1)
        if self.isChecked():
            painter.setPen(QPen(scheme.color("fill"), 1))
            painter.setBrush(scheme.color("fill"))
        else:
            painter.setPen(QPen(scheme.color("edge"), 1))
            painter.setBrush(scheme.color("field"))
        painter.drawRoundedRect(box, 4, 4)
        if self.isChecked():
            pen = QPen(QColor("#ffffff"), 1.8)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.setPen(pen)
            x, y = box.left(), box.top()
            painter.drawPolyline([QPointF(x + 3.8, y + 7.8), QPointF(x + 6.5, y + 10.6), QPointF(x + 11.2, y + 4.8)])
        if self.hasFocus():
            painter.setPen(QPen(scheme.color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(-1.5, -1.5, 1.5, 1.5), 5, 5)
        painter.setPen(scheme.color("text" if self.isEnabled() else "faint"))
        painter.drawText(self.rect().adjusted(SIDE + GAP, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self.text())
