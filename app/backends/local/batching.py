"""How many pictures are made as one batch: as many as was measured to be faster on this machine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from app.backends.local.timings import Setup, Timing, Timings

SIZES = (1, 2, 4, 8)
WORTH = 0.97
"""A larger batch is taken where a picture's step takes less than so much of its time in the smaller one."""
LONGEST_STEP = 1.0
"""Seconds: cancelling and previews wait for a step to end."""
ONCE_IN = 16
"""Of so many seeds one tries again what was slower: a machine that was busy then may be free now."""


@dataclass(frozen=True, slots=True)
class Batching:
    """What is known of the batches of a setup, and the pictures of a size.

    Attributes:
        setup: of single pictures.
        fits: whether there is memory for the batch of a size.
    """

    timings: Timings
    setup: Setup
    width: int
    height: int
    fits: Callable[[int], bool]

    def timing(self, size: int) -> Timing | None:
        """How long a picture takes in a batch; None where that was never measured."""
        return self.timings.find(replace(self.setup, together=size), self.width, self.height)

    def fastest(self, wanted: int) -> int:
        """The size of the fastest batch that is known, for so many pictures."""
        best = 1
        for size in self._larger(wanted):
            if not self._is_faster(size, best):
                break
            best = size
        return best

    def choose(self, wanted: int, seed: int) -> int:
        """The size of the next batch of `wanted` pictures, the first of which has this seed.

        It is the fastest one, or the one above it that was not measured yet. Once in a while the one above is measured
        again, or else the one below, so that neither a busy nor a free moment decides for good.
        """
        best = self.fastest(wanted)
        if self.timing(1) is None:
            return 1
        above = next((size for size in self._larger(wanted) if size > best), None)
        if above is not None and self.timing(above) is None:
            return above
        if seed % ONCE_IN == 0:
            return above if above is not None else max(1, best // 2)
        return best

    def _larger(self, wanted: int) -> list[int]:
        single = self.timing(1)
        if single is None:
            return []
        sizes = [size for size in SIZES if 1 < size <= wanted and size * single.step <= LONGEST_STEP]
        return [size for size in sizes if self.fits(size)]

    def _is_faster(self, size: int, than: int) -> bool:
        larger, smaller = self.timing(size), self.timing(than)
        return larger is not None and smaller is not None and larger.step < WORTH * smaller.step
