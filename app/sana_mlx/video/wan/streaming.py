"""Clips through the autoencoder, frame by frame: the clip of the whole computation, with only a few frames in memory.

All that reaches beyond a frame are causal convolutions, and each keeps what the next two frames need of this one. What
reaches beyond a pixel are 3x3 convolutions, which take a frame in strips of rows with a halo of one row, and the
attention in the middle, which sees the whole frame and takes its queries in strips. So streaming and tiling are exact:
only the order of some sums differs. What takes the memory is what the convolutions keep: it grows with a frame, and not
with the clip.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import mlx.core as mx

from ...tiling import OnTile
from .autoencoder import Decoder, Encoder
from .layers import Block, Past


def decode_chunks(
    decoder: Decoder, latents: mx.array, tile: int | None = None, on_tile: OnTile | None = None
) -> Iterator[mx.array]:
    """Latents to a clip, its frames in order.

    Args:
        decoder: the network.
        latents: (1, t, h, w, z_dim) as the transformer has them.
        tile: side in pixels of what a layer takes of a frame at once; None for whole frames. It changes memory and
            time, not the pixels.
        on_tile: called with the finished frames and those of the clip, after each strip; raising in it stops the work.

    Yields:
        (1, 1, H, W, out_channels), about [-1, 1], in the type of the weights.
    """
    config = decoder.config
    total, done = (latents.shape[1] - 1) * config.temporal_factor + 1, 0

    def report() -> None:
        if on_tile is not None:
            on_tile(done, total)

    scaled = latents[0].astype(mx.float32) * mx.array(config.latents_std) + mx.array(config.latents_mean)
    past = Past(tile and tile * tile * config.decoder_dims[-1], total == 1, report)
    for frame in _flow(decoder.blocks(), scaled.astype(decoder.dtype), past):
        mx.eval(frame)
        done += 1
        report()
        yield frame[None]


def encode(encoder: Encoder, pixels: mx.array, tile: int | None = None) -> mx.array:
    """A clip to latents, the mode of what the encoder gives.

    Args:
        encoder: the network.
        pixels: (1, n, H, W, in_channels) in [-1, 1], n = `temporal_factor` k + 1, sides multiples of `factor`.
        tile: as in `decode_chunks`.

    Returns:
        (1, k + 1, h, w, z_dim) float32, as the transformer has them.
    """
    config = encoder.config
    if (pixels.shape[1] - 1) % config.temporal_factor or any(side % config.factor for side in pixels.shape[2:4]):
        raise ValueError(f"{pixels.shape[1:4]} are no frames and sides that the autoencoder can encode")
    past = Past(tile and tile * tile * config.encoder_dims[0], pixels.shape[1] == 1)
    frames: list[mx.array] = []
    for frame in _flow(encoder.blocks(), pixels[0].astype(encoder.dtype), past):
        mx.eval(frame)
        frames.append(frame)
    latents = mx.concatenate(frames)
    return ((latents.astype(mx.float32) - mx.array(config.latents_mean)) / mx.array(config.latents_std))[None]


def _flow(blocks: Sequence[Block], frames: mx.array, past: Past) -> Iterator[mx.array]:
    """What the blocks make of some frames (n, h, w, channels), one by one and depth first."""
    for index in range(len(frames)):
        x = frames[index : index + 1]
        for at, block in enumerate(blocks, start=1):
            x = block(x, past)
            if len(x) != 1:
                yield from _flow(blocks[at:], x, past)
                break
        else:
            yield x
