"""Checkpoints in diffusers layout: safetensors to a network, every key accounted for."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import mlx.core as mx
import mlx.nn as nn
import numpy as np
from mlx.utils import tree_flatten

from app.library.models.weights.header import read_header
from app.library.models.weights.tensors import Shape, StoredTensor, check_fit

VARIANTS = ("bf16", "fp16", "")
"""The file variants of a repository, in the order in which half precision prefers them; "" is the unnamed one."""

READABLE = ("BOOL", "U8", "I8", "U16", "I16", "F16", "BF16", "U32", "I32", "F32", "U64", "I64", "F8_E4M3")
"""What MLX can read; the last as bytes. One tensor of another type, and it reads nothing of the file."""
ShapeOf = Callable[[str, Shape], Shape]

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


def read_tensors(tensors: Mapping[str, StoredTensor], dtype: mx.Dtype) -> dict[str, mx.array]:
    """The tensors of a checkpoint, lazily and as they are stored: each is read from disk when it is evaluated.

    Those of a file that MLX cannot read are read at once, and in `dtype`.

    Raises:
        ValueError: a file is not in safetensors format or cut short.
    """
    weights: dict[str, mx.array] = {}
    for path in dict.fromkeys(tensor.file for tensor in tensors.values()):
        own = {name: tensor for name, tensor in tensors.items() if tensor.file == path}
        header = read_header(path).tensors
        if all(values["dtype"] in READABLE for values in header.values()):
            stored = read_file(path)[0]
            weights |= {name: _widened(tensor, stored.__getitem__) for name, tensor in own.items()}
            continue
        raw = RawFile(path, header)
        for name, tensor in own.items():
            weights[name] = _widened(tensor, raw.read).astype(dtype)
            mx.eval(weights[name])
    return weights


def read_weights(files: Iterable[Path]) -> dict[str, mx.array]:
    """All tensors of some files, lazily and by their names there.

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


def check_network(
    model: nn.Module, tensors: Mapping[str, StoredTensor], shape_of: ShapeOf = lambda _, shape: shape, prefix: str = ""
) -> None:
    """Compare a network's parameters with the tensors of a checkpoint.

    Args:
        model: the network.
        tensors: those of the checkpoint.
        shape_of: a parameter's shape in a checkpoint, by its name and its shape here.
        prefix: what the checkpoint puts before the network's names.

    Raises:
        MisfitError: one is missing, left over or of another shape.
    """
    parameters = tree_flatten(model.parameters())
    check_fit({f"{prefix}{name}": shape_of(name, tuple(array.shape)) for name, array in parameters}, tensors)


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


class RawFile:
    """A safetensors file that MLX cannot read, tensor by tensor."""

    def __init__(self, path: Path, header: Mapping[str, Any]) -> None:
        with path.open("rb") as file:
            self._start = 8 + int.from_bytes(file.read(8), "little")
        self._bytes = np.memmap(path, np.uint8, "r")
        self._header = header

    def read(self, key: str) -> mx.array:
        """A tensor; one of 8-bit floats as its bytes, one of 64 bits in float32."""
        values = self._header[key]
        begin, end = (self._start + offset for offset in values["data_offsets"])
        raw = self._bytes[begin:end]
        if values["dtype"] == "F64":
            array = mx.array(raw.view("<f8").astype(np.float32))
        elif values["dtype"] == "BF16":
            array = mx.array(raw.view("<u2")).view(mx.bfloat16)
        else:
            array = mx.array(raw.view({"F32": "<f4", "F16": "<f2"}.get(values["dtype"], "u1")))
        return array.reshape(values["shape"])


def _widened(tensor: StoredTensor, read: Callable[[str], mx.array]) -> mx.array:
    """A tensor's own rows, 8-bit floats as the numbers that they stand for."""
    values, rows = read(tensor.key), slice(*tensor.rows or (None,))
    if values.ndim:
        values = values[rows]
    if tensor.dtype == "F8_E4M3":
        values = mx.from_fp8(values, mx.float32)
    elif tensor.dtype == "F8_E5M2":  # the upper half of a float16
        values = (values.astype(mx.uint16) << 8).view(mx.float16).astype(mx.float32)
    if tensor.scale:
        scale = read(tensor.scale).astype(mx.float32).flatten()
        values = values * (scale if scale.size == 1 else scale[rows].reshape(-1, *[1] * (values.ndim - 1)))
    return values
