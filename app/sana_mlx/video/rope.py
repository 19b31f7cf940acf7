"""Rotary positions along three axes: frames, rows and columns (RoFormer, https://arxiv.org/abs/2104.09864).

Reference: diffusers, models/transformers/transformer_sana_video.py (`WanRotaryPosEmbed`).
"""

from __future__ import annotations

from functools import partial

import mlx.core as mx
import numpy as np

THETA = 10_000.0


def rotations(grid: tuple[int, int, int], head_dim: int) -> tuple[mx.array, mx.array]:
    """The angles by which each token's channels are turned, pair by pair.

    Args:
        grid: latent frames, rows and columns of the tokens.
        head_dim: channels of a head; rows and columns have a third of the pairs each, rounded down, frames the rest.

    Returns:
        Cosines and sines, each (frames, rows * columns, head_dim / 2) float32.
    """
    side = 2 * (head_dim // 6)
    angles = [_angles(size, dims) for size, dims in zip(grid, (head_dim - 2 * side, side, side), strict=True)]
    tables = []
    for wave in (np.cos, np.sin):
        frames, rows, columns = (mx.array(wave(each).astype(np.float32)) for each in angles)
        parts = (frames[:, None, None], rows[None, :, None], columns[None, None, :])
        whole = mx.concatenate([mx.broadcast_to(part, (*grid, part.shape[-1])) for part in parts], axis=-1)
        tables.append(whole.reshape(grid[0], grid[1] * grid[2], head_dim // 2))
    return tables[0], tables[1]


def rotate(x: mx.array, cos: mx.array, sin: mx.array) -> mx.array:
    """(..., tokens, head_dim) with each pair of neighbouring channels turned by its token's angle."""
    pairs = x.reshape(*x.shape[:-1], -1, 2)
    return mx.stack(list(_turned(pairs[..., 0], pairs[..., 1], cos, sin)), axis=-1).reshape(x.shape)


@partial(mx.compile, shapeless=True)
def _turned(a: mx.array, b: mx.array, cos: mx.array, sin: mx.array) -> tuple[mx.array, mx.array]:
    return a * cos - b * sin, a * sin + b * cos


def _angles(size: int, dims: int) -> np.ndarray:
    frequencies = THETA ** (-np.arange(0, dims, 2, dtype=np.float64) / dims)
    return np.arange(size, dtype=np.float64)[:, None] * frequencies
