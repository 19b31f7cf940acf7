"""A checkpoint that makes pictures in MLX, as the sampler sees it, and the memory that a picture of it needs."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from app.backends.local.misfits import misfits, no_encoder
from app.backends.local.mlx_device import BY_QUALITY, device_of
from app.backends.local.mlx_parts import MLXParts, mended, together
from app.core.errors import NotFiniteError
from app.core.message import message
from app.core.request import AUTO
from app.diffusion.model import Array, Control, OnTile, Pixels
from app.library.models.checkpoint.checkpoint import Checkpoint
from app.library.models.checkpoint.controlnet import ControlNet
from app.sana_mlx.blas import load_openblas
from app.sana_mlx.config import AutoencoderConfig, TextEncoderConfig, TransformerConfig
from app.sana_mlx.memory import Peak, estimate_peak, largest_tile

if TYPE_CHECKING:
    from app.diffusion.families.sana import PromptTokens, SanaConditioning
    from app.sana_mlx.pipeline import SanaMLX


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
        self._parts.tile = decoder_tile(
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
    tile = decoder_tile(checkpoint, width, height, precision, memory, encodes=encodes, controlnet=controlnet)
    more = _more(checkpoint, memory, controlnet, encodes=encodes)
    with mended(checkpoint.name):
        peak = estimate_peak(*_parts(checkpoint), width, height, precision, tile, **more)
        if peak.total > sys.maxsize:  # nobody could compute with that, either
            raise OverflowError
    return peak


def decoder_tile(
    checkpoint: Checkpoint, width: int, height: int, precision: str, memory: int, *, encodes: bool,
    controlnet: ControlNet | None,
) -> int | None:  # fmt: skip
    """The side of the decoder's tiles in pixels; None where the whole picture fits `memory` bytes."""
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
