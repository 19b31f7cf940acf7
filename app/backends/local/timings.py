"""How long pictures took on this machine, to say beforehand how long the next one will take."""

from __future__ import annotations

import logging
import re
import time
from dataclasses import dataclass
from typing import Any

from app.library import paths
from app.library.shared_json import SharedJson

log = logging.getLogger(__name__)

_SIZE = re.compile(r"(\d{1,6})x(\d{1,6})", re.ASCII)
_MOST_SECONDS = 1e6  # more than a picture ever took
_MOST_OPERATIONS = 1e18
_COLD = "cold"
_RATES = "rates"
TELLING = 1e11
"""Operations below which a step says little of a machine's speed: it waits for memory and for the framework."""
_NEWEST_SHARE = 0.5  # of the newest time in the average: machines get busy and idle again


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds that one step, and everything after the last step, took: for one picture, also where several were made
    as one batch.
    """

    step: float
    decode: float

    def picture(self, steps: int) -> float:
        return self.step * steps + self.decode


@dataclass(frozen=True, slots=True)
class Setup:
    """What the time of a picture depends on."""

    backend: str
    device: str
    precision: str
    model: str
    passes: int  # of the transformer in each step
    controlled: bool = False  # by a ControlNet besides
    together: int = 1  # pictures of a batch

    @property
    def key(self) -> str:
        passes = f"{self.passes}+control" if self.controlled else str(self.passes)
        passes += f" x{self.together}" if self.together > 1 else ""
        return " | ".join((self.backend, self.device, self.precision, passes, self.model))

    @property
    def machine(self) -> str:
        """What the operations per second depend on. Quantized weights are computed with in bfloat16."""
        computed = "float32" if self.precision == "float32" else "bfloat16"
        return " | ".join((self.backend, self.device, computed))


class Timings:
    """Kept in the cache's `timings.json`, so that the window knows what the worker measured."""

    def __init__(self) -> None:
        self._file = SharedJson(paths.cache() / "timings.json")

    def find(self, setup: Setup, width: int, height: int) -> Timing | None:
        """The time of a picture of this size; from the nearest size where this one was not generated yet.

        Time grows in proportion to the pixels: SANA's attention is linear.
        """
        try:
            sizes = self._file.read().get(setup.key)
        except OSError:
            return None
        known = {
            pixels: timing for size, entry in _items(sizes) if (pixels := _pixels(size)) and (timing := _timing(entry))
        }
        if not known:
            return None
        wanted = width * height
        pixels = min(known, key=lambda other: max(other / wanted, wanted / other))
        scale = wanted / pixels
        return Timing(known[pixels].step * scale, known[pixels].decode * scale)

    def rate(self, setup: Setup) -> float | None:
        """Operations per second of a step here, whatever the model; None where none was measured."""
        try:
            known = _rate(_rates(self._file.read()).get(setup.machine))
        except OSError:
            return None
        return known[1] if known else None

    def add_rate(self, setup: Setup, work: float, rate: float) -> None:
        """Remember the operations per second of a step of so many operations. The largest steps tell most, so one of
        less than half of the work does not count. A `work` of 0 is a guess, for as long as nothing was measured.
        """
        try:
            with self._file.edit() as values:
                values[_RATES] = rates = dict(_rates(values))
                known = _rate(rates.get(setup.machine))
                if known is None or (work and work >= known[0] / 2):
                    rates[setup.machine] = [max(work, known[0] if known else 0.0), rate]
        except OSError as error:
            log.warning("The speed of this machine could not be kept: %s", error)

    def add(
        self, setup: Setup, width: int, height: int, timing: Timing, *, cold: bool = False, work: float = 0.0
    ) -> None:
        """Remember how long a picture took, whose steps are of so much `work`. A `cold` one, the first after loading,
        counts only until there is another: it waited for what the libraries load and compile late.
        """
        if work >= TELLING and timing.step and not cold:
            self.add_rate(setup, work, work / timing.step)
        size = f"{width}x{height}"
        try:
            with self._file.edit() as values:
                sizes = values.get(setup.key)
                values[setup.key] = sizes = sizes if isinstance(sizes, dict) else {}
                known = _timing(sizes.get(size))
                if cold and known is not None:
                    return
                before = timing if known is None or _is_cold(sizes[size]) else known
                sizes[size] = [
                    round(_NEWEST_SHARE * new + (1 - _NEWEST_SHARE) * old, 4)
                    for new, old in ((timing.step, before.step), (timing.decode, before.decode))
                ]
                sizes[size] += [_COLD] if cold else []
        except OSError as error:
            log.warning("The time of a picture could not be kept: %s", error)


class Pace:
    """The seconds of a step, while steps end one after another."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.steps = 0
        """Those that have ended."""
        self._first_done = 0.0

    def step_done(self) -> float:
        """A step has ended; how long one takes. What is loaded and compiled late makes the first step a long one, so it
        counts only until there is another.
        """
        now = time.monotonic()
        self.steps += 1
        if self.steps == 1:
            self._first_done = now
            return now - self.began
        return (now - self._first_done) / (self.steps - 1)


class Clock:
    """The times of one job's results, which are alike.

    Args:
        size: (width, height) in pixels of what takes the time.
        work: operations of a step.
        cold: whether the first result waits for what is loaded late.
    """

    def __init__(self, timings: Timings, setup: Setup, size: tuple[int, int], work: float, *, cold: bool) -> None:
        self._timings, self._setup, self._size, self._work, self._cold = timings, setup, size, work, cold

    def expected(self) -> Timing | None:
        """How long one took before; None where that is not known."""
        return self._timings.find(self._setup, *self._size)

    def took(self, timing: Timing) -> None:
        """Remember how long one took."""
        self._timings.add(self._setup, *self._size, timing, cold=self._cold, work=self._work)
        self._cold = False


def _rates(values: dict[str, Any]) -> dict[str, Any]:
    rates = values.get(_RATES)
    return rates if isinstance(rates, dict) else {}


def _rate(entry: Any) -> tuple[float, float] | None:
    """(operations of a step, operations per second)."""
    if not isinstance(entry, list) or len(entry) != 2 or not all(isinstance(value, int | float) for value in entry):
        return None
    work, rate = map(float, entry)
    return (work, rate) if 0 <= work < _MOST_OPERATIONS and 1 <= rate < _MOST_OPERATIONS else None


def _items(sizes: Any) -> list[tuple[str, Any]]:
    return list(sizes.items()) if isinstance(sizes, dict) else []


def _pixels(size: str) -> int:
    sides = _SIZE.fullmatch(size)
    return int(sides[1]) * int(sides[2]) if sides else 0


def _is_cold(entry: Any) -> bool:
    return isinstance(entry, list) and entry[2:] == [_COLD]


def _timing(entry: Any) -> Timing | None:
    if not isinstance(entry, list) or entry[2:] not in ([], [_COLD]) or len(entry) < 2:
        return None
    if not all(isinstance(seconds, int | float) and 0 <= seconds <= _MOST_SECONDS for seconds in entry[:2]):
        return None
    return Timing(float(entry[0]), float(entry[1]))
