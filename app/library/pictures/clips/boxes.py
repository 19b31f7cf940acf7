"""What an MP4 says of its size, before any of it is believed (ISO/IEC 14496-12).

FFmpeg makes tables as long as a file claims. A header of a hundred bytes may claim billions of frames, so the claims
are looked at first; and a file whose end is missing is told from one that is no clip.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

_CONTAINERS = {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"moof", b"traf", b"edts"}
_DEEPEST = 8
_MOST_BOXES = 100_000
_MOST_SAMPLES = 50_000_000
"""Of sound; a quarter of an hour of it may be stored uncompressed."""
_TABLES = {b"stts": 8, b"ctts": 8, b"stsc": 12, b"stco": 4, b"co64": 8, b"stss": 4, b"elst": 12}
"""Lists, and how many bytes each of their entries takes."""
_RUNS = {b"stts", b"ctts"}
"""Their entries say for how many samples they hold."""


class NotWholeError(Exception):
    """The end of the file is missing."""


class TooMuchError(Exception):
    """It claims more samples than it may have."""


def check(file: BinaryIO, size: int, most_frames: int) -> bool:
    """Look at the boxes of an MP4; returns whether it is in fragments, so that no list of all its frames is in it.

    Args:
        size: of the file, in bytes.
        most_frames: so many a track of pictures may have.

    Raises:
        NotWholeError: a box reaches behind the end of the file, or the description of the tracks is missing.
        TooMuchError: a track claims more samples, or a list more entries than there is room for.
    """
    # First whether all of it is there: what lacks its end would seem to claim too much.
    if b"moov" not in {kind for kind, _, _ in islice(level(file, 0, size), _MOST_BOXES)}:
        raise NotWholeError
    most, fragments, is_fragmented = _MOST_SAMPLES, 0, False
    for kind, start, end in _boxes(file, 0, size, 0, [0]):
        file.seek(start)
        if kind == b"hdlr":
            most = most_frames if file.read(12)[8:] == b"vide" else _MOST_SAMPLES
        elif kind in _TABLES:
            _check_table(file, end - start - 8, _TABLES[kind], most if kind in _RUNS else None)
        elif kind in {b"stsz", b"stz2"}:
            _check_sizes(file, kind, end - start - 12, size, most)
        elif kind == b"moof":
            is_fragmented = True
        elif kind == b"trun":
            fragments += int.from_bytes(file.read(8)[4:], "big")
            if fragments > most_frames:
                raise TooMuchError
    return is_fragmented


def _check_table(file: BinaryIO, room: int, width: int, most: int | None) -> None:
    count = int.from_bytes(file.read(8)[4:], "big")
    if count * width > room:
        raise TooMuchError
    if most is not None:
        entries = struct.iter_unpack(">II", file.read(8 * min(count, most)))
        if count > most or sum(each for each, _ in entries) > most:
            raise TooMuchError


def _check_sizes(file: BinaryIO, kind: bytes, room: int, size: int, most: int) -> None:
    """Samples of one size take their bytes somewhere in the file; those of many have a list of them here."""
    head = file.read(12)
    each, count = int.from_bytes(head[4:8], "big"), int.from_bytes(head[8:12], "big")
    is_list = kind == b"stz2" or each == 0
    smallest = 0.5 if kind == b"stz2" else 4  # bytes of an entry
    if count > most or (count * smallest > room if is_list else count * each > size):
        raise TooMuchError
    if is_list and kind == b"stsz" and sum(each for (each,) in struct.iter_unpack(">I", file.read(4 * count))) > size:
        raise TooMuchError


def _boxes(file: BinaryIO, start: int, end: int, depth: int, seen: list[int]) -> Iterator[tuple[bytes, int, int]]:
    """(kind, start, end) of each box and of those within it; the start is that of its content."""
    for kind, content, behind in level(file, start, end):
        seen[0] += 1
        if seen[0] > _MOST_BOXES or depth > _DEEPEST:
            raise TooMuchError
        yield kind, content, behind
        if kind in _CONTAINERS:
            yield from _boxes(file, content, behind, depth + 1, seen)


def level(file: BinaryIO, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """(kind, start, end) of each box between two places of a file; the start is that of its content.

    Raises:
        NotWholeError: one reaches out of it.
    """
    while start + 8 <= end:
        file.seek(start)
        head = file.read(16)
        length, kind, content = int.from_bytes(head[:4], "big"), head[4:8], start + 8
        if length == 1:
            length, content = int.from_bytes(head[8:16], "big"), start + 16
        elif length == 0:
            length = end - start
        if length < content - start or start + length > end:
            raise NotWholeError
        yield kind, content, start + length
        start += length
