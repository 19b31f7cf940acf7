"""Which part of pictures is seen: the same of several, whatever their sizes."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSizeF

LARGEST = 32.0


@dataclass(frozen=True, slots=True)
class Look:
    """Where one looks.

    Attributes:
        zoom: how many times larger than what fits its room; 1 or more.
        x, y: the point of the picture in the middle of its room, as a share (0..1) of its width and height.
    """

    zoom: float = 1.0
    x: float = 0.5
    y: float = 0.5

    def target(self, picture: QSizeF, room: QRectF) -> QRectF:
        """Where in its room a picture lies, in points; beyond it where it is larger."""
        if picture.isEmpty() or room.isEmpty():
            return QRectF()
        scale = self.zoom * min(room.width() / picture.width(), room.height() / picture.height())
        size = picture * scale
        x = _inside(self.x, room.width() / size.width())
        y = _inside(self.y, room.height() / size.height())
        middle = room.center()
        return QRectF(QPointF(middle.x() - x * size.width(), middle.y() - y * size.height()), size)

    def zoomed(self, factor: float, at: tuple[float, float] | None = None) -> Look:
        """Nearer or farther, where the point `at` (shares of the picture) stays where it is seen."""
        zoom = max(1.0, min(LARGEST, self.zoom * factor))
        if at is None or zoom == 1.0:
            return Look(zoom, self.x, self.y) if zoom > 1.0 else Look()
        kept = self.zoom / zoom
        return Look(zoom, _share(at[0] + (self.x - at[0]) * kept), _share(at[1] + (self.y - at[1]) * kept))

    def panned(self, x: float, y: float) -> Look:
        """The pictures moved by shares of their width and height."""
        half = 0.5 / self.zoom  # so that no drag goes on beyond the edge unseen
        return Look(self.zoom, _between(self.x - x, half), _between(self.y - y, half))


def _inside(share: float, seen: float) -> float:
    """The middle that shows no ground beside a picture of which `seen` fits."""
    return 0.5 if seen >= 1 else _between(share, seen / 2)


def _between(value: float, edge: float) -> float:
    return max(edge, min(1 - edge, value)) if edge < 0.5 else 0.5


def _share(value: float) -> float:
    return max(0.0, min(1.0, value))
