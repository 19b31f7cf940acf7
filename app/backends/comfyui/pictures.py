"""The files of pictures that go to the server and come from it."""

from __future__ import annotations

import io

import numpy as np

from app.core.output import Pixels
from app.library.pictures.formats.pillow import Image

MAX_PIXELS = 16_384 * 8_192
_FORMATS = ("PNG", "JPEG", "WEBP")


class Unreadable(Exception):  # noqa: N818
    """No whole PNG, JPEG or WebP, or unreasonably large."""


def encode(pixels: Pixels) -> bytes:
    """A PNG of (H, W, 3) or (H, W) uint8."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG", compress_level=1)
    return file.getvalue()


def decode(file: bytes, most: int = MAX_PIXELS) -> Pixels:
    """A file as (H, W, 3) uint8. Raises Unreadable."""
    try:
        with Image.open(io.BytesIO(file), formats=_FORMATS) as image:
            if image.width * image.height > most:
                raise Unreadable
            return np.asarray(image.convert("RGB")).copy()
    except Exception as error:  # Pillow meets broken files with a dozen types of exceptions
        raise Unreadable from error
