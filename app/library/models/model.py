"""A model as it stands on this computer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.core.catalog import ModelSpec
from app.core.memory import peak_memory
from app.core.message import NOTHING, Message
from app.library.models.checkpoint.checkpoint import Checkpoint
from app.library.models.checkpoint.controlnet import ControlNet
from app.library.models.own import NO_CHOICE, OwnModelChoice


class ModelState(StrEnum):
    AVAILABLE = "available"  # to be downloaded
    PARTIAL = "partial"  # some of it is here: a download was interrupted, or a file is broken
    READY = "ready"
    BUNDLED = "bundled"


@dataclass(frozen=True, slots=True)
class Model:
    """A model as it stands on this computer.

    Attributes:
        id: the catalog's, or the path of the user's own folder.
        name: display name.
        state: a folder of the user is READY or, where it cannot be used, PARTIAL.
        spec: the catalog's entry; None for a folder of the user.
        checkpoint: what is on the disk; None where it is not whole.
        controlnet: the same where the model is a ControlNet.
        problem: what is wrong with what is on the disk; empty where nothing is.
        choice: what the user chose for an own model.
    """

    id: str
    name: str
    state: ModelState
    spec: ModelSpec | None = None
    checkpoint: Checkpoint | None = None
    problem: Message = NOTHING
    choice: OwnModelChoice = NO_CHOICE
    controlnet: ControlNet | None = None

    def peak_memory(self, backend: str = "", precision: str = "bfloat16") -> int:
        """Peak memory in bytes of a picture of the base size; 0 where nothing is known, and for a ControlNet, which
        comes on top of a model."""
        if self.spec is not None and self.spec.fits:
            return 0
        if self.spec is not None and (self.spec.repo or self.checkpoint is None):
            return self.spec.peak_memory(backend, precision)[0]
        if self.checkpoint is None:
            return 0
        side = self.checkpoint.base_size
        return peak_memory(self.checkpoint.size, side, side, precision)

    def to_json(self) -> dict[str, Any]:
        """What the command line prints. `peak_memory_bytes` is that of a picture of the base size in half precision;
        a ControlNet's `fits` are the models that it was made for; `packed` is the precision that is kept alone."""
        spec, checkpoint = self.spec, self.checkpoint
        return {
            "id": self.id,
            "repo": spec.repo if spec else "",
            "family": spec.family if spec else checkpoint.family if checkpoint else "",
            "state": str(self.state),
            "download_bytes": spec.download_bytes if spec else 0,
            "licence": spec.licence if spec else "",
            "licence_url": spec.licence_url if spec else "",
            "languages": list(spec.languages) if spec else [],
            "base_size": spec.base_size if spec else checkpoint.base_size if checkpoint else 0,
            "peak_memory_bytes": self.peak_memory(),
            **({"packed": checkpoint.packed} if checkpoint and checkpoint.packed else {}),
            **({"fits": list(spec.fits)} if spec and spec.fits else {}),
        }
