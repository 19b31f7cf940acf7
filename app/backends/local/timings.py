"""How long pictures took on this machine, to say beforehand how long the next one will take."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from typing import Any

from app.library import paths
from app.library.shared_json import SharedJson

log = logging.getLogger(__name__)

_SIZE = re.compile(r"(\d{1,6})x(\d{1,6})", re.ASCII)
_MOST_SECONDS = 1e6  # more than a picture ever took
_COLD = "cold"
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

    def add(self, setup: Setup, width: int, height: int, timing: Timing, *, cold: bool = False) -> None:
        """Remember how long a picture took. A `cold` one, the first after loading, counts only until there is another:
        it waited for what the libraries load and compile late.
        """
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


class Clock:
    """The times of one job's results, which are alike.

    Args:
        size: (width, height) in pixels of what takes the time.
        cold: whether the first result waits for what is loaded late.
    """

    def __init__(self, timings: Timings, setup: Setup, size: tuple[int, int], *, cold: bool) -> None:
        self._timings, self._setup, self._size, self._cold = timings, setup, size, cold

    def expected(self) -> Timing | None:
        """How long one took before; None where that is not known."""
        return self._timings.find(self._setup, *self._size)

    def took(self, timing: Timing) -> None:
        """Remember how long one took."""
        self._timings.add(self._setup, *self._size, timing, cold=self._cold)
        self._cold = False


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
