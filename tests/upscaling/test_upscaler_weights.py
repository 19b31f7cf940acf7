"""Weights in 8 bits."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from app.upscaling.upscalers import UPSCALERS
from app.upscaling.weights import in_8_bits, read_weights


def test_weights_come_back_from_8_bits_within_half_a_step(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    weight = random.standard_normal((5, 3, 3, 3)).astype(np.float32) * np.logspace(-4, 1, 5).reshape(5, 1, 1, 1)
    weight[2] = 0
    bias = random.standard_normal(5).astype(np.float32)
    whole, scale = in_8_bits(weight.astype(np.float32))
    assert (whole.dtype, scale.shape) == (np.int8, (5,))
    save_file({"a.b.weight": whole, "a.b.scale": scale, "a.b.bias": bias}, tmp_path / "x.safetensors")
    ((name, (read, read_bias)),) = read_weights(tmp_path / "x.safetensors").items()
    assert name == "a.b"
    assert (np.abs(read - weight).max(axis=(1, 2, 3)) <= scale * 0.501).all()
    assert (read_bias == bias).all()


def test_bundled_weights_are_whole_and_finite() -> None:
    counts = {id: read_weights(upscaler.weights) for id, upscaler in UPSCALERS.items()}
    assert {id: len(found) for id, found in counts.items()} == {"span-x4": 22, "realesrgan-x4plus": 351}
    for found in counts.values():
        assert all(np.isfinite(weight).all() and np.isfinite(bias).all() for weight, bias in found.values())
