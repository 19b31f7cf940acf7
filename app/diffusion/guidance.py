"""Classifier-free guidance: away from the negative prompt, towards the prompt (https://arxiv.org/abs/2207.12598)."""

from __future__ import annotations

from functools import partial

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
) -> Array:
    """The velocity at (1, C, ...) latents.

    Args:
        negative: None for one pass without classifier-free guidance; a model with embedded guidance then gets `scale`.
        control: what a ControlNet follows in all passes.
    """
    velocity = model.velocity if control is None else partial(model.velocity, control=control)
    if negative is None:
        return velocity(latents, timestep, (prompt,), scale if model.guidance_embeds else None)
    both = velocity(latents, timestep, (negative, prompt))
    without, towards = both[:1], both[1:]
    return without + np.float32(scale) * (towards - without)
