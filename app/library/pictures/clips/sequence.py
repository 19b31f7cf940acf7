"""The frames of a GIF or WebP, decoded by Pillow."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from PIL import Image

from app.core.output import Pixels
from app.library.pictures.clips import boxes, tags
from app.library.pictures.formats import colour, embedded, gif, png, webp
from app.library.pictures.formats.opening import Opened

MAX_FILE_BYTES = 500_000_000
"""A WebP is in memory as a whole while it is open."""
_UNSAID = 0.1
"""Seconds that a frame is shown whose file says none, as browsers do."""


class Sequence:
    """The frames of a GIF or WebP, as `Frames`.

    Raises:
        Exception: whatever is met in it.
    """

    def __init__(self, path: Path) -> None:
        from app.library.pictures.clips.reading import MAX_FRAMES, MAX_PIXELS

        self._file = path.open("rb")
        try:
            if path.stat().st_size > MAX_FILE_BYTES:
                raise boxes.TooMuchError
            with _told():
                size, seconds, comments = _looked_at(self._file, MAX_FRAMES)
            if size[0] * size[1] > MAX_PIXELS:
                raise boxes.TooMuchError
            self._file.seek(0)
            self._image = Image.open(self._file, formats=("GIF", "WEBP"))
            if self._image.width * self._image.height > MAX_PIXELS:
                raise boxes.TooMuchError
            self.texts = tags.from_gif(comments)
            with contextlib.suppress(Exception):  # EXIF data of unknown origin may be damaged in any way
                self.texts |= embedded.texts(Opened(self._image, self._file))
            self._profile = bytes(self._image.info.get("icc_profile") or b"")
            self.width, self.height = self._image.size
            self.count = max(1, len(seconds))
            self.fps = self.count / (sum(time or _UNSAID for time in seconds) or self.count)
        except BaseException:
            self._file.close()
            raise

    def frame(self, index: int) -> Pixels:
        import numpy as np

        self._image.seek(index)
        return np.array(colour.flat(self._image, self._profile).convert("RGB"))

    def frames(self, start: int = 0) -> Iterator[Pixels]:
        for index in range(start, self.count):
            yield self.frame(index)

    def close(self) -> None:
        self._image.close()
        self._file.close()


def _looked_at(file: BinaryIO, most: int) -> tuple[tuple[int, int], list[float], list[bytes]]:
    """(width, height), the seconds that each frame is shown, and the comments; no size and no seconds of a WebP that
    does not move.
    """
    if file.read(3) == b"GIF":
        found = gif.look(file, most)
        return found.size, [time / 100 for time in found.times], found.comments
    moves = webp.animation(file, most)
    return (moves[0], [time / 1000 for time in moves[1]], []) if moves else ((0, 0), [], [])


@contextlib.contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except png.IncompleteError as error:
        raise boxes.NotWholeError from error
    except png.TooMuchError as error:
        raise boxes.TooMuchError from error
