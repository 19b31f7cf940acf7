"""LoRA weights in diffusers' format, merged into a transformer's weights as it is loaded (https://arxiv.org/abs/2106.09685)."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import mlx.core as mx

from .weights import read_file

PREFIX = "transformer."
# the names of the two factors: peft's, diffusers' older ones, kohya's
FACTORS = {
    "lora_A.weight": "A",
    "lora_B.weight": "B",
    "lora_A.default.weight": "A",
    "lora_B.default.weight": "B",
    "lora.down.weight": "A",
    "lora.up.weight": "B",
    "lora_down.weight": "A",
    "lora_up.weight": "B",
    "alpha": "alpha",
}


def merge_lora(weights: Mapping[str, mx.array], file: Path, scale: float = 1.0) -> dict[str, mx.array]:
    """W + scale * alpha / rank * B A, lazily and in float32, for every layer that the file changes.

    Args:
        weights: a transformer's, named and shaped as in its checkpoint.
        file: LoRA weights as `save_lora_weights` of diffusers writes them.
        scale: how much of it.

    Raises:
        ValueError: not safetensors, or something in the file has no place in the transformer; the message names it.
    """
    if file.suffix != ".safetensors":
        raise ValueError(f"{file.name} is not in safetensors format")
    tensors, metadata = read_file(file)
    settings = _settings(metadata)
    layers: dict[str, dict[str, mx.array]] = {}
    strays = []
    for name, tensor in tensors.items():
        layer, factor = _parse(name)
        if factor is None or f"{layer}.weight" not in weights:
            strays.append(name)
        layers.setdefault(layer, {})[factor or name] = tensor
    strays += [layer for layer, parts in layers.items() if not {"A", "B"} <= parts.keys() and layer not in strays]
    if strays:
        more = f" and {len(strays) - 8} more" if len(strays) > 8 else ""
        raise ValueError(f"{file.name} does not fit the transformer: {', '.join(sorted(strays)[:8])}{more}")

    merged = dict(weights)
    for layer, parts in layers.items():
        a, b = (parts[factor].astype(mx.float32) for factor in "AB")
        name, rank = f"{layer}.weight", a.shape[0]
        weight = merged[name].astype(mx.float32)
        # a convolution's factors are a convolution and a 1x1 convolution
        product = b.reshape(b.shape[0], -1) @ a.reshape(rank, -1)
        if product.size != weight.size or b.shape[0] != weight.shape[0]:
            raise ValueError(f"{file.name}: {layer} is of another shape in the transformer")
        merged[name] = weight + scale * _strength(layer, parts, rank, settings) * product.reshape(weight.shape)
    return merged


def _parse(name: str) -> tuple[str, str | None]:
    name = name.removeprefix("base_model.model.").removeprefix(PREFIX)
    for suffix, factor in FACTORS.items():
        if name.endswith(f".{suffix}"):
            return name.removesuffix(f".{suffix}"), factor
    return name, None


def _settings(metadata: Mapping[str, str]) -> dict[str, Any]:
    settings: dict[str, Any] = json.loads(metadata.get("lora_adapter_metadata", "{}"))
    return {name.removeprefix(PREFIX): value for name, value in settings.items()}


def _strength(layer: str, parts: Mapping[str, mx.array], rank: int, settings: Mapping[str, Any]) -> float:
    """alpha / rank, or alpha / sqrt(rank) for a rank-stabilized LoRA. Without an alpha, peft takes the rank."""
    if "alpha" in parts:
        alpha = float(parts["alpha"].astype(mx.float32))
    else:
        alpha = float(settings.get("lora_alpha", rank))
        for pattern, value in (settings.get("alpha_pattern") or {}).items():
            if re.fullmatch(rf"(.*\.)?({pattern})", layer):
                alpha = float(value)
    return alpha / (math.sqrt(rank) if settings.get("use_rslora") else rank)
