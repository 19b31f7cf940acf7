"""Small copies of pictures, made when they are first looked at and kept on the disk."""

from __future__ import annotations

import contextlib
import hashlib
import logging
from pathlib import Path

from app.core.errors import UserError
from app.core.message import message
from app.library.files import replace_file
from app.library.pictures import reading
from app.library.pictures.index.rows import Stamp

log = logging.getLogger(__name__)

MOST_BYTES = 1_000_000_000
"""On the disk: some 25,000 thumbnails."""
TRIM_EVERY = 2_000
"""After so many new thumbnails is looked how much room all take."""


class ThumbnailCache:
    """A cache of thumbnails in `folder`, by path, time and size of the picture. Safe to use from several threads."""

    def __init__(self, folder: Path, most_bytes: int = MOST_BYTES) -> None:
        self._folder = folder
        self._most_bytes = most_bytes
        self._made = TRIM_EVERY  # so that the first `trim` looks

    def get(self, path: Path, side: int) -> bytes:
        """A JPEG that fits a square of `side` pixels.

        Raises:
            UserError: the picture is gone or damaged.
        """
        try:
            stat = path.stat()
        except OSError as error:
            raise UserError(
                message("The picture “{name}” is gone.", name=path.name), message("It was moved or deleted.")
            ) from error
        file = self._folder / str(side) / _name(path, Stamp.of(stat))
        with contextlib.suppress(OSError):
            data = file.read_bytes()
            if data.endswith(b"\xff\xd9"):  # else a power cut has left a part of it
                return data
        data = reading.thumbnail(path, side)
        try:
            replace_file(file, data, durable=False)
            self._made += 1
        except OSError as error:
            log.info("A thumbnail could not be kept: %s", error)
        return data

    def trim(self) -> None:
        """Remove the oldest where all together take too much room on the disk; it looks once in a while."""
        if self._made < TRIM_EVERY:
            return
        self._made = 0
        found: list[tuple[float, int, Path]] = []
        with contextlib.suppress(OSError):
            for file in self._folder.rglob("*.jpg"):
                with contextlib.suppress(OSError):
                    status = file.stat()
                    found.append((status.st_mtime, status.st_size, file))
        total = sum(size for _, size, _ in found)
        for _, size, file in sorted(found):
            if total <= self._most_bytes:
                break
            with contextlib.suppress(OSError):
                file.unlink()
                total -= size

    def forget(self, path: Path, stamp: Stamp) -> None:
        """Remove the thumbnails of a picture that is gone or has changed."""
        with contextlib.suppress(OSError):
            for sized in self._folder.iterdir():
                (sized / _name(path, stamp)).unlink(missing_ok=True)


def _name(path: Path, stamp: Stamp) -> str:
    key = f"{path}\0{stamp.mtime_ns}\0{stamp.size}".encode(errors="surrogateescape")
    return f"{hashlib.sha256(key).hexdigest()[:32]}.jpg"
