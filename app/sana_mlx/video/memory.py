"""The peak memory of a clip, before it is generated. Arithmetic on config.json files; imports nothing of MLX.

As for pictures (`sana_mlx/memory.py`), weights are counted exactly, and what a pass needs besides was measured with
`python -m tests.benchmarks.video_memory` and is written here as multiples of the layers' own sizes.
"""

from __future__ import annotations

import sys
from dataclasses import asdict, dataclass

from ..config import BITS, TextEncoderConfig, TransformerConfig
from ..memory import (
    CAPTION_TOKENS,
    PROCESS,
    TILES,
    Peak,
    caption_scores,
    layers_bytes,
    text_encoder_peak,
    transformer_weights,
)
from .autoencoder_memory import autoencoder_work
from .config import CHUNK_TOKENS, VideoTransformerConfig
from .ltx.config import LTXConfig
from .wan.config import WanConfig


@dataclass(frozen=True, slots=True)
class VideoParts:
    """A checkpoint, as far as it decides on the memory.

    Attributes:
        transformer, autoencoder, text_encoder: its configurations.
        encoder, decoder: how many weights the halves of the autoencoder have.
    """

    transformer: VideoTransformerConfig
    autoencoder: LTXConfig | WanConfig
    text_encoder: TextEncoderConfig
    encoder: int
    decoder: int


@dataclass(frozen=True, slots=True)
class Clip:
    """The size of a clip: width and height in pixels, and its frames."""

    width: int
    height: int
    frames: int


def estimate_clip_peak(
    parts: VideoParts, clip: Clip, precision: str, tile: int | None, *, encodes: bool = False, together: bool = False,
    unfolds: bool = sys.platform != "darwin",
) -> Peak:  # fmt: skip
    """The peak memory of each phase of one clip.

    Args:
        parts: the checkpoint.
        clip: its size.
        precision: "float32", "bfloat16", "8bit" or "4bit".
        tile: side of the autoencoder's tiles, None where it works on whole frames.
        encodes: there is a first frame.
        together: all parts stay loaded, because the memory is large for them; otherwise each has it to itself.
        unfolds: convolutions copy each pixel's 3 x 3 neighbourhood, as MLX's CPU build does.
    """
    item = 4 if precision == "float32" else 2
    bits, config, autoencoder = BITS.get(precision), parts.transformer, parts.autoencoder
    trunk = video_transformer_weights(config, item, bits)
    gemma, reading = text_encoder_peak(parts.text_encoder, item, bits)
    frames = (clip.frames - 1) // autoencoder.temporal_factor + 1
    rows, columns = clip.height // autoencoder.factor, clip.width // autoencoder.factor
    tokens = (rows // config.patch_size[1]) * (columns // config.patch_size[2])
    stay = trunk + gemma if together else 0
    latents = 4 * 4 * frames * rows * columns * config.in_channels
    encoding = 0
    if encodes:
        work = autoencoder_work(autoencoder, clip.width * clip.height, tile, item, unfolds, decodes=False)
        encoding = stay + parts.encoder * item + work
    return Peak(
        text_encoder=reading,
        transformer=(stay or trunk) + video_transformer_work(config, frames, tokens, item, unfolds) + latents,
        encoder=encoding,
        decoder=stay
        + parts.decoder * item
        + (parts.encoder * item if encodes and together else 0)
        + autoencoder_work(autoencoder, clip.width * clip.height, tile, item, unfolds)
        + latents,
    )


def largest_clip_tile(
    limit: int, parts: VideoParts, clip: Clip, precision: str, *, encodes: bool = False, together: bool = False
) -> int | None:
    """The largest tile with which the autoencoder stays within `limit` bytes, None for whole frames.

    The smallest of `TILES` if none does.
    """
    for tile in TILES:
        peak = estimate_clip_peak(parts, clip, precision, tile, encodes=encodes, together=together)
        if PROCESS + max(peak.encoder, peak.decoder) <= limit:
            return tile
    return TILES[-1]


def video_transformer_weights(config: VideoTransformerConfig, item: int, bits: int | None) -> int:
    """Bytes of a transformer's weights, `item` for each that is not quantized."""
    width, (_, high, wide) = config.width, config.patch_size
    channels = {
        "in_channels": config.in_channels * high * wide,
        "out_channels": (config.out_channels or config.in_channels) * high * wide,
    }
    picture = TransformerConfig.from_dict({**asdict(config), **channels, "patch_size": 1})
    temporal = layers_bytes([(width, 3 * width, True)], item, bits)
    return transformer_weights(picture, item, bits) + config.num_layers * temporal


def video_transformer_work(config: VideoTransformerConfig, frames: int, tokens: int, item: int, unfolds: bool) -> int:
    """Bytes of a forward pass besides the weights.

    Args:
        config: the transformer's.
        frames: latent frames.
        tokens: of each of them.
        item: bytes of a number.
        unfolds: attention to the prompt has its scores in memory, as MLX's CPU build has.
    """
    whole, width, hidden = frames * tokens, config.width, int(config.mlp_ratio * config.width)
    # The clip's tokens before a layer and after it, in pieces and put together; their positions in float32.
    held = whole * (3 * width * item + 4 * config.attention_head_dim)
    chunk = min(whole, max(tokens, CHUNK_TOKENS // tokens * tokens))
    work = chunk * (item * (8 * hidden + 5 * width) + (4 - item) * 2 * (hidden + width))
    return held + work + (CAPTION_TOKENS * 6 * width + caption_scores(config, chunk, unfolds)) * item
