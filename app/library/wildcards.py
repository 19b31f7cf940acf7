"""Wildcards: text files of the user's with one alternative a line, named `__name__` in a prompt."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from app.core.errors import UserError
from app.core.message import message, series

SUFFIX = ".txt"
MAX_BYTES = 1_000_000
MAX_LINES = 10_000
MAX_FILES = 1_000
NAMED = 6
"""So many names a message lists."""


class Wildcards:
    """The files of one folder and the folders in it. "animals/dogs" is the file dogs.txt in the folder animals."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def names(self) -> list[str]:
        """In alphabetical order."""
        found = []
        for where, folders, files in os.walk(self.folder):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            names = (Path(where, name) for name in files if name.endswith(SUFFIX) and not name.startswith("."))
            found += [path.relative_to(self.folder).with_suffix("").as_posix() for path in names]
            if len(found) > MAX_FILES:
                break
        return sorted(found)[:MAX_FILES]

    def lines(self, name: str) -> Sequence[str]:
        """The lines of a wildcard. Empty ones and those that begin with # are left out.

        Raises:
            UserError: there is none of this name, or it cannot be used.
        """
        path = self.folder / f"{name}{SUFFIX}"
        try:
            if ".." in Path(name).parts or not path.is_file():
                raise self._missing(name)
            stamp = path.stat()
            if stamp.st_size > MAX_BYTES:
                raise UserError(
                    message("The wildcard file “{name}” is too large.", name=path.name),
                    message("It may have {lines} lines.", lines=MAX_LINES),
                )
            lines = _read(path, stamp.st_mtime_ns, stamp.st_size)
        except (OSError, ValueError) as error:
            raise UserError(
                message("The wildcard file “{name}” cannot be read.", name=path.name),
                message("Save it as plain text in UTF-8."),
            ) from error
        if not lines:
            raise UserError(
                message("The wildcard file “{name}” is empty.", name=path.name),
                message("Write one alternative on each line."),
            )
        return lines

    def _missing(self, name: str) -> UserError:
        names = self.names()
        if not names:
            return UserError(
                message("There is no wildcard “{name}”.", name=name),
                message(
                    "Put a text file “{file}” into the folder {folder}.", file=name + SUFFIX, folder=str(self.folder)
                ),
            )
        return UserError(
            message("There is no wildcard “{name}”.", name=name),
            message("Those that there are: {names}.", names=series([*names[:NAMED], *["…"][: len(names) > NAMED]])),
        )


@lru_cache(64)
def _read(path: Path, changed: int, size: int) -> tuple[str, ...]:
    """The lines of a file as it was at that moment: prompts are counted while they are typed."""
    lines = (line.strip() for line in path.read_text(encoding="utf-8-sig").splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))[:MAX_LINES]
