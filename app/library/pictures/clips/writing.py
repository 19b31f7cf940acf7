"""A clip's file made from its frames: MP4, GIF or WebP by its name, whole or not at all."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Protocol

from app.core.errors import UserError
from app.core.message import any_of, message
from app.core.output import ClipOutput, Pixels
from app.library.files import aside, disk_error, put_in_place
from app.library.pictures.clips import animations, mp4, tags

SUFFIXES = {".mp4": "mp4", ".gif": "gif", ".webp": "webp"}
"""The files that clips are written as, and their formats."""

MOST_FPS = 240.0


class Encoder(Protocol):
    """Writes frames into a file, one after the other."""

    def add(self, frame: Pixels) -> None: ...

    def finish(self) -> None: ...

    def close(self) -> None:
        """Let go of the file, whether it is finished or not."""


class ClipFile:
    """A clip that is being written; see `clip_file`.

    Attributes:
        count: the frames that it has.
    """

    def __init__(self, path: Path, file_format: str, fps: float, texts: Mapping[str, str]) -> None:
        if not 0 < fps <= MOST_FPS:
            raise ValueError(f"{fps} frames per second")
        self._path, self._format, self._fps, self._texts = path, file_format, fps, texts
        self._encoder: Encoder | None = None
        self._shape: tuple[int, ...] = ()
        self.count = 0

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in the file; known with the first frame."""
        height, width = mp4.even_size(self._shape) if self._format == "mp4" else self._shape[:2]
        return width, height

    def add(self, frame: Pixels) -> None:
        """Add a frame, (height, width, 3) uint8 in sRGB. Raises ValueError where it is no frame of the clip's size."""
        whole = frame.ndim == 3 and frame.shape[2] == 3 and frame.shape == (self._shape or frame.shape)
        if frame.dtype != "uint8" or not whole:
            raise ValueError(f"a frame is {frame.dtype} {frame.shape}")
        if self._encoder is None:
            self._shape = frame.shape
            self._encoder = _encoder(self._path, self._format, self.size, rate_of(self._fps), self._texts)
        self._encoder.add(frame)
        self.count += 1

    def finish(self) -> None:
        """No frame follows. Raises ValueError where there was none."""
        if self._encoder is None:
            raise ValueError("a clip without frames")
        self._encoder.finish()
        if self._format != "mp4":
            tags.put_into(self._path, self._format, self._texts)

    def close(self) -> None:
        """Let go of the file, whether it is finished or not."""
        if self._encoder is not None:
            self._encoder.close()


@contextlib.contextmanager
def clip_file(path: Path, fps: float, texts: Mapping[str, str] | None = None) -> Iterator[ClipFile]:
    """A clip to which frames are added; the suffix of its name gives the format. An older file is replaced once the new
    one is on the disk, at the end of the context. What is raised within it, an interruption too, leaves no file.

    Args:
        fps: frames per second, above 0 and up to 240. A GIF counts hundredths of a second, and shows at most 50.
        texts: what the file says of itself, by the keys of `embedded.texts`; see `metadata.texts`.

    Raises:
        UserError: the name is none of a clip, the disk is full, the folder cannot be written to.
        ValueError: there are no frames.
    """
    file_format = format_of(path)
    try:
        with aside(path.parent) as temporary:
            with _finishing(ClipFile(temporary, file_format, fps, texts or {})) as file:
                yield file
            put_in_place(temporary, path, replace=True)
    except OSError as error:
        raise disk_error(error, message("The clip could not be saved"), path.parent) from error


def write_clip(path: Path, frames: Iterable[Pixels], fps: float, texts: Mapping[str, str] | None = None) -> ClipOutput:
    """Write a clip; see `clip_file`. One frame is held at a time.

    Args:
        frames: each (height, width, 3) uint8 in sRGB, all of one size. H.264 has even sizes only: in an MP4 an odd side
            gets its last row or column twice.

    Returns:
        The file with its size in it.
    """
    with clip_file(path, fps, texts) as file:
        for frame in frames:
            file.add(frame)
    return ClipOutput(path, *file.size, file.count, fps)


def encode(path: Path, file_format: str, frames: Iterable[Pixels], fps: float, texts: Mapping[str, str]) -> ClipOutput:
    """Write a clip into `path`, which nobody else looks at yet. As `write_clip`.

    Args:
        file_format: "mp4", "gif" or "webp".

    Raises:
        OSError: the disk is full, or the folder cannot be written to.
        ValueError: as `write_clip`.
    """
    with _finishing(ClipFile(path, file_format, fps, texts)) as file:
        for frame in frames:
            file.add(frame)
    return ClipOutput(path, *file.size, file.count, fps)


def format_of(path: Path) -> str:
    """The format ("mp4", "gif" or "webp") that a name's suffix asks for.

    Raises:
        UserError: it asks for none that a clip is written as.
    """
    file_format = SUFFIXES.get(path.suffix.lower())
    if not file_format:
        raise UserError(
            message("“{name}” is no name for a clip.", name=path.name),
            message("Choose a name that ends in {suffixes}.", suffixes=any_of(list(SUFFIXES))),
        )
    return file_format


def rate_of(fps: float) -> Fraction:
    """Frames per second as containers count them: 23.976 and the like are n / 1001."""
    return Fraction(fps).limit_denominator(1001)


def _encoder(path: Path, file_format: str, size: tuple[int, int], rate: Fraction, texts: Mapping[str, str]) -> Encoder:
    if file_format == "mp4":
        return mp4.Mp4(path, size, rate, tags.of_mp4(texts), tags.xmp(texts))
    return animations.Animation(path, file_format, size, rate)


@contextlib.contextmanager
def _finishing(file: ClipFile) -> Iterator[ClipFile]:
    try:
        yield file
        file.finish()
    finally:
        file.close()
