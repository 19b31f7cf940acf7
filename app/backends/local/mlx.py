"""MLX with our own port of SANA: on Apple's GPU, or on the processor elsewhere.

MLX takes a moment to import and belongs to one thread, so nothing of it is imported before a model is loaded.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.backends.base import Suits
from app.backends.local.misfits import misfits, no_encoder, other_family
from app.backends.local.mlx_device import BY_QUALITY, OnMLX, device_of
from app.backends.local.mlx_parts import MLXParts, mended, together
from app.backends.local.mlx_video import MLXClipModel, best_clip_precision, planned_clip
from app.backends.local.words import FREE
from app.core.errors import NotFiniteError
from app.core.events import CancelCheck, stop_if
from app.core.families.sana import FAMILIES
from app.core.families.sana_video import SANA_VIDEO
from app.core.message import message
from app.core.request import AUTO
from app.diffusion.model import Array, Control, OnTile, Pixels
from app.library.models.checkpoint.checkpoint import Checkpoint
from app.library.models.checkpoint.controlnet import ControlNet
from app.sana_mlx.blas import load_openblas
from app.sana_mlx.config import AutoencoderConfig, TextEncoderConfig, TransformerConfig
from app.sana_mlx.memory import Peak, estimate_peak, largest_tile
from app.sana_mlx.video.memory import Clip

if TYPE_CHECKING:
    from app.diffusion.families.sana import PromptTokens, SanaConditioning
    from app.sana_mlx.pipeline import SanaMLX


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
        kind = MLXClipModel if checkpoint.makes_clips else MLXModel
        return kind(checkpoint, precision, self.budget())

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
        best = best_clip_precision if checkpoint.makes_clips else best_precision
        return checkpoint.packed or best(checkpoint, device, self.budget())

    def decoder_tile(self, checkpoint: Checkpoint, width: int, height: int, precision: str) -> int:
        """As `LocalBackend` says."""
        tile = _tile(checkpoint, width, height, precision, self.budget(), encodes=False, controlnet=None)
        return tile or max(width, height)

    def memory_parts(
        self, checkpoint: Checkpoint, width: int, height: int, precision: str, *, encodes: bool = False,
        controlnet: ControlNet | None = None, frames: int = 1,
    ) -> dict[str, int]:  # fmt: skip
        """Of the phase that needs most: they come one after another."""
        if checkpoint.makes_clips:
            peak = planned_clip(checkpoint, Clip(width, height, frames), precision, self.budget(), encodes=encodes)
        else:
            peak = planned(checkpoint, width, height, precision, self.budget(), encodes=encodes, controlnet=controlnet)
        phases = {"text encoder": peak.text_encoder, "transformer": peak.transformer}
        phases["decoder"] = max(peak.encoder, peak.decoder)
        largest = max(phases, key=lambda name: phases[name])
        return {largest: phases[largest], "program": peak.total - phases[largest]}


class MLXModel(MLXParts):
    """A checkpoint that makes pictures, in MLX. What it takes is as in `MLXParts`, and "auto" for the best precision
    that fits the memory.
    """

    _parts: SanaMLX

    def __init__(self, checkpoint: Checkpoint, precision: str, memory: int) -> None:
        load_openblas()
        import mlx.core as mx

        if precision == AUTO:
            precision = best_precision(checkpoint, device_of(mx), memory)
        self._controlnet: ControlNet | None = None
        super().__init__(checkpoint, precision, memory)

    def _open(self, **options: Any) -> SanaMLX:
        from app.sana_mlx.pipeline import SanaMLX

        return SanaMLX(self._checkpoint.folder, clip=bool(self._checkpoint.clip), **options)

    def _tokens(self, prompt: str, *, negative: bool) -> PromptTokens:
        from app.diffusion.families.sana import tokenize

        return tokenize(self._tokenizer, prompt, self._checkpoint.token_limit, negative=negative)

    def set_clip(self, clip_attention: bool) -> None:
        """As `LocalModel.set_clip` says."""
        self._parts.set_clip(clip_attention)

    def set_controlnet(self, controlnet: ControlNet | None) -> None:
        """As `LocalModel.set_controlnet` says."""
        if controlnet == self._controlnet:
            return
        self._controlnet = None
        self._parts.drop_controlnet()
        if controlnet is not None:
            with mended(controlnet.name), misfits(controlnet.weights.files):
                self._parts.set_controlnet(controlnet.config, controlnet.weights.tensors)
                self._parts.load_controlnet()
            self._controlnet = controlnet

    def velocity(
        self, latents: Array, timestep: float, conditionings: Sequence[SanaConditioning], guidance: float | None = None,
        control: Control | None = None,
    ) -> Array:  # fmt: skip
        import numpy as np

        self.load()
        followed = (control.latents, control.scale) if control is not None else ()
        # One pass after the other needs half the memory, and is as fast on Apple's GPU.
        return np.concatenate(
            [
                self._parts.velocity(latents, timestep, each.embeddings, None, guidance, *followed)
                for each in conditionings
            ]
        )

    def decode(self, latents: Array, on_tile: OnTile | None = None) -> Pixels:
        self._mended(self._parts.load_decoder, "vae")
        self._choose_tile(latents.shape[3] * self.spatial_factor, latents.shape[2] * self.spatial_factor)
        try:
            import numpy as np

            return np.asarray(self._parts.decode(latents, on_tile))
        except FloatingPointError as error:
            raise NotFiniteError(message("the decoded picture"), self.precision) from error

    def encode_image(self, pixels: Pixels) -> Array:
        if not self._checkpoint.has_encoder:
            raise no_encoder(self._checkpoint)
        self._mended(self._parts.load_encoder, "vae")
        self._choose_tile(pixels.shape[2], pixels.shape[1], encodes=True)
        latents = self._parts.encode_image(pixels)
        if not self._together:
            self._parts.drop_encoder()
        return latents

    def _choose_tile(self, width: int, height: int, *, encodes: bool = False) -> None:
        """Whole pictures where they fit: tiles change no pixel but compute their seams twice."""
        self._parts.tile = _tile(
            self._checkpoint, width, height, self.precision, self._memory, encodes=encodes, controlnet=self._controlnet
        )


def best_precision(checkpoint: Checkpoint, device: str, memory: int) -> str:
    """What "auto" means: the first precision in which a picture of the model's own size fits into `memory` bytes."""
    order, side = ("float32", *BY_QUALITY) if device == "cpu" else BY_QUALITY, checkpoint.base_size
    fitting = (name for name in order if planned_peak(checkpoint, side, side, name, memory) <= memory)
    return next(fitting, order[-1])


def planned_peak(
    checkpoint: Checkpoint, width: int, height: int, precision: str, memory: int, *, encodes: bool = False
) -> int:
    """The peak memory in bytes of a picture, as `planned` says."""
    return planned(checkpoint, width, height, precision, memory, encodes=encodes).total


def planned(
    checkpoint: Checkpoint, width: int, height: int, precision: str, memory: int, *, encodes: bool = False,
    controlnet: ControlNet | None = None,
) -> Peak:  # fmt: skip
    """The peaks of a picture's phases, with `memory` bytes to use: what decides on the tiles and what stays.

    Raises:
        UserError: the checkpoint is of a kind that the port does not know.
    """
    tile = _tile(checkpoint, width, height, precision, memory, encodes=encodes, controlnet=controlnet)
    more = _more(checkpoint, memory, controlnet, encodes=encodes)
    with mended(checkpoint.name):
        peak = estimate_peak(*_parts(checkpoint), width, height, precision, tile, **more)
        if peak.total > sys.maxsize:  # nobody could compute with that, either
            raise OverflowError
    return peak


def _tile(
    checkpoint: Checkpoint, width: int, height: int, precision: str, memory: int, *, encodes: bool,
    controlnet: ControlNet | None,
) -> int | None:  # fmt: skip
    more = _more(checkpoint, memory, controlnet, encodes=encodes)
    with mended(checkpoint.name):
        return largest_tile(memory, *_parts(checkpoint), width, height, precision, **more)


def _more(checkpoint: Checkpoint, memory: int, controlnet: ControlNet | None, *, encodes: bool) -> dict[str, Any]:
    """What else than the parts and the picture decides on the peak."""
    control = TransformerConfig.from_dict(controlnet.config) if controlnet is not None else None
    return {"encodes": encodes, "together": together(checkpoint, memory), "controlnet": control}


def _parts(checkpoint: Checkpoint) -> tuple[TransformerConfig, AutoencoderConfig, TextEncoderConfig]:
    return (
        TransformerConfig.from_dict(checkpoint.transformer),
        AutoencoderConfig.from_dict(checkpoint.vae),
        TextEncoderConfig.from_dict(checkpoint.text_encoder),
    )
