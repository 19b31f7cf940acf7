"""The stars of a folder's pictures, kept in the folder itself.

So they survive the index and go where the pictures go. Writing a mark into a picture itself would change the file that
another program may be looking at.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from app.library.pictures.index import IndexRow
from app.library.shared_json import SharedJson

FAVOURITES_FILE = ".favourites.json"


def key(name: str) -> str:
    """A file's name in the one form that counts: disks and syncs change how it is composed (NFC, NFD)."""
    return unicodedata.normalize("NFC", name)


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


def renamed(former: Sequence[IndexRow], fresh: Sequence[IndexRow]) -> Mapping[str, str]:
    """New names by old ones, of pictures that were renamed outside of the app.

    A renamed file keeps its size and its time to the nanosecond; a copied one at least says that it was made at the
    same moment, of the same prompt and seed. Where two would fit, none does.

    Args:
        former: what was known under names that are gone, or that have another content now.
        fresh: what was found under names that are new, or that have another content now.
    """
    by_stamp: dict[object, list[str]] = {}
    by_making: dict[object, list[str]] = {}
    for row in fresh:
        by_stamp.setdefault(row.stamp, []).append(row.name)
        by_making.setdefault(_making(row), []).append(row.name)
    pairs: dict[str, str] = {}
    taken: set[str] = set()
    for row in former:
        same = by_stamp.get(row.stamp) or (by_making.get(_making(row)) if row.seed is not None else None) or []
        if len(same) == 1 and same[0] not in taken and key(same[0]) != key(row.name):
            pairs[row.name] = same[0]
            taken.add(same[0])
    return pairs


def _making(row: IndexRow) -> tuple[object, ...]:
    return row.stamp.size, row.created, row.prompt, row.seed
