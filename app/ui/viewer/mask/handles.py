"""The handles beside a picture's edges and corners, by which it is extended."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QPainter, QPen

from app.core.request import Extension
from app.ui.controls.style.theme import colours

STEP = 32
"""Pixels: an extension is a multiple of these."""
MOST = 4096
APART = 12.0
"""Points between an edge and the middle of its handle, so that one can paint up to the edge."""
REACH = 10.0
"""Points around the middle of a handle within which the mouse takes hold of it; along an edge, twice as many."""
_LONG, _SHORT = 28.0, 6.0
_Shape = Qt.CursorShape


@dataclass(frozen=True, slots=True)
class Handle:
    """One of eight: `x` is -1 for the left edge, 1 for the right one, 0 for neither; so is `y` from top to bottom."""

    x: int
    y: int

    def middle(self, whole: QRectF) -> QPointF:
        """Where it is, in points, beside a picture that is there."""
        centre, away = whole.center(), QPointF(self.x * APART, self.y * APART)
        return centre + QPointF(self.x * whole.width() / 2, self.y * whole.height() / 2) + away

    def place(self, whole: QRectF) -> QRectF:
        """What is drawn of it: a bar along the edge, or a square at the corner."""
        size = QSizeF(_SHORT if self.x else _LONG, _SHORT if self.y else _LONG)
        if self.x and self.y:
            size *= 1.5
        place = QRectF(QPointF(), size)
        place.moveCenter(self.middle(whole))
        return place

    @property
    def cursor(self) -> Qt.CursorShape:
        if not self.x:
            return _Shape.SizeVerCursor
        if not self.y:
            return _Shape.SizeHorCursor
        return _Shape.SizeFDiagCursor if self.x == self.y else _Shape.SizeBDiagCursor

    def dragged(self, before: Extension, moved: QPointF) -> Extension:
        """By what the picture is extended once the handle was moved by so many pixels."""
        across, down = self.x * moved.x(), self.y * moved.y()
        return Extension(
            left=_stepped(before.left, across if self.x < 0 else 0),
            top=_stepped(before.top, down if self.y < 0 else 0),
            right=_stepped(before.right, across if self.x > 0 else 0),
            bottom=_stepped(before.bottom, down if self.y > 0 else 0),
        )


HANDLES = tuple(Handle(x, y) for y in (-1, 0, 1) for x in (-1, 0, 1) if x or y)


def handle_at(point: QPointF, whole: QRectF) -> Handle | None:
    """The handle under the mouse."""
    for handle in HANDLES:
        grown = QRectF(0, 0, 2 * REACH * (1 if handle.x else 2), 2 * REACH * (1 if handle.y else 2))
        grown.moveCenter(handle.middle(whole))
        if grown.contains(point) and not whole.contains(point):
            return handle
    return None


def paint_handles(painter: QPainter, whole: QRectF, held: Handle | None) -> None:
    """Draw them all; the one under the mouse stands out."""
    scheme = colours()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for handle in HANDLES:
        here = handle == held
        painter.setPen(QPen(scheme.color("accent" if here else "muted"), 1))
        painter.setBrush(scheme.color("accent" if here else "raised"))
        painter.drawRoundedRect(handle.place(whole), _SHORT / 2, _SHORT / 2)


def _stepped(before: int, more: float) -> int:
    """A multiple of the step; what does not move stays as it is."""
    return max(0, min(MOST, round((before + more) / STEP) * STEP)) if more else before
