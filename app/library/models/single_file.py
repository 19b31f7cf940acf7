"""A transformer alone, in one safetensors file with diffusers' names: a fine-tune of a model that is here.

The rest (text encoder, autoencoder, tokenizer, descriptions) is that of the model whose transformer has the very same
tensors.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable
from pathlib import Path

from app.core.errors import UserError
from app.library.models.checkpoint import Checkpoint, is_part
from app.library.models.weights import Weights, read_header, weights_header

SUFFIX = ".safetensors"
_SIGN = "transformer_blocks.0."
"""How the names of every SANA transformer in diffusers' layout begin."""

Shapes = dict[str, tuple[int, ...]]


def is_single_file(path: Path) -> bool:
    """Whether this is a file of weights rather than a part of a checkpoint's folder."""
    try:
        return path.suffix == SUFFIX and path.is_file() and not is_part(path)
    except OSError:  # nobody may look, or too long a name
        return False


def open_single_file(path: Path, bases: Iterable[Checkpoint]) -> Checkpoint:
    """The file in place of the transformer of the first of `bases` that it fits.

    Raises:
        UserError: it is damaged, of a type that is not supported, no SANA transformer, or fits none of them.
    """
    header = weights_header(path)
    if not any(name.startswith(_SIGN) for name in header):
        raise UserError(
            f"{path} does not hold a SANA transformer with diffusers' names.",
            "Choose the weights of a transformer, or the folder of a whole checkpoint.",
        )
    shapes = _shapes(header)
    for base in bases:
        if _shapes_of(base) == shapes:
            dtypes = frozenset(str(tensor["dtype"]) for tensor in header.values())
            own = Weights((path,), "", dtypes, sum(math.prod(shape) for shape in shapes.values()))
            clip = base.clip or (base.family == "sana" and "F16" in dtypes)
            weights = {**base.weights, "transformer": own}
            return dataclasses.replace(base, name=path.stem, variant="", weights=weights, clip=clip)
    raise UserError(
        f"{path} fits none of the models on this computer.",
        "Download the model that it was made from: the file takes its text encoder and its autoencoder.",
    )


def _shapes_of(checkpoint: Checkpoint) -> Shapes:
    shapes: Shapes = {}
    for file in checkpoint.weight_files("transformer"):
        shapes |= _shapes(read_header(file))
    return shapes


def _shapes(header: dict[str, dict[str, list[int]]]) -> Shapes:
    return {name: tuple(tensor["shape"]) for name, tensor in header.items()}
