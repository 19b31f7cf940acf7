"""The pictures that are listed, in their order. Of a hundred thousand it holds the ids alone; what is shown of one
is read from the index, with its neighbours, when it is asked for.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from app.library.pictures.gallery import Gallery
from app.library.pictures.index.rows import Entry

PAGE = 128
"""So many neighbours are read together."""
KEPT = 4_096
"""Of so many pictures is held what is shown of them."""


class Listing:
    """Pictures by their ids in the index, kept from the last to the first: a new one then moves no other. `clips` are
    the ids of those in the folder that are clips.
    """

    def __init__(self, gallery: Gallery, ids: Sequence[int] = (), clips: Collection[int] = ()) -> None:
        self._gallery = gallery
        self._folder = gallery.folder
        self._generation = gallery.generation
        self._ids = array("q", reversed(ids))
        self._clips = set(clips)
        self._numbers: dict[int, int] | None = None
        self._entries: OrderedDict[int, Entry] = OrderedDict()
        self._known: dict[Path, int] = {}

    def __len__(self) -> int:
        return len(self._ids)

    def __contains__(self, path: object) -> bool:
        return isinstance(path, Path) and self.place(path) is not None

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Listing)
            and (self._folder, self._generation, self._ids) == (other._folder, other._generation, other._ids)
        )  # fmt: skip

    __hash__ = None  # type: ignore[assignment]

    def entry(self, place: int) -> Entry | None:
        """What is shown of the picture at a place from 0; None beyond the ends, and where it is gone meanwhile."""
        if not 0 <= place < len(self._ids):
            return None
        number = len(self._ids) - 1 - place
        each = self._ids[number]
        if each not in self._entries:
            start = number // PAGE * PAGE
            self._read(self._ids[start : start + PAGE])
        return self._entries.get(each)

    def at(self, place: int) -> Path | None:
        """The picture at a place from 0; None as for `entry`."""
        entry = self.entry(place)
        return None if entry is None else self._folder / entry.name

    def paths(self, places: Iterable[int]) -> list[Path]:
        """The pictures at many places, without those that are gone meanwhile."""
        ids = [self._ids[len(self._ids) - 1 - place] for place in places if 0 <= place < len(self._ids)]
        missing = [each for each in ids if each not in self._entries]
        found = {**self._entries, **self._gallery.entries(missing, self._generation)} if missing else self._entries
        return [self._folder / found[each].name for each in ids if each in found]

    def place(self, path: Path | None) -> int | None:
        """Where a picture stands, from 0; None where it is not listed."""
        return self.places([path]).get(path) if path is not None else None

    def places(self, paths: Collection[Path]) -> dict[Path, int]:
        """Where pictures stand; without those that are not listed."""
        if self._numbers is None:
            self._numbers = {each: number for number, each in enumerate(self._ids)}
        unknown = [path for path in paths if path not in self._known]
        found = self._gallery.ids(unknown) if unknown else {}
        numbers = ((path, self._numbers.get(self._known.get(path) or found.get(path, 0))) for path in paths)
        return {path: len(self._ids) - 1 - number for path, number in numbers if number is not None}

    def of(self, path: Path) -> Entry | None:
        """What is shown of a picture; None where it is not listed."""
        place = self.place(path)
        return None if place is None else self.entry(place)

    def change(self, path: Path, entry: Entry) -> None:
        """Show this of a picture, until the index says it too."""
        if path in self._known:
            self._entries[self._known[path]] = entry

    def add(self, each: int) -> None:
        """Put a new picture at the head, by its id."""
        if self._numbers is not None:
            self._numbers[each] = len(self._ids)
        self._ids.append(each)
        entry = self.entry(0)
        if entry is not None and entry.frames:
            self._clips.add(each)

    def without(self, ids: Collection[int]) -> Listing:
        """The same without some of the pictures."""
        return Listing(self._gallery, [each for each in reversed(self._ids) if each not in ids], self._clips)

    def clips(self) -> int:
        """How many of them are clips."""
        return len(self._clips.intersection(self._ids)) if self._clips else 0

    def clips_among(self, paths: Collection[Path]) -> set[Path]:
        """Those of some pictures that are clips."""
        ids = self._gallery.ids(paths) if self._clips else {}
        return {path for path, each in ids.items() if each in self._clips}

    def forget(self) -> None:
        """What is shown may have changed: read it anew."""
        self._entries.clear()
        self._known.clear()

    def _read(self, ids: Sequence[int]) -> None:
        for each, entry in self._gallery.entries(ids, self._generation).items():
            self._entries[each] = entry
            self._known[self._folder / entry.name] = each
        while len(self._entries) > KEPT:
            _, entry = self._entries.popitem(last=False)
            self._known.pop(self._folder / entry.name, None)
