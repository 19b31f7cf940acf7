"""The pictures that are listed, in their order, each found at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path


class Listing:
    """Pictures from the newest to the oldest. They are kept the other way round: a new picture at the head then moves
    no other.
    """

    def __init__(self, newest_first: Sequence[Path] = ()) -> None:
        self._paths = list(reversed(newest_first))
        self._numbers = {path: number for number, path in enumerate(self._paths)}

    def __len__(self) -> int:
        return len(self._paths)

    def __iter__(self) -> Iterator[Path]:
        return reversed(self._paths)

    def __contains__(self, path: object) -> bool:
        return path in self._numbers

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Listing) and self._paths == other._paths

    __hash__ = None  # type: ignore[assignment]

    def at(self, place: int) -> Path | None:
        """The picture at a place from 0; None beyond the ends."""
        return self._paths[-1 - place] if 0 <= place < len(self._paths) else None

    def place(self, path: Path | None) -> int | None:
        """Where a picture stands, from 0; None where it is not listed."""
        number = self._numbers.get(path) if path is not None else None
        return None if number is None else len(self._paths) - 1 - number

    def add(self, path: Path) -> None:
        """Put a new picture at the head."""
        self._numbers[path] = len(self._paths)
        self._paths.append(path)

    def without(self, paths: Collection[Path]) -> Listing:
        """The same without some of the pictures."""
        return Listing([path for path in self if path not in paths])
