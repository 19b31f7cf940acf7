"""How large the numbers in a transformer get: what tells that it was trained with float16's limits.

A checkpoint that was trained in float16 had its linear attention clamped to +-65504 and relied on it: without that, its
activations go far beyond in a few steps.
"""

from __future__ import annotations

import logging
import math
from typing import TYPE_CHECKING

import numpy as np

from app.diffusion.model import Array, Conditioning
from app.diffusion.noise import Noise
from app.diffusion.schedule import TRAIN_STEPS
from app.library.models.checkpoint.checkpoint import Checkpoint
from app.library.models.checkpoint.probes import Probes
from app.library.models.weights.tensors import FLOAT16_MAX

if TYPE_CHECKING:
    from app.backends.local.model import LocalModel

log = logging.getLogger(__name__)

SIDE = 16
"""Tokens along a side of the probe: few, since the linear attention averages over them."""
LEVELS = (1.0, 0.6, 0.2)
"""Noise levels of flow matching at which it is measured, each from the estimate of the one before."""


def find_out_clip(model: LocalModel, checkpoint: Checkpoint, prompt: Conditioning, probes: Probes) -> None:
    """Let the model clip its linear attention as its checkpoint says; where no file tells whether that was trained in
    float16, its activations do, which `probes` remember.
    """
    if checkpoint.clip is not None:
        model.set_clip(checkpoint.clip)
        return
    model.set_clip(False)
    model.set_changes({})
    largest = largest_activation(model, checkpoint, prompt)
    if not math.isnan(largest):
        probes.remember(checkpoint, largest)
    log.info("%s: activations of its linear attention go up to %.0f", checkpoint.name, largest)
    model.set_clip(largest > FLOAT16_MAX)


def largest_activation(model: LocalModel, checkpoint: Checkpoint, prompt: Conditioning) -> float:
    """The largest absolute value that the linear attention of any block gives, while it is not clipped; NaN where the
    numbers break down.

    Args:
        model: the loaded checkpoint, whose guidance is not embedded.
        checkpoint: what it is.
        prompt: what is to be generated.
    """
    largest = 0.0

    def take(name: str, values: Array) -> None:
        nonlocal largest
        largest = float(np.maximum(largest, np.abs(values).max()))

    side = SIDE * checkpoint.patch_size
    noise = Noise(0).draw((1, checkpoint.latent_channels, side, side))
    estimate = np.zeros_like(noise)
    names = [f"transformer.transformer_blocks.{index}.attn1" for index in range(checkpoint.transformer["num_layers"])]
    with model.trace(names, take):
        for level in LEVELS:
            latents = (level * noise + (1 - level) * estimate).astype(np.float32)
            velocity = model.velocity(latents, level * TRAIN_STEPS, (prompt,))
            estimate = latents - level * velocity
    return largest
