"""The backend: which of mflux's models it takes, in which precision, and how much memory they need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.backends.base import STARTER, Status, Suits
from app.backends.local.flux.capabilities import flux_capabilities
from app.backends.local.flux.pinned import PACKAGES, lacking
from app.backends.local.mlx_device import BY_QUALITY, OnMLX, device_of
from app.core.capabilities import Capabilities
from app.core.families.flux import FAMILIES
from app.core.message import message
from app.core.request import AUTO
from app.library.models.checkpoint.checkpoint import Checkpoint
from app.library.models.checkpoint.controlnet import ControlNet

if TYPE_CHECKING:
    from app.backends.local.flux.model import FluxModel
    from app.backends.selftest.report import Report
    from app.core.events import CancelCheck


class FluxBackend(OnMLX):
    """FLUX and Z-Image, on the devices that MLX works on."""

    id = "flux"
    name = "FLUX (MLX)"
    packages = PACKAGES
    suits = Suits(
        message("FLUX.2 klein and Z-Image, for other pictures than Sana's, on a Mac with Apple silicon."),
        message("Nothing. A model is a download of about 5 GB or more."),
    )
    families = tuple(FAMILIES)
    cancel_seconds = 60.0
    reads_packed = True
    encoder_at_hand = True

    def check(self) -> Status:
        return lacking() or super().check()

    def capabilities(self, model: str) -> Capabilities:
        spec, checkpoint = self._resolve(model)
        return flux_capabilities(checkpoint, spec, (checkpoint.packed,) if checkpoint.packed else self.precisions)

    def import_libraries(self) -> None:
        from app.sana_mlx.blas import load_openblas

        load_openblas()
        import app.backends.local.flux.model  # noqa: F401

    def open_model(self, checkpoint: Checkpoint, precision: str) -> FluxModel:
        from app.sana_mlx.blas import load_openblas

        load_openblas()
        import mlx.core as mx

        from app.backends.local.flux import memory
        from app.backends.local.flux.model import FluxModel

        device = device_of(mx)
        if precision == AUTO:
            precision = self.precision_for(checkpoint, device)
        together = memory.together(checkpoint, precision, self.budget())
        return FluxModel(checkpoint, precision, device, together=together)

    def precision_for(self, checkpoint: Checkpoint, device: str) -> str:
        """The best that fits: on M1 and M2, half precision is faster than packed weights, too."""
        if checkpoint.packed:
            return checkpoint.packed
        order, side = ("float32", *BY_QUALITY) if device == "cpu" else BY_QUALITY, checkpoint.base_size
        budget = self.budget()
        fitting = (name for name in order if sum(self.memory_parts(checkpoint, side, side, name).values()) <= budget)
        return next(fitting, order[-1])

    def memory_parts(
        self, checkpoint: Checkpoint, width: int, height: int, precision: str, *, encodes: bool = False,
        controlnet: ControlNet | None = None, frames: int = 1,
    ) -> dict[str, int]:  # fmt: skip
        """Of the phase that needs most: they come one after another."""
        from app.backends.local.flux import memory

        phases = memory.phases(checkpoint, width, height, precision, self.budget())
        largest = max(phases, key=lambda name: phases[name])
        return {largest: phases[largest], "program": memory.program()}

    def self_test(self, model: str, precision: str, cancel: CancelCheck) -> Report:
        """As `OwnSelfTest` says; tiny models stand for the starter."""
        from app.sana_mlx.blas import load_openblas

        load_openblas()
        import mlx.core as mx

        from app.backends.local.flux import own_test, tiny

        self.unload()
        own = [self.checkpoint(model)] if model != STARTER else [tiny.tiny_checkpoint(name) for name in tiny.FAMILIES]
        return own_test.report(self.id, own, precision, device_of(mx), cancel)
