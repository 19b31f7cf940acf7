"""The self-test of this backend: a device and a precision against float32 on the processor, layer by layer.

Its models are gigabytes, so by itself it computes tiny ones, made by configuration.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass

import mlx.core as mx
import numpy as np

from app.backends.local.flux.model import FluxModel
from app.backends.selftest.golden import PROMPTS, SEED, psnr
from app.backends.selftest.report import Layer, Report, compare
from app.backends.selftest.tracing import Output, subsample
from app.core.events import CancelCheck, stop_if
from app.core.families.flux import KLEIN, Z_IMAGE
from app.diffusion.model import Array, Pixels
from app.diffusion.noise import Noise
from app.diffusion.sampler import sample
from app.diffusion.solvers import make_solver
from app.library.models.checkpoint.checkpoint import Checkpoint

SIDE = 64  # pixels
STEPS = 2
_PROBES = {
    KLEIN: (
        "text_encoder.layers.0", "transformer.x_embedder", "transformer.context_embedder",
        "transformer.transformer_blocks.0", "transformer.single_transformer_blocks.0", "transformer.proj_out",
        "vae.encoder.conv_in", "vae.encoder.mid_block", "vae.encoder.conv_out",
    ),
    Z_IMAGE: (
        "text_encoder.layers.0", "transformer.noise_refiner.0", "transformer.context_refiner.0",
        "transformer.layers.0", "transformer.all_final_layer.2-1", "vae.encoder.conv_in", "vae.encoder.mid_block",
        "vae.encoder.conv_out",
    ),
}  # fmt: skip
_KINDS = {"text_encoder": "reading a prompt", "transformer": "transformer", "vae": "autoencoder"}


@dataclass(frozen=True, slots=True)
class Result:
    """What a checkpoint gives: of each probed module its first output, and a picture (H, W, 3)."""

    outputs: dict[str, Output]
    picture: Pixels


def report(backend: str, checkpoints: list[Checkpoint], precision: str, device: str, cancel: CancelCheck) -> Report:
    """Test a precision.

    Raises:
        NotFiniteError: numbers broke down.
        GenerationCancelled: it was stopped.
    """
    began, layers, decibels = time.monotonic(), list[Layer](), list[float]()
    for checkpoint in checkpoints:
        with _processor():
            right = computed(checkpoint, "float32", "cpu", cancel)
        found = computed(checkpoint, precision, device, cancel)
        for name, reference in right.outputs.items():
            kind = _KINDS.get(name.partition(".")[0], name)
            layers.append(
                compare(f"{checkpoint.family}.{name}", kind, found.outputs.get(name), reference.values, precision)
            )
        decibels.append(psnr(found.picture, right.picture))
    return Report(backend, precision, device, tuple(layers), tuple(decibels), time.monotonic() - began)


def computed(checkpoint: Checkpoint, precision: str, device: str, cancel: CancelCheck) -> Result:
    """What a checkpoint gives in a precision."""
    model = FluxModel(checkpoint, precision, device, together=True)
    outputs: dict[str, Output] = {}

    def take(name: str, values: Array) -> None:
        if name not in outputs:
            outputs[name] = Output(subsample(values), bool(np.isfinite(values).all()))

    try:
        with model.trace(_PROBES.get(checkpoint.family, ()), take):
            prompt = model.encode_prompt(PROMPTS[0])
            side = SIDE // model.spatial_factor
            solver = make_solver("euler", STEPS, model.shift(SIDE, SIDE, STEPS), even=True)
            latents = np.zeros(0, np.float32)
            for step in sample(model, solver, Noise(SEED), (side, side), prompt):
                stop_if(cancel)
                latents = step.denoised
            if checkpoint.has_encoder:
                rows, columns = np.mgrid[:SIDE, :SIDE] * (255.0 / (SIDE - 1))
                pixels = np.stack([rows, columns, 255 - rows], -1).astype(np.uint8)
                take("autoencoder", model.encode_image(pixels[None]))
            picture = model.decode(latents)[0]
    finally:
        model.close()
    return Result(outputs, picture)


@contextlib.contextmanager
def _processor() -> Iterator[None]:
    """MLX computes on the processor."""
    known = mx.default_device()
    mx.set_default_device(mx.cpu)
    try:
        yield
    finally:
        mx.set_default_device(known)
