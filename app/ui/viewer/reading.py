"""A picture file as the viewer shows it. These functions take their time: call them in another thread."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage

from app.library.pictures import images

MAX_SIDE = 8192
"""Pixels of the longer side that are shown at most; 200 MB for a square."""


def read(path: Path) -> QImage:
    """The whole picture, reduced if it is very large. Raises UserError where it cannot be shown."""
    pixels = images.view(path, MAX_SIDE)
    height, width = pixels.shape[:2]
    return QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def fitted(image: QImage, room: QSize) -> QImage:
    """A smoothly scaled copy that fits into so many pixels; small pictures grow four times at most."""
    size = room.boundedTo(image.size() * 4)
    return image.scaled(size, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
