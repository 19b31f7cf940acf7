"""Noise from a seed: the same numbers on every machine and for every back end."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from app.core.request import Variation
from app.diffusion.model import Array


class Noise:
    """The stream of Gaussian noise that belongs to a seed, varied towards those of other seeds; or the streams of
    several pictures that are made as one batch, each with the numbers of its own seed.

    Every draw is varied, not the first alone: a solver that draws anew at each step (SCM) gives the other seed's
    picture at an amount of 1, too, and with any other amount a picture between the two.

    Philox is a counter-based generator, whose numbers do not depend on the platform
    (https://numpy.org/doc/stable/reference/random/bit_generators/philox.html).

    Args:
        seed: of the first picture.
        variations: of every picture.
        pictures: so many, with the seeds from `seed` on.
    """

    def __init__(self, seed: int, variations: Sequence[Variation] = (), pictures: int = 1) -> None:
        self.pictures = pictures
        self._streams = [
            (_generator(seed + number), [(_generator(each.seed), each.amount) for each in variations])
            for number in range(pictures)
        ]

    def draw(self, shape: tuple[int, ...]) -> Array:
        """The next numbers of the streams in C order, so (B, C, h, w) for the latents of B pictures; mean 0, standard
        deviation 1.
        """
        single = (shape[0] // self.pictures, *shape[1:])
        drawn = []
        for generator, others in self._streams:
            noise = _draw(generator, single)
            for other, amount in others:
                noise = slerp(noise, _draw(other, single), amount)
            drawn.append(noise)
        return drawn[0] if len(drawn) == 1 else np.concatenate(drawn)


def slerp(start: Array, end: Array, amount: float) -> Array:
    """Spherical interpolation (Shoemake 1985) of two arrays as directions: between two draws of noise, it is noise of
    the same strength. At 0 and 1 it is `start` and `end` to the bit.

    Args:
        start, end: of one shape, float32.
        amount: 0..1.
    """
    if amount <= 0:
        return start
    if amount >= 1:
        return end
    # In float64 and without BLAS, whose order of adding differs between machines.
    first, second = start.astype(np.float64), end.astype(np.float64)
    lengths = np.sqrt(np.sum(first * first) * np.sum(second * second))
    cosine = np.clip(np.sum(first * second) / lengths, -1.0, 1.0) if lengths else 1.0
    angle = np.arccos(cosine)
    sine = np.sin(angle)
    if sine < 1e-6:  # one direction, or opposite ones, between which there are many ways
        return start if amount < 0.5 else end
    mixed = np.sin((1 - amount) * angle) / sine * first + np.sin(amount * angle) / sine * second
    return np.asarray(mixed, np.float32)


def _generator(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(seed))


def _draw(generator: np.random.Generator, shape: tuple[int, ...]) -> Array:
    return generator.standard_normal(shape, dtype=np.float32)
