"""What a family of models gives to the one `LatentModel` of this backend. Each family is one file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import mlx.core as mx
import mlx.nn as nn

from app.backends.local.flux.networks import Network
from app.diffusion.model import Conditioning


@dataclass(frozen=True, slots=True, kw_only=True)
class FluxConditioning(Conditioning):
    """What a transformer sees of a prompt.

    Attributes:
        arrays: the text encoders' outputs, as the family's `velocity` takes them.
    """

    arrays: tuple[mx.array, ...]


class Family(Protocol):
    """One family of models. Arrays are MLX's; latents (1, C, h, w), pictures (1, 3, H, W) from -1 to 1."""

    networks: Mapping[str, Network]
    """How each part of a checkpoint is made, by the part's name."""

    def tokenizers(self, folder: Path) -> Mapping[str, Any]:
        """mflux's tokenizers, from a checkpoint's own folder."""
        ...

    def encode(self, prompt: str, tokenizers: Mapping[str, Any], networks: Mapping[str, nn.Module]) -> FluxConditioning:
        """A prompt as its text encoders read it."""
        ...

    def velocity(
        self, transformer: nn.Module, latents: mx.array, timestep: float, conditioning: FluxConditioning
    ) -> mx.array:
        """The transformer at a timestep from 1000 down to 0; of the shape of `latents`."""
        ...

    def decode(self, vae: nn.Module, latents: mx.array) -> mx.array:
        """Latents in the scale of the transformer to a picture."""
        ...

    def encode_image(self, vae: nn.Module, picture: mx.array) -> mx.array:
        """A picture to latents in the scale of the transformer."""
        ...

    def shift(self, width: int, height: int, steps: int) -> float:
        """As `LatentModel.shift` says."""
        ...
