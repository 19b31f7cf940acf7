"""The peak memory of a picture, before it is generated. Arithmetic on config.json files; imports nothing of MLX.

Weights are counted exactly. What a forward pass needs besides was measured with `measure.py` on the CPU build and is
written here as multiples of the layers' own sizes. A picture has three phases: the text encoder, which then leaves; the
transformer; and the autoencoder beside the transformer, which stays for the next picture.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from app.diffusion.tiling import ConvRun, decoder_tail, encoder_head

from .config import (
    BITS,
    GROUP_SIZES,
    TIME_CHANNELS,
    AutoencoderConfig,
    HeadsConfig,
    TextEncoderConfig,
    TransformerConfig,
)
from .strips import strip_values

PROCESS = 135_000_000
"""Python, numpy and MLX by themselves, resident."""
PROMPT_TOKENS = 560
"""The instruction and the longest prompt."""
CAPTION_TOKENS = 300
FUSED_HEADS = (64, 80, 128)
"""Channels of a head for which Metal's attention keeps no scores, whatever the version of MLX."""
EXPAND = 4
TILES = (None, *range(1024, 127, -64))
"""Sides in pixels, None for the whole picture. The larger ones compute less: see `work.decoder`."""
LARGE = 2048 * 2048
"""Pixels of a picture that is cut into tiles even where there is memory for the whole,"""
LARGE_WORK = 2_500_000_000
"""so that the autoencoder takes no more than this besides the weights."""


@dataclass(frozen=True, slots=True)
class Peak:
    """Bytes at the peak of each phase, without the process itself; `encoder` is 0 where nothing is encoded."""

    text_encoder: int
    transformer: int
    encoder: int
    decoder: int

    @property
    def total(self) -> int:
        """The peak of the process."""
        return PROCESS + max(self.text_encoder, self.transformer, self.encoder, self.decoder)


def estimate_peak(
    transformer: TransformerConfig,
    autoencoder: AutoencoderConfig,
    text_encoder: TextEncoderConfig,
    width: int,
    height: int,
    precision: str,
    tile: int | None,
    *,
    encodes: bool = False,
    together: bool = False,
    controlnet: TransformerConfig | None = None,
    unfolds: bool = sys.platform != "darwin",
) -> Peak:
    """The peak memory of each phase of one picture.

    Args:
        transformer, autoencoder, text_encoder: the checkpoint's configurations.
        width, height: of the picture, in pixels.
        precision: "float32", "bfloat16", "8bit" or "4bit".
        tile: side of the autoencoder's tiles, None where it works on the whole picture.
        encodes: there is a picture to start from.
        together: all parts stay loaded, because the memory is large for them.
        controlnet: the configuration of the ControlNet beside the transformer, if there is one.
        unfolds: convolutions copy each pixel's 3 x 3 neighbourhood, as MLX's CPU build does.
    """
    item = 4 if precision == "float32" else 2
    bits = BITS.get(precision)
    factor = autoencoder.factor
    trunk = transformer_weights(transformer, item, bits)
    if controlnet is not None:
        trunk += controlnet_weights(controlnet, item, bits)
    gemma, reading = text_encoder_peak(text_encoder, item, bits)
    tokens = (width // factor // transformer.patch_size) * (height // factor // transformer.patch_size)
    # The ControlNet works block by block beside the transformer, so that its own tokens are all that is held of it.
    held = 2 * tokens * controlnet.width * item if controlnet is not None else 0
    beside = trunk + (gemma if together else 0)
    encoding = decoding = 0
    if encodes:
        encoding = encoder_weights(autoencoder, item)
        work = _encoder_work(autoencoder, width, height, tile, item, unfolds)
        decoding, encoding = (encoding if together else 0), beside + encoding + work
    decoding += beside + decoder_weights(autoencoder, item)
    return Peak(
        text_encoder=reading,
        transformer=beside + held + _transformer_work(transformer, tokens, item, unfolds),
        encoder=encoding,
        decoder=decoding + _decoder_work(autoencoder, width, height, tile, item, unfolds),
    )


def largest_tile(
    limit: int,
    transformer: TransformerConfig,
    autoencoder: AutoencoderConfig,
    text_encoder: TextEncoderConfig,
    width: int,
    height: int,
    precision: str,
    *,
    encodes: bool = False,
    together: bool = False,
    controlnet: TransformerConfig | None = None,
) -> int | None:
    """The largest tile with which the autoencoder stays within `limit` bytes, None for the whole picture.

    No other that fits computes less. The smallest of `TILES` if none fits.
    """

    def need(width: int, height: int, tile: int | None) -> int:
        peak = estimate_peak(
            transformer, autoencoder, text_encoder, width, height, precision, tile, encodes=encodes, together=together,
            controlnet=controlnet,
        )  # fmt: skip
        return PROCESS + max(peak.encoder, peak.decoder)

    if width * height > LARGE:
        side = autoencoder.factor * transformer.patch_size
        limit = min(limit, need(side, side, None) + LARGE_WORK)
    for tile in TILES:
        if need(width, height, tile) <= limit:
            return tile
    return TILES[-1]


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
    return config.num_layers * (layers_bytes(block, item, bits) + rest * item) + others * item


def controlnet_weights(config: TransformerConfig, item: int, bits: int | None) -> int:
    """Bytes of a ControlNet's weights: a transformer without its end, and a linear layer for input and each block."""
    w, outputs = config.width, config.patch_size**2 * (config.out_channels or config.in_channels)
    end = 2 * w + w * outputs + outputs
    linear = layers_bytes([(w, w, True)], item, bits) + w * item
    return transformer_weights(config, item, bits) - end * item + (config.num_layers + 1) * linear


def text_encoder_weights(config: TextEncoderConfig, item: int, bits: int | None) -> int:
    """Bytes of Gemma's weights."""
    w, queries = config.hidden_size, config.num_attention_heads * config.head_dim
    keys = config.num_key_value_heads * config.head_dim
    layer: Layers = [(queries, w, True), (keys, w, True), (keys, w, True), (w, queries, True)]
    layer += [(config.intermediate_size, w, True)] * 2 + [(w, config.intermediate_size, True)]
    embedding: Layers = [(config.vocab_size, w, True)]
    norms = (4 * config.num_hidden_layers + 1) * w
    return (
        config.num_hidden_layers * layers_bytes(layer, item, bits) + layers_bytes(embedding, item, bits) + norms * item
    )


def text_encoder_peak(config: TextEncoderConfig, item: int, bits: int | None) -> tuple[int, int]:
    """Bytes of Gemma's weights, and at most, while it is loaded or reads a prompt."""
    weights = text_encoder_weights(config, item, bits)
    # Converting the embedding, of a file in half precision, is the largest step of a first start.
    embedding = config.vocab_size * config.hidden_size
    converting = embedding * 2 + layers_bytes([(config.vocab_size, config.hidden_size, True)], item, bits)
    return weights, max(converting, weights + _text_encoder_work(config, item))


def decoder_weights(config: AutoencoderConfig, item: int) -> int:
    """Bytes of the decoder's weights."""
    channels, layers = config.decoder_block_out_channels, config.decoder_layers_per_block
    shuffled = 1 if config.upsample_block_type == "interpolate" else 4
    count = 9 * config.latent_channels * channels[-1] + channels[-1]
    for stage, (dims, depth) in enumerate(zip(channels, layers, strict=True)):
        if stage < len(channels) - 1 and depth > 0:
            count += (9 * channels[stage + 1] + 1) * dims * shuffled
        norm = 2 * dims if _at(config.decoder_norm_types, stage) == "rms_norm" else 4 * dims
        kind, scales = _at(config.decoder_block_types, stage), config.decoder_qkv_multiscales[stage]
        count += depth * _block_weights(kind, dims, norm, config.attention_head_dim, scales)
    last = channels[0] if layers[0] > 0 else channels[1]
    outs = config.in_channels * (shuffled if layers[0] == 0 else 1)
    return (count + 2 * last + (9 * last + 1) * outs) * item


def encoder_weights(config: AutoencoderConfig, item: int) -> int:
    """Bytes of the encoder's weights."""
    channels, layers = config.encoder_block_out_channels, config.encoder_layers_per_block
    shuffled = 1 if config.downsample_block_type == "Conv" else 4
    first = channels[0] if layers[0] > 0 else channels[1] // shuffled
    count = (9 * config.in_channels + 1) * first
    for stage, (dims, depth) in enumerate(zip(channels, layers, strict=True)):
        if stage < len(channels) - 1 and depth > 0:
            count += (9 * dims + 1) * (channels[stage + 1] // shuffled)
        kind, scales = _at(config.encoder_block_types, stage), config.encoder_qkv_multiscales[stage]
        count += depth * _block_weights(kind, dims, 2 * dims, config.attention_head_dim, scales)
    return (count + (9 * channels[-1] + 1) * config.latent_channels) * item


def _block_weights(kind: str, dims: int, norm: int, head_dim: int, scales: Sequence[int]) -> int:
    """Weights of a ResBlock or an EfficientViTBlock whose first norm has `norm`."""
    if kind == "ResBlock":
        return 18 * dims * dims + dims + norm
    inner, hidden = dims // head_dim * head_dim, EXPAND * dims
    attention = 3 * dims * inner + inner * (1 + len(scales)) * dims + norm
    attention += sum(3 * inner * (size * size + head_dim) for size in scales)
    return attention + 2 * hidden * (dims + 1 + 9 + 1) + hidden * dims + 2 * dims


def _text_encoder_work(config: TextEncoderConfig, item: int) -> int:
    scores = config.num_attention_heads * PROMPT_TOKENS**2
    return (PROMPT_TOKENS * (3 * config.intermediate_size + 4 * config.hidden_size) + 5 * scores) * item


def _transformer_work(config: TransformerConfig, tokens: int, item: int, unfolds: bool) -> int:
    """Four arrays of the feed-forward's doubled width and five of the trunk's; in half precision, some in float32."""
    hidden = int(config.mlp_ratio * config.width)
    work = tokens * (item * (8 * hidden + 5 * config.width) + (4 - item) * 2 * (hidden + config.width))
    caption = CAPTION_TOKENS * 6 * config.width
    return work + (caption + caption_scores(config, tokens, unfolds)) * item


def caption_scores(config: HeadsConfig, tokens: int, unfolds: bool) -> int:
    """Numbers that the attention of so many tokens to the caption keeps: the CPU build has none that is fused
    (`unfolds`), Metal has it for some heads.
    """
    scattered = unfolds or config.cross_attention_head_dim not in FUSED_HEADS
    return tokens * CAPTION_TOKENS * config.num_cross_attention_heads if scattered else 0


def _decoder_work(
    config: AutoencoderConfig, width: int, height: int, tile: int | None, item: int, unfolds: bool
) -> int:
    """The larger of a strip's layers and of one tile's, beside the picture and what stands before the tiles."""
    run, pixels = decoder_tail(asdict(config)), width * height
    stage = min(len(run.stages), len(config.decoder_block_out_channels) - 1)
    whole = pixels // run.up**2 * config.decoder_block_out_channels[stage]
    window = _Window(run, (width // run.up, height // run.up), tile and max(1, tile // run.up), item, unfolds)
    strip = _strip_work(whole, config.decoder_qkv_multiscales, tile, item)
    return int(pixels * config.in_channels + 3 * whole * item + max(strip, *_tail_work(config, window)))


def _encoder_work(
    config: AutoencoderConfig, width: int, height: int, tile: int | None, item: int, unfolds: bool
) -> int:
    """As `_decoder_work`; the picture is there in float32."""
    run, pixels = encoder_head(asdict(config)), width * height
    stage = min(len(run.stages), len(config.encoder_block_out_channels) - 1)
    whole = pixels // run.down**2 * config.encoder_block_out_channels[stage]
    window = _Window(run, (width, height), tile, item, unfolds)
    strip = _strip_work(whole, config.encoder_qkv_multiscales, tile, item)
    return int(pixels * config.in_channels * 4 + 3 * whole * item + max(strip, *_head_work(config, window)))


def _strip_work(whole: int, scales: Sequence[Sequence[int]], tile: int | None, item: int) -> float:
    """Bytes of the layers at low resolution for a strip of the `whole` values there: attention, where it has more than
    one scale, else the feed-forward."""
    values = whole if tile is None else min(whole, strip_values(tile))
    attention, feed_forward = (37, 23) if item == 4 else (28, 14)
    return 4.0 * values * (attention if any(scales) else feed_forward)


@dataclass(frozen=True, slots=True)
class _Window:
    """What of a run of convolutions is computed at once: one tile, or all.

    Attributes:
        sides: of the run's input.
        tile: side of a tile there, without its halo; None for all.
    """

    run: ConvRun
    sides: tuple[int, int]
    tile: int | None
    item: int
    unfolds: bool

    def pixels(self, block: int) -> float:
        """Of the input of a block, with the halo that the blocks from there on need."""
        scale = 2.0 ** sum((op == "up") - (op == "down") for ops in self.run.blocks[:block] for op in ops)
        area = 1.0
        for side in self.sides:
            whole = side * scale
            area *= whole if self.tile is None else min(whole, self.tile * scale + 2 * self.run.reach(block))
        return area

    def conv(self, pixels: float, inputs: float, outputs: float) -> float:
        """Bytes of a convolution that gives so many pixels, its input and output included.

        The CPU build works in float32, on a copy of each pixel's 3 x 3 neighbourhood and on a padded input. The GPU's
        Winograd form has 64 / 36 of the values of input and output besides.
        """
        if self.unfolds:
            return 4 * pixels * (11 * inputs + outputs)
        return self.item * pixels * (3.8 * inputs + 2.8 * outputs)


def _tail_work(config: AutoencoderConfig, window: _Window) -> Iterator[float]:
    """Bytes that each block of the decoder's tail needs, its input included."""
    channels, layers = config.decoder_block_out_channels, config.decoder_layers_per_block
    block = 0
    for stage in window.run.stages:
        if layers[stage] == 0:
            continue
        dims = channels[stage]
        if stage < len(channels) - 1:
            yield _up(config, window, block, channels[stage + 1], dims)
            block += 1
        yield window.pixels(block) * dims * window.item + window.conv(window.pixels(block), dims, dims)
        block += layers[stage]
    if layers[0] > 0:
        yield window.conv(window.pixels(block), channels[0], config.in_channels)
    else:
        yield _up(config, window, block, channels[1], config.in_channels)


def _up(config: AutoencoderConfig, window: _Window, block: int, inputs: int, outputs: int) -> float:
    before = window.pixels(block)
    held = before * inputs * window.item
    if config.upsample_block_type == "interpolate":
        return held + window.conv(4 * before, inputs, outputs)
    # the shuffled output and shortcut besides
    return held + max(window.conv(before, inputs, 4 * outputs), 16 * before * outputs * window.item)


def _head_work(config: AutoencoderConfig, window: _Window) -> Iterator[float]:
    """Bytes that each block of the encoder's head needs, its input included."""
    channels, layers = config.encoder_block_out_channels, config.encoder_layers_per_block
    yield (
        _down(config, window, 0, config.in_channels, channels[1])
        if layers[0] == 0
        else window.conv(window.pixels(0), config.in_channels, channels[0])
    )
    block = 1
    for stage in window.run.stages:
        if layers[stage] == 0:
            continue
        dims = channels[stage]
        yield window.pixels(block) * dims * window.item + window.conv(window.pixels(block), dims, dims)
        block += layers[stage]
        if stage < len(channels) - 1:
            yield _down(config, window, block, dims, channels[stage + 1])
            block += 1


def _down(config: AutoencoderConfig, window: _Window, block: int, inputs: int, outputs: int) -> float:
    """The shortcut takes another of the input and of the output."""
    before = window.pixels(block)
    strided = config.downsample_block_type == "Conv"
    shortcut = before * (2 * inputs + outputs / 4) * window.item
    return shortcut + window.conv(before / 4 if strided else before, inputs, outputs / 4)


def layers_bytes(layers: Layers, item: int, bits: int | None) -> int:
    """Bytes of some layers' weights, `item` for each that is not quantized."""
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
