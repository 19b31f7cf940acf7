"""What the library shows of a clip: how it was made, and its poster."""

from __future__ import annotations

from pathlib import Path

from app.core.output import Pixels
from app.library.pictures import images
from app.library.pictures.clips.reading import Clip, open_clip
from app.library.pictures.formats import embedded, webp, xmp_marks
from app.library.pictures.images import Picture

_LOOKED_AT = (0.1, 0.25, 0.5, 0.75)
"""Where in a clip a poster is looked for whose first frame shows nothing."""
_NOTHING = 6.0
"""The standard deviation of the brightness, of 255, in a frame that is black or white from fade to fade."""


def read(path: Path) -> Picture:
    """What a clip says of itself; a GIF that does not move is a picture.

    Raises:
        UserError: it is no clip, incomplete, or too large.
    """
    with open_clip(path) as clip:
        request, provenance, created = images.making(clip.texts)
        return Picture(
            path,
            clip.width,
            clip.height,
            path.stat().st_mtime if created is None else created,
            request,
            provenance,
            xmp_marks.read(clip.texts.get(embedded.XMP, "")),
            clip.count if clip.moves else None,
            clip.fps if clip.moves else None,
        )


def still(path: Path) -> Pixels:
    """The poster of a clip.

    Raises:
        UserError: it cannot be decoded.
    """
    with open_clip(path) as clip:
        return poster(clip)


def thumbnail(path: Path, side: int) -> bytes:
    """A small copy of the poster as JPEG that fits a square of `side` pixels.

    Raises:
        UserError: it cannot be decoded.
    """
    from app.library.pictures.formats.pillow import Image

    image = Image.fromarray(still(path))
    image.thumbnail((side, side), reducing_gap=2.0)
    return images.small_jpeg(image)


def poster(clip: Clip) -> Pixels:
    """The frame that stands for a clip: the first, or where that shows nothing, one that does.

    Raises:
        UserError: it cannot be decoded.
    """
    first = clip.frame(0)
    if not _is_empty(first):
        return first
    later = (clip.frame(index) for index in dict.fromkeys(int(clip.count * part) for part in _LOOKED_AT))
    return next((frame for frame in later if not _is_empty(frame)), first)


def is_moving_webp(path: Path) -> bool:
    """Whether a file says that it is a WebP with more than one frame; False where it cannot be read."""
    try:
        with path.open("rb") as file:
            return webp.is_animation(file.read(21))
    except OSError:
        return False


def _is_empty(frame: Pixels) -> bool:
    small = frame[:: max(1, frame.shape[0] // 64), :: max(1, frame.shape[1] // 64)]
    return float(small.std(axis=(0, 1)).max()) < _NOTHING
