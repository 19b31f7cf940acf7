"""A clip's file made from its frames: MP4, GIF or WebP by its name, whole or not at all."""

from __future__ import annotations

import dataclasses
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


def write_clip(path: Path, frames: Iterable[Pixels], fps: float, texts: Mapping[str, str] | None = None) -> ClipOutput:
    """Write a clip; the suffix of its name gives the format. An older file is replaced once the new one is on the disk.

    One frame is held at a time. What `frames` raises, an interruption too, passes through and leaves no file.

    Args:
        frames: each (height, width, 3) uint8 in sRGB, all of one size. H.264 has even sizes only: in an MP4 an odd side
            gets its last row or column twice.
        fps: frames per second, above 0 and up to 240. A GIF counts hundredths of a second, and shows at most 50.
        texts: what the file says of itself, by the keys of `embedded.texts`; see `metadata.texts`.

    Returns:
        The file with its size in it.

    Raises:
        UserError: the name is none of a clip, the disk is full, the folder cannot be written to.
        ValueError: there are no frames, or they differ in size.
    """
    file_format = format_of(path)
    try:
        with aside(path.parent) as temporary:
            clip = encode(temporary, file_format, frames, fps, texts or {})
            put_in_place(temporary, path, replace=True)
    except OSError as error:
        raise disk_error(error, message("The clip could not be saved"), path.parent) from error
    return dataclasses.replace(clip, path=path)


def encode(path: Path, file_format: str, frames: Iterable[Pixels], fps: float, texts: Mapping[str, str]) -> ClipOutput:
    """Write a clip into `path`, which nobody else looks at yet. As `write_clip`.

    Args:
        file_format: "mp4", "gif" or "webp".

    Raises:
        OSError: the disk is full, or the folder cannot be written to.
        ValueError: as `write_clip`.
    """
    if not 0 < fps <= MOST_FPS:
        raise ValueError(f"{fps} frames per second")
    rest = iter(frames)
    first = next(rest, None)
    if first is None:
        raise ValueError("a clip without frames")
    height, width = mp4.even_size(first) if file_format == "mp4" else first.shape[:2]
    count = _fill(_encoder(path, file_format, (width, height), rate_of(fps), texts), first, rest)
    if file_format != "mp4":
        tags.put_into(path, file_format, texts)
    return ClipOutput(path, width, height, count, fps)


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


def _fill(encoder: Encoder, first: Pixels, rest: Iterator[Pixels]) -> int:
    """Returns how many frames there were."""
    count = 0
    try:
        frame: Pixels | None = first
        while frame is not None:
            if frame.dtype != "uint8" or frame.shape != first.shape or frame.ndim != 3 or frame.shape[2] != 3:
                raise ValueError(f"a frame is {frame.dtype} {frame.shape}")
            encoder.add(frame)
            count += 1
            frame = next(rest, None)
        encoder.finish()
    finally:
        encoder.close()
    return count
