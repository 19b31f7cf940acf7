"""The tools of the mask editor, and what each does between a press and a release."""

from __future__ import annotations

from abc import ABC, abstractmethod
from enum import StrEnum

from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QPolygonF

from app.ui.viewer.mask.mask import Mask


class Tool(StrEnum):
    """In the order of the buttons."""

    BRUSH = "brush"
    ERASER = "eraser"
    LASSO = "lasso"
    RECTANGLE = "rectangle"

    @property
    def has_size(self) -> bool:
        return self in (Tool.BRUSH, Tool.ERASER)


class Gesture(ABC):
    """One use of a tool. Points are in the picture's pixels."""

    def __init__(self, mask: Mask, start: QPointF, *, erase: bool) -> None:
        self.mask = mask
        self.points = [start]
        self.erase = erase

    @abstractmethod
    def move(self, to: QPointF, radius: float) -> QRect:
        """Go on to a point. Returns what has changed of the mask."""

    def end(self) -> QRect:
        """Returns what has changed of the mask by the end alone."""
        return QRect()

    def outline(self) -> QPolygonF:
        """What will be filled at the end."""
        return QPolygonF()


class Stroke(Gesture):
    """Paints or erases with a round brush."""

    def move(self, to: QPointF, radius: float) -> QRect:
        last = self.points[-1]
        self.points.append(to)
        return self.mask.draw_line(last, to, radius, erase=self.erase)


class Outline(Gesture):
    """Fills what the mouse goes around."""

    def move(self, to: QPointF, radius: float) -> QRect:
        self.points.append(to)
        return QRect()

    def outline(self) -> QPolygonF:
        return QPolygonF(self.points)

    def end(self) -> QRect:
        return self.mask.fill(self.outline(), erase=self.erase)


class Rectangle(Outline):
    """Fills the rectangle from the press to the release."""

    def outline(self) -> QPolygonF:
        return QPolygonF(QRectF(self.points[0], self.points[-1]).normalized())


def begin(tool: Tool, mask: Mask, at: QPointF, *, erase: bool) -> Gesture:
    """Start to use a tool.

    Args:
        erase: take away instead of adding, whatever the tool.
    """
    if tool.has_size:
        return Stroke(mask, at, erase=erase or tool is Tool.ERASER)
    return (Outline if tool is Tool.LASSO else Rectangle)(mask, at, erase=erase)
