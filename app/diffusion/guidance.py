"""Classifier-free guidance: away from the negative prompt, towards the prompt (https://arxiv.org/abs/2207.12598)."""

from __future__ import annotations

import numpy as np

from app.diffusion.model import Array, Conditioning, LatentModel


def guided_velocity(
    model: LatentModel,
    latents: Array,
    timestep: float,
    prompt: Conditioning,
    negative: Conditioning | None,
    scale: float,
) -> Array:
    """The velocity at (1, C, ...) latents.

    Args:
        negative: None for one pass without classifier-free guidance; a model with embedded guidance then gets `scale`.
    """
    if negative is None:
        return model.velocity(latents, timestep, (prompt,), scale if model.guidance_embeds else None)
    both = model.velocity(latents, timestep, (negative, prompt))
    without, towards = both[:1], both[1:]
    return without + np.float32(scale) * (towards - without)
