"""Two operations that a framework does at its best: what the benchmark knows a device's limits from."""

from __future__ import annotations

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
