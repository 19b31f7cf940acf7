"""The canvas of the mask editor: the picture under the mask, painted on with the mouse or a pen."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QMargins, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPointingDevice,
    QResizeEvent,
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from app.core.request import Extension
from app.ui.controls.style.theme import colours
from app.ui.viewer.mask import painting
from app.ui.viewer.mask.handles import Handle, handle_at, paint_handles
from app.ui.viewer.mask.history import History
from app.ui.viewer.mask.mask import Bytes, Mask
from app.ui.viewer.mask.tools import Gesture, Tool, begin
from app.ui.viewer.view import View
from app.ui.words.language import set_translated

SMALLEST, LARGEST = 1, 1000
"""The brush's diameter, in pixels of the picture."""
MARGIN = 24
"""Points around a picture that fits; the handles stand there."""
_ALT = Qt.KeyboardModifier.AltModifier
_LEFT, _MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton


class MaskCanvas(QWidget):
    """Shows a picture with its mask, zooms and pans, and lets the tools paint. Only what changes is drawn anew.

    Signals:
        changed: the mask has changed, or what undo and redo can do.
        zoomed: the picture is shown larger or smaller.
        extended(Extension): the user drags a handle; `set_extension` shows what comes of it.
    """

    changed = Signal()
    zoomed = Signal()
    extended = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.view = View(self, QMargins(MARGIN, MARGIN, MARGIN, MARGIN), fills=True, loose=True)
        self.setObjectName("maskCanvas")
        set_translated(self, lambda: self.tr("Picture to paint on"), self.setAccessibleName)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.tool = Tool.BRUSH
        self._size = 64
        self._copies: Sequence[QImage] = ()
        self._mask = Mask(1, 1)
        self.history = History(self._mask)
        self._image = QImage()
        self._extension = Extension()
        self.has_handles = False
        self._handle: Handle | None = None  # under the mouse, or held by it
        self._held: tuple[QPointF, float, Extension] | None = None  # where, at which scale, and what it was then
        self._gesture: Gesture | None = None
        self._before: Bytes | None = None
        self._touched = QRect()
        self._hover: QPointF | None = None
        self._panning = False
        self._pan_from: QPointF | None = None

    def show_picture(self, copies: Sequence[QImage], mask: Mask, history: History) -> None:
        """Paint on this picture from now on; `copies` are its `painting.levels`."""
        self._copies, self._mask, self.history = copies, mask, history
        self._gesture = None
        self.view.fit()
        self.set_extension(Extension())
        self._follow_mask()

    def clear_picture(self) -> None:
        """Show nothing until the next picture is there."""
        self._copies = ()
        self.update()

    @property
    def size_of_brush(self) -> int:
        """Its diameter in pixels of the picture."""
        return self._size

    def set_size(self, size: int) -> None:
        self._size = max(SMALLEST, min(LARGEST, size))
        self.update()

    def set_tool(self, tool: Tool) -> None:
        self.tool = tool
        self.update()

    def set_feather(self, pixels: int) -> None:
        self._mask.set_feather(pixels)
        self._follow_mask()

    def set_extension(self, extend: Extension) -> None:
        """Show so many further pixels at each side of the picture."""
        self._extension = extend
        margins = QMargins(extend.left, extend.top, extend.right, extend.bottom)
        self.view.bounds = QRectF(self._picture().marginsAdded(margins))
        self.zoomed.emit()
        self.update()

    def invert(self) -> None:
        self._change(self._mask.invert)

    def clear(self) -> None:
        self._change(self._mask.clear)

    def undo(self) -> None:
        if self._gesture is None and self._copies:
            self._show_change(self.history.undo())

    def redo(self) -> None:
        if self._gesture is None and self._copies:
            self._show_change(self.history.redo())

    def set_panning(self, panning: bool) -> None:
        """Whether the left button moves the picture instead of painting."""
        self._panning = panning
        self._show_cursor()

    def zoom_in(self, steps: float) -> None:
        """Zoom in at the middle for positive steps, out for negative ones."""
        self.view.set_zoom(self.view.zoom * 1.5**steps)
        self._moved()

    def zoom_to(self, zoom: float | None) -> None:
        """Zoom to so many pixels of the screen for each of the picture, or show all of it with None."""
        if zoom is None:
            self.view.fit()
        else:
            self.view.set_zoom(zoom)
        self._moved()

    def zoom_factor(self) -> float:
        """Pixels of the screen for each of the picture."""
        return self.view.zoom

    def to_canvas(self, pixel: QPointF) -> QPointF:
        """Where a pixel of the picture is on the canvas."""
        return self.view.transform.map(pixel)

    def _moved(self) -> None:
        """The view has another zoom or place."""
        self.update()
        self.zoomed.emit()

    def _picture(self) -> QRect:
        return self._copies[0].rect() if self._copies else QRect()

    # -- changes of the mask

    def _change(self, act: Callable[[], QRect]) -> None:
        """Do something to the mask as one step of the history."""
        if self._gesture is None and self._copies:
            before = self._mask.pixels.copy()
            changed = act()
            self.history.record(before, changed)
            self._show_change(changed)

    def _show_change(self, changed: QRect) -> None:
        if not changed.isEmpty():
            self.update(self.view.to_points(changed))
        self.changed.emit()

    def _follow_mask(self) -> None:
        self._image = self._mask.image()
        self.update()
        self.changed.emit()

    def _begin(self, at: QPointF, *, erase: bool, pressure: float = 1) -> None:
        if not self._copies:
            return
        self._before, self._touched = self._mask.pixels.copy(), QRect()
        self._gesture = begin(self.tool, self._mask, self.view.to_pixels(at), erase=erase)
        self._go_on(at, pressure)

    def _go_on(self, at: QPointF, pressure: float = 1) -> None:
        if self._gesture is None:
            return
        old = self._gesture.outline()
        changed = self._gesture.move(self.view.to_pixels(at), self._size / 2 * pressure)
        self._touched |= changed
        outlined = old.boundingRect() | self._gesture.outline().boundingRect()
        for rect in (changed, outlined.toAlignedRect()):
            if not rect.isEmpty():
                self.update(self.view.to_points(rect))

    def _end(self) -> None:
        gesture, self._gesture = self._gesture, None
        if gesture is None or self._before is None:
            return
        outlined = gesture.outline().boundingRect().toAlignedRect()
        changed = self._touched | gesture.end()
        self.history.record(self._before, changed)
        self._before = None
        self._show_change(changed | outlined)

    # -- mouse, pen and touch pad

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == _MIDDLE or (event.button() == _LEFT and self._panning):
            self._pan_from = event.position()
            self._show_cursor()
        elif event.button() == _LEFT and self._handle is not None:
            self._held = event.position(), self._scale(), self._extension
        elif event.button() == _LEFT:
            self._begin(event.position(), erase=bool(event.modifiers() & _ALT))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pan_from is not None:
            self.view.pan(event.position() - self._pan_from)
            self._pan_from = event.position()
            self.update()
        elif self._held is not None and self._handle is not None:
            start, scale, before = self._held
            self.extended.emit(self._handle.dragged(before, (event.position() - start) / scale))
        else:
            self._look_for_handle(event.position())
            self._go_on(event.position())
            self._show_ring(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pan_from is not None:
            self._pan_from = None
            self._show_cursor()
        elif event.button() == _LEFT and self._held is not None:
            self._held = None
            self._look_for_handle(event.position())
        elif event.button() == _LEFT:
            self._end()

    def tabletEvent(self, event: QTabletEvent) -> None:
        """A pen paints as wide as it is pressed; its other end erases."""
        event.accept()
        kind, pressure = event.type(), 0.25 + 0.75 * event.pressure()
        if kind == QEvent.Type.TabletPress and event.button() == _LEFT and not self._panning and not self._handle:
            rubber = event.pointerType() == QPointingDevice.PointerType.Eraser
            self._begin(event.position(), erase=rubber, pressure=pressure)
        elif kind == QEvent.Type.TabletMove and self._gesture is not None:
            self._go_on(event.position(), pressure)
            self._show_ring(event.position())
        elif kind == QEvent.Type.TabletRelease and self._gesture is not None:
            self._end()
        else:
            event.ignore()  # it pans, as a mouse

    def leaveEvent(self, event: QEvent) -> None:
        self._show_ring(None)
        if self._held is None:
            self._take_handle(None)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.view.wheel(event)
        self._moved()

    def event(self, event: QEvent) -> bool:
        if self.view.pinch(event):
            self._moved()
            return True
        return super().event(event)

    def _scale(self) -> float:
        """Points for each pixel."""
        return self.view.transform.m11()

    def _look_for_handle(self, at: QPointF) -> None:
        if self._gesture is None:
            self._take_handle(handle_at(at, self.view.target) if self.has_handles and self._copies else None)

    def _take_handle(self, handle: Handle | None) -> None:
        if handle != self._handle:
            self._handle = handle
            self.setToolTip("" if handle is None else self.tr("Drag to extend the picture"))
            self._show_cursor()
            self.update()

    def _show_cursor(self) -> None:
        if self._pan_from is not None:
            shape = Qt.CursorShape.ClosedHandCursor
        elif self._handle is not None and not self._panning:
            shape = self._handle.cursor
        else:
            shape = Qt.CursorShape.OpenHandCursor if self._panning else Qt.CursorShape.CrossCursor
        self.setCursor(shape)

    def _show_ring(self, at: QPointF | None) -> None:
        old, self._hover = self._hover, at
        for point in (old, at):
            if point is not None:
                reach = self._size / 2 * self._scale() + 3
                self.update(QRectF(point.x() - reach, point.y() - reach, 2 * reach, 2 * reach).toAlignedRect())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.zoomed.emit()

    # -- drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), colours().color("viewer"))
        if not self._copies:
            return
        transform, ratio = self.view.transform, self.devicePixelRatioF()
        target = transform.mapRect(QRectF(self._picture()))
        if self._extension != Extension():
            painting.paint_extension(painter, transform.mapRect(self.view.bounds))
        painting.paint_picture(painter, self._copies, target, ratio)
        painting.paint_mask(painter, self._image, transform, event.rect(), ratio)
        if self._gesture is not None and not self.tool.has_size:
            painting.paint_outline(painter, transform.map(self._gesture.outline()))
        if self.has_handles:
            paint_handles(painter, self.view.target, self._handle)
        if self._hover is not None and self.tool.has_size and not self._panning and self._handle is None:
            painting.paint_ring(painter, self._hover, self._size / 2 * self._scale())
