"""The backend: whether PyTorch works here, and on what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.backends.base import Status
from app.backends.local.backend import WORKS_ON, LocalBackend, lacks
from app.backends.local.torch.device import likely_device
from app.library.models.checkpoint import Checkpoint

if TYPE_CHECKING:
    from app.backends.local.torch.model import TorchModel

PACKAGES = ("torch", "diffusers", "transformers")


class TorchBackend(LocalBackend):
    """Paints with PyTorch."""

    id = "torch"
    name = "PyTorch"
    precisions = ("float32", "bfloat16")

    def check(self) -> Status:
        if lacking := lacks(PACKAGES):
            return lacking
        device = likely_device()
        return self.ready(WORKS_ON[device], device)

    def open_model(self, checkpoint: Checkpoint, precision: str) -> TorchModel:
        from app.backends.local.torch.model import TorchModel

        return TorchModel(checkpoint, precision)
