from __future__ import annotations

import numpy as np

from app.diffusion.noise import Noise


def test_is_philox_of_the_seed_in_float32() -> None:
    noise = Noise(7).draw((1, 32, 4, 6))
    assert noise.dtype == np.float32
    assert np.array_equal(noise, np.random.Generator(np.random.Philox(7)).standard_normal((1, 32, 4, 6), np.float32))


def test_never_changes() -> None:
    """Pictures of a seed must stay the same over versions and platforms."""
    assert np.allclose(Noise(7).draw((4,)), [-0.5023736, 0.50684536, 2.0193486, 0.85149574], rtol=1e-6, atol=0)


def test_is_one_stream() -> None:
    noise = Noise(3)
    first, second = noise.draw((2, 5)), noise.draw((2, 5))
    assert not np.array_equal(first, second)
    assert np.array_equal(np.concatenate([first, second]), Noise(3).draw((4, 5)))


def test_seeds_differ() -> None:
    assert abs(np.corrcoef(Noise(0).draw((1000,)), Noise(1).draw((1000,)))[0, 1]) < 0.1
