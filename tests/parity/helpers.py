"""What the parity tests share: random torch modules, their weights in MLX, and the comparison."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mlx.core as mx
import mlx.nn as nn
import numpy as np
import torch

from app.sana_mlx.weights import assign

Weights = dict[str, mx.array]


def randomize(module: torch.nn.Module) -> torch.nn.Module:
    """Random values for everything, norms and biases included, so that no mistake hides behind a zero or a one."""
    with torch.no_grad():
        statistics = [(name, value) for name, value in module.named_buffers() if "running_" in name]
        for name, value in [*module.named_parameters(), *statistics]:
            if value.ndim > 1:
                torch.nn.init.normal_(value, std=value[0].numel() ** -0.5)
            else:
                value.uniform_(0.5, 1.5) if name.endswith(("weight", "running_var")) else value.normal_(std=0.3)
    return module.eval()


def weights_of(module: torch.nn.Module) -> Weights:
    return {name: mx.array(value.numpy()) for name, value in module.state_dict().items()}


def load(model: nn.Module, reference: torch.nn.Module, sanitize: Callable[[Weights], Weights]) -> Any:
    assign(model, sanitize(weights_of(reference)), mx.float32)
    return model


def nhwc(x: torch.Tensor) -> mx.array:
    return mx.array(x.permute(0, 2, 3, 1).contiguous().numpy())


def nchw(x: mx.array) -> np.ndarray:
    return np.array(x).transpose(0, 3, 1, 2)


def assert_close(ours: mx.array | np.ndarray, theirs: torch.Tensor, tolerance: float = 2e-5) -> None:
    """The largest difference, relative to the largest value."""
    a, b = np.array(ours), theirs.detach().numpy()
    assert a.shape == b.shape
    assert np.isfinite(a).all()
    error = np.abs(a - b).max() / np.abs(b).max()
    assert error <= tolerance, f"relative error {error:.2e}"


def psnr(a: np.ndarray, b: np.ndarray, peak: float) -> float:
    error = float(np.mean((a.astype(np.float64) - b.astype(np.float64)) ** 2))
    return float("inf") if error == 0 else 10 * float(np.log10(peak**2 / error))
