"""The peak memory of a picture before it is made, in phases. Arithmetic on the files' headers; imports no MLX."""

from __future__ import annotations

from app.core.families.flux import FAMILIES
from app.core.memory import BYTES_PER_WEIGHT
from app.library.models.checkpoint.checkpoint import Checkpoint
from app.sana_mlx.memory import PROCESS

LIBRARIES = 350_000_000
"""What transformers and the rest of what mflux imports take beside Python and MLX."""
_COPIES = 14
"""Copies of a token as wide as the transformer, which a block holds at its peak; of half precision."""
_ENCODER_COPIES = 60
"""The same of the text encoder, which keeps what all its layers give."""
_DECODE_BYTES = 1_750
"""What the autoencoder works with for each pixel, in half precision: 1.6 GB were published for 1024 x 1024."""


def weight_bytes(checkpoint: Checkpoint, part: str, precision: str) -> int:
    """What a part's weights take in a precision; packed ones as they are."""
    weights = checkpoint.weights[part]
    if weights.bits:
        return sum(path.stat().st_size for path in weights.files)
    return int(weights.parameters * BYTES_PER_WEIGHT[precision])


def phases(checkpoint: Checkpoint, width: int, height: int, precision: str, memory: int) -> dict[str, int]:
    """The bytes at the peak of each phase, by `Estimate.memory_for`, without the program itself."""
    size = {part: weight_bytes(checkpoint, part, precision) for part in checkpoint.weights}
    encoders = sum(bytes_ for part, bytes_ in size.items() if part.startswith("text_encoder"))
    kept = encoders if together(checkpoint, precision, memory) else 0
    facts, each = FAMILIES[checkpoint.family], 4 if precision == "float32" else 2
    tokens = width * height // checkpoint.token_pixels**2 + facts.prompt_tokens
    return {
        "text encoder": encoders + facts.prompt_tokens * facts.width * _ENCODER_COPIES * 4,
        "transformer": kept + size["transformer"] + tokens * facts.width * _COPIES * each,
        "decoder": kept + size["transformer"] + size["vae"] + width * height * _DECODE_BYTES * each // 2,
    }


def program() -> int:
    """Python, MLX and what else is imported."""
    return PROCESS + LIBRARIES


def together(checkpoint: Checkpoint, precision: str, memory: int) -> bool:
    """Whether all parts stay loaded: where they take no more than half of `memory` bytes."""
    return sum(weight_bytes(checkpoint, part, precision) for part in checkpoint.weights) <= memory / 2
