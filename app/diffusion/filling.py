"""Holes in a picture filled from their edges: smooth, as a soap film over a wire.

Pull and push (Gortler and others, The Lumigraph, 1996, section 3.4): known pixels are averaged to half the size until
no hole is left, and what is coarse fills the holes of what is fine; a few steps of relaxation at each size make it
nearly the solution of Laplace's equation.
"""

from __future__ import annotations

import numpy as np

from app.diffusion.masks import Region
from app.diffusion.model import Array

RELAXATIONS = 8
_AROUND = tuple((y, x, np.float32(1 if 0 in (y, x) else 0.25)) for y in (-1, 0, 1) for x in (-1, 0, 1) if y or x)


def filled(values: Array, known: Region) -> Array:
    """(H, W, C) float32 with the pixels that are not `known` (H, W) filled in; all zero where none is."""
    if known.all():
        return values
    if not known.any():
        return np.zeros_like(values)
    coarse = _larger(filled(*_halved(values, known)))[: values.shape[0], : values.shape[1]]
    result: Array = np.where(known[..., None], values, coarse)
    for _ in range(RELAXATIONS):
        padded = np.pad(result, ((1, 1), (1, 1), (0, 0)), mode="edge")
        around = (padded[:-2, 1:-1] + padded[2:, 1:-1] + padded[1:-1, :-2] + padded[1:-1, 2:]) / 4
        result = np.where(known[..., None], values, around)
    return result


def _halved(values: Array, known: Region) -> tuple[Array, Region]:
    """At half the size: the means of what is known."""
    height, width = (-(-side // 2) for side in known.shape)
    edges = [(0, 2 * height - known.shape[0]), (0, 2 * width - known.shape[1])]
    share = np.pad(known.astype(np.float32), edges)
    sums = np.pad(values * known[..., None], [*edges, (0, 0)])
    count = share.reshape(height, 2, width, 2).sum((1, 3))
    total = sums.reshape(height, 2, width, 2, -1).sum((1, 3))
    return (total / np.maximum(count, 1)[..., None]).astype(np.float32), count > 0


def _larger(values: Array) -> Array:
    """Twice as large, straight from one pixel to the next."""
    for axis in (0, 1):
        before = np.take(values, np.maximum(np.arange(values.shape[axis]) - 1, 0), axis)
        after = np.take(values, np.minimum(np.arange(values.shape[axis]) + 1, values.shape[axis] - 1), axis)
        pairs = np.stack([0.75 * values + 0.25 * before, 0.75 * values + 0.25 * after], axis + 1)
        shape = list(values.shape)
        shape[axis] *= 2
        values = pairs.reshape(shape).astype(np.float32)
    return values


def continued(values: Array, known: Region, reach: int) -> tuple[Array, Array]:
    """(H, W, C) float32 carried on from what is `known` (H, W) by `reach` pixels, each the mean of those before it.

    So fine detail goes straight on at first and fades slowly. Beyond, values stay as they are.

    Also returns (H, W) float32: by how many pixels each is beyond what is known, 0 where it is known or not reached.
    """
    result, there = np.pad(values, ((1, 1), (1, 1), (0, 0))), np.pad(known, 1)
    steps = np.zeros(known.shape, np.float32)
    for number in range(1, reach + 1):
        beside = there[:-2, 1:-1] | there[2:, 1:-1] | there[1:-1, :-2] | there[1:-1, 2:]
        rows, columns = np.nonzero(beside & ~there[1:-1, 1:-1])
        total, count = np.zeros((len(rows), values.shape[2]), np.float32), np.zeros((len(rows), 1), np.float32)
        for down, right, weight in _AROUND:
            place = rows + 1 + down, columns + 1 + right
            share = weight * there[place][:, None]
            total += share * result[place]
            count += share
        result[rows + 1, columns + 1] = total / count
        steps[rows, columns] = number
        there[rows + 1, columns + 1] = True
    return result[1:-1, 1:-1], steps
