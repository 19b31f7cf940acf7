"""Where a picture is seen in a widget: how large, and which part of it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMargins, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QNativeGestureEvent, QTransform, QWheelEvent
from PySide6.QtWidgets import QWidget

LARGEST_ZOOM = 16.0
"""Or twice what fits, where that is more."""
_WHEEL = 1.2
"""Zoom for each notch of a wheel."""


class View:
    """Zooms and pans. Points are of the widget, pixels of the picture; a zoom is in pixels of the screen for each of
    the picture's. `bounds` is what there is to see, in pixels.

    Args:
        margins: the whole picture fits within these, in points.
        fills: a larger picture covers the margins too.
        loose: the picture can be moved as far as its middle stays in sight; else one that is smaller than the area
            stays in its middle, and no ground is seen beside a larger one.
    """

    def __init__(
        self, widget: QWidget, margins: QMargins | None = None, *, fills: bool = False, loose: bool = False
    ) -> None:
        self._widget = widget
        self._margins = margins or QMargins()
        self._fills = fills
        self._loose = loose
        self.bounds = QRectF()
        self._zoom: float | None = None  # None fits
        self._middle = QPointF()  # the pixel in the middle of the area

    def set_margins(self, margins: QMargins) -> None:
        """Let the whole picture fit within these, in points."""
        self._margins = margins

    @property
    def room(self) -> QRectF:
        """Where the whole picture fits, in points."""
        return QRectF(self._widget.rect().marginsRemoved(self._margins))

    @property
    def area(self) -> QRectF:
        """Where pictures are seen, in points."""
        return QRectF(self._widget.rect()) if self._fills else self.room

    @property
    def fits(self) -> bool:
        """Whether all of it is shown, as large as there is room."""
        return self._zoom is None

    @property
    def fit_zoom(self) -> float:
        """The zoom at which it fits."""
        room, bounds = self.room, self.bounds
        if bounds.isEmpty() or room.isEmpty():
            return 1.0
        return min(room.width() / bounds.width(), room.height() / bounds.height()) * self._ratio()

    @property
    def zoom(self) -> float:
        return self.fit_zoom if self._zoom is None else self._zoom

    @property
    def transform(self) -> QTransform:
        """From pixels to points."""
        scale, centre = self.zoom / self._ratio(), self.room.center()
        middle = self.bounds.center() if self._zoom is None else self._kept(self._middle)
        moved = QTransform.fromTranslate(centre.x(), centre.y())
        return moved.scale(scale, scale).translate(-middle.x(), -middle.y())

    @property
    def target(self) -> QRectF:
        """Where the picture is, in points; beyond the area where it is larger."""
        return self.transform.mapRect(self.bounds)

    def to_pixels(self, point: QPointF) -> QPointF:
        return self.transform.inverted()[0].map(point)

    def to_points(self, rect: QRect) -> QRect:
        """The points that show these pixels, and those that they shine into."""
        return self.transform.mapRect(QRectF(rect)).toAlignedRect().adjusted(-2, -2, 2, 2)

    def fit(self) -> None:
        """Show all of it."""
        self._zoom = None

    def set_zoom(self, zoom: float, at: QPointF | None = None) -> None:
        """Zoom so that the pixel at a point stays there: the one in the middle when left out."""
        if self.bounds.isEmpty():
            return
        fit, centre = self.fit_zoom, self.room.center()
        at = centre if at is None else at
        pixel = self.to_pixels(at)
        zoom = max(min(fit, 1.0), min(max(LARGEST_ZOOM, 2 * fit), zoom))
        self._zoom = None if zoom == fit else zoom
        self._middle = self._kept(pixel - (at - centre) * (self._ratio() / zoom))

    def pan(self, distance: QPointF) -> None:
        """Move the picture by so many points."""
        if self._zoom is None and self._loose and not self.bounds.isEmpty():
            self._zoom, self._middle = self.fit_zoom, self.bounds.center()
        if self._zoom is not None:
            self._middle = self._kept(self._middle - distance * (self._ratio() / self._zoom))

    def follow(self, other: View) -> None:
        """Show the part that another view shows of another picture, as much larger than what fits."""
        self._zoom = None
        if other._zoom is not None:
            self._zoom = other.zoom / other.fit_zoom * self.fit_zoom
            middle, seen, own = other._kept(other._middle), other.bounds, self.bounds
            x, y = (middle.x() - seen.x()) / seen.width(), (middle.y() - seen.y()) / seen.height()
            self._middle = QPointF(own.x() + x * own.width(), own.y() + y * own.height())

    def wheel(self, event: QWheelEvent) -> None:
        """A wheel zooms where the mouse is; two fingers, whose scrolling has phases, move the picture."""
        steps = event.angleDelta().y() / 120
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.phase() != Qt.ScrollPhase.NoScrollPhase and not control:
            self.pan(QPointF(event.pixelDelta()))
        elif steps:
            self.set_zoom(self.zoom * _WHEEL**steps, event.position())
        event.accept()

    def pinch(self, event: QEvent) -> bool:
        """Two fingers zoom where they are. Returns whether the event was such a gesture."""
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self.set_zoom(self.zoom * (1 + event.value()), event.position())
            return True
        return False

    def _ratio(self) -> float:
        """Pixels of the screen for each point."""
        return self._widget.devicePixelRatioF()

    def _kept(self, middle: QPointF) -> QPointF:
        """The nearest pixel that may be in the middle."""
        area, bounds, scale = self.area, self.bounds, self.zoom / self._ratio()
        x = _between(middle.x(), bounds.left(), bounds.right(), 0 if self._loose else area.width() / 2 / scale)
        y = _between(middle.y(), bounds.top(), bounds.bottom(), 0 if self._loose else area.height() / 2 / scale)
        return QPointF(x, y)


def _between(value: float, low: float, high: float, reach: float) -> float:
    """Within the bounds, and so far from each; their middle where they are too near to each other."""
    return (low + high) / 2 if high - low <= 2 * reach else max(low + reach, min(high - reach, value))
