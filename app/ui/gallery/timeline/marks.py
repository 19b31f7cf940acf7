"""Where in the list of pictures the months and days begin."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple


class Mark(NamedTuple):
    """The first picture of a month or a day.

    Attributes:
        place: which picture of the list, from 0.
        when: its day.
    """

    place: int
    when: date


def day(time: float) -> date:
    """The day of a unix time here; the first of all for a time that no calendar has."""
    try:
        return date.fromtimestamp(time)
    except (ValueError, OverflowError, OSError):
        return date.min


def months(times: Sequence[float]) -> list[Mark]:
    """The first picture of each month.

    Args:
        times: unix times of the pictures, sorted either way.
    """
    return _marks(times, lambda when: (when.year, when.month))


def days(times: Sequence[float]) -> list[Mark]:
    """The first picture of each day, as `months`."""
    return _marks(times, lambda when: when)


def _marks(times: Sequence[float], part: Callable[[date], object]) -> list[Mark]:
    """Looks at few of the times: they are sorted, so each end is found by halving."""
    found: list[Mark] = []
    start = 0
    while start < len(times):
        found.append(Mark(start, day(times[start])))
        same, low, high = part(found[-1].when), start + 1, len(times)
        while low < high:
            middle = (low + high) // 2
            if part(day(times[middle])) == same:
                low = middle + 1
            else:
                high = middle
        start = low
    return found
