"""A frame of a clip as a picture of ours, for what starts from it."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

from app.library.pictures import inputs, reading
from app.library.pictures.clips.reading import Clip, open_clip

FIRST, LAST = 0, -1


@dataclass(frozen=True, slots=True)
class ClipFrame:
    """A frame that was kept.

    Attributes:
        clip: the file that it is of.
        index: its number, from 0.
        count: of the clip's frames.
        path: its own file, a PNG.
        width, height: pixels.
    """

    clip: Path
    index: int
    count: int
    path: Path
    width: int
    height: int


def keep_frame(path: Path, index: int = FIRST) -> ClipFrame:
    """Keep a frame of a clip as a file of ours. Slow: call it in another thread.

    Args:
        index: from 0, or from the end, where LAST is the last one.

    Raises:
        UserError: it is no clip that can be read, or the frame cannot be written.
    """
    with open_clip(path) as clip:
        return _kept(clip, path, index)


def first_frame(path: Path) -> ClipFrame | None:
    """The first frame of what is a clip, as `keep_frame` keeps it; None for a file that is none, or does not move."""
    if not reading.is_clip(path):
        return None
    with open_clip(path) as clip:
        return _kept(clip, path, FIRST) if clip.moves else None


def _kept(clip: Clip, path: Path, index: int) -> ClipFrame:
    from app.library.pictures.formats.pillow import Image

    count = clip.count
    index = index if index >= 0 else count + index
    pixels = clip.frame(index)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    height, width = pixels.shape[:2]
    return ClipFrame(path, index, count, inputs.keep(buffer.getvalue(), "frame", ".png"), width, height)
