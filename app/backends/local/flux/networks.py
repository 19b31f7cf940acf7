"""mflux's networks, made from a checkpoint: built by its description or its weights, filled, and never half.

mflux loads what it finds and leaves the rest random; here weights that do not fit are refused by their names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, cast

import mlx.core as mx
import mlx.nn as nn
from mflux.models.common.weights.mapping.weight_mapper import WeightMapper
from mflux.models.common.weights.mapping.weight_mapping import WeightTarget
from mlx.utils import tree_flatten, tree_unflatten

from app.library.models.weights.tensors import Shape, StoredTensor, check_fit
from app.library.models.weights.weights import Weights

GROUP = 64
"""Weights that share a scale."""
_COMPUTED = re.compile(r"(^|\.)inv_freq$")
_UNUSED = re.compile(
    r"(^|\.)(num_batches_tracked|lm_head\.weight|inv_freq|position_ids)$|^(en|de)coder\.embed_tokens\."
)
"""Tensors that diffusers or transformers store and that nothing reads."""

Build = Callable[[Mapping[str, Any], Mapping[str, Shape]], nn.Module]
"""Makes a network, not filled yet, from its config (empty where there is none) and the shapes of its tensors."""


@dataclass(frozen=True, slots=True)
class Network:
    """How one part of a checkpoint becomes a network.

    Attributes:
        build: as `Build` says. The shapes are those of the network's own tensors, not packed, by mflux's names.
        mapping: gives mflux's names for diffusers'.
        prefix: what a text encoder's names begin with in mflux's mapping, and may lack in the file.
        layers: the counts that the mapping does not find out by itself.
        ignored: names of tensors of the file that the network does without.
        aliases: how names may begin in a packed file, and what that means.
    """

    build: Build
    mapping: Callable[[], list[WeightTarget]]
    prefix: str = ""
    layers: Callable[[Sequence[str]], Mapping[str, int]] = lambda _: {}
    ignored: re.Pattern[str] = re.compile(r"(?!)")
    aliases: Mapping[str, str] = field(default_factory=dict)


def load(network: Network, config: Mapping[str, Any], weights: Weights, bits: int, dtype: mx.Dtype) -> nn.Module:
    """A part of a checkpoint as a network, evaluated.

    Args:
        config: the part's config.json; empty where there is none.
        bits: 4 or 8 to pack what is not packed yet; 0 for none.
        dtype: of what is not packed.

    Raises:
        MisfitError: a tensor is missing, left over, or of another shape.
    """
    arrays = _packed(network, weights) if weights.by_mflux else _renamed(network, weights)
    left_out = (network.ignored, _COMPUTED)
    arrays = {name: array for name, array in arrays.items() if not any(each.search(name) for each in left_out)}
    module = network.build(config, _shapes(arrays, weights.bits))
    stored = _stored_layers(arrays)
    if stored:
        nn.quantize(module, class_predicate=partial(_as_stored, stored))
    expected = {
        name: tuple(value.shape) for name, value in tree_flatten(module.parameters()) if not _COMPUTED.search(name)
    }
    first = weights.files[0]
    check_fit(expected, {name: StoredTensor(first, name, "", tuple(a.shape)) for name, a in arrays.items()})
    arrays = {name: a.astype(dtype) if mx.issubdtype(a.dtype, mx.floating) else a for name, a in arrays.items()}
    module.update(tree_unflatten(list(arrays.items())))
    if bits and not stored:
        nn.quantize(module, GROUP, bits, class_predicate=_packable)
    del arrays
    materialize(module)
    return module


def materialize(module: nn.Module) -> None:
    """Read the weights, one layer after the other: what is read of one goes once it is packed."""
    for layer in _leaves(module):
        mx.eval(layer.parameters())
    mx.eval(module.parameters())


def mapped_names(network: Network, names: Sequence[str]) -> dict[str, str]:
    """mflux's name for each of a file's that has one."""
    marks = {_full(network, name): mx.array(index) for index, name in enumerate(names)}
    mapped = dict(tree_flatten(WeightMapper.apply_mapping(marks, _plain(network.mapping()), **network.layers(names))))
    return {names[int(value.item())]: name for name, value in mapped.items()}


def _renamed(network: Network, weights: Weights) -> dict[str, mx.array]:
    names = [name for name in weights.tensors if not _UNUSED.search(name)]
    raw: dict[str, mx.array] = {}
    for path in weights.files:
        stored = _read(path)
        raw |= {_full(network, name): stored[name] for name in names if weights.tensors[name].file == path}
    counts = network.layers(list(raw))
    mapping = network.mapping()
    mapped = dict(tree_flatten(WeightMapper.apply_mapping(raw, mapping, **counts)))
    left = WeightMapper.unmapped_names(raw, mapping, **counts)
    return mapped | {name: raw[name] for name in left}


def _full(network: Network, name: str) -> str:
    return name if name.startswith(network.prefix) else network.prefix + name


def _packed(network: Network, weights: Weights) -> dict[str, mx.array]:
    found: dict[str, mx.array] = {}
    for path in weights.files:
        found |= _read(path)
    for start, meaning in network.aliases.items():
        for name in [name for name in found if name.startswith(start)]:
            found[meaning + name.removeprefix(start)] = found.pop(name)
    return found


def _read(path: Path) -> dict[str, mx.array]:
    """A file's tensors, none of them read yet."""
    return cast("dict[str, mx.array]", mx.load(str(path)))


def _shapes(arrays: Mapping[str, mx.array], bits: int) -> dict[str, Shape]:
    """What the shapes would be without packing."""
    shapes: dict[str, Shape] = {}
    for name, array in arrays.items():
        shape = tuple(array.shape)
        if array.dtype == mx.uint32 and bits:
            shape = (*shape[:-1], shape[-1] * 32 // bits)
        shapes[name] = shape
    return shapes


def _stored_layers(arrays: Mapping[str, mx.array]) -> dict[str, tuple[int, int]]:
    """The packed layers: how many whole numbers and how many scales a row of each has."""
    names = [name.removesuffix(".scales") for name in arrays if name.endswith(".scales")]
    return {name: (arrays[f"{name}.weight"].shape[-1], arrays[f"{name}.scales"].shape[-1]) for name in names}


def _as_stored(stored: Mapping[str, tuple[int, int]], path: str, layer: nn.Module) -> bool | dict[str, int]:
    """How a layer was packed: its own width says what bits and groups the stored shapes amount to."""
    if path not in stored:
        return False
    numbers, scales = stored[path]
    width = layer.weight.shape[-1]
    return {"bits": numbers * 32 // width, "group_size": width // scales}


def _packable(path: str, layer: nn.Module) -> bool:
    return hasattr(layer, "to_quantized") and layer.weight.shape[-1] % GROUP == 0


def _plain(mapping: Sequence[WeightTarget]) -> list[WeightTarget]:
    return [WeightTarget(to_pattern=each.to_pattern, from_pattern=each.from_pattern) for each in mapping]


def _leaves(module: nn.Module) -> list[nn.Module]:
    return [layer for _, layer in tree_flatten(module.leaf_modules(), is_leaf=nn.Module.is_module)]


def chosen(config: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """What a config says of these."""
    return {name: config[name] for name in names if config.get(name) is not None}


def count(shapes: Mapping[str, Shape], name: str) -> int:
    """How many layers a list of a network has."""
    return len({key.split(".")[1] for key in shapes if key.startswith(f"{name}.")})
