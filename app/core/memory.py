"""How much memory a picture takes, how much there is, and what fits instead. Arithmetic only, so it can be asked often.

The estimate is the sum of the weights, all kept loaded, and of the larger of two working sets: denoising and decoding.
The figures of each family were derived from shapes and from published figures, not measured on a Mac; where a model was
measured, the catalog says so and that counts instead.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.request import AUTO

GIB = 2**30
DECODE_TILE = 512
"""Side in pixels of the tiles in which large pictures are decoded, unless a backend chooses another."""

# With 8 and 4 bits every 64 weights share a scale and a bias in 16 bits each: half a bit more for each weight.
BYTES_PER_WEIGHT = {"float32": 4.0, "bfloat16": 2.0, "8bit": 8.5 / 8, "4bit": 4.5 / 8}
_QUANTIZED = ("8bit", "4bit")


@dataclass(frozen=True, slots=True)
class ModelSize:
    """What of a model decides on its memory.

    Attributes:
        transformer, text_encoder, vae: parameters of its parts.
        token_pixels: pixels along a side of a token.
        token_bytes: what the transformer works with for each token, in float32.
        decode_bytes: what the decoder works with for each pixel that it decodes at once, in float32.
        whole_bytes: what is needed for each pixel of the picture, however it is decoded.
    """

    transformer: int
    text_encoder: int
    vae: int
    token_pixels: int
    token_bytes: float
    decode_bytes: float
    whole_bytes: float


def peak_memory(size: ModelSize, width: int, height: int, precision: str, tile: int = DECODE_TILE) -> int:
    """The estimated peak memory in bytes: the sum of `memory_parts`, whose arguments it takes."""
    return sum(memory_parts(size, width, height, precision, tile).values())


def memory_parts(size: ModelSize, width: int, height: int, precision: str, tile: int = DECODE_TILE) -> dict[str, int]:
    """Where the peak memory of generating one picture comes from: bytes of each part's weights, and of the work itself.

    Args:
        width, height: of the picture, in pixels.
        precision: "float32", "bfloat16", "8bit" or "4bit"; "auto" counts as bfloat16.
        tile: side in pixels of the decoder's tiles; 0 where it works on the whole picture.
    """
    precision = "bfloat16" if precision == AUTO else precision
    half = 1.0 if precision == "float32" else 0.5
    each, pixels = BYTES_PER_WEIGHT[precision], width * height
    denoise = pixels / size.token_pixels**2 * size.token_bytes * half
    at_once = min(pixels, tile * tile) if tile else pixels
    decode = at_once * size.decode_bytes * half + pixels * size.whole_bytes
    return {
        "text encoder": int(size.text_encoder * each),
        "transformer": int(size.transformer * each),
        "decoder": int(size.vae * 4 * half),
        "work": int(max(denoise, decode)),
    }


def budget(total_bytes: int, *, unified: bool, wired_limit_bytes: int = 0, chosen_gb: float = 0.0) -> int:
    """How much memory a model may take.

    A Mac's GPU has a recommended working set, beyond which the machine freezes or restarts: by Apple's rule two thirds
    of the memory below 36 GiB and three quarters from there on, unless `iogpu.wired_limit_mb` says otherwise. Elsewhere
    three quarters of the memory are taken as the limit.

    Args:
        total_bytes: the machine's memory.
        unified: whether the GPU shares it, as in Apple silicon.
        wired_limit_bytes: what the user set as `iogpu.wired_limit_mb`; 0 for nothing.
        chosen_gb: the user's own limit in the app, which can only lower it; 0 for none.
    """
    if unified and wired_limit_bytes:
        limit = min(wired_limit_bytes, total_bytes)
    elif unified and total_bytes < 36 * GIB:
        limit = total_bytes * 2 // 3
    else:
        limit = total_bytes * 3 // 4
    return min(limit, int(chosen_gb * 1e9)) if chosen_gb > 0 else limit


def nearest_that_fits(
    width: int,
    height: int,
    precision: str,
    *,
    precisions: Sequence[str],
    multiple: int,
    minimum: int,
    need: Callable[[int, int, str], int],
    limit: int,
) -> dict[str, Any]:
    """The smallest changes to a request that make it fit, as field name to value.

    A smaller precision is tried before a smaller picture: it changes the picture less.

    Args:
        precisions: those that the backend has.
        multiple, minimum: what sides must be a multiple of, and the smallest side.
        need: peak memory in bytes of (width, height, precision).
        limit: bytes.

    Returns:
        {} where the request fits as it is, and also where nothing does: `need` tells which.
    """
    if need(width, height, precision) <= limit:
        return {}
    order = ("float32", "bfloat16", *_QUANTIZED)
    start = order.index("bfloat16" if precision == AUTO else precision)
    smaller = [name for name in order[start + 1 :] if name in precisions]
    for candidate in smaller:
        if need(width, height, candidate) <= limit:
            return {"precision": candidate}
    for candidate in (precision, *smaller):
        for long in range(max(width, height) - multiple, minimum - 1, -multiple):
            scale = long / max(width, height)
            sides = [max(minimum, round(side * scale / multiple) * multiple) for side in (width, height)]
            if need(sides[0], sides[1], candidate) <= limit:
                changes: dict[str, Any] = {"width": sides[0], "height": sides[1]}
                return changes if candidate == precision else {**changes, "precision": candidate}
    return {}
