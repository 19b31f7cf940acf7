"""LoRA weights merged into a transformer's weights as it is loaded (https://arxiv.org/abs/2106.09685)."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import mlx.core as mx

from app.library.models.weights.nvlabs_names import diffusers_modules
from app.library.models.weights.tensors import PREFIXES, listed

from .weights import read_file

KOHYA = ("lora_unet_", "lora_transformer_")
"""What kohya's scripts and OneTrainer put before a layer's name, whose dots they write as underscores."""
PEFT = "base_model."
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
Factors = dict[str, mx.array]


def merge_lora(weights: Mapping[str, mx.array], file: Path, scale: float = 1.0) -> dict[str, mx.array]:
    """W + scale * alpha / rank * B A, lazily and in float32, for every layer that the file changes.

    Args:
        weights: a transformer's, named and shaped as in its checkpoint.
        file: LoRA weights with the names of diffusers, peft, kohya's scripts, OneTrainer or ComfyUI; the layers are
            called as diffusers or as NVlabs calls them.
        scale: how much of it.

    Raises:
        ValueError: not safetensors, damaged, not a number somewhere, or something in the file has no place in the
            transformer; the message names the file.
    """
    if file.suffix != ".safetensors":
        raise ValueError(f"{file.name} is not in safetensors format")
    tensors, metadata = read_file(file)
    settings = _settings(file, metadata)
    merged = dict(weights)
    for layer, factors in _layers(file, tensors, _places(weights)).items():
        name = f"{layer}.weight"
        product = _product(file, layer, factors, weights[name].shape)
        change = scale * _strength(file, layer, factors, settings) * product
        merged[name] = merged[name].astype(mx.float32) + change.reshape(weights[name].shape)
    return merged


def _places(weights: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The layers that each name may stand for: several where NVlabs joins their rows."""
    layers = {name.removesuffix(".weight") for name in weights if name.endswith(".weight")}
    numbers = [int(found[1]) for name in layers if (found := re.match(r"transformer_blocks\.(\d+)\.", name))]
    places: dict[str, tuple[str, ...]] = {name: (name,) for name in layers}
    for name, parts in diffusers_modules(max(numbers, default=-1) + 1).items():
        if layers.issuperset(parts):
            places.setdefault(name, parts)
    return {**{name.replace(".", "_"): parts for name, parts in places.items()}, **places}


def _layers(file: Path, tensors: Mapping[str, mx.array], places: Mapping[str, tuple[str, ...]]) -> dict[str, Factors]:
    """The factors of each layer. Raises ValueError for what has no place in the transformer."""
    found: dict[str, Factors] = {}
    strays = []
    for name, tensor in tensors.items():
        layer, factor = _parse(name)
        if factor is None or layer not in places:
            strays.append(name)
        else:
            found.setdefault(layer, {})[factor] = tensor
    strays += [layer for layer, factors in found.items() if not {"A", "B"} <= factors.keys()]
    if strays:
        raise ValueError(f"{file.name} does not fit the transformer: {listed(sorted(strays))}")
    broken = [layer for layer, factors in found.items() if not all(_is_finite(each) for each in factors.values())]
    if broken:
        raise ValueError(f"{file.name} is damaged: it holds values that are not numbers, in {listed(sorted(broken))}")
    parts: dict[str, Factors] = {}
    for layer, factors in found.items():
        rows = mx.split(factors["B"], len(places[layer])) if len(places[layer]) > 1 else [factors["B"]]
        for part, b in zip(places[layer], rows, strict=True):
            parts[part] = {**factors, "B": b}
    return parts


def _parse(name: str) -> tuple[str, str | None]:
    """A tensor's layer, as the file calls it but for what stands before all names, and which factor it is."""
    while prefix := next((prefix for prefix in (PEFT, *PREFIXES, *KOHYA) if name.startswith(prefix)), ""):
        name = name.removeprefix(prefix)
    for suffix, factor in FACTORS.items():
        if name.endswith(f".{suffix}"):
            return name.removesuffix(f".{suffix}"), factor
    return name, None


def _is_finite(tensor: mx.array) -> bool:
    return bool(mx.isfinite(tensor.astype(mx.float32)).all())


def _product(file: Path, layer: str, factors: Factors, shape: tuple[int, ...]) -> mx.array:
    """B A in float32. A convolution's factors are a convolution and a 1x1 convolution."""
    a, b = (factors[factor].astype(mx.float32) for factor in "AB")
    if min(a.ndim, b.ndim) < 2 or a.shape[0] != math.prod(b.shape[1:]) or not a.shape[0]:
        raise ValueError(f"{file.name} is damaged: the factors of {layer} are of different ranks")
    rank = a.shape[0]
    if b.shape[0] != shape[0] or a.size != rank * math.prod(shape[1:]):
        raise ValueError(f"{file.name}: {layer} is of another shape in the transformer")
    return b.reshape(-1, rank) @ a.reshape(rank, -1)


def _settings(file: Path, metadata: Mapping[str, str]) -> dict[str, Any]:
    """peft's settings, which diffusers puts into the file."""
    try:
        settings: dict[str, Any] = json.loads(metadata.get("lora_adapter_metadata", "{}"))
        return {name.removeprefix("transformer."): value for name, value in settings.items()}
    except (ValueError, AttributeError, RecursionError) as error:
        raise ValueError(f"{file.name} is damaged: its metadata make no sense") from error


def _strength(file: Path, layer: str, factors: Factors, settings: Mapping[str, Any]) -> float:
    """alpha / rank, or alpha / sqrt(rank) for a rank-stabilized LoRA. Without an alpha, peft takes the rank."""
    rank = factors["A"].shape[0]
    try:
        if "alpha" in factors:
            alpha = float(factors["alpha"].astype(mx.float32))
        else:
            alpha = float(settings.get("lora_alpha", rank))
            for pattern, value in (settings.get("alpha_pattern") or {}).items():
                if re.fullmatch(rf"(.*\.)?({pattern})", layer):
                    alpha = float(value)
    except (TypeError, ValueError, AttributeError, re.error) as error:
        raise ValueError(f"{file.name} is damaged: the alpha of {layer} makes no sense") from error
    if not math.isfinite(alpha):
        raise ValueError(f"{file.name} is damaged: the alpha of {layer} is not a number")
    return alpha / (math.sqrt(rank) if settings.get("use_rslora") else rank)
