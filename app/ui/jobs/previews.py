"""Previews: pictures as small as the latents, made soft enough to look at."""

from __future__ import annotations

from PySide6.QtGui import QImage

from app.core.output import Pixels

SMALLEST = 192
"""A preview is doubled until its longer side has this many pixels."""


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
