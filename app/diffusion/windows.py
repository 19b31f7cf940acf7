"""A model that sees a large picture through overlapping windows of the size that it was trained for.

At every step the velocities of the windows are blended where they overlap, so that all of them work on one picture
(MultiDiffusion, https://arxiv.org/abs/2302.08113). The sampler notices nothing: memory and time are those of a window,
once for each.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from app.diffusion.model import Array, Conditioning, Control, LatentModel, OnTile, Pixels

OVERLAP = 0.5
"""The least share of a window's side that it has in common with its neighbour. With half as much, steps were measured
at the edges of windows that saw different things."""


class WindowedModel:
    """A `LatentModel` whose velocities come from windows of another one.

    Args:
        model: what is asked in each window.
        side: of a window, in latents.
        unit: latents along a side of what the transformer sees as one token; windows stand on multiples of it.
        between: called before each window; raising in it stops the work.
    """

    def __init__(self, model: LatentModel, side: int, unit: int, between: Callable[[], None] = lambda: None) -> None:
        self._model = model
        self._side = side
        self._unit = unit
        self._between = between
        self.latent_channels = model.latent_channels
        self.spatial_factor = model.spatial_factor
        self.guidance_embeds = model.guidance_embeds

    def encode_prompt(self, prompt: str, *, negative: bool = False) -> Conditioning:
        return self._model.encode_prompt(prompt, negative=negative)

    def shift(self, width: int, height: int, steps: int) -> float:
        """That of a window: the model meets no larger picture."""
        most = self._side * self.spatial_factor
        return self._model.shift(min(width, most), min(height, most), steps)

    def velocity(
        self,
        latents: Array,
        timestep: float,
        conditionings: Sequence[Any],
        guidance: float | None = None,
        control: Control | None = None,
    ) -> Array:
        height, width = latents.shape[-2:]
        rows, columns = (windows(length, self._side, self._unit) for length in (height, width))
        total = np.zeros((len(conditionings), *latents.shape[1:]), np.float32)
        weights = np.zeros((height, width), np.float32)
        for row in rows:
            for column in columns:
                self._between()
                seen = latents[..., row, column]
                followed = replace(control, latents=control.latents[..., row, column]) if control is not None else None
                velocity = self._model.velocity(seen, timestep, conditionings, guidance, followed)
                share = np.outer(ramp(row, height), ramp(column, width))
                total[..., row, column] += share * velocity
                weights[row, column] += share
        total /= weights
        return total

    def decode(self, latents: Array, on_tile: OnTile | None = None) -> Pixels:
        return self._model.decode(latents, on_tile)

    def encode_image(self, pixels: Pixels) -> Array:
        return self._model.encode_image(pixels)


def windows(length: int, side: int, unit: int = 1) -> list[slice]:
    """Windows of `side` that cover a side of `length`, evenly spread on multiples of `unit`; neighbours have at least
    `OVERLAP` of their side in common. One window where the length is no larger.
    """
    if length <= side:
        return [slice(0, length)]
    length, side = length // unit, side // unit
    step = max(1, int(side * (1 - OVERLAP)))
    count = 1 + -(-(length - side) // step)
    starts = (round(number * (length - side) / (count - 1)) for number in range(count))
    return [slice(start * unit, (start + side) * unit) for start in starts]


def ramp(window: slice, length: int) -> Array:
    """How much each place of a window counts along one side of the picture: it fades out over `OVERLAP` of the window
    towards its neighbours, and counts in full up to the picture's own edges.
    """
    side = window.stop - window.start
    reach = max(1, int(side * OVERLAP))
    rising = np.sin(np.minimum(1, (np.arange(side) + 0.5) / reach) * np.pi / 2) ** 2
    before = np.ones(side) if window.start == 0 else rising
    after = np.ones(side) if window.stop == length else rising[::-1]
    shape: Array = (before * after).astype(np.float32)
    return shape
