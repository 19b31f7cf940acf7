"""The peak memory of a picture, before it is painted. Arithmetic on config.json files; imports nothing of MLX.

Weights are counted exactly. What a forward pass needs besides was measured with `measure.py` on the CPU build and is
written here as multiples of the layers' own sizes. A picture has three phases: the text encoder, which then leaves; the
transformer; and the decoder beside the transformer, which stays for the next picture.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from app.diffusion.tiling import decoder_tail

from .config import AutoencoderConfig, TextEncoderConfig, TransformerConfig

PROCESS = 120_000_000
"""Python, numpy and MLX by themselves, resident."""
PROMPT_TOKENS = 560
"""The instruction and the longest prompt."""
CAPTION_TOKENS = 300
GROUP_SIZES = (64, 32)
TIME_CHANNELS = 256
EXPAND = 4
TILES = (None, 1024, 512, 256, 128)
EXPANSION, TILE_CHANNELS = 8, 512
"""As in tiling.py."""
BITS = {"8bit": 8, "4bit": 4}


@dataclass(frozen=True, slots=True)
class Peak:
    """Bytes at the peak of each phase, without the process itself."""

    text_encoder: int
    transformer: int
    decoder: int

    @property
    def total(self) -> int:
        """The peak of the process."""
        return PROCESS + max(self.text_encoder, self.transformer, self.decoder)


def estimate_peak_bytes(
    transformer: TransformerConfig,
    autoencoder: AutoencoderConfig,
    text_encoder: TextEncoderConfig,
    width: int,
    height: int,
    precision: str,
    tile: int | None,
) -> int:
    """The peak memory of one picture in bytes, the process included; arguments as for `estimate_peak`."""
    return estimate_peak(transformer, autoencoder, text_encoder, width, height, precision, tile).total


def estimate_peak(
    transformer: TransformerConfig,
    autoencoder: AutoencoderConfig,
    text_encoder: TextEncoderConfig,
    width: int,
    height: int,
    precision: str,
    tile: int | None,
    unfolds: bool = sys.platform != "darwin",
) -> Peak:
    """The peak memory of each phase of one picture.

    Args:
        transformer, autoencoder, text_encoder: the checkpoint's configurations.
        width, height: of the picture, in pixels.
        precision: "float32", "bfloat16", "8bit" or "4bit".
        tile: side of the decoder's tiles, None where it works on the whole picture.
        unfolds: convolutions copy each pixel's 3 x 3 neighbourhood, as MLX's CPU build does.
    """
    item = 4 if precision == "float32" else 2
    bits = BITS.get(precision)
    factor = autoencoder.factor
    trunk = transformer_weights(transformer, item, bits)
    gemma = text_encoder_weights(text_encoder, item, bits)
    # Converting the embedding, of a file in half precision, is the largest step of a first start.
    embedding = text_encoder.vocab_size * text_encoder.hidden_size
    converting = embedding * 2 + _bytes([(text_encoder.vocab_size, text_encoder.hidden_size, True)], item, bits)
    tokens = (width // factor // transformer.patch_size) * (height // factor // transformer.patch_size)
    return Peak(
        text_encoder=max(converting, gemma + _text_encoder_work(text_encoder, item)),
        transformer=trunk + _transformer_work(transformer, tokens, item),
        decoder=trunk
        + decoder_weights(autoencoder, item)
        + _decoder_work(autoencoder, width, height, tile, item, unfolds),
    )


def largest_tile(
    limit: int,
    transformer: TransformerConfig,
    autoencoder: AutoencoderConfig,
    text_encoder: TextEncoderConfig,
    width: int,
    height: int,
    precision: str,
) -> int | None:
    """The largest tile with which a picture stays within `limit` bytes, None for the whole picture.

    The smallest of `TILES` if none does: the tile does not decide then.
    """
    parts = transformer, autoencoder, text_encoder
    fitting = (tile for tile in TILES if estimate_peak_bytes(*parts, width, height, precision, tile) <= limit)
    return next(fitting, TILES[-1])


Layers = list[tuple[int, int, bool]]
"""Rows, columns, and whether they are quantized."""


def transformer_weights(config: TransformerConfig, item: int, bits: int | None) -> int:
    """Bytes of a transformer's weights, `item` for each that is not quantized."""
    w, cross, context = config.width, config.cross_width, config.cross_attention_dim
    hidden, p2 = int(config.mlp_ratio * w), config.patch_size**2
    out = config.out_channels or config.in_channels
    block: Layers = [(w, w, True)] * 4 + [(cross, w, True), (cross, context, True), (cross, context, True)]
    block += [(w, cross, True), (2 * hidden, w, True), (w, hidden, True)]
    biases = w + 3 * cross + w + 2 * hidden + (3 * w if config.attention_bias else 0)
    rest = biases + 10 * 2 * hidden + 6 * w
    if config.norm_elementwise_affine:
        rest += 2 * w
    if config.qk_norm is not None:
        rest += 2 * w + 2 * cross
    embedders = 2 if config.guidance_embeds else 1
    others = embedders * (TIME_CHANNELS * w + w + w * w + w) + 6 * w * w + 6 * w
    others += config.in_channels * p2 * w + w + config.caption_channels * w + w + w * w + w + w
    others += 2 * w + w * p2 * out + p2 * out
    return config.num_layers * (_bytes(block, item, bits) + rest * item) + others * item


def text_encoder_weights(config: TextEncoderConfig, item: int, bits: int | None) -> int:
    """Bytes of Gemma's weights."""
    w, queries = config.hidden_size, config.num_attention_heads * config.head_dim
    keys = config.num_key_value_heads * config.head_dim
    layer: Layers = [(queries, w, True), (keys, w, True), (keys, w, True), (w, queries, True)]
    layer += [(config.intermediate_size, w, True)] * 2 + [(w, config.intermediate_size, True)]
    embedding: Layers = [(config.vocab_size, w, True)]
    norms = (4 * config.num_hidden_layers + 1) * w
    return config.num_hidden_layers * _bytes(layer, item, bits) + _bytes(embedding, item, bits) + norms * item


def decoder_weights(config: AutoencoderConfig, item: int) -> int:
    """Bytes of the decoder's weights."""
    channels, layers = config.decoder_block_out_channels, config.decoder_layers_per_block
    shuffled = 1 if config.upsample_block_type == "interpolate" else 4
    count = 9 * config.latent_channels * channels[-1] + channels[-1]
    for stage, (dims, depth) in enumerate(zip(channels, layers, strict=True)):
        if stage < len(channels) - 1 and depth > 0:
            count += (9 * channels[stage + 1] + 1) * dims * shuffled
        norm = 2 * dims if _at(config.decoder_norm_types, stage) == "rms_norm" else 4 * dims
        if _at(config.decoder_block_types, stage) == "ResBlock":
            count += depth * (18 * dims * dims + dims + norm)
        else:
            scales = config.decoder_qkv_multiscales[stage]
            inner = dims // config.attention_head_dim * config.attention_head_dim
            attention = 3 * dims * inner + inner * (1 + len(scales)) * dims + norm
            attention += sum(3 * inner * (size * size + config.attention_head_dim) for size in scales)
            hidden = EXPAND * dims
            count += depth * (attention + 2 * hidden * (dims + 1 + 9 + 1) + hidden * dims + 2 * dims)
    last = channels[0] if layers[0] > 0 else channels[1]
    outs = config.in_channels * (shuffled if layers[0] == 0 else 1)
    return (count + 2 * last + (9 * last + 1) * outs) * item


def _text_encoder_work(config: TextEncoderConfig, item: int) -> int:
    scores = config.num_attention_heads * PROMPT_TOKENS**2
    return PROMPT_TOKENS * (3 * config.intermediate_size + 4 * config.hidden_size) * item + 3 * scores * item


def _transformer_work(config: TransformerConfig, tokens: int, item: int) -> int:
    """Four arrays of the feed-forward's doubled width and five of the trunk's; in half precision, some in float32."""
    hidden = int(config.mlp_ratio * config.width)
    return tokens * (item * (8 * hidden + 5 * config.width) + (4 - item) * 2 * (hidden + config.width))


def _decoder_work(
    config: AutoencoderConfig, width: int, height: int, tile: int | None, item: int, unfolds: bool
) -> int:
    """The larger of a strip's hidden layers and of one tile, beside the picture and what stands before the tiles."""
    run, channels, pixels = decoder_tail(asdict(config)), config.decoder_block_out_channels, width * height
    whole = pixels // run.up**2 * channels[min(len(run.stages), len(channels) - 1)]
    strip = whole * EXPANSION
    if tile is not None:
        strip = min(strip, tile * tile * TILE_CHANNELS)
    work = max(4 * strip * item, *_tile_work(config, (width, height), tile, item, unfolds))
    return pixels * config.in_channels + 3 * whole * item + int(work)


def _tile_work(
    config: AutoencoderConfig, sides: tuple[int, int], tile: int | None, item: int, unfolds: bool
) -> Iterator[float]:
    """Bytes that the convolutions of each block after the last attention need for one tile."""
    # The CPU build computes in float32, on a copy of each pixel's 3 x 3 neighbourhood. The input is held twice and
    # padded, the output with its shortcut. The GPU's Winograd form has 64 / 36 of the values of each besides.
    item, inputs, outputs = (4, 9 + 2.5, 3.0) if unfolds else (item, 1.8 + 2.5, 1.8 + 3.0)
    channels, layers = config.decoder_block_out_channels, config.decoder_layers_per_block
    run = decoder_tail(asdict(config))
    block, scale = 0, run.up

    def pixels(extent: int) -> float:
        """Of a window with that much more on each side, at the resolution that is reached."""
        window = 1.0
        for side in sides:
            whole = side / scale
            window *= whole if tile is None else min(whole, tile / scale + 2 * extent)
        return window

    for stage in run.stages:
        dims = channels[stage]
        if layers[stage] == 0:
            continue
        if stage < len(channels) - 1:
            before, enlarged = pixels(run.reach(block)), 4 if config.upsample_block_type == "interpolate" else 1
            yield item * before * (inputs * channels[stage + 1] * enlarged + outputs * dims * 4)
            block, scale = block + 1, scale // 2
        yield item * pixels(run.reach(block)) * (inputs + outputs) * dims
        block += layers[stage]
    last = channels[0] if layers[0] > 0 else channels[1]
    enlarged = 4 if layers[0] == 0 and config.upsample_block_type == "interpolate" else 1
    yield item * pixels(run.reach(block)) * inputs * last * enlarged


def _bytes(layers: Layers, item: int, bits: int | None) -> int:
    total = 0
    for rows, columns, quantized in layers:
        size = next((size for size in GROUP_SIZES if columns % size == 0), None)
        if bits is None or size is None or not quantized:
            total += rows * columns * item
        else:
            # a scale and a bias of two bytes for each group
            total += rows * columns * bits // 8 + rows * (columns // size) * 4
    return total


def _at(value: str | tuple[str, ...], stage: int) -> str:
    return value if isinstance(value, str) else value[stage]
