"""Classifier-free guidance: away from the negative prompt, towards the prompt (https://arxiv.org/abs/2207.12598)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from app.diffusion.model import Array, Conditioning, Control, LatentModel


def guided_velocity(
    model: LatentModel,
    latents: Array,
    timestep: float,
    prompt: Conditioning,
    negative: Conditioning | None,
    scale: float,
    control: Control | None = None,
    held: int = 0,
) -> Array:
    """The velocity at (B, C, ...) latents.

    Args:
        negative: None for one pass without classifier-free guidance; a model with embedded guidance then gets `scale`.
        control: what a ControlNet follows in all passes.
        held: how many latent frames of a clip are given; only a `ClipModel` is asked for that.
    """
    more: dict[str, Any] = {"control": control, "held": held}  # models without them are not asked
    velocity: Callable[..., Array] = partial(model.velocity, **{name: value for name, value in more.items() if value})
    if negative is None:
        return velocity(latents, timestep, (prompt,), scale if model.guidance_embeds else None)
    without, towards = np.split(velocity(latents, timestep, (negative, prompt)), 2)
    return without + np.float32(scale) * (towards - without)
