"""The backend: whether PyTorch works here, and on what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.backends.base import GPU_DEVICES, Speed, Status, Suits
from app.backends.local.backend import LocalBackend
from app.backends.local.kernels import SIDE, VALUES, Kernels
from app.backends.local.packages import lacks
from app.backends.local.torch import memory
from app.backends.local.torch.device import import_torch, likely_device
from app.backends.local.words import FREE, WORKS_ON
from app.core.families.sana import FAMILIES
from app.core.families.sana_video import SANA_VIDEO
from app.core.message import message
from app.library import machine
from app.library.models.checkpoint.checkpoint import Checkpoint
from app.library.models.checkpoint.controlnet import ControlNet

if TYPE_CHECKING:
    from app.backends.local.torch.model import TorchModel
    from app.upscaling.upscalers import Enlarge, Upscaler


class TorchBackend(LocalBackend):
    """SANA with PyTorch, on the networks of `networks/`."""

    id = "torch"
    name = "PyTorch"
    packages = ("torch",)
    precisions = ("float32", "bfloat16")
    suits = Suits(message("Sana on an NVIDIA GPU, and on any computer that has nothing faster."), FREE)
    diffusers_beside = True
    own_upscalers = True
    decoder_precision = "float32"
    families = (*FAMILIES, SANA_VIDEO)

    def speed(self, device: str) -> Speed:
        return Speed.FAST if device in GPU_DEVICES else Speed.SLOW

    def batches_pictures(self, device: str) -> bool:
        return device != "mps"  # see `TorchModel.batched`

    def memory_parts(
        self, checkpoint: Checkpoint, width: int, height: int, precision: str, *, encodes: bool = False,
        controlnet: ControlNet | None = None, frames: int = 1,
    ) -> dict[str, int]:  # fmt: skip
        """Of the phase that needs most: they come one after another."""
        if checkpoint.makes_clips:
            return super().memory_parts(checkpoint, width, height, precision, frames=frames)
        peaks = memory.phases(
            checkpoint, width, height, precision, machine.total_memory(), encodes=encodes, controlnet=controlnet,
            batched=self.batches_pictures(likely_device()),
        )  # fmt: skip
        largest = max(peaks, key=lambda name: peaks[name])
        return {largest: peaks[largest], "program": memory.PROGRAM}

    def check(self) -> Status:
        if lacking := lacks(self.packages):
            return lacking
        device = likely_device()
        return self.ready(WORKS_ON[device], device)

    def import_libraries(self) -> None:
        import_torch()
        from app.backends.local.torch import model  # noqa: F401
        from app.backends.local.torch.networks import autoencoder, text_encoder, transformer  # noqa: F401

    def open_model(self, checkpoint: Checkpoint, precision: str) -> TorchModel:
        if checkpoint.makes_clips:
            from app.backends.local.torch.video.model import TorchClipModel

            return TorchClipModel(checkpoint, precision)
        from app.backends.local.torch.model import TorchModel

        return TorchModel(checkpoint, precision)

    def open_upscaler(self, upscaler: Upscaler) -> Enlarge:
        """As `Upscales` says."""
        if upscaler.network is None:
            from app.backends.local.torch.own_upscaler import OwnUpscaler

            return OwnUpscaler(upscaler.weights)
        from app.backends.local.torch.upscale import TorchUpscaler

        return TorchUpscaler(upscaler)

    def kernels(self, device: str, precision: str) -> Kernels:
        import torch

        a = torch.randn(SIDE, SIDE, device=device).to(getattr(torch, precision))
        values = torch.zeros(VALUES, device=device)
        result = torch.empty_like(values)

        def wait() -> None:
            if device != "cpu":
                getattr(torch, device).synchronize()

        def multiply() -> None:
            torch.mm(a, a)
            wait()

        def add() -> None:
            torch.add(values, 1.0, out=result)
            wait()

        return Kernels(multiply, add)
