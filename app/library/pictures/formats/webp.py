"""The chunks of a WebP (RFC 9649): its words replaced without touching its pixels."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from app.library.pictures.formats.png import IncompleteError, TooMuchError

EXIF, XMP = b"EXIF", b"XMP "

_FLAGS = {EXIF: 0x08, XMP: 0x04}
"""In the first chunk, of what the file holds (section 2.7.1)."""
_PICTURES = {b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"}
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
    """The file's bytes with these chunks, EXIF or XMP, in place of its own or at its end; an empty one is left out."""
    chunks = list(_chunks(data))
    kept = [(kind, body) for kind, body in chunks if kind not in (*words, b"VP8X")]
    first = next((body for kind, body in chunks if kind == b"VP8X"), None) or _extended(*kept[0])
    flags = first[0]
    filled = {kind: body for kind, body in words.items() if body}
    for kind, words_of_it in words.items():
        flags = flags | _FLAGS[kind] if words_of_it else flags & ~_FLAGS[kind]
    whole = b"".join(
        kind + len(body).to_bytes(4, "little") + body + bytes(len(body) % 2)
        for kind, body in ((b"VP8X", bytes([flags]) + first[1:]), *kept, *filled.items())
    )
    return b"RIFF" + (len(whole) + 4).to_bytes(4, "little") + b"WEBP" + whole


def without_words(data: bytes, packet: bytes = b"") -> bytes:
    """The file's bytes with the pictures and their profile alone, and with this XMP."""
    kept = b"".join(
        kind + len(body).to_bytes(4, "little") + body + bytes(len(body) % 2)
        for kind, body in _chunks(data)
        if kind in _PICTURES
    )
    return with_words(b"RIFF" + (len(kept) + 4).to_bytes(4, "little") + b"WEBP" + kept, {EXIF: b"", XMP: packet})


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 12
    while at + 8 <= len(data):
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        yield data[at : at + 4], data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2


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
