"""What pictures from a cloud cost: the sum of each month, and how fast it generates, so that a price can be shown."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.library import paths
from app.library.shared_json import SharedJson

log = logging.getLogger(__name__)

_REMEMBERED = 500
"""So many bills are remembered by name, so that none is counted twice."""
_WEIGHT = 0.3
"""The share of the newest picture in the mean speed of a model."""


@dataclass(frozen=True, slots=True)
class Month:
    """What a month has cost so far, in US dollars, and how many pictures it brought."""

    cost: float = 0.0
    pictures: int = 0


class Ledger:
    """The ledger, in a file in the app's home. Safe to use from several threads and processes.

    Values that somebody changed to nonsense count as nothing.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._file = SharedJson(path or paths.home() / "spending.json")

    def add(
        self, bill: str, cost: float, *, pictures: int = 1, model: str = "", seconds: float = 0.0, work: float = 0.0
    ) -> None:
        """Count a bill, once.

        Args:
            bill: its unique name (the prediction's id).
            cost: US dollars.
            pictures: how many it brought; what failed may be billed, too.
            model: what was billed; with `seconds` for `work` units of work its speed is remembered.
        """
        try:
            with self._file.edit() as values:
                billed = [name for name in _list(values, "billed") if isinstance(name, str)]
                if bill in billed:
                    return
                values["billed"] = [*billed, bill][-_REMEMBERED:]
                month = _month_of(_dict(values, "months"), _this_month())
                values["months"][_this_month()] = {"cost": month.cost + cost, "pictures": month.pictures + pictures}
                if model and seconds > 0 and work > 0:
                    speeds = _dict(values, "seconds_per_work")
                    known, new = _number(speeds.get(model)), seconds / work
                    speeds[model] = new if known is None else known + _WEIGHT * (new - known)
        except OSError as error:  # the picture is worth more than its bill
            log.warning("The cost of %s (%.4f dollars) could not be written down: %s", bill, cost, error)

    def this_month(self) -> Month:
        """The month so far, by the clock and time zone of this machine."""
        return self.months().get(_this_month(), Month())

    def months(self) -> dict[str, Month]:
        """All months with bills, "2026-11" and so on, in order."""
        months = _dict(self._file.read_if_possible(), "months")
        return {name: _month_of(months, name) for name in sorted(months)}

    def seconds_per_work(self, model: str) -> float | None:
        """The measured speed of a model, in the unit of work that `add` was given; None where nothing is known."""
        return _number(_dict(self._file.read_if_possible(), "seconds_per_work").get(model))


def _this_month() -> str:
    return time.strftime("%Y-%m")


def _month_of(months: Mapping[str, Any], name: str) -> Month:
    month = months.get(name)
    if not isinstance(month, dict):
        return Month()
    return Month(_number(month.get("cost")) or 0.0, int(_number(month.get("pictures")) or 0))


def _number(value: object) -> float | None:
    """A finite number that is not negative, else None."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) and value >= 0 else None


def _dict(values: dict[str, Any], name: str) -> dict[str, Any]:
    """The dict under a name, put there if need be."""
    if not isinstance(values.get(name), dict):
        values[name] = {}
    found: dict[str, Any] = values[name]
    return found


def _list(values: Mapping[str, Any], name: str) -> list[Any]:
    found = values.get(name)
    return found if isinstance(found, list) else []
