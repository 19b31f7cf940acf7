"""What the sampler needs of a local model: functions on numpy arrays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]
Pixels = npt.NDArray[np.uint8]
OnTile = Callable[[int, int], None]
"""Called as (done, total) after each tile; raising in it stops the work."""


@dataclass(frozen=True, slots=True)
class Conditioning:
    """A prompt as the transformer sees it.

    Attributes:
        embeddings: (B, tokens, channels) float32, the text encoder's last hidden states.
        mask: (B, tokens) float32, 1 for a token, 0 for padding, which stands at the end.
        tokens: how many tokens of the prompt count.
        cut: the end of the prompt that did not fit, empty where all of it did.
    """

    embeddings: Array
    mask: Array
    tokens: int = 0
    cut: str = ""


class LatentModel(Protocol):
    """A latent diffusion model. Latents are (B, C, h, w) float32 in the scale the transformer works in."""

    latent_channels: int
    spatial_factor: int
    """Pixels per latent along a side."""
    guidance_embeds: bool
    """Whether the guidance scale is an input of the transformer, which then needs no negative prompt."""
    batched_guidance: bool
    """Whether both passes of classifier-free guidance go through the transformer as one batch of 2."""

    def encode_prompt(self, prompt: str, *, negative: bool = False) -> Conditioning: ...

    def velocity(
        self, latents: Array, timestep: float, conditioning: Conditioning, guidance: float | None = None
    ) -> Array:
        """One forward pass of the transformer at `timestep` (as the schedule gives it, before `timestep_scale`).

        `conditioning` has the batch size of `latents`. `guidance` is given only to models with embedded guidance,
        before `guidance_embeds_scale`. Returns (B, C, h, w) float32.
        """
        ...

    def decode(self, latents: Array, on_tile: OnTile | None = None) -> Pixels:
        """(B, C, h, w) latents to (B, H, W, 3) uint8 pixels. Raises NotFiniteError where the decoder breaks down."""
        ...

    def encode_image(self, pixels: Pixels) -> Array:
        """(B, H, W, 3) uint8 pixels to (B, C, h, w) latents."""
        ...
