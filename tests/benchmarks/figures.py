"""What a benchmark tells: figures, each with what it is and its goal, in one form for all of them.

A figure is a ratio of two times of one run wherever that can be, for such ratios hold on any machine. Where it is none
(the milliseconds of a stall), it is compared in ratio to a fixed piece of work of the same process.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table.

    Attributes:
        what: what was measured, as README says it.
        value: the figure.
        goal: the most that it is meant to be, or the least where more is better; None for none.
        unit: of `value`; empty for a ratio.
        compared: what is compared with the last recorded run; None for what no two runs have in common.
        noise: how far `compared` scatters by itself, as a share of it.
        more_is_better: as of decibels.
    """

    what: str
    value: float
    goal: float | None = None
    unit: str = ""
    compared: float | None = None
    noise: float = 0.0
    more_is_better: bool = False

    @property
    def met(self) -> bool | None:
        """Whether the goal is reached; None where there is none."""
        if self.goal is None:
            return None
        return self.value >= self.goal if self.more_is_better else self.value <= self.goal


def ratio(
    what: str, ours: Sequence[float], theirs: Sequence[float], goal: float | None = None, digits: int = 2
) -> Figure:
    """The median ratio of times that were taken in turns, and how far the rounds' ratios lie from it."""
    rounds = [own / other for own, other in zip(ours, theirs, strict=True)]
    middle = statistics.median(rounds)
    noise = statistics.median(abs(each - middle) for each in rounds) / middle
    return Figure(what, round(middle, digits), goal, compared=round(middle, 3), noise=round(noise, 3))


def on_the_clock(what: str, value: float, goal: float, unit: str, own_work: float, noise: float) -> Figure:
    """A time, which is compared by the seconds that the thread itself computed in it: a busy machine hardly stretches
    those, and a faster one makes the yardstick shorter as well.
    """
    return Figure(what, value, goal, unit, round(own_work / yardstick(), 3), noise)


def yardstick() -> float:
    """Seconds that this thread computes for a fixed piece of work of Python's, at best."""
    times = []
    for _ in range(5):
        began = time.thread_time()
        sum(len(str(number)) for number in range(200_000))
        times.append(time.thread_time() - began)
    return min(times)


def print_report(name: str, figures: Mapping[str, Figure], why: Mapping[str, Any] | None = None, **more: Any) -> None:
    """Print a benchmark's JSON document.

    Args:
        name: of the benchmark.
        figures: by short names that stay.
        why: what a missed goal goes back to, shown beside it.
        more: whatever else was measured.
    """
    told = {key: asdict(figure) for key, figure in figures.items()}
    print(json.dumps({"benchmark": name, "figures": told, "why": why or {}, **more}, indent=2, ensure_ascii=False))
