"""What the sampler needs of a local model: functions on numpy arrays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Array: TypeAlias = "npt.NDArray[np.float32]"
Pixels: TypeAlias = "npt.NDArray[np.uint8]"
OnTile = Callable[[int, int], None]
"""Called as (done, total) after each tile; raising in it stops the work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditioning:
    """A prompt as a model has read it. What else is in it is the family's own: embeddings, a pooled vector, or the
    residuals of a ControlNet. Only the model that made it looks inside.

    Attributes:
        tokens: how many tokens of the prompt count.
        cut: the end of the prompt that did not fit, empty where all of it did.
    """

    tokens: int = 0
    cut: str = ""


@dataclass(frozen=True, slots=True)
class Control:
    """A picture that a ControlNet follows.

    Attributes:
        latents: (1, C, h, w), the encoded picture.
        scale: the weight of what the ControlNet adds.
        start, end: the range of steps in which it does, as fractions of all steps.
    """

    latents: Array
    scale: float = 1.0
    start: float = 0.0
    end: float = 1.0

    def counts(self, step: int, total: int) -> bool:
        """Whether step `step` (from 0) lies within the range as a whole, as diffusers' pipelines judge it."""
        return self.scale != 0 and step / total >= self.start and (step + 1) / total <= self.end


class LatentModel(Protocol):
    """A latent diffusion model.

    Latents are (1, C, h, w) float32 in the scale the transformer works in; those of a clip are (1, C, t, h, w).
    """

    latent_channels: int
    spatial_factor: int
    """Pixels per latent along a side."""
    guidance_embeds: bool
    """Whether the guidance scale is an input of the transformer, which then needs no negative prompt."""

    def encode_prompt(self, prompt: str, *, negative: bool = False) -> Conditioning:
        """Raises NotFiniteError where the text encoder breaks down."""
        ...

    def shift(self, width: int, height: int, steps: int) -> float:
        """The shift of the flow-matching schedule for a picture of this size in pixels, made in so many steps; 1 where
        there is none.
        """
        ...

    def velocity(
        self,
        latents: Array,
        timestep: float,
        conditionings: Sequence[Any],
        guidance: float | None = None,
        control: Control | None = None,
    ) -> Array:
        """The transformer at `timestep` (as the schedule gives it, before `timestep_scale`), once for each of the
        step's `conditionings`, which `encode_prompt` gave.

        Whether in one batch or one after another is the model's own affair. `guidance` is given only to models with
        embedded guidance, before `guidance_embeds_scale`; `control` only to one that has a ControlNet, for all of the
        step's conditionings. Returns (len(conditionings) * B, C, ...) float32: all pictures for the first conditioning,
        then all for the next one.
        """
        ...

    def decode(self, latents: Array, on_tile: OnTile | None = None) -> Pixels:
        """(B, C, h, w) latents to (B, H, W, 3) uint8 pixels. Raises NotFiniteError where the decoder breaks down."""
        ...

    def encode_image(self, pixels: Pixels) -> Array:
        """(B, H, W, 3) uint8 pixels to (B, C, h, w) latents."""
        ...
