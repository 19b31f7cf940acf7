"""A video checkpoint in MLX, as the sampler sees it: functions on numpy arrays."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from app.backends.local.misfits import no_encoder
from app.backends.local.mlx_device import BY_QUALITY, device_of
from app.backends.local.mlx_parts import MLXParts, mended, together
from app.core.errors import NotFiniteError
from app.core.families.sana_video import FRAMES, own_size
from app.core.message import message
from app.core.request import AUTO
from app.diffusion.model import Array, Control, OnTile, Pixels
from app.library.models.checkpoint.checkpoint import Checkpoint
from app.library.models.checkpoint.controlnet import ControlNet
from app.sana_mlx.blas import load_openblas
from app.sana_mlx.config import TextEncoderConfig
from app.sana_mlx.memory import Peak
from app.sana_mlx.video.config import VideoTransformerConfig, autoencoder_config
from app.sana_mlx.video.memory import Clip, VideoParts, estimate_clip_peak, largest_clip_tile

if TYPE_CHECKING:
    from app.diffusion.families.sana import PromptTokens, SanaConditioning
    from app.sana_mlx.video.pipeline import SanaVideoMLX


class MLXClipModel(MLXParts):
    """A `ClipModel` in MLX. What it takes is as in `MLXParts`, and "auto" for what fits the memory best."""

    _parts: SanaVideoMLX

    def __init__(self, checkpoint: Checkpoint, precision: str, memory: int) -> None:
        load_openblas()
        import mlx.core as mx

        if precision == AUTO:
            precision = best_clip_precision(checkpoint, device_of(mx), memory)
        super().__init__(checkpoint, precision, memory)
        self.temporal_factor = checkpoint.temporal_factor

    def _open(self, **options: Any) -> SanaVideoMLX:
        from app.sana_mlx.video.pipeline import SanaVideoMLX

        return SanaVideoMLX(self._checkpoint.folder, **options)

    def _tokens(self, prompt: str, *, negative: bool) -> PromptTokens:
        from app.diffusion.families import sana_video

        return sana_video.tokenize(self._tokenizer, prompt, self._checkpoint.token_limit, negative=negative)

    def set_clip(self, clip_attention: bool) -> None:
        """As `LocalModel.set_clip` says: no video model was trained in float16."""

    def set_controlnet(self, controlnet: ControlNet | None) -> None:
        """As `LocalModel.set_controlnet` says: there is none for clips."""

    def velocity(
        self, latents: Array, timestep: float, conditionings: Sequence[SanaConditioning], guidance: float | None = None,
        control: Control | None = None, held: int = 0,
    ) -> Array:  # fmt: skip
        """As `ClipModel.velocity` says."""
        import numpy as np

        self.load()
        passes = [self._parts.velocity(latents, timestep, each.embeddings, held=held) for each in conditionings]
        return np.concatenate(passes)

    def decode_frames(self, latents: Array, on_tile: OnTile | None = None) -> Iterator[Pixels]:
        """As `ClipModel.decode_frames` says."""
        if not self._together:
            self._parts.drop_transformer()
        self._mended(self._parts.load_decoder, "vae")
        _, _, frames, height, width = latents.shape
        factor = self.spatial_factor
        self._choose_tile(width * factor, height * factor, (frames - 1) * self.temporal_factor + 1)
        try:
            yield from self._parts.decode_frames(latents, on_tile)
        except FloatingPointError as error:
            raise NotFiniteError(message("the decoded clip"), self.precision) from error
        if not self._together:
            self._parts.drop_decoder()

    def decode(self, latents: Array, on_tile: OnTile | None = None) -> Pixels:
        """As `ClipModel.decode` says."""
        import numpy as np

        return np.concatenate(list(self.decode_frames(latents, on_tile)))

    def encode_image(self, pixels: Pixels) -> Array:
        """As `ClipModel.encode_image` says."""
        if not self._checkpoint.has_encoder:
            raise no_encoder(self._checkpoint)
        if not self._together:
            self._parts.drop_transformer()
        self._mended(self._parts.load_encoder, "vae")
        self._choose_tile(pixels.shape[2], pixels.shape[1], 1)
        latents = self._parts.encode_image(pixels)
        if not self._together:
            self._parts.drop_encoder()
        return latents

    def _choose_tile(self, width: int, height: int, frames: int) -> None:
        """Whole frames where they fit: tiles compute their seams twice."""
        clip = Clip(width, height, frames)
        self._parts.tile = largest_clip_tile(
            self._memory, _parts(self._checkpoint), clip, self.precision, together=self._together
        )


def best_clip_precision(checkpoint: Checkpoint, device: str, memory: int) -> str:
    """What "auto" means: the first precision in which a clip of the model's own size fits into `memory` bytes."""
    order = ("float32", *BY_QUALITY) if device == "cpu" else BY_QUALITY
    clip = Clip(*own_size(checkpoint.base_size), FRAMES)
    fitting = (name for name in order if planned_clip(checkpoint, clip, name, memory).total <= memory)
    return next(fitting, order[-1])


def planned_clip(checkpoint: Checkpoint, clip: Clip, precision: str, memory: int, *, encodes: bool = False) -> Peak:
    """The peaks of a clip's phases, with `memory` bytes to use: what decides on the tiles and what stays.

    Raises:
        UserError: the checkpoint is of a kind that the port does not know.
    """
    with mended(checkpoint.name):
        parts, stay = _parts(checkpoint), together(checkpoint, memory)
        tile = largest_clip_tile(memory, parts, clip, precision, encodes=encodes, together=stay)
        return estimate_clip_peak(parts, clip, precision, tile, encodes=encodes, together=stay)


def _parts(checkpoint: Checkpoint) -> VideoParts:
    counts = {"encoder": 0, "decoder": 0}
    for name, tensor in checkpoint.weights["vae"].tensors.items():
        half = "encoder" if name.startswith(("encoder.", "quant_conv.")) else "decoder"
        counts[half] += math.prod(tensor.shape)
    return VideoParts(
        VideoTransformerConfig.from_dict(checkpoint.transformer),
        autoencoder_config(checkpoint.vae),
        TextEncoderConfig.from_dict(checkpoint.text_encoder),
        **counts,
    )
