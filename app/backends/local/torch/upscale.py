"""The upscalers' networks in torch. Arrays are (1, channels, height, width)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.backends.local.torch.device import best_device, import_torch
from app.diffusion.model import Array
from app.upscaling.upscalers import FACTOR, Upscaler
from app.upscaling.weights import read_weights


class TorchUpscaler:
    """An upscaler with its weights, as `Enlarge` says, and the `Operations` of its network."""

    def __init__(self, upscaler: Upscaler) -> None:
        self._torch = torch = import_torch()
        self._functions = torch.nn.functional
        self.device = best_device(torch)
        assert upscaler.network is not None, "it comes with the app"
        self.times = FACTOR
        self._network = upscaler.network
        self._convolutions = {
            name: (torch.from_numpy(weight).to(self.device), torch.from_numpy(bias).to(self.device))
            for name, (weight, bias) in read_weights(upscaler.weights).items()
        }

    def __call__(self, pixels: Array) -> Array:
        with self._torch.inference_mode():
            x = self._torch.from_numpy(pixels).permute(2, 0, 1)[None].contiguous().to(self.device)
            large: Array = self._network(self, x)[0].permute(1, 2, 0).cpu().numpy()
        return large

    def convolution(self, x: Any, name: str) -> Any:
        weight, bias = self._convolutions[name]
        return self._functions.conv2d(x, weight, bias, padding=weight.shape[2] // 2)

    def silu(self, x: Any) -> Any:
        return self._functions.silu(x)

    def sigmoid(self, x: Any) -> Any:
        return self._torch.sigmoid(x)

    def leaky_relu(self, x: Any) -> Any:
        return self._functions.leaky_relu(x, 0.2)

    def concatenate(self, arrays: Sequence[Any]) -> Any:
        return self._torch.cat(list(arrays), dim=1)

    def repeat(self, x: Any) -> Any:
        return self._functions.interpolate(x, scale_factor=2, mode="nearest")

    def pixel_shuffle(self, x: Any) -> Any:
        return self._functions.pixel_shuffle(x, 4)
