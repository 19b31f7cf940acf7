"""The pieces that a PNG is made of: its texts, and what a decoder needs of it.

Pillow reads the texts together with the pixels, each with its checksum: one bad byte in a text costs the picture, and
a million texts cost seconds. Here the pieces are found first, and the decoder sees only its own. (PNG specification,
third edition, sections 5 and 11.)
"""

from __future__ import annotations

import bisect
import io
import struct
import zlib
from collections.abc import Iterable, Sequence
from typing import BinaryIO, NamedTuple

SIGNATURE = b"\x89PNG\r\n\x1a\n"

MAX_CHUNKS = 200_000
"""Enough for a gigabyte in pieces of 8 kB."""
MAX_TEXTS = 5_000
MAX_TEXT = 8_000_000
"""Longest text of one key, in characters."""
MAX_TEXT_BYTES = 64_000_000
"""Of all texts together."""
MAX_PROFILE = 16_000_000

_FOR_THE_DECODER = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}
_TEXTS = {b"tEXt", b"zTXt", b"iTXt"}
_SMALL = 1_000_000


class IncompleteError(ValueError):
    """The file ends before the picture does."""


class TooMuchError(ValueError):
    """There are more texts, or longer ones, than anybody needs."""


class Chunk(NamedTuple):
    """A piece of the file: where its content begins and how long it is, in bytes."""

    kind: bytes
    start: int
    length: int


def chunks(file: BinaryIO) -> list[Chunk]:
    """All pieces up to the end of the picture; what follows that end in the file is none of it.

    Raises:
        IncompleteError: the end is missing.
        TooMuchError: there are too many.
        ValueError: it is damaged.
    """
    size = file.seek(0, io.SEEK_END)
    position = len(SIGNATURE)
    found: list[Chunk] = []
    texts = text_bytes = 0
    while True:
        file.seek(position)
        head = file.read(8)
        if len(head) < 8:
            raise IncompleteError
        length, kind = struct.unpack(">I4s", head)
        if not kind.isalpha():
            raise ValueError("no PNG chunk")
        if position + 12 + length > size:
            raise IncompleteError
        found.append(Chunk(kind, position + 8, length))
        if kind == b"IEND":
            return found
        if kind in _TEXTS:
            texts, text_bytes = texts + 1, text_bytes + length
        if len(found) > MAX_CHUNKS or texts > MAX_TEXTS or text_bytes > MAX_TEXT_BYTES:
            raise TooMuchError
        position += 12 + length


def texts(file: BinaryIO, found: Iterable[Chunk], keys: Iterable[str] | None = None) -> dict[str, str]:
    """The texts, or those under some keys, wherever they stand in the file. Their checksums do not count.

    Raises:
        TooMuchError: one of them is too long.
    """
    wanted = None if keys is None else frozenset(keys)
    result: dict[str, str] = {}
    for chunk in found:
        if chunk.kind not in _TEXTS:
            continue
        file.seek(chunk.start)
        name, zero, _ = file.read(min(chunk.length, 80)).partition(b"\0")
        key = name.decode("latin-1")
        if not zero or (wanted is not None and key not in wanted):
            continue
        file.seek(chunk.start + len(name) + 1)
        text = _text(chunk.kind, file.read(chunk.length - len(name) - 1))
        if text is not None:
            result[key] = text
    return result


def exif(file: BinaryIO, found: Iterable[Chunk]) -> bytes:
    """The EXIF data, empty where there are none."""
    return next((_content(file, each) for each in found if each.kind == b"eXIf" and each.length < _SMALL), b"")


def profile(file: BinaryIO, found: Iterable[Chunk]) -> bytes:
    """The ICC profile, empty where there is none that can be read."""
    for each in found:
        if each.kind == b"iCCP" and each.length < MAX_PROFILE:
            _, _, packed = _content(file, each).partition(b"\0")
            try:
                return zlib.decompressobj().decompress(packed[1:], MAX_PROFILE)
            except zlib.error:
                return b""
    return b""


def decodable(file: BinaryIO, found: Iterable[Chunk]) -> io.BufferedReader:
    """The file as if it held nothing but the picture."""
    pieces = [(0, len(SIGNATURE))]
    for each in found:
        if each.kind in _FOR_THE_DECODER:
            start, end = each.start - 8, each.start + each.length + 4
            if pieces[-1][1] == start:
                pieces[-1] = (pieces[-1][0], end)
            else:
                pieces.append((start, end))
    return io.BufferedReader(_Pieces(file, pieces))


def _content(file: BinaryIO, chunk: Chunk) -> bytes:
    file.seek(chunk.start)
    return file.read(chunk.length)


def _text(kind: bytes, data: bytes) -> str | None:
    """The text behind the key; None where it makes no sense."""
    packed = kind == b"zTXt"
    if kind == b"iTXt":
        packed, parts = data[:1] == b"\1", data[2:].split(b"\0", 2)
        if len(parts) < 3:
            return None
        data = parts[2]
    elif packed:
        data = data[1:]
    if packed:
        unpacker = zlib.decompressobj()
        try:
            data = unpacker.decompress(data, 4 * MAX_TEXT)
        except zlib.error:
            return None
        if unpacker.unconsumed_tail:
            raise TooMuchError
    try:
        text = data.decode()  # several programs write UTF-8 where the standard has Latin-1
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace") if kind == b"iTXt" else data.decode("latin-1")
    if len(text) > MAX_TEXT:
        raise TooMuchError
    return text


class _Pieces(io.RawIOBase):
    """Ranges of a file, (start, end) each, as one file."""

    def __init__(self, file: BinaryIO, ranges: Sequence[tuple[int, int]]) -> None:
        self._file = file
        self._ranges = ranges
        self._starts = [0]
        for start, end in ranges:
            self._starts.append(self._starts[-1] + end - start)
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._starts[-1]}[whence]
        self._position = max(0, base + offset)
        return self._position

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        if self._position >= self._starts[-1]:
            return 0
        place = bisect.bisect_right(self._starts, self._position) - 1
        inside = self._position - self._starts[place]
        start, end = self._ranges[place]
        self._file.seek(start + inside)
        data = self._file.read(min(len(buffer), end - start - inside))
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)
