"""Where a JPEG ends, and how often it goes over its pixels. (ITU-T T.81, annex B.)"""

from __future__ import annotations

import io
import re
from typing import BinaryIO

_START, _END, _SCAN = 0xD8, 0xD9, 0xDA
_ALONE = {0x01, *range(0xD0, 0xD9)}
"""Markers without a content."""
_MARKER = re.compile(rb"\xff+[\x01-\xcf\xd8-\xfe]")
"""What ends the coded pixels: neither a stuffed zero nor a restart."""
_BLOCK = 1 << 20


def ends_well(file: BinaryIO) -> bool:
    """Whether the picture's end is there. More may follow it in the file: a film, or the rest of an older file."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - 2))
    return file.read(2) == b"\xff\xd9" or scans(file) is not None


def scans(file: BinaryIO, most: int = 1_000_000) -> int | None:
    """How many scans the picture has, counted up to `most`; None where its end is missing."""
    file.seek(2)
    count = 0
    while count < most:
        marker = _next_marker(file)
        if marker is None:
            return None
        if marker == _END:
            return count
        if marker in _ALONE:
            continue
        length = int.from_bytes(file.read(2), "big")
        if length < 2:
            return None
        file.seek(length - 2, io.SEEK_CUR)
        count += marker == _SCAN
    return count


def _next_marker(file: BinaryIO) -> int | None:
    """Go on behind the next marker, over coded pixels if need be; None at the file's end."""
    while block := file.read(_BLOCK):
        if found := _MARKER.search(block):
            file.seek(found.end() - len(block), io.SEEK_CUR)
            return block[found.end() - 1]
        if block.endswith(b"\xff") and len(block) > 1:
            file.seek(-1, io.SEEK_CUR)  # its second half is in the next block
    return None
