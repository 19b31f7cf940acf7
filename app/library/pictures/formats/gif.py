"""The blocks of a GIF (GIF89a specification): how long its frames are shown, and its comments."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import BinaryIO

from app.library.pictures.formats.png import MAX_TEXT, IncompleteError, TooMuchError

_EXTENSION, _IMAGE, _TRAILER = 0x21, 0x2C, 0x3B
_CONTROL, _COMMENT, _APPLICATION = 0xF9, 0xFE, 0xFF
_REPEATS = {b"NETSCAPE2.0", b"ANIMEXTS1.0"}
"""Extensions that say how often an animation repeats."""
_MOST_BLOCKS = 3
"""For each frame that may be."""


@dataclass(slots=True)
class Gif:
    """What a GIF says of itself.

    Attributes:
        size: (width, height).
        times: how long each frame is shown, in hundredths of a second.
        comments: each as it stands.
    """

    size: tuple[int, int]
    times: list[int] = field(default_factory=list)
    comments: list[bytes] = field(default_factory=list)


def look(file: BinaryIO, most: int) -> Gif:
    """Go over the blocks of a GIF; no pixel is decoded.

    Args:
        most: so many frames it may have.

    Raises:
        IncompleteError: its end is missing.
        TooMuchError: it has more frames or longer comments than it may have, or a frame reaches out of the picture.
    """
    file.seek(0)
    head = file.read(13)
    if len(head) < 13:
        raise IncompleteError
    gif = Gif((_number(head[6:8]), _number(head[8:10])))
    _skip_palette(file, head[10])
    time = 0
    for _ in range(_MOST_BLOCKS * most):
        kind = file.read(1)
        if not kind:
            raise IncompleteError
        if kind[0] == _TRAILER:
            return gif
        if kind[0] == _IMAGE:
            place = file.read(9)
            if len(place) < 9:
                raise IncompleteError
            left, top, width, height = (_number(place[at : at + 2]) for at in (0, 2, 4, 6))
            if left + width > gif.size[0] or top + height > gif.size[1] or len(gif.times) >= most:
                raise TooMuchError
            _skip_palette(file, place[8])
            file.seek(1, io.SEEK_CUR)  # how long the codes are at first
            _blocks(file, 0)
            gif.times.append(time)
            time = 0
        elif kind[0] == _EXTENSION:
            label = file.read(1)
            text = _blocks(file, MAX_TEXT if label == bytes([_COMMENT]) else 6)
            if label == bytes([_COMMENT]):
                gif.comments.append(text)
            elif label == bytes([_CONTROL]):
                time = _number(text[1:3])
        else:
            raise IncompleteError
    raise TooMuchError


def without_words(data: bytes) -> bytes:
    """The bytes of a whole GIF without comments, texts and what programs put into it beside how often it repeats."""
    file = io.BytesIO(data)
    file.seek(10)
    flags = file.read(3)[0]
    _skip_palette(file, flags)
    kept, start = [data[: file.tell()]], file.tell()
    while (kind := file.read(1)) and kind[0] != _TRAILER:
        if kind[0] == _IMAGE:
            _skip_palette(file, file.read(9)[8])
            file.seek(1, io.SEEK_CUR)
            _blocks(file, 0)
            keeps = True
        else:
            label, beginning = file.read(1), _blocks(file, 11)
            keeps = label[0] == _CONTROL or (label[0] == _APPLICATION and beginning in _REPEATS)
        if keeps:
            kept.append(data[start : file.tell()])
        start = file.tell()
    return b"".join((*kept, bytes([_TRAILER])))


def _blocks(file: BinaryIO, wanted: int) -> bytes:
    """The beginning of what stands in a row of blocks, to whose end this goes."""
    found = bytearray()
    while length := file.read(1):
        if not length[0]:
            return bytes(found)
        if len(found) < wanted:
            data = file.read(length[0])
            found += data[: wanted - len(found)]
        else:
            file.seek(length[0], io.SEEK_CUR)
    raise IncompleteError


def _skip_palette(file: BinaryIO, flags: int) -> None:
    if flags & 0x80:
        file.seek(3 << ((flags & 7) + 1), io.SEEK_CUR)


def _number(data: bytes) -> int:
    return int.from_bytes(data, "little")
