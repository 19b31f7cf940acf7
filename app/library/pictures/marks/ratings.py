"""The ratings of a folder's pictures, 1 to 5, kept in the folder itself beside the stars."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from app.library.pictures.index.rows import key
from app.library.shared_json import SharedJson

RATINGS_FILE = ".ratings.json"
BEST = 5


class Ratings:
    """The ratings of one folder's pictures by the keys of their names.

    A 0 is kept of a file that names a rating or a star itself: what it says counts once.
    """

    def __init__(self, folder: Path) -> None:
        self._file = SharedJson(folder / RATINGS_FILE)

    def by_key(self) -> dict[str, int]:
        """All that are given; empty where they cannot be read."""
        return {name: rating for name, rating in self.known().items() if rating}

    def known(self) -> dict[str, int]:
        """As `by_key`, with the zeros that are kept."""
        return _valid(self._file.read_if_possible())

    def change(self, ratings: Mapping[str, int], forgotten: Iterable[str] = ()) -> None:
        """Rate pictures by name, 0 takes a rating away; of some nothing is kept.

        Raises:
            OSError: the file cannot be written and stands as it was.
            ValueError: one is no rating; none is changed.
        """
        for name, rating in ratings.items():
            if type(rating) is not int or not 0 <= rating <= BEST:
                raise ValueError(f"{name}: a rating of {rating!r}")
        with self._file.edit() as values:
            now = _valid(values)
            for name in forgotten:
                now.pop(key(name), None)
            now.update({key(name): rating for name, rating in ratings.items()})
            values.clear()
            values.update(now)


def _valid(values: Mapping[str, Any]) -> dict[str, int]:
    return {key(name): value for name, value in values.items() if type(value) is int and 0 <= value <= BEST}
