"""Weights that are kept in few bits alone, as MLX computes with them, once the originals were given back.

A packed file is named after its variant, such as `model.mlx-4bit.safetensors`. Its tensors are the quantized network's
own; what they were made of, each original tensor's type and shape by its name, stands in its metadata, so that all that
is known of a checkpoint without its numbers is known of a packed one too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from app.core.errors import UserError
from app.core.message import message
from app.library.models.weights.header import DOWNLOAD_AGAIN, read_header
from app.library.models.weights.tensors import StoredTensor

PACKED = {"4bit": "mlx-4bit", "8bit": "mlx-8bit"}
"""The variants in the names of packed files, by their precision."""
ORIGINALS = "sana_studio_originals"
"""The entry of the metadata."""


def originals_to_json(tensors: Mapping[str, StoredTensor]) -> str:
    """The entry for what a packed file was made of."""
    return json.dumps({name: [tensor.dtype, list(tensor.shape)] for name, tensor in tensors.items()})


def read_originals(path: Path) -> dict[str, StoredTensor]:
    """What a packed file was made of, each tensor as if it stood in it.

    Raises:
        UserError: it is damaged.
    """
    try:
        entries = json.loads(read_header(path).metadata[ORIGINALS])
        return {
            name: StoredTensor(path, name, str(dtype), tuple(int(side) for side in shape))
            for name, (dtype, shape) in entries.items()
        }
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError):
        raise UserError(
            message("{path} is damaged: it does not say what it was made of.", path=path), DOWNLOAD_AGAIN
        ) from None
