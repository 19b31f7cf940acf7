"""How the autoencoder's stages at low resolution are cut where its others work in tiles. Imports nothing of MLX."""

from __future__ import annotations

TILE_CHANNELS = 512
"""A strip of low resolution holds as many values as a tile of so many channels,"""
STRIP_ROWS = 8
"""but not fewer rows than this: each strip also computes its halo."""
EXPANSION = 8
"""Values inside a GLUMBConv for each of its input."""


def strip_values(tile: int) -> int:
    """How many values a strip has, beside tiles of that side in pixels."""
    return tile * tile * TILE_CHANNELS // EXPANSION


def strip_rows(tile: int, row: int) -> int:
    """How many rows a strip has where one has `row` values."""
    return max(STRIP_ROWS, strip_values(tile) // row)
