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
    """The velocity at (1, C, h, w) latents.

    Args:
        negative: None for one pass without classifier-free guidance; a model with embedded guidance then gets `scale`.
    """
    if negative is None:
        return model.velocity(latents, timestep, prompt, scale if model.guidance_embeds else None)
    if model.batched_guidance:
        both = model.velocity(np.concatenate([latents] * 2), timestep, together(negative, prompt))
        without, towards = both[:1], both[1:]
    else:
        without = model.velocity(latents, timestep, negative)
        towards = model.velocity(latents, timestep, prompt)
    return without + np.float32(scale) * (towards - without)


def trimmed(conditioning: Conditioning) -> Conditioning:
    """Without the padding at its end, which cross-attention weighs with zero: the same picture for less work."""
    length = max(1, int(np.flatnonzero(conditioning.mask.any(axis=0))[-1:].sum()) + 1)
    return Conditioning(
        conditioning.embeddings[:, :length].copy(),
        conditioning.mask[:, :length].copy(),
        conditioning.tokens,
        conditioning.cut,
    )


def together(first: Conditioning, second: Conditioning) -> Conditioning:
    """A batch of two, the shorter one padded."""
    length = max(first.mask.shape[1], second.mask.shape[1])

    def padded(array: Array) -> Array:
        missing = length - array.shape[1]
        return np.pad(array, [(0, 0), (0, missing)] + [(0, 0)] * (array.ndim - 2))

    return Conditioning(
        np.concatenate([padded(first.embeddings), padded(second.embeddings)]),
        np.concatenate([padded(first.mask), padded(second.mask)]),
    )
