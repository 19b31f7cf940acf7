"""Which picture is known under another name now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.library.pictures.index.rows import IndexRow, key


def renamed(former: Sequence[IndexRow], fresh: Sequence[IndexRow]) -> Mapping[str, str]:
    """New names by old ones, of pictures that were renamed or moved outside of the app.

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
