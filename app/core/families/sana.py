"""SANA's figures: what its checkpoints were trained with, and what its networks take."""

from __future__ import annotations

from typing import Any

from app.core.memory import GIB, ModelSize

FAMILIES = ("sana", "sana-1.5", "sana-sprint")
"""Its generations, as the catalog calls them."""
TOKEN_PIXELS = 32
"""Pixels along a side of what the transformer sees as one token: what sides are multiples of."""

MAX_PROMPT_TOKENS = 300
"""Tokens of a prompt that reach the transformer, the first one included."""

# (height, width) in sixteenths of the base size, as diffusers has them for 512 and 1024. For 2048 and 4096 there are
# more.
_SIZES = (
    (8, 32), (8, 29), (9, 28), (9, 27), (9, 26), (10, 25), (10, 24), (11, 23), (11, 22), (11, 21), (12, 21), (12, 20),
    (13, 19), (13, 18), (14, 18), (14, 17), (15, 17), (15, 16), (16, 16), (16, 15), (17, 15), (17, 14), (18, 14),
    (18, 13), (19, 13), (20, 12), (21, 12), (22, 11), (23, 11), (24, 10), (25, 10), (27, 9), (32, 8),
)  # fmt: skip
_MORE_SIZES = ((8, 31), (8, 30), (26, 9), (28, 9), (29, 8), (30, 8), (31, 8))
_LARGE_SIZES = tuple(sorted((*_SIZES, *_MORE_SIZES), key=lambda sides: sides[0] / sides[1]))
TRAINED_SIZES = {512: _SIZES, 1024: _SIZES, 2048: _LARGE_SIZES, 4096: _LARGE_SIZES}
"""The shapes it was trained with, by base size: (height, width) in sixteenths of that."""

SCHEDULER: dict[str, tuple[Any, ...]] = {
    "num_train_timesteps": (1000,),
    "prediction_type": ("flow_prediction", "trigflow"),
    "algorithm_type": ("dpmsolver++",),
    "solver_type": ("midpoint",),
    "solver_order": (1, 2),
    "final_sigmas_type": ("zero",),
    "use_flow_sigmas": (True,),
    "thresholding": (False,),
    "use_karras_sigmas": (False, None),
    "use_exponential_sigmas": (False, None),
    "use_beta_sigmas": (False, None),
    "use_lu_lambdas": (False, None),
    "use_dynamic_shifting": (False, None),
    "invert_sigmas": (False,),
    "shift_terminal": (None, 0),
    "stochastic_sampling": (False,),
    "sigma_data": (0.5,),
}
"""What may stand in a scheduler_config.json. A key that is not there means the first of its values."""

_GEMMA_2_2B = 2_614_341_888
_DC_AE = 312_250_275
# The transformer's widest layer for each token: 2240 channels, expanded five-fold, about four copies in float32.
_TOKEN_BYTES = 4 * 5 * 2240 * 4
# Untiled decoding of 1024 x 1024 in float32 was published at 9.2 GiB.
_DECODE_BYTES = 9.2 * GIB / 1024**2
# What stays whole when decoding in tiles: at an eighth of the resolution, 512 channels, about six copies in float32;
# and the picture itself in float32 and as bytes.
_WHOLE_BYTES = 6 * 512 * 4 / 64 + 3 * (4 + 1)


def model_size(
    transformer: int, text_encoder: int = _GEMMA_2_2B, vae: int = _DC_AE, token_pixels: int = TOKEN_PIXELS
) -> ModelSize:
    """What decides on a model's memory, from the parameters of its parts."""
    return ModelSize(transformer, text_encoder, vae, token_pixels, _TOKEN_BYTES, _DECODE_BYTES, _WHOLE_BYTES)


def usual_shift(base_size: int) -> float:
    """The shift of the flow-matching schedule, where a checkpoint does not say."""
    return 6.0 if base_size >= 4096 else 3.0
