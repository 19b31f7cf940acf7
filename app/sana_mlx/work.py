"""Operations and bytes of each stage of a picture, counted from a checkpoint's configs. Imports nothing of MLX.

A multiplication and an addition count as two operations. Bytes are the least that must move: each weight once, each
layer's input and output once. Norms, activations and other elementwise work are not counted; they belong fused into
the layers beside them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from app.diffusion.tiling import Span, decoder_tail, spans

from .config import AutoencoderConfig, TextEncoderConfig, TransformerConfig, per_stage
from .strips import strip_rows

DECODER_EXPANSION = 4  # of the feed-forward in the autoencoder's EfficientViT blocks


@dataclass
class Work:
    """Operations, weights, and values read and written, of a stage."""

    operations: float = 0.0
    weights: float = 0.0
    values: float = 0.0

    def linear(self, tokens: int, inner: int, outer: int) -> None:
        """A matrix product with weights; also a 1x1 convolution."""
        self.conv(tokens, inner, outer, 1)

    def conv(self, outputs: int, inner: int, outer: int, kernel: int, groups: int = 1, inputs: int = 0) -> None:
        """A convolution with `outputs` output positions, and as many input positions unless told."""
        each = inner // groups * outer * kernel * kernel
        self.operations += 2.0 * outputs * each
        self.weights += each
        self.values += (inputs or outputs) * inner + outputs * outer

    def product(self, rows: int, inner: int, columns: int, count: int = 1) -> None:
        """`count` matrix products of values with values."""
        self.operations += 2.0 * count * rows * inner * columns
        self.values += count * (rows * inner + inner * columns + rows * columns)

    def times(self, count: int) -> Work:
        return Work(self.operations * count, self.weights, self.values * count)

    def bytes(self, per_weight: float, per_value: float) -> float:
        return self.weights * per_weight + self.values * per_value


def text_encoder(config: TextEncoderConfig, tokens: int) -> Work:
    """Gemma-2 on one prompt."""
    work = Work()
    width, heads, head = config.hidden_size, config.num_attention_heads, config.head_dim
    for _ in range(config.num_hidden_layers):
        work.linear(tokens, width, heads * head)
        work.linear(tokens, width, 2 * config.num_key_value_heads * head)
        work.product(tokens, head, tokens, heads)
        work.product(tokens, tokens, head, heads)
        work.linear(tokens, heads * head, width)
        work.linear(tokens, width, 2 * config.intermediate_size)
        work.linear(tokens, config.intermediate_size, width)
    return work


def transformer(config: TransformerConfig, tokens: int, prompt_tokens: int) -> Work:
    """One pass on one picture of that many tokens."""
    work = Work()
    dims, cross = config.width, config.cross_width
    head, hidden = config.attention_head_dim, int(config.mlp_ratio * config.width)
    patch = config.patch_size**2
    work.linear(tokens, config.in_channels * patch, dims)
    work.linear(prompt_tokens, config.caption_channels, dims)
    work.linear(prompt_tokens, dims, dims)
    for _ in range(config.num_layers):
        work.linear(tokens, dims, 3 * dims)
        work.product(head, tokens, head, config.num_attention_heads)
        work.product(tokens, head, head, config.num_attention_heads)
        work.linear(tokens, dims, dims)
        work.linear(tokens, dims, cross)
        work.linear(prompt_tokens, config.cross_attention_dim, 2 * cross)
        work.product(tokens, config.cross_attention_head_dim, prompt_tokens, config.num_cross_attention_heads)
        work.product(tokens, prompt_tokens, config.cross_attention_head_dim, config.num_cross_attention_heads)
        work.linear(tokens, cross, dims)
        work.linear(tokens, dims, 2 * hidden)
        work.conv(tokens, 2 * hidden, 2 * hidden, 3, groups=2 * hidden)
        work.linear(tokens, hidden, dims)
    work.linear(tokens, dims, (config.out_channels or config.in_channels) * patch)
    return work


def decoder(config: AutoencoderConfig, width: int, height: int, tile: int | None = None) -> Work:
    """The autoencoder's decoder on one picture of that many pixels.

    Args:
        config: the autoencoder's.
        width, height: of the picture.
        tile: side of the tiles, in pixels, None for the whole picture at once. Tiles, and the strips before them, also
            compute their halos, and those strips their attention's projections twice.
    """
    work, run = Work(), decoder_tail(asdict(config))
    channels, layers = config.decoder_block_out_channels, config.decoder_layers_per_block
    kinds, stages = per_stage(config.decoder_block_types, len(channels)), len(channels)
    rows, columns = height // config.factor, width // config.factor
    windows = iter(run.windows(height // run.up, width // run.up, tile or max(width, height)))
    work.conv(rows * columns, config.latent_channels, channels[-1], 3)
    for i in reversed(range(stages)):
        dims, tiled = channels[i], i in run.stages
        if i < stages - 1 and layers[i]:
            strips = _Strips(rows, columns, channels[i + 1], tile)
            _up(work, config, next(windows) if tiled else strips.pixels(1, 4), channels[i + 1], dims)
            rows, columns = 2 * rows, 2 * columns
        strips = _Strips(rows, columns, dims, tile)
        for _ in range(layers[i]):
            if kinds[i] == "ResBlock":
                pixels = next(windows) if tiled else strips.pixels(2)
                work.conv(pixels, dims, dims, 3)
                work.conv(pixels, dims, dims, 3)
            else:
                _efficient_vit(work, strips, config.attention_head_dim, config.decoder_qkv_multiscales[i])
    if layers[0]:
        work.conv(next(windows), channels[0], config.in_channels, 3)
    else:
        _up(work, config, next(windows), channels[1], config.in_channels)
    return work


@dataclass(frozen=True, slots=True)
class _Strips:
    """How a stage's input is cut into strips of rows. `tile` is None where it is not."""

    rows: int
    columns: int
    dims: int
    tile: int | None

    def pieces(self, halo: int, larger: int = 1) -> list[Span]:
        """The strips of a layer whose output has `larger` times the values of its input."""
        row = self.columns * self.dims
        return list(spans(self.rows, self.rows if self.tile is None else strip_rows(self.tile, row) // larger, halo))

    def pixels(self, halo: int, larger: int = 1) -> int:
        """Those of the input of all strips together."""
        return self.columns * sum(piece.source.stop - piece.source.start for piece in self.pieces(halo, larger))


def _up(work: Work, config: AutoencoderConfig, pixels: int, dims: int, out_dims: int) -> None:
    """Twice the resolution."""
    if config.upsample_block_type == "interpolate":
        work.conv(4 * pixels, dims, out_dims, 3, inputs=pixels)
    else:
        work.conv(pixels, dims, 4 * out_dims, 3)


def _efficient_vit(work: Work, strips: _Strips, head: int, kernels: Sequence[int]) -> None:
    dims, heads, halo = strips.dims, strips.dims // head, max((kernel // 2 for kernel in kernels), default=0)
    pixels, projected = strips.rows * strips.columns, strips.pixels(halo) * min(2, len(strips.pieces(halo)))
    work.linear(projected, dims, 3 * dims)
    for kernel in kernels:
        work.conv(projected, 3 * dims, 3 * dims, kernel, groups=3 * dims)
        work.conv(projected, 3 * dims, 3 * dims, 1, groups=3 * heads)
    scales = 1 + len(kernels)
    work.product(head, pixels, head, heads * scales)
    work.product(pixels, head, head, heads * scales)
    work.linear(pixels, scales * dims, dims)
    hidden, pixels = DECODER_EXPANSION * dims, strips.pixels(1)
    work.linear(pixels, dims, 2 * hidden)
    work.conv(pixels, 2 * hidden, 2 * hidden, 3, groups=2 * hidden)
    work.linear(pixels, hidden, dims)
