"""Deleting with undo: pictures wait in a hidden folder beside the others until the system's trash takes them."""

from __future__ import annotations

import contextlib
import logging
import os
import time
from dataclasses import dataclass
from pathlib import Path

from app.core.errors import UserError
from app.core.message import message
from app.library.files import disk_error, move_to_free_name
from app.library.pictures.index.rows import IndexRow

log = logging.getLogger(__name__)

FOLDER = ".trash"
LEFT_BEHIND_SECONDS = 24 * 3600
"""What has waited for so long was left by a session that did not end well."""
ATTEMPTS = 100
"""So often others may remove an empty folder before a picture is moved into it. Once is rare."""


@dataclass(frozen=True, slots=True)
class Trashed:
    """A deleted picture: where it was, where it waits, what the index knew of it. Give it to `Gallery.restore_all`."""

    path: Path
    waiting: Path
    row: IndexRow | None = None


class Trash:
    """The deleted pictures of one folder.

    They stay on the same volume, so deleting and undoing are renames, which need no space. The system's trash gets
    them from their old place, so that its own "put back" works.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def slot(self) -> Path:
        """A place for pictures that are deleted together."""
        return self._folder / FOLDER / str(time.time_ns())

    def take(self, path: Path, slot: Path) -> Trashed:
        """Raises UserError where the picture cannot be moved; it is still there then, unless it was gone before."""
        waiting = slot / path.name
        try:
            _move_in(path, waiting)
        except OSError as error:
            self._tidy(slot)
            if isinstance(error, FileNotFoundError) and not os.path.lexists(path):
                raise UserError(
                    message("The picture “{name}” is gone.", name=path.name), message("It was moved or deleted.")
                ) from error
            raise disk_error(error, message("“{name}” could not be deleted", name=path.name), self._folder) from error
        return Trashed(path, waiting)

    def put_back(self, trashed: Trashed) -> Path:
        """Returns where the picture is now: its old place, or a free name beside it.

        Raises:
            UserError: it cannot be moved back.
        """
        try:
            path = move_to_free_name(trashed.waiting, self._folder, trashed.path.name)
        except FileNotFoundError as error:
            raise UserError(
                message("“{name}” is no longer here.", name=trashed.path.name),
                message("Look for it in the system's trash."),
            ) from error
        except OSError as error:
            raise disk_error(
                error, message("“{name}” could not be put back", name=trashed.path.name), self._folder
            ) from error
        self._tidy(trashed.waiting.parent)
        return path

    def left_behind(self) -> list[Trashed]:
        """Pictures that an earlier session left waiting."""
        oldest = time.time_ns() - LEFT_BEHIND_SECONDS * 10**9
        found = []
        with contextlib.suppress(OSError):
            for slot in (self._folder / FOLDER).iterdir():
                if slot.name.isdecimal() and int(slot.name) < oldest:
                    found += [Trashed(self._folder / file.name, file) for file in slot.iterdir()]
        return found

    def hand_over(self, trashed: Trashed) -> None:
        """Give a picture to the system's trash. If that fails, it goes on waiting and nothing is lost."""
        try:
            path = move_to_free_name(trashed.waiting, self._folder, trashed.path.name)
        except OSError as error:
            log.warning("%s stays in %s: %s", trashed.path.name, trashed.waiting.parent, error)
            return
        from send2trash import send2trash

        try:
            send2trash(path)
        except Exception as error:  # what send2trash raises differs from system to system
            log.warning("The system's trash refused %s: %s", trashed.path.name, error)
            with contextlib.suppress(OSError):  # some refuse what they have taken already
                _move_in(path, trashed.waiting)
                return
        self._tidy(trashed.waiting.parent)

    def _tidy(self, slot: Path) -> None:
        for folder in (slot, slot.parent):
            with contextlib.suppress(OSError):
                folder.rmdir()  # only if empty


def _move_in(path: Path, waiting: Path) -> None:
    """Rename `path` to `waiting`, in a folder that whoever empties it removes: it is made anew as long as that happens.

    Raises:
        OSError: `path` is still where it was, unless it was gone before.
    """
    for left in reversed(range(ATTEMPTS)):
        try:
            # One that is removed at once is reported as if a file were in its place; then the move fails.
            with contextlib.suppress(FileExistsError):
                waiting.parent.mkdir(parents=True, exist_ok=True)
            path.rename(waiting)
            return
        except FileNotFoundError:
            if not (left and os.path.lexists(path)):
                raise
