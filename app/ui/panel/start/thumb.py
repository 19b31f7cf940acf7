"""The start picture in small, with its mask over it."""

from __future__ import annotations

import contextlib
from pathlib import Path

from PySide6.QtGui import QImage, QPainter

from app.core.errors import UserError
from app.library.pictures import images
from app.ui.controls.picture_label import jpeg_image
from app.ui.controls.style.theme import LIGHT


def small(path: str, mask: str, side: int) -> QImage:
    """A picture that fits a square of `side` points. It takes its time: call it in another thread.

    Args:
        mask: the file of its mask; empty for none.

    Raises:
        UserError: the picture cannot be read.
    """
    image = jpeg_image(images.thumbnail(Path(path), side * 2)).convertToFormat(QImage.Format.Format_RGB32)
    if mask:
        with contextlib.suppress(UserError):
            _tint(image, jpeg_image(images.thumbnail(Path(mask), side * 2)))
    image.setDevicePixelRatio(2)
    return image


def _tint(image: QImage, mask: QImage) -> None:
    """Colour what is white in the mask."""
    shape = QImage(image.size(), QImage.Format.Format_ARGB32_Premultiplied)
    shape.fill(LIGHT.color("mask"))
    shape.setAlphaChannel(mask.scaled(image.size()).convertToFormat(QImage.Format.Format_Grayscale8))
    painter = QPainter(image)
    painter.setOpacity(0.6)
    painter.drawImage(0, 0, shape)
    painter.end()
