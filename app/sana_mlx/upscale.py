"""The upscalers' networks in MLX. Arrays are (1, height, width, channels)."""

from __future__ import annotations

from collections.abc import Sequence

import mlx.core as mx
import mlx.nn as nn
import numpy as np

from app.diffusion.model import Array
from app.upscaling.upscalers import FACTOR, Upscaler
from app.upscaling.weights import read_weights


class MLXUpscaler:
    """An upscaler with its weights, as `Enlarge` says, and the `Operations` of its network.

    Args:
        device: what MLX computes on, by its name in the app.
    """

    def __init__(self, upscaler: Upscaler, device: str) -> None:
        self.device = device
        assert upscaler.network is not None, "it comes with the app"
        self.times = FACTOR
        self._network = upscaler.network
        self._convolutions = {
            name: (mx.array(weight.transpose(0, 2, 3, 1)), mx.array(bias))
            for name, (weight, bias) in read_weights(upscaler.weights).items()
        }

    def __call__(self, pixels: Array) -> Array:
        large = np.array(self._network(self, mx.array(pixels[None]))[0])
        mx.clear_cache()  # tiles at the edge have other sizes, whose arrays would be held beside these
        return large

    def convolution(self, x: mx.array, name: str) -> mx.array:
        weight, bias = self._convolutions[name]
        return mx.conv2d(x, weight, padding=weight.shape[1] // 2) + bias

    def silu(self, x: mx.array) -> mx.array:
        return nn.silu(x)

    def sigmoid(self, x: mx.array) -> mx.array:
        return mx.sigmoid(x)

    def leaky_relu(self, x: mx.array) -> mx.array:
        return nn.leaky_relu(x, 0.2)

    def concatenate(self, arrays: Sequence[mx.array]) -> mx.array:
        return mx.concatenate(list(arrays), axis=-1)

    def repeat(self, x: mx.array) -> mx.array:
        return mx.repeat(mx.repeat(x, 2, axis=1), 2, axis=2)

    def pixel_shuffle(self, x: mx.array) -> mx.array:
        _, height, width, channels = x.shape
        x = x.reshape(1, height, width, channels // 16, 4, 4).transpose(0, 1, 4, 2, 5, 3)
        return x.reshape(1, height * 4, width * 4, channels // 16)
