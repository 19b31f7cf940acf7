"""Weights of 8 and 4 bits, and the cache that spares the next start their conversion."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import mlx.core as mx
import mlx.nn as nn
from mlx.utils import tree_flatten

from .config import GROUP_SIZES
from .weights import assign, materialize, read_weights

log = logging.getLogger(__name__)

# Few weights, and every block sees their error: the embedders and the last projection keep their precision.
KEPT = ("time_embed", "caption_projection", "proj_out")

CACHE_VERSION = 2
"""Raised when a change here makes the cached files of earlier versions useless."""

_HASH = re.compile("[0-9a-f]{64}")

UNUSED_SECONDS = 30 * 86_400
"""Cached files that nobody used for so long are removed."""


def group_size(width: int) -> int | None:
    """The largest group that divides a row of `width` weights, None where none does."""
    return next((size for size in GROUP_SIZES if width % size == 0), None)


def quantize(model: nn.Module, bits: int) -> list[str]:
    """Replace linear layers and embeddings by quantized ones, in place and lazily.

    Returns:
        The layers whose rows no group size divides: they keep their precision.
    """
    left: list[str] = []

    def choose(name: str, module: nn.Module) -> bool | dict[str, Any]:
        if not isinstance(module, nn.Linear | nn.Embedding) or name.startswith(KEPT):
            return False
        size = group_size(module.weight.shape[-1])
        if size is None:
            left.append(name)
            return False
        return {"group_size": size, "bits": bits}

    nn.quantize(model, class_predicate=choose)
    return left


def load_quantized(
    model: nn.Module,
    bits: int,
    source: Callable[[], Mapping[str, mx.array]],
    cached: Path | None,
    metadata: Mapping[str, str] | None = None,
) -> list[str]:
    """Give a network its quantized weights: the cached ones, or those of `source`, converted layer by layer and cached.

    Args:
        model: as built, before `quantize`.
        bits: 8 or 4.
        source: the checkpoint's weights under the network's names.
        cached: file to read or else to write; None for neither.
        metadata: what the file is to say besides.

    Returns:
        As `quantize` does.

    Raises:
        ValueError: the checkpoint does not fit the network, as `assign` says.
    """
    if cached is not None and cached.is_file():
        originals = model.leaf_modules()
        left = quantize(model, bits)
        try:
            assign(model, read_weights([cached]), None)
        except ValueError as error:
            log.warning("converting anew, the cached weights cannot be used: %s", error)
            with suppress(OSError):
                cached.unlink()
            model.update_modules(originals)
        else:
            materialize(model)
            with suppress(OSError):
                cached.touch()  # it is in use
            return left
    assign(model, source(), mx.bfloat16)
    left = quantize(model, bits)
    materialize(model)
    if left:
        log.info("in bfloat16, since no group size divides their rows: %s", ", ".join(left))
    if cached is not None:
        save_cached(dict(tree_flatten(model.parameters())), cached, metadata)
    return left


def load_packed(model: nn.Module, bits: int, file: Path) -> None:
    """Give a network its quantized weights from a file that is all that is kept of them.

    Raises:
        ValueError: the file is damaged or does not fit the network.
    """
    quantize(model, bits)
    assign(model, read_weights([file]), None)
    materialize(model)


def cache_file(folder: Path, component: str, bits: int, files: Iterable[Path]) -> Path:
    """Where the converted weights of some checkpoint files are cached: for other files or bits, elsewhere."""
    identity = {
        "version": CACHE_VERSION,
        "kept": KEPT,
        "files": [_identity(file) for file in files],
    }
    digest = hashlib.sha256(json.dumps(identity).encode()).hexdigest()
    return folder / f"{component}-{bits}bit-{digest[:24]}.safetensors"


def _identity(file: Path) -> list[Any]:
    """In a hub's cache a file's name is the hash of its content, and models that share it share what is made of it."""
    file = file.resolve()
    stat = file.stat()
    return [file.name if _HASH.fullmatch(file.name) else str(file), stat.st_size, stat.st_mtime_ns]


def save_cached(weights: Mapping[str, mx.array], file: Path, metadata: Mapping[str, str] | None = None) -> None:
    """Write converted weights into the cache. A disk that refuses is told in the log only."""
    # The extension matters to mlx, the name to nobody: only a complete file gets the one that is looked for.
    # The process in it tells whose it was where it is left behind.
    part = file.with_name(f"{file.stem}.{os.getpid()}.part.safetensors")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        mx.save_safetensors(str(part), dict(weights), {"format": "mlx", **(metadata or {})})
        part.replace(file)
    except (OSError, RuntimeError) as error:
        # a full disk costs the next start some time, no more
        log.warning("converted weights are not cached: %s", error)
        with suppress(OSError):
            part.unlink()
    with suppress(OSError):
        _remove_unused(file.parent)


def _remove_unused(folder: Path) -> None:
    """Converted weights whose model was removed, or became another, are gigabytes that nobody asks for any more."""
    latest = time.time() - UNUSED_SECONDS
    for file in folder.glob("*.safetensors"):
        if file.stat().st_mtime < latest:
            file.unlink()
