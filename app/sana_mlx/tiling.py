"""Decoding and encoding in tiles: the pixels of the whole computation in a fraction of its memory.

The geometry is in `app.diffusion.tiling`. What has attention is computed whole, or in strips of rows whose attention
sums are added up; what has none, tile by tile.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import mlx.core as mx
import numpy as np

from app.diffusion.tiling import spans

from .autoencoder import (
    Block,
    Decoder,
    DownBlock,
    EfficientViTBlock,
    Encoder,
    MultiscaleLinearAttention,
    UpBlock,
    run_blocks,
)
from .layers import attention_sums
from .strips import strip_rows

OnTile = Callable[[int, int], None]
"""Called as (done, total); raising in it stops the work."""


def decode(
    decoder: Decoder,
    latents: mx.array,
    tile: int | None,
    finish: Callable[[mx.array], mx.array],
    on_tile: OnTile | None = None,
) -> np.ndarray:
    """Latents to a picture.

    Args:
        decoder: the network.
        latents: (B, h, w, latent_channels), in the autoencoder's own scale.
        tile: side of a tile in pixels; None for the whole picture at once.
        finish: what becomes of each tile's pixels (B, rows, columns, 3).
        on_tile: called after each tile, and as (0, total) within the stages before them.

    Returns:
        (B, H, W, 3), of the type that `finish` returns.
    """
    if tile is None:
        return np.array(finish(decoder(latents)))
    run = decoder.tiled
    height, width = (side * decoder.factor // run.up for side in latents.shape[1:3])
    tiles = run.tiles(height, width, tile)
    report = on_tile or (lambda done, total: None)
    x = _in_strips(decoder.head(latents), decoder.body(), tile, lambda: report(0, len(tiles)))
    picture: np.ndarray | None = None
    for done, piece in enumerate(tiles, start=1):
        pixels = np.array(finish(run_blocks(decoder.tail(), x[:, *piece.source], run.trims(piece))))
        if picture is None:
            picture = np.empty((len(x), height * run.up, width * run.up, pixels.shape[-1]), pixels.dtype)
        picture[:, *piece.target] = pixels
        report(done, len(tiles))
    assert picture is not None
    return picture


def encode(
    encoder: Encoder, pixels: np.ndarray, tile: int | None, dtype: mx.Dtype, on_tile: OnTile | None = None
) -> mx.array:
    """A picture to latents.

    Args:
        encoder: the network.
        pixels: (B, H, W, 3) float32 in [-1, 1]; the sides are multiples of the autoencoder's factor.
        tile: side of a tile in pixels; None for the whole picture at once.
        dtype: the type to compute in.
        on_tile: called after each tile, and as (total, total) within the stages after them.

    Returns:
        (B, h, w, latent_channels), in the autoencoder's own scale.
    """
    if tile is None:
        return encoder(mx.array(pixels).astype(dtype))
    run = encoder.tiled
    tiles = run.tiles(pixels.shape[1], pixels.shape[2], tile)
    report = on_tile or (lambda done, total: None)
    rows: dict[int, list[mx.array]] = {}
    for done, piece in enumerate(tiles, start=1):
        window = mx.array(pixels[:, *piece.source]).astype(dtype)
        rows.setdefault(piece.target[0].start, []).append(run_blocks(encoder.head(), window, run.trims(piece)))
        report(done, len(tiles))
    x = mx.concatenate([mx.concatenate(row, axis=2) for row in rows.values()], axis=1)
    rows.clear()
    return encoder.tail(_in_strips(x, encoder.body(), tile, lambda: report(len(tiles), len(tiles))))


def _in_strips(x: mx.array, blocks: Sequence[Block], tile: int, between: Callable[[], None]) -> mx.array:
    """Blocks at low resolution, some rows at a time. x: (B, H, W, dims)."""
    for block in blocks:
        rows = strip_rows(tile, x.shape[2] * x.shape[3])
        if isinstance(block, EfficientViTBlock):
            x = _attention(block.attn, x, rows, between)
            x = _strips(block.conv_out, x, between, rows, halo=1)
        elif isinstance(block, UpBlock):
            x = _strips(block, x, between, rows // 4, halo=1, up=2)
        elif isinstance(block, DownBlock):
            x = _strips(block, x, between, rows, halo=1, down=2)
        else:
            x = _strips(block, x, between, rows, halo=2)
    return x


def _strips(
    block: Block, x: mx.array, between: Callable[[], None], rows: int, halo: int, up: int = 1, down: int = 1
) -> mx.array:
    pieces = []
    for source, crop, _ in spans(x.shape[1], rows, halo, up=up, down=down):
        # A crop is a view: without the copy it would hold the whole window.
        pieces.append(mx.contiguous(block(x[:, source])[:, crop]))
        mx.eval(pieces[-1])
        between()
    x = mx.concatenate(pieces, axis=1)
    mx.eval(x)
    return x


def _attention(attn: MultiscaleLinearAttention, x: mx.array, rows: int, between: Callable[[], None]) -> mx.array:
    """First the sums over all strips, then each strip's queries against them."""
    strips = list(spans(x.shape[1], rows, attn.halo))
    if len(strips) == 1:  # nothing is projected twice
        x = attn(x)
        mx.eval(x)
        between()
        return x
    kv, k_sum = mx.array(0.0), mx.array(0.0)
    for source, crop, _ in strips:
        _, k, v = attn.qkv(x[:, source], crop)
        kv, k_sum = (total + part for total, part in zip((kv, k_sum), attention_sums(k, v), strict=True))
        mx.eval(kv, k_sum)
        between()
    pieces = []
    for source, crop, target in strips:
        q, _, _ = attn.qkv(x[:, source], crop)
        pieces.append(attn.finish(q, (kv, k_sum), x[:, target]))
        mx.eval(pieces[-1])
        between()
    x = mx.concatenate(pieces, axis=1)
    mx.eval(x)
    return x
