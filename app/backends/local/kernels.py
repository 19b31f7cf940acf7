"""Two operations that a framework does at its best: what the benchmark knows a device's limits from."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

SIDE = 2048
"""Of the square matrices that `multiply` multiplies."""
VALUES = 32 * 2**20
"""Numbers in float32 that `add` adds 1 to."""


@dataclass(frozen=True, slots=True)
class Kernels:
    """Each does its work once and waits for its end."""

    multiply: Callable[[], Any]
    add: Callable[[], Any]


def multiplied_per_second(kernels: Kernels, seconds: float = 0.5) -> float:
    """Operations per second of a matrix product, measured for so long."""
    return 2 * SIDE**3 / fastest(kernels.multiply, seconds)


def fastest(run: Callable[[], Any], seconds: float) -> float:
    """The seconds of the fastest of some runs, after one that does not count."""
    run()
    best, until = float("inf"), time.perf_counter() + seconds
    while time.perf_counter() < until:
        began = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - began)
    return best
