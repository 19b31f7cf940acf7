"""The chunks of a WebP (RFC 9649): its words replaced without touching its pixels."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import BinaryIO

from app.library.pictures.formats.png import IncompleteError, TooMuchError

EXIF, XMP = b"EXIF", b"XMP "

_FLAGS = {EXIF: 0x08, XMP: 0x04}
"""In the first chunk, of what the file holds (section 2.7.1)."""
_ANIMATION, _ALPHA = 0x02, 0x10


def is_animation(head: bytes) -> bool:
    """Whether a file says that it moves, by its first 21 bytes."""
    return head[:4] == b"RIFF" and head[8:16] == b"WEBPVP8X" and len(head) > 20 and bool(head[20] & _ANIMATION)


def animation(file: BinaryIO, most: int) -> tuple[tuple[int, int], list[int]] | None:
    """(width, height) and how long each frame is shown, in milliseconds; None of a file that does not move.

    Raises:
        IncompleteError: a chunk reaches behind its end.
        TooMuchError: it has more than `most` frames.
    """
    size = file.seek(0, io.SEEK_END)
    at, canvas, times = 12, None, []
    while at + 8 <= size:
        file.seek(at)
        head = file.read(24)
        length = int.from_bytes(head[4:8], "little")
        if at + 8 + length > size:
            raise IncompleteError
        if head[:4] == b"VP8X":
            canvas = _number(head[12:15]) + 1, _number(head[15:18]) + 1
        elif head[:4] == b"ANMF":
            times.append(_number(head[20:23]))
            if len(times) > most:
                raise TooMuchError
        at += 8 + length + length % 2
    return (canvas, times) if canvas is not None and len(times) > 1 else None


def _number(data: bytes) -> int:
    return int.from_bytes(data, "little")


def with_words(data: bytes, words: Mapping[bytes, bytes]) -> bytes:
    """The file's bytes with these chunks, EXIF or XMP, in place of its own or at its end."""
    chunks, at = [], 12
    while at + 8 <= len(data):
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        chunks.append((data[at : at + 4], data[at + 8 : at + 8 + size]))
        at += 8 + size + size % 2
    kept = [(kind, body) for kind, body in chunks if kind not in (*words, b"VP8X")]
    first = next((body for kind, body in chunks if kind == b"VP8X"), None) or _extended(*kept[0])
    flags = first[0]
    for kind in words:
        flags |= _FLAGS[kind]
    whole = b"".join(
        kind + len(body).to_bytes(4, "little") + body + bytes(len(body) % 2)
        for kind, body in ((b"VP8X", bytes([flags]) + first[1:]), *kept, *words.items())
    )
    return b"RIFF" + (len(whole) + 4).to_bytes(4, "little") + b"WEBP" + whole


def _extended(kind: bytes, body: bytes) -> bytes:
    """The first chunk of a WebP that may hold more than one picture's data, for a file that has none of these."""
    flags = 0
    if kind == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        width, height = bits & 0x3FFF, bits >> 14 & 0x3FFF
        flags = _ALPHA if bits >> 28 & 1 else 0
    else:
        width, height = (int.from_bytes(body[place : place + 2], "little") % 0x4000 - 1 for place in (6, 8))
    return bytes([flags, 0, 0, 0]) + width.to_bytes(3, "little") + height.to_bytes(3, "little")
