"""What the index keeps of a picture, and how its words are compared."""

from __future__ import annotations

import os
import re
import unicodedata
from enum import IntEnum
from pathlib import Path
from typing import NamedTuple

_DIGITS = re.compile(r"\d+")
_LONGEST_NUMBER = 20
"""Digits; a longer number sorts as one of so many."""


class Stamp(NamedTuple):
    """How a file looked when it was read; another stamp means another content."""

    mtime_ns: int
    size: int

    @classmethod
    def of(cls, status: os.stat_result) -> Stamp:
        return cls(status.st_mtime_ns, status.st_size)


class State(IntEnum):
    """Whether a picture is listed."""

    SHOWN = 0
    UNREADABLE = 1
    """It is remembered as such, so that it is not read again."""
    GONE = 2
    """Its file is not there, but its marks wait: it may come back under another name."""


class IndexRow(NamedTuple):
    """A picture as the index knows it.

    Attributes:
        name: its path within the folder, with "/" between the parts.
        created: unix time.
        words: what a search looks in.
        prompt: its beginning.
        seed: None where it is not known.
        rating: 1 to 5; 0 for none.
        width, height: pixels; 0 where they are not known.
        frames, fps: of a clip, and its frames a second; 0 for pictures.
        digest: SHA-256 of the file; empty where nobody has needed it yet.
        parents: the digests of the pictures that it was made from.
        albums: what it was in when it was taken out of the index; `Index.put` leaves them alone.
    """

    name: str
    stamp: Stamp
    created: float
    words: str = ""
    state: State = State.SHOWN
    favourite: bool = False
    prompt: str = ""
    seed: int | None = None
    rating: int = 0
    width: int = 0
    height: int = 0
    model: str = ""
    backend: str = ""
    frames: int = 0
    fps: float = 0.0
    digest: str = ""
    parents: tuple[str, ...] = ()
    albums: tuple[str, ...] = ()


class Entry(NamedTuple):
    """What the gallery shows of a picture without reading its file; `frames` and `fps` of a clip, else 0."""

    name: str
    prompt: str
    seed: int | None
    favourite: bool
    rating: int
    frames: int = 0
    fps: float = 0.0


def stored(name: Path | str) -> bytes:
    """A file's name as it is kept: one that is not UTF-8, which Python reads as surrogates, is no text for SQLite."""
    return str(name).encode("utf-8", "surrogatepass")


def named(kept: bytes) -> str:
    return kept.decode("utf-8", "surrogatepass")


def key(name: str) -> str:
    """A file's name in the one form that counts: disks and syncs change how it is composed (NFC, NFD)."""
    return unicodedata.normalize("NFC", name)


def plain(text: str) -> str:
    """Without differences of case, width or composition."""
    return unicodedata.normalize("NFKC", text).casefold().encode(errors="replace").decode()


def natural(name: str) -> str:
    """What sorts names as people do: by the file's own name, "picture 9" before "picture 10"."""
    own = name.rpartition("/")[2]
    return _DIGITS.sub(lambda found: found[0].lstrip("0").zfill(_LONGEST_NUMBER), plain(own))
