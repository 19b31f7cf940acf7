"""Clips through the autoencoder, some frames at a time, depth first: the clip of the whole computation in its pieces.

All that reaches beyond a pixel are 3x3x3 convolutions, and each keeps what it needs of the frames before
(`layers.py`). The encoder and some decoders are causal; others, LTX-2's own among them, see as far ahead as they see
back, about twenty latent frames, and wait for those at low resolution, where they are small. Both are exact. What takes
the memory is what the convolutions keep, two frames each, and two more in each block that waits: it grows with a frame
and not with the clip. A frame that is large is taken by a convolution in strips of rows, each with the row before and
after it, which is exact too. Tiles that go through the whole network would not be: it sees 22 latents to each side, all
that a frame of 720p has.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import mlx.core as mx

from ...autoencoder import computed
from ...tiling import OnTile
from .autoencoder import Decoder, Encoder
from .layers import Block, Past

PIECE_VALUES = 1 << 21
"""Frames go on together up to so many values: more is not faster."""
TILE_CHANNELS = 8
"""A tile holds as many values as the decoder's last blocks, which have 128 channels for each 4 x 4 pixels."""


def decode_chunks(
    decoder: Decoder, latents: mx.array, tile: int | None = None, on_tile: OnTile | None = None
) -> Iterator[mx.array]:
    """Latents to a clip, its frames in order.

    Args:
        decoder: the network.
        latents: (1, t, h, w, latent_channels) as the transformer has them.
        tile: side in pixels of what a convolution takes of a frame at once; None for whole frames. It changes memory
            and time, not the pixels.
        on_tile: called with the finished frames and those of the clip, after each strip; raising in it stops the work.

    Yields:
        (1, n, H, W, out_channels), about [-1, 1], in the type of the weights.

    Raises:
        ValueError: the latents are too small for a decoder that reflects frames at their sides.
    """
    config = decoder.config
    if config.decoder_spatial_padding_mode == "reflect" and min(latents.shape[2:4]) < 2:
        raise ValueError(f"the sides of a clip must be {2 * config.factor} pixels at least")
    total = (latents.shape[1] - 1) * config.temporal_factor + 1
    done = 0
    report = on_tile or (lambda done, total: None)
    scaled = latents[0] * decoder.latents_std.astype(mx.float32) + decoder.latents_mean.astype(mx.float32)
    frames = scaled.astype(decoder.latents_std.dtype)
    past = Past(tile and tile * tile * TILE_CHANNELS, lambda: report(done, total))
    for piece in _flow(decoder.blocks(), frames, past, True):
        done += len(piece)
        report(done, total)
        yield piece[None]


def encode(encoder: Encoder, pixels: mx.array, tile: int | None = None) -> mx.array:
    """A clip to latents, the mode of what the encoder gives.

    Args:
        encoder: the network.
        pixels: (1, n, H, W, in_channels) in [-1, 1], n = `temporal_factor` k + 1, sides multiples of `factor`.
        tile: as in `decode_chunks`.

    Returns:
        (1, k + 1, h, w, latent_channels) float32, as the transformer has them.
    """
    config = encoder.config
    if (pixels.shape[1] - 1) % config.temporal_factor or any(side % config.factor for side in pixels.shape[2:4]):
        raise ValueError(f"{pixels.shape[1:4]} are no frames and sides that the autoencoder can encode")
    mean, std = encoder.latents_mean.astype(mx.float32), encoder.latents_std.astype(mx.float32)
    frames = pixels[0].astype(encoder.latents_std.dtype)
    past = Past(tile and tile * tile * TILE_CHANNELS)
    latents = mx.concatenate(list(_flow(encoder.blocks(), frames, past, True)))
    return ((latents.astype(mx.float32) - mean) / std)[None]


def _flow(blocks: Sequence[Block], x: mx.array, past: Past, last: bool) -> Iterator[mx.array]:
    """What the blocks give for a piece, and for no more of it at once than `PIECE_VALUES`.

    Args:
        blocks: what is left to run.
        x: the piece.
        past: of this clip.
        last: nothing comes after the piece.
    """
    for index, block in enumerate(blocks):
        step = max(1, PIECE_VALUES * len(x) // x.size)
        if step < len(x):
            for start in range(0, len(x), step):
                at_end = last and start + step >= len(x)
                yield from _flow(blocks[index:], x[start : start + step], past, at_end)
            return
        x = computed(block(x, past, last))
        if not len(x):
            return
    yield x
