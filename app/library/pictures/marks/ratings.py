"""The ratings of a folder's pictures, 1 to 5, kept in the folder itself beside the stars."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.library.pictures.index.rows import key
from app.library.shared_json import SharedJson

RATINGS_FILE = ".ratings.json"
BEST = 5


class Ratings:
    """The ratings of one folder's pictures by the keys of their names."""

    def __init__(self, folder: Path) -> None:
        self._file = SharedJson(folder / RATINGS_FILE)

    def by_key(self) -> dict[str, int]:
        """All that are given; empty where they cannot be read."""
        return _valid(self._file.read_if_possible())

    def change(self, ratings: Mapping[str, int]) -> dict[str, int]:
        """Rate pictures by name, 0 takes a rating away; returns all that are given now.

        Raises:
            OSError: the file cannot be written and stands as it was.
            ValueError: one is no rating; none is changed.
        """
        for name, rating in ratings.items():
            if type(rating) is not int or not 0 <= rating <= BEST:
                raise ValueError(f"{name}: a rating of {rating!r}")
        with self._file.edit() as values:
            now = _valid(values)
            now.update({key(name): rating for name, rating in ratings.items()})
            values.clear()
            values.update({name: rating for name, rating in now.items() if rating})
            return dict(values)


def _valid(values: Mapping[str, Any]) -> dict[str, int]:
    return {key(name): value for name, value in values.items() if type(value) is int and 1 <= value <= BEST}
