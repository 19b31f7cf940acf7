"""What is in a pictures folder: its files are looked at, and new ones read as far as their headers."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path

from app.core.errors import UserError
from app.core.message import message
from app.library.pictures import lineage, reading
from app.library.pictures.index.rows import IndexRow, Stamp, State

log = logging.getLogger(__name__)

DEEPEST = 8
MOST_FOLDERS = 5_000
"""Folders below the pictures folder: so deep and so many are looked at."""


def files(folder: Path, nested: bool = False) -> Iterator[tuple[str, Stamp]]:
    """The pictures and clips in a folder by their names within it, and with `nested` those in folders below, but
    hidden ones.

    Raises:
        UserError: the folder is there but may not be read. One below that may not be read counts as empty.
    """
    for place in folders(folder, nested):
        within = place.relative_to(folder).as_posix()
        prefix = "" if place == folder else f"{within}/"
        try:
            with os.scandir(place) as entries:
                for entry in entries:
                    if entry.name.startswith(".") or not entry.name.lower().endswith(reading.SUFFIXES):
                        continue
                    try:
                        if entry.is_file():
                            yield prefix + entry.name, Stamp.of(entry.stat())
                    except OSError:  # gone in between, or a link to nowhere
                        continue
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            if place != folder:
                log.info("%s may not be read: %s", place, error)
                continue
            raise UserError(
                message("The folder “{folder}” may not be read.", folder=folder),
                message("Allow reading it, or choose another folder in Settings."),
            ) from error


def folders(folder: Path, nested: bool = False) -> list[Path]:
    """A folder, and with `nested` those below it, without hidden ones and links."""
    found = [folder]
    level = [folder]
    for _ in range(DEEPEST if nested else 0):
        level = [each for place in level for each in _below(place)][: MOST_FOLDERS - len(found)]
        found += level
    return found


def row_of(folder: Path, name: str, stamp: Stamp) -> IndexRow | None:
    """What the index is to know of a file; None where it is gone by now."""
    try:
        return lineage.row(reading.read(folder / name), name, stamp)
    except UserError as error:
        if not (folder / name).exists():
            return None
        log.info("Not shown in the gallery: %s", error)
        return IndexRow(name, stamp, stamp.mtime_ns / 1e9, state=State.UNREADABLE)


def _below(folder: Path) -> list[Path]:
    try:
        with os.scandir(folder) as entries:
            return sorted(
                Path(entry.path)
                for entry in entries
                if not entry.name.startswith(".") and entry.is_dir(follow_symlinks=False)
            )
    except OSError:
        return []
