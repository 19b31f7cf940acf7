"""Previews: pictures as small as the latents, made soft enough to look at. Those of a clip move."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from app.core.output import Pixels

SMALLEST = 192
"""A preview is doubled until its longer side has this many pixels."""

MOST_FRAMES = 16
FRAME_MS = 125
"""For each of the few frames of a preview that moves."""


class MovingPreview(QObject):
    """Shows the preview of what is in work; of a clip its few frames, again and again.

    Signals:
        shown(QImage): this is to be seen now.
    """

    shown = Signal(QImage)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._images: list[QImage] = []
        self._number = 0
        self._timer = QTimer(self, interval=FRAME_MS)
        self._timer.timeout.connect(self._next)

    def show(self, pixels: Pixels) -> None:
        """Show (h, w, 3) uint8 pixels, or (n, h, w, 3) of a clip, which go on where those before were."""
        frames = pixels[None] if pixels.ndim == 3 else pixels[:MOST_FRAMES]
        self._images = [soft_image(frame) for frame in frames]
        if len(self._images) > 1:
            self._timer.start()
        else:
            self._timer.stop()
        self._show()

    def stop(self) -> None:
        """Nothing is in work any more."""
        self._timer.stop()
        self._images = []
        self._number = 0

    def _next(self) -> None:
        self._number += 1
        self._show()

    def _show(self) -> None:
        self.shown.emit(self._images[self._number % len(self._images)])


def soft_image(pixels: Pixels) -> QImage:
    """A (h, w, 3) uint8 preview as an image without visible squares.

    Each doubling repeats the pixels and averages neighbours, which in the limit is a quadratic spline.
    """
    import numpy as np

    image = np.asarray(pixels, dtype=np.float32)
    while max(image.shape[:2]) < SMALLEST:
        for axis in (0, 1):
            image = np.repeat(image, 2, axis)
            edge = [(1, 1) if each == axis else (0, 0) for each in range(3)]
            padded = np.pad(image, edge, mode="edge")
            before, here, after = (np.take(padded, range(k, k + image.shape[axis]), axis) for k in range(3))
            image = np.asarray((before + 2 * here + after) / 4, dtype=np.float32)
    height, width = image.shape[:2]
    data = np.ascontiguousarray(image.clip(0, 255).astype(np.uint8)).tobytes()
    return QImage(data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
