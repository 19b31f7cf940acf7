"""The weights of the upscalers: safetensors, as float16, or as 8 bits with a scale for each output channel."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load_file

from app.diffusion.model import Array


def read_weights(path: Path) -> dict[str, tuple[Array, Array]]:
    """The convolutions of a file by name: weights (out, in, height, width) and biases (out), float32."""
    stored = load_file(path)
    convolutions = {}
    for key in stored:
        name, _, kind = key.rpartition(".")
        if kind != "weight":
            continue
        weight = stored[key].astype(np.float32)
        if f"{name}.scale" in stored:
            weight *= stored[f"{name}.scale"].astype(np.float32)[:, None, None, None]
        convolutions[name] = weight, stored[f"{name}.bias"].astype(np.float32)
    return convolutions


def in_8_bits(weight: Array) -> tuple[npt.NDArray[np.int8], Array]:
    """(out, in, height, width) weights as whole numbers, and the scale (out) of each output channel."""
    scale: Array = (np.abs(weight).max(axis=(1, 2, 3)) / 127).astype(np.float32)
    safe = np.where(scale == 0, 1, scale)[:, None, None, None]
    return (weight / safe).round().astype(np.int8), scale
