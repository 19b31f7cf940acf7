"""What the machine does at most: a large matrix product, and a large elementwise operation.

The product is the framework's own. So is the other on a GPU; on a processor it is numpy's, since memory is the same for
all that computes there.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

SIDE = 2048
VALUES = 32 * 2**20
SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Limits:
    """Operations per second of matrix products, and bytes per second that memory moves."""

    operations: float
    bandwidth: float

    def seconds(self, operations: float, moved: float) -> float:
        """The least time for so many operations and bytes (https://en.wikipedia.org/wiki/Roofline_model)."""
        return max(operations / self.operations, moved / self.bandwidth)


def limits(backend: str, device: str, precision: str) -> Limits:
    """Of a back end on a device; quantized weights are computed with in bfloat16."""
    kind = "float32" if precision == "float32" else "bfloat16"
    return {"mlx": _of_mlx, "torch": _of_torch}[backend](device, kind)


def _of_mlx(device: str, kind: str) -> Limits:
    from app.sana_mlx.blas import load_openblas

    load_openblas()
    import mlx.core as mx

    a = mx.random.normal((SIDE, SIDE)).astype(getattr(mx, kind))
    values = mx.zeros((VALUES,))
    return _measured(lambda: mx.eval(a @ a), _add_on_processor() if device == "cpu" else lambda: mx.eval(values + 1.0))


def _of_torch(device: str, kind: str) -> Limits:
    import torch

    a = torch.randn(SIDE, SIDE, device=device).to(getattr(torch, kind))
    values = torch.zeros(VALUES, device=device)
    result = torch.empty_like(values)

    def wait() -> None:
        if device != "cpu":
            getattr(torch, device).synchronize()

    def multiply() -> None:
        torch.mm(a, a)
        wait()

    def add() -> None:
        torch.add(values, 1.0, out=result)
        wait()

    return _measured(multiply, _add_on_processor() if device == "cpu" else add)


def _add_on_processor() -> Callable[[], Any]:
    values = np.zeros(VALUES, np.float32)
    result = np.empty_like(values)
    return lambda: np.add(values, np.float32(1), out=result)


def _measured(multiply: Callable[[], Any], add: Callable[[], Any]) -> Limits:
    return Limits(2 * SIDE**3 / _fastest(multiply), 2 * 4 * VALUES / _fastest(add))


def _fastest(run: Callable[[], Any]) -> float:
    run()
    best, until = float("inf"), time.perf_counter() + SECONDS
    while time.perf_counter() < until:
        began = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - began)
    return best
