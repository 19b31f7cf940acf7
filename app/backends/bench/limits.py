"""What the machine does at most: a large matrix product, and a large elementwise operation.

The product is the framework's own. So is the other on a GPU; on a processor it is numpy's, since memory is the same for
all that computes there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.backends.local.backend import LocalBackend
from app.backends.local.kernels import VALUES, fastest, multiplied_per_second

SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Limits:
    """Operations per second of matrix products, and bytes per second that memory moves."""

    operations: float
    bandwidth: float

    def seconds(self, operations: float, moved: float) -> float:
        """The least time for so many operations and bytes (https://en.wikipedia.org/wiki/Roofline_model)."""
        return max(operations / self.operations, moved / self.bandwidth)


def limits(backend: LocalBackend, device: str, precision: str) -> Limits:
    """Of a back end on a device; quantized weights are computed with in bfloat16."""
    kernels = backend.kernels(device, "float32" if precision == "float32" else "bfloat16")
    add = _add_on_processor() if device == "cpu" else kernels.add
    return Limits(multiplied_per_second(kernels, SECONDS), 2 * 4 * VALUES / fastest(add, SECONDS))


def _add_on_processor() -> Callable[[], Any]:
    values = np.zeros(VALUES, np.float32)
    result = np.empty_like(values)
    return lambda: np.add(values, np.float32(1), out=result)
