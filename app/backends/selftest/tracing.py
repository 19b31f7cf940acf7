"""Fixed inputs through a model, and what its modules make of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from app.backends.local.model import LocalModel
from app.backends.selftest.probes import LATENTS, VELOCITY
from app.core.errors import NotFiniteError
from app.diffusion.families.sana import SanaConditioning
from app.diffusion.model import Array, Pixels

VALUES = 256
"""Most values that are kept of a module's output."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """What goes into each part. Each has its own, so that an error of one does not show in the next.

    Attributes:
        prompt: for the text encoder.
        conditioning, noise, timestep, guidance: for the transformer; (1, C, h, w) noise, guidance for Sprint only.
        pixels: (1, H, W, 3), for the encoder.
        latents: (1, C, h, w), for the decoder.
    """

    prompt: str
    conditioning: SanaConditioning
    noise: Array
    timestep: float
    guidance: float | None
    pixels: Pixels
    latents: Array


@dataclass(frozen=True, slots=True)
class Output:
    """Of one module: at most `VALUES` of its values, evenly spread, and whether all of them were finite."""

    values: Array
    finite: bool


def trace(model: LocalModel, names: Iterable[str], inputs: Inputs) -> dict[str, Output]:
    """The first output of each named module that ran, by its name."""
    names = list(names)
    found: dict[str, Output] = {}

    def take(name: str, values: Array) -> None:
        if name not in found:
            found[name] = Output(subsample(values), bool(np.isfinite(values).all()))

    def part(prefix: str, run: Callable[[], object]) -> None:
        with model.trace([name for name in names if name.startswith(prefix)], take):
            try:
                run()
            except NotFiniteError:
                if all(output.finite for output in found.values()):
                    raise  # a place that has no probe

    part("text_encoder.", lambda: model.encode_prompt(inputs.prompt))
    model.release_text_encoder()
    with np.errstate(invalid="ignore", over="ignore"):
        part("transformer.", lambda: take(VELOCITY, _velocity(model, inputs)))
        part("vae.encoder.", lambda: take(LATENTS, model.encode_image(inputs.pixels)))
        part("vae.decoder.", lambda: model.decode(inputs.latents))
    return found


def _velocity(model: LocalModel, inputs: Inputs) -> Array:
    return model.velocity(inputs.noise, inputs.timestep, (inputs.conditioning,), inputs.guidance)


def subsample(values: Array) -> Array:
    """At most `VALUES` values at even distances, the first one included.

    The distance is odd, so that all channels are met in turn where their number is a power of 2.
    """
    flat = values.reshape(-1)
    return flat[:: max(1, -(-flat.size // VALUES)) | 1].astype(np.float32)
