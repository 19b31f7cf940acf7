"""Noise from a seed: the same numbers on every machine and for every back end."""

from __future__ import annotations

import numpy as np

from app.diffusion.model import Array


class Noise:
    """The stream of Gaussian noise that belongs to a seed.

    Philox is a counter-based generator, whose numbers do not depend on the platform
    (https://numpy.org/doc/stable/reference/random/bit_generators/philox.html).
    """

    def __init__(self, seed: int) -> None:
        self._generator = np.random.Generator(np.random.Philox(seed))

    def draw(self, shape: tuple[int, ...]) -> Array:
        """The next numbers of the stream in C order, so (B, C, h, w) for latents; mean 0, standard deviation 1."""
        return self._generator.standard_normal(shape, dtype=np.float32)
