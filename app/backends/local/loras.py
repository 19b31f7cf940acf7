"""The LoRAs of a request, for the checkpoint that it names."""

from __future__ import annotations

import math
from functools import lru_cache
from pathlib import Path

from app.core.errors import UserError
from app.core.message import message
from app.core.request import GenerationRequest
from app.library.models.checkpoint.checkpoint import Checkpoint
from app.library.models.loras.changes import LowRank, Uses, check_loras, read_changes
from app.library.models.loras.reading import read_lora
from app.library.models.weights.tensors import Shape

WEAKER = message("Lower the weight of the LoRA, or leave it out.")


class Loras:
    """The LoRAs of one request after the other; what they change is read again only where they differ.

    A change of weights reads the LoRAs' files, which are small, and nothing of the model.
    """

    def __init__(self) -> None:
        self._key: tuple[object, ...] = ()
        self._changes: dict[str, LowRank] = {}

    def check(self, request: GenerationRequest, checkpoint: Checkpoint) -> None:
        """Raises UserError where one is missing, cannot be used or does not fit. Reads headers only."""
        if request.loras:
            check_loras(_uses(request), _shapes(checkpoint), checkpoint.name)

    def memory(self, request: GenerationRequest, precision: str) -> int:
        """Bytes that the request's LoRAs take, here and beside the model; none for what `check` refuses."""
        each = 4 + (4 if precision == "float32" else 2)
        return each * sum(_parameters(Path(lora.path), *_stamp(lora.path)) for lora in request.loras if lora.path)

    def identity(self, request: GenerationRequest) -> tuple[tuple[Path, float, int, int], ...]:
        """Differs when other LoRAs are used, or more or less of one, or a file was changed."""
        return tuple((path, weight, *_stamp(path)) for path, weight in _uses(request))

    def changes(self, request: GenerationRequest, checkpoint: Checkpoint) -> dict[str, LowRank]:
        """What the request's LoRAs add to the layers of the transformer; the same object where nothing changed.

        Raises:
            UserError: as `check`, or a file holds what is not a number.
        """
        key = (checkpoint.folder, checkpoint.weight_files("transformer"), *self.identity(request))
        if key != self._key:
            self._changes, self._key = read_changes(_uses(request), _shapes(checkpoint), checkpoint.name), key
        return self._changes


@lru_cache(64)
def _parameters(path: Path, size: int, changed: int) -> int:
    try:
        file = read_lora(path)
    except UserError:
        return 0
    return sum(math.prod(file.shape(layer, factor)) for layer in file.layers for factor in ("a", "b"))


def _stamp(path: Path | str) -> tuple[int, int]:
    """The size of a file and when it was changed; zeros where it is gone."""
    try:
        status = Path(path).stat()
    except OSError:
        return 0, 0
    return status.st_size, status.st_mtime_ns


def _uses(request: GenerationRequest) -> Uses:
    for lora in request.loras:
        if not lora.path:
            raise UserError(
                message("The LoRA “{name}” is not on this computer.", name=lora.name),
                message("Put it into the folder for LoRAs, or remove it."),
            )
    return [(Path(lora.path), lora.weight) for lora in request.loras]


def _shapes(checkpoint: Checkpoint) -> dict[str, Shape]:
    return {name: tensor.shape for name, tensor in checkpoint.weights["transformer"].tensors.items()}
