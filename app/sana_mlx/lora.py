"""LoRAs beside the layers that they change (https://arxiv.org/abs/2106.09685).

Nothing is merged into the weights: another LoRA or weight costs no loading, without any the numbers are the
checkpoint's own to the last bit, and quantized layers take them like others.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import mlx.core as mx
import mlx.nn as nn

from app.library.models.loras.changes import LowRank, read_changes

from .tracing import find_module


class LowRankLinear(nn.Module):
    """A linear layer, quantized or not, and what is added to its output: b a x."""

    def __init__(self, layer: nn.Module, change: LowRank, dtype: mx.Dtype) -> None:
        super().__init__()
        self.layer = layer
        self.a, self.b = (mx.array(factor.T).astype(dtype) for factor in (change.a, change.b))

    def __call__(self, x: mx.array) -> mx.array:
        return self.layer(x) + (x @ self.a) @ self.b


class LowRankConv2d(nn.Module):
    """A convolution and what is added to its output: a convolution with the product of the two factors."""

    def __init__(self, layer: nn.Conv2d, change: LowRank, dtype: mx.Dtype) -> None:
        super().__init__()
        self.layer = layer
        outputs, height, width, inputs = layer.weight.shape
        product = mx.array(change.b @ change.a).reshape(outputs, inputs, height, width)
        self.change = product.transpose(0, 2, 3, 1).astype(dtype)

    def __call__(self, x: mx.array) -> mx.array:
        layer = self.layer
        return layer(x) + mx.conv2d(x, self.change, layer.stride, layer.padding, layer.dilation, layer.groups)


def set_changes(network: nn.Module, changes: Mapping[str, LowRank], dtype: mx.Dtype) -> None:
    """Put changes beside the layers that they name, and take those of before away."""
    for name, module in network.named_modules():
        if isinstance(module, LowRankLinear | LowRankConv2d):
            _replace(network, name, module.layer)
    for name, change in changes.items():
        layer = find_module(network, name)
        kind = LowRankConv2d if isinstance(layer, nn.Conv2d) else LowRankLinear
        changed = kind(layer, change, dtype)
        mx.eval(changed.parameters())
        _replace(network, name, changed)


def merge_lora(weights: Mapping[str, mx.array], file: Path, scale: float = 1.0) -> dict[str, mx.array]:
    """A transformer's weights with a LoRA merged into them, in float32: W + scale * alpha / rank * b a.

    Args:
        weights: named and shaped as in a checkpoint.
        file: the LoRA.
        scale: how much of it.

    Raises:
        LoraError: a ValueError that names the file, as `read_changes` says.
    """
    shapes = {name: tuple(weight.shape) for name, weight in weights.items()}
    merged = dict(weights)
    for layer, change in read_changes([(file, scale)], shapes, "the transformer").items():
        name = f"{layer}.weight"
        product = mx.array(change.b @ change.a).reshape(shapes[name])
        merged[name] = merged[name].astype(mx.float32) + product
    return merged


def _replace(network: nn.Module, name: str, module: nn.Module) -> None:
    parent, _, last = name.rpartition(".")
    place: Any = find_module(network, parent) if parent else network
    place[int(last) if isinstance(place, list) else last] = module
