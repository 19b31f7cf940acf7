"""The golden prompts: whole pictures, generated as the app generates them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from app.backends.local.model import LocalModel
from app.core.events import CancelCheck, stop_if
from app.diffusion.model import Array, Pixels
from app.diffusion.noise import Noise
from app.diffusion.sampler import sample
from app.diffusion.solvers import make_solver
from app.library.models.checkpoint.checkpoint import Checkpoint

PROMPTS = (
    "a red sailboat on the sea at sunset",
    "a blue house in the snow at night",
    "a yellow hot air balloon over the mountains",
)
SEED = 7
STEPS = 8
GUIDANCE = 3.5


@dataclass(frozen=True, slots=True)
class GoldenPicture:
    """A picture (H, W, 3) and the latents (1, C, h, w) that it was decoded from."""

    latents: Array
    pixels: Pixels


def generate(model: LocalModel, checkpoint: Checkpoint, cancel: CancelCheck) -> Iterator[GoldenPicture]:
    """The pictures of `PROMPTS`, picture i with seed `SEED` + i.

    Raises:
        NotFiniteError: the numbers broke down.
        GenerationCancelled: the test was stopped.
    """
    base = checkpoint.base_size
    side = base // checkpoint.spatial_factor
    negative = model.encode_prompt("", negative=True)
    for number, text in enumerate(PROMPTS):
        prompt = model.encode_prompt(text)
        solver = make_solver(checkpoint.solvers[0], STEPS, model.shift(base, base, STEPS))
        latents: Array | None = None
        for step in sample(model, solver, Noise(SEED + number), (side, side), prompt, negative, GUIDANCE):
            stop_if(cancel)
            latents = step.denoised
        assert latents is not None
        yield GoldenPicture(latents, model.decode(latents)[0])


def psnr(pixels: Pixels, reference: Pixels) -> float:
    """Peak signal-to-noise ratio in dB; infinite for equal pictures."""
    error = float(np.mean(np.square(pixels.astype(np.float64) - reference)))
    return float("inf") if error == 0 else 10 * float(np.log10(255**2 / error))
