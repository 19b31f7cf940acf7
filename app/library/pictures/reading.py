"""A file of the library read, be it a picture or a clip: what it says of itself, and its small copy."""

from __future__ import annotations

from pathlib import Path

from app.core.output import Pixels
from app.library.pictures import images
from app.library.pictures.clips import described
from app.library.pictures.clips.reading import SUFFIXES as _CLIPS
from app.library.pictures.images import Picture

SUFFIXES = (*images.SUFFIXES, *_CLIPS)
"""The files that the library shows."""


def read(path: Path) -> Picture:
    """What a picture or clip says of itself: our own data, else another program's. No pixels are decoded.

    Raises:
        UserError: it is neither, incomplete, or too large.
    """
    return described.read(path) if is_clip(path) else images.read(path)


def thumbnail(path: Path, side: int) -> bytes:
    """A small copy as JPEG that fits a square of `side` pixels; of a clip, its poster.

    Raises:
        UserError: it is damaged, or too large.
    """
    return described.thumbnail(path, side) if is_clip(path) else images.thumbnail(path, side)


def still(path: Path) -> Pixels:
    """The pixels of a picture, (height, width, 3) uint8, upright and in sRGB; of a clip, its poster.

    Raises:
        UserError: as `thumbnail`.
    """
    return described.still(path) if is_clip(path) else images.decode(path)


def is_clip(path: Path) -> bool:
    """Whether a file is a clip by its name, and a WebP by whether it moves."""
    suffix = path.suffix.lower()
    return suffix in _CLIPS or (suffix == ".webp" and described.is_moving_webp(path))
