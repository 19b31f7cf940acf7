"""The figures of FLUX.2 klein, Z-Image and FLUX.1 schnell: flow matching in few steps on tokens of 16 pixels."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from app.core.memory import ModelSize

TOKEN_PIXELS = 16
BASE_SIZE = 1024

KLEIN = "flux2-klein"
Z_IMAGE = "z-image"
SCHNELL = "flux1"

_DECODE_BYTES = 1.6e9 / BASE_SIZE**2
# The picture as floats, as bytes, and the decoder's last layer: 128 channels in half precision, twice.
_WHOLE_BYTES = 3 * (4 + 1) + 2 * 128 * 2


@dataclass(frozen=True, slots=True)
class FluxFamily:
    """What is alike for all checkpoints of a family.

    Attributes:
        pipelines: the classes that a model_index.json may name.
        architectures: what the config.json of each part calls it: a class of diffusers, or a model type of
            transformers.
        steps: the default number of steps.
        guided: whether classifier-free guidance has an effect.
        prompt_tokens: the longest sequence that the text encoder reads, what stands around the prompt included.
        template_tokens: those that stand around the prompt.
        patch: latents along a side that one cell of the model's latents joins.
        text_encoder, vae: parameters of the published models.
        width: channels of the transformer.
    """

    pipelines: tuple[str, ...]
    architectures: Mapping[str, str]
    steps: int
    guided: bool
    prompt_tokens: int
    template_tokens: int
    patch: int
    text_encoder: int
    vae: int
    width: int


FAMILIES: Mapping[str, FluxFamily] = {
    KLEIN: FluxFamily(
        ("Flux2KleinPipeline",),
        {"transformer": "Flux2Transformer2DModel", "vae": "AutoencoderKLFlux2", "text_encoder": "qwen3"},
        steps=4, guided=True, prompt_tokens=512, template_tokens=12, patch=2,
        text_encoder=4_022_468_096, vae=84_046_115, width=3072,
    ),
    Z_IMAGE: FluxFamily(
        ("ZImagePipeline",),
        {"transformer": "ZImageTransformer2DModel", "vae": "AutoencoderKL", "text_encoder": "qwen3"},
        steps=9, guided=False, prompt_tokens=512, template_tokens=8, patch=1,
        text_encoder=4_022_468_096, vae=83_819_683, width=3840,
    ),
    SCHNELL: FluxFamily(
        ("FluxPipeline",),
        {"transformer": "FluxTransformer2DModel", "vae": "AutoencoderKL", "text_encoder": "clip_text_model",
         "text_encoder_2": "t5"},
        steps=4, guided=False, prompt_tokens=256, template_tokens=1, patch=1,
        text_encoder=4_885_370_880, vae=83_819_683, width=3072,
    ),
}  # fmt: skip
"""By the name that the catalog gives them."""


def model_size(family: str, transformer: int, text_encoder: int = 0, vae: int = 0) -> ModelSize:
    """What decides on a model's memory, from the parameters of its parts; those of the published model where 0."""
    facts = FAMILIES[family]
    # Attention and feed-forward together hold about a dozen copies of each token, in float32.
    return ModelSize(
        transformer, text_encoder or facts.text_encoder, vae or facts.vae, TOKEN_PIXELS, 12 * facts.width * 4,
        2 * _DECODE_BYTES, _WHOLE_BYTES,
    )  # fmt: skip


def klein_shift(width: int, height: int, steps: int) -> float:
    """The shift of FLUX.2's schedule for a picture of this size in pixels: an empirical fit of its authors, as in
    diffusers' `compute_empirical_mu`.
    """
    tokens = width * height / TOKEN_PIXELS**2
    many = 0.00016927 * tokens + 0.45666666
    if tokens > 4300:
        return math.exp(many)
    few = 8.73809524e-05 * tokens + 1.89833333
    slope = (many - few) / 190
    return math.exp(slope * (steps - 200) + many)


def z_image_shift(width: int, height: int) -> float:
    """The shift of Z-Image's schedule: its exponent grows with the tokens, 0.5 for 256 of them and 1.15 for 4096."""
    tokens = width * height / TOKEN_PIXELS**2
    return math.exp(0.5 + (tokens - 256) * (1.15 - 0.5) / (4096 - 256))
