"""Masks, as arrays alone: how far they reach, how soft their edge is, and what of them a model can see."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from app.diffusion.model import Array

Region = npt.NDArray[np.bool_]


def grown(mask: Array, radius: int) -> Array:
    """(H, W) values, each the largest within a square of `radius` pixels around it."""
    for axis in (0, 1):
        edges = [(radius, radius) if axis == side else (0, 0) for side in (0, 1)]
        mask = sliding_window_view(np.pad(mask, edges, mode="edge"), 2 * radius + 1, axis).max(-1)
    return mask


def blurred(mask: Array, radius: int) -> Array:
    """(H, W) values after two means over a square of `radius` pixels around each; beyond the edges they go on."""
    for axis in (0, 1, 0, 1):
        edges = [(radius + 1, radius) if axis == side else (0, 0) for side in (0, 1)]
        sums = np.cumsum(np.pad(mask, edges, mode="edge"), axis, dtype=np.float64)
        length, width = mask.shape[axis], 2 * radius + 1
        mask = ((sums.take(range(width, width + length), axis) - sums.take(range(length), axis)) / width).astype(
            np.float32
        )
    return mask


def depth(inside: Region, limit: int) -> Array:
    """How many pixels deep each pixel lies within a region, up to `limit`; (H, W) float32, 0 outside.

    The edge of the picture is none of the region.
    """
    result = np.zeros(inside.shape, np.float32)
    for number in range(limit):
        result += inside
        padded = np.pad(inside, 1, mode="edge")
        rows, columns = slice(1, -1), slice(1, -1)
        inside = inside & padded[:-2, columns] & padded[2:, columns] & padded[rows, :-2] & padded[rows, 2:]
        if number % 2:  # crosses and squares in turn: nearly a circle
            inside = inside & padded[:-2, :-2] & padded[:-2, 2:] & padded[2:, :-2] & padded[2:, 2:]
    return result


def feathered(inside: Region, width: int) -> Array:
    """0 outside a region, rising to 1 within `width` pixels inside of its edge, sooner where the region is thinner."""
    deep = depth(inside, width)
    return np.divide(deep, grown(deep, width), out=np.zeros_like(deep), where=inside)


def is_thin(inside: Region, side: int) -> bool:
    """Whether no square of `side` pixels fits into a region."""
    return not sliding_window_view(inside, (min(side, inside.shape[0]), min(side, inside.shape[1]))).all((2, 3)).any()
