"""Checkpoints in diffusers layout: safetensors to a network, every key accounted for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import mlx.core as mx
import mlx.nn as nn
from mlx.utils import tree_flatten

VARIANTS = ("bf16", "fp16", "")
"""The file variants of a repository, in the order in which half precision prefers them; "" is the unnamed one."""

PICKLES = ("*.bin", "*.pt", "*.pth", "*.ckpt", "*.pkl")


def read_config(folder: Path) -> dict[str, Any]:
    """config.json of a component."""
    with (folder / "config.json").open(encoding="utf-8") as file:
        config: dict[str, Any] = json.load(file)
    return config


def find_weights(folder: Path, variants: Sequence[str] = VARIANTS) -> list[Path]:
    """The safetensors files of a component, shards in the order of the index.

    Raises:
        FileNotFoundError: there are none, or a shard that the index lists is missing. Pickles are refused: they run
            code when they are read.
    """
    for variant in variants:
        suffix = f".{variant}" if variant else ""
        for stem in ("diffusion_pytorch_model", "model"):
            single = folder / f"{stem}{suffix}.safetensors"
            if single.is_file():
                return [single]
            for index in (folder / f"{stem}.safetensors.index{suffix}.json", folder / f"{single.name}.index.json"):
                if index.is_file():
                    return _shards(index)
    if any(file for pattern in PICKLES for file in folder.glob(pattern)):
        raise FileNotFoundError(f"{folder} has only pickled weights, which are not read; convert them to safetensors")
    raise FileNotFoundError(f"{folder} has no safetensors weights")


def _shards(index: Path) -> list[Path]:
    with index.open(encoding="utf-8") as file:
        names = dict.fromkeys(json.load(file)["weight_map"].values())
    shards = [index.parent / Path(name).name for name in names]
    missing = [shard.name for shard in shards if not shard.is_file()]
    if missing:
        raise FileNotFoundError(f"{index.parent} lacks {', '.join(missing)}")
    return shards


def read_weights(files: Iterable[Path]) -> dict[str, mx.array]:
    """The tensors of some files, lazily: a tensor is read from disk when it is evaluated.

    Raises:
        ValueError: a file is not in safetensors format or cut short.
    """
    weights: dict[str, mx.array] = {}
    for file in files:
        weights |= read_file(file)[0]
    return weights


def read_file(file: Path) -> tuple[dict[str, mx.array], dict[str, str]]:
    """As `read_weights`, of one file, and its metadata."""
    try:
        return mx.load(str(file), format="safetensors", return_metadata=True)  # type: ignore[return-value]
    except RuntimeError as error:
        raise ValueError(f"{file} is damaged: {error}") from error


def assign(model: nn.Module, weights: Mapping[str, mx.array], dtype: mx.Dtype | None) -> None:
    """Put weights into a network, lazily, in `dtype` (None: as they are).

    Raises:
        ValueError: a key is missing, left over or of the wrong shape; the message names it.
    """
    expected = dict(tree_flatten(model.parameters()))
    problems = [f"missing {name}" for name in sorted(expected.keys() - weights.keys())]
    problems += [f"left over {name}" for name in sorted(weights.keys() - expected.keys())]
    problems += [
        f"{name} is {tuple(weights[name].shape)}, not {tuple(expected[name].shape)}"
        for name in sorted(expected.keys() & weights.keys())
        if weights[name].shape != expected[name].shape
    ]
    if problems:
        more = f" and {len(problems) - 8} more" if len(problems) > 8 else ""
        raise ValueError(f"weights do not fit {type(model).__name__}: {'; '.join(problems[:8])}{more}")
    if dtype is not None:
        weights = {name: weight.astype(dtype) for name, weight in weights.items()}
    model.load_weights(list(weights.items()))


def materialize(model: nn.Module) -> None:
    """Evaluate the parameters one by one, the largest first: one unconverted tensor is in memory at a time."""
    for _, weight in sorted(tree_flatten(model.parameters()), key=lambda item: -item[1].nbytes):
        mx.eval(weight)
    mx.clear_cache()
