"""MLX with our own port of SANA: on Apple's GPU, or on the processor elsewhere.

MLX takes a moment to import and belongs to one thread, so nothing of it is imported before a model is loaded. What only
a model or its memory needs is imported with these: most windows open with another backend chosen, and none with a clip.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.backends.base import Suits
from app.backends.local.misfits import other_family
from app.backends.local.mlx_device import OnMLX
from app.backends.local.words import FREE
from app.core.events import CancelCheck, stop_if
from app.core.families.sana import FAMILIES
from app.core.families.sana_video import SANA_VIDEO
from app.core.message import message
from app.library.models.checkpoint.checkpoint import Checkpoint
from app.library.models.checkpoint.controlnet import ControlNet
from app.sana_mlx.blas import load_openblas

if TYPE_CHECKING:
    from app.backends.local.mlx_model import MLXModel
    from app.backends.local.mlx_video import MLXClipModel


class MLXBackend(OnMLX):
    id = "mlx"
    name = "MLX"
    packages = ("mlx", "mlx_lm")
    packing = ("4bit", "8bit")
    reads_packed = True
    families = (*FAMILIES, SANA_VIDEO)
    suits = Suits(message("Sana on a Mac with Apple silicon: fast, private and without a connection."), FREE)

    def batches_pictures(self, device: str) -> bool:
        return True

    def import_libraries(self) -> None:
        load_openblas()
        import app.sana_mlx.pipeline
        import app.sana_mlx.text_encoder  # noqa: F401

    def open_model(self, checkpoint: Checkpoint, precision: str) -> MLXModel | MLXClipModel:
        if checkpoint.makes_clips:
            from app.backends.local.mlx_video import MLXClipModel

            return MLXClipModel(checkpoint, precision, self.budget())
        from app.backends.local.mlx_model import MLXModel

        return MLXModel(checkpoint, precision, self.budget())

    def pack(self, checkpoint: Checkpoint, precision: str, folder: Path, cancel: CancelCheck) -> None:
        """As `Packs` says."""
        if checkpoint.family not in self.families:
            raise other_family(checkpoint, self.name)
        from app.library.models.hub.hub_cache import share
        from app.library.models.weights.packed import PACKED
        from app.library.models.weights.weights import stem_of

        model = self.open_model(checkpoint, precision)
        for part in checkpoint.weights:
            stop_if(cancel)
            variant = "bf16" if part == "vae" else PACKED[precision]
            target = folder / part / f"{stem_of(part)}.{variant}.safetensors"
            share(model.convert(part), target)

    def precision_for(self, checkpoint: Checkpoint, device: str) -> str:
        if checkpoint.packed:
            return checkpoint.packed
        if checkpoint.makes_clips:
            from app.backends.local.mlx_video import best_clip_precision

            return best_clip_precision(checkpoint, device, self.budget())
        from app.backends.local.mlx_model import best_precision

        return best_precision(checkpoint, device, self.budget())

    def decoder_tile(self, checkpoint: Checkpoint, width: int, height: int, precision: str) -> int:
        """As `LocalBackend` says."""
        from app.backends.local.mlx_model import decoder_tile

        tile = decoder_tile(checkpoint, width, height, precision, self.budget(), encodes=False, controlnet=None)
        return tile or max(width, height)

    def memory_parts(
        self, checkpoint: Checkpoint, width: int, height: int, precision: str, *, encodes: bool = False,
        controlnet: ControlNet | None = None, frames: int = 1,
    ) -> dict[str, int]:  # fmt: skip
        """Of the phase that needs most: they come one after another."""
        if checkpoint.makes_clips:
            from app.backends.local.mlx_video import planned_clip
            from app.sana_mlx.video.memory import Clip

            peak = planned_clip(checkpoint, Clip(width, height, frames), precision, self.budget(), encodes=encodes)
        else:
            from app.backends.local.mlx_model import planned

            peak = planned(checkpoint, width, height, precision, self.budget(), encodes=encodes, controlnet=controlnet)
        phases = {"text encoder": peak.text_encoder, "transformer": peak.transformer}
        phases["decoder"] = max(peak.encoder, peak.decoder)
        largest = max(phases, key=lambda name: phases[name])
        return {largest: phases[largest], "program": peak.total - phases[largest]}
