"""The stars of a folder's pictures, kept in the folder itself.

So they survive the index and go where the pictures go. Writing a mark into a picture itself would change the file that
another program may be looking at.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from app.library.pictures.index.rows import key
from app.library.shared_json import SharedJson

FAVOURITES_FILE = ".favourites.json"


class Favourites:
    """The starred names of one folder. Earlier versions wrote them as they came; both are read."""

    def __init__(self, folder: Path) -> None:
        self._file = SharedJson(folder / FAVOURITES_FILE)

    def keys(self) -> frozenset[str]:
        """The keys of the starred names; empty where they cannot be read."""
        return frozenset(map(key, self._file.read_if_possible()))

    def change(self, starred: Iterable[str] = (), unstarred: Iterable[str] = ()) -> frozenset[str]:
        """Give and take stars; returns the keys of all that have one now.

        Raises:
            OSError: the file cannot be written and stands as it was.
        """
        without, additional = set(map(key, unstarred)), list(map(key, starred))
        with self._file.edit() as names:
            kept = [each for each in map(key, names) if each not in without]
            names.clear()
            names.update(dict.fromkeys([*kept, *additional], True))
            return frozenset(names)
