"""Where the picture is on the canvas: zoom and place."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSizeF
from PySide6.QtGui import QTransform

LARGEST_ZOOM = 16.0
MARGIN = 24
"""Points around a picture that fits."""


class View:
    """Points are of the canvas, pixels of the picture. `bounds` is what there is to see, in pixels."""

    def __init__(self) -> None:
        self.bounds = QRectF()
        self.room = QSizeF()
        self._zoom: float | None = None  # None fits the canvas
        self._middle = QPointF()

    @property
    def zoom(self) -> float:
        """Points for each pixel."""
        return self._fit() if self._zoom is None else self._zoom

    @property
    def transform(self) -> QTransform:
        """From pixels to points."""
        middle = self.bounds.center() if self._zoom is None else self._middle
        moved = QTransform.fromTranslate(self.room.width() / 2, self.room.height() / 2)
        return moved.scale(self.zoom, self.zoom).translate(-middle.x(), -middle.y())

    def to_pixels(self, point: QPointF) -> QPointF:
        return self.transform.inverted()[0].map(point)

    def to_points(self, rect: QRect) -> QRect:
        """The points that show these pixels, and those that they shine into."""
        return self.transform.mapRect(QRectF(rect)).toAlignedRect().adjusted(-2, -2, 2, 2)

    def fit(self) -> None:
        """Show all of it."""
        self._zoom = None

    def set_zoom(self, zoom: float, at: QPointF) -> None:
        """Zoom so that the pixel at this point stays there."""
        fit = self._fit()
        pixel = self.to_pixels(at)
        self._zoom = max(min(fit, 1.0), min(max(LARGEST_ZOOM, 2 * fit), zoom))
        self._middle = pixel - (at - self._centre()) / self._zoom
        self._keep_inside()

    def pan(self, distance: QPointF) -> None:
        """Move the picture by so many points; one that fits may be moved too, as far as its middle stays in sight."""
        if self._zoom is None:
            self._zoom, self._middle = self._fit(), self.bounds.center()
        self._middle -= distance / self._zoom
        self._keep_inside()

    def _keep_inside(self) -> None:
        bounds = self.bounds
        self._middle.setX(min(max(self._middle.x(), bounds.left()), bounds.right()))
        self._middle.setY(min(max(self._middle.y(), bounds.top()), bounds.bottom()))

    def _centre(self) -> QPointF:
        return QPointF(self.room.width() / 2, self.room.height() / 2)

    def _fit(self) -> float:
        if self.bounds.isEmpty():
            return 1.0
        width, height = self.room.width() - 2 * MARGIN, self.room.height() - 2 * MARGIN
        return max(0.01, min(width / self.bounds.width(), height / self.bounds.height(), 4.0))
