"""Which pictures are wanted, in which order; and how SQLite is asked for them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from app.library.pictures.index.rows import State, plain

_WORD = re.compile(r'"([^"]+)(?:"|$)|(\S+)')
SHORTEST = 3
"""Characters of a word that the trigram index can find; for shorter ones every text is looked at."""
MANY = 5_000
"""Where more pictures match, looking at every text is quicker than the trigram index."""


class Sort(StrEnum):
    """What the order goes by."""

    DATE = "date"
    NAME = "name"
    SIZE = "size"
    RATING = "rating"
    MODEL = "model"


class Shape(StrEnum):
    """How a picture is wider or higher."""

    LANDSCAPE = "landscape"
    SQUARE = "square"
    PORTRAIT = "portrait"


_ORDERS = {
    Sort.DATE: "created",
    Sort.NAME: "sorting",
    Sort.SIZE: "width * height",
    Sort.RATING: "rating",
    Sort.MODEL: "model COLLATE NOCASE",
}
_SHAPES = {Shape.LANDSCAPE: "width > height", Shape.SQUARE: "width = height", Shape.PORTRAIT: "width < height"}


@dataclass(frozen=True, slots=True)
class Filters:
    """What pictures must have; as it stands, nothing.

    Attributes:
        models, backends: one of these.
        shape: None for any.
        min_pixels: width times height, at least.
        min_rating: 1 to 5; 0 for any, also none.
        since, before: unix time; the first is included, the second not.
    """

    models: tuple[str, ...] = ()
    backends: tuple[str, ...] = ()
    shape: Shape | None = None
    min_pixels: int = 0
    min_rating: int = 0
    since: float | None = None
    before: float | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """What is to be listed; as it stands everything, newest first.

    Attributes:
        text: words that a picture's prompt, negative prompt, model or name must contain, each anywhere; what stands in
            quotes is one word.
        album: its name; empty for all pictures.
        nested: also pictures in folders below the gallery's own.
    """

    text: str = ""
    favourites: bool = False
    album: str = ""
    filters: Filters = Filters()
    sort: Sort = Sort.DATE
    descending: bool = True
    nested: bool = False

    @property
    def lists_all(self) -> bool:
        """Whether no picture is left out."""
        return self == Query(sort=self.sort, descending=self.descending, nested=self.nested)

    @property
    def is_newest_first(self) -> bool:
        return self.sort is Sort.DATE and self.descending

    def with_filters(self, filters: Filters) -> Query:
        return replace(self, filters=filters)


def words_of(text: str) -> list[str]:
    """The words of a search, as they stand in the index."""
    found = [plain(phrase or word) for phrase, word in _WORD.findall(text)]
    return [" ".join(word.split()) for word in found if word.strip()]


def conditions(query: Query) -> tuple[str, list[object]]:
    """An SQL expression over `pictures` for all but the text, and its values; the first of them is still to be put in
    front: the folder's id.
    """
    filters = query.filters
    parts: list[tuple[str, list[object]]] = [("folder = ? AND state = ?", [State.SHOWN])]
    if not query.nested:
        parts.append(("nested = 0", []))
    if query.favourites:
        parts.append(("favourite = 1", []))
    for column, wanted in (("model", filters.models), ("backend", filters.backends)):
        if wanted:
            parts.append((f"{column} IN ({', '.join('?' * len(wanted))})", [*wanted]))
    if filters.shape is not None:
        parts.append((f"width > 0 AND {_SHAPES[filters.shape]}", []))
    if filters.min_pixels:
        parts.append(("width * height >= ?", [filters.min_pixels]))
    if filters.min_rating:
        parts.append(("rating >= ?", [filters.min_rating]))
    if filters.since is not None:
        parts.append(("created >= ?", [filters.since]))
    if filters.before is not None:
        parts.append(("created < ?", [filters.before]))
    return " AND ".join(part for part, _ in parts), [value for _, values in parts for value in values]


def order(query: Query) -> str:
    """Its ORDER BY. Of equal ones the newest comes first, and no order is left to chance."""
    way = "DESC" if query.descending else "ASC"
    if query.sort is Sort.DATE:
        return f"created {way}, name {way}"
    return f"{_ORDERS[query.sort]} {way}, created DESC, name DESC"


def match(words: list[str]) -> str:
    """FTS5's expression for all of the words, each of at least `SHORTEST` characters."""
    return " AND ".join('"' + word.replace('"', '""') + '"' for word in words)
