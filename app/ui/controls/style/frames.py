"""Rounded frames around fields, and hairlines between areas."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractSpinBox, QFrame, QHBoxLayout, QWidget

from app.ui.controls.style.theme import RADIUS, colours


def line() -> QFrame:
    """A hairline between two areas."""
    made = QFrame()
    made.setProperty("role", "line")
    made.setFixedHeight(1)
    return made


def paint_field(painter: QPainter, rect: QRectF, *, focus: bool, ground: QColor | None = None) -> None:
    """Draw the rounded ground and edge of a field, button or combo box."""
    scheme = colours()
    width = 2 if focus else 1
    inset = width / 2
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(scheme.color("accent" if focus else "edge"), width))
    painter.setBrush(ground or scheme.color("field"))
    painter.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), RADIUS, RADIUS)


class FieldFrame(QFrame):
    """A rounded frame around an editor and its buttons; it shows the focus of what is inside."""

    def __init__(self, *contents: QWidget) -> None:
        super().__init__()
        self.setFixedHeight(30)
        row = QHBoxLayout(self)
        row.setContentsMargins(9, 2, 3, 2)
        row.setSpacing(0)
        for index, widget in enumerate(contents):
            row.addWidget(widget, 1 if index == 0 else 0)
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        focus = any(isinstance(w, QAbstractSpinBox) and w.hasFocus() for w in self.findChildren(QWidget))
        paint_field(QPainter(self), QRectF(self.rect()), focus=focus)
