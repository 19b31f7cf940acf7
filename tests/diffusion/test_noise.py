from __future__ import annotations

import numpy as np
import pytest

from app.core.request import Variation
from app.diffusion.noise import Noise, slerp


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


@pytest.mark.parametrize("draws", [1, 3])
def test_a_variation_goes_from_the_noise_of_one_seed_to_that_of_another(draws: int) -> None:
    """All draws are varied: a solver that draws at each step ends on the other seed's picture, too."""
    shape = (1, 32, 8, 8)

    def stream(seed: int, *variations: Variation) -> list[np.ndarray]:
        noise = Noise(seed, variations)
        return [noise.draw(shape) for _ in range(draws)]

    start, end = stream(7), stream(9)
    assert np.array_equal(stream(7, Variation(9, 0.0)), start)
    assert np.array_equal(stream(7, Variation(9, 1.0)), end)
    likeness = []
    for amount in (0.2, 0.5, 0.8):
        varied = stream(7, Variation(9, amount))
        assert varied[0].dtype == np.float32
        assert abs(float(np.std(varied)) - 1) < 0.03  # a mean of the two would have 0.7 in the middle
        likeness.append(np.corrcoef(np.ravel(varied), np.ravel(start))[0, 1])
    assert likeness == sorted(likeness, reverse=True)
    assert likeness[0] > 0.93


def test_variations_follow_each_other() -> None:
    shape = (1, 4, 8, 8)
    once = slerp(Noise(1).draw(shape), Noise(2).draw(shape), 0.4)
    twice = slerp(once, Noise(3).draw(shape), 0.1)
    assert np.array_equal(Noise(1, (Variation(2, 0.4), Variation(3, 0.1))).draw(shape), twice)


def test_a_seed_varied_towards_itself_stays_what_it_is() -> None:
    assert np.array_equal(Noise(5, (Variation(5, 0.4),)).draw((2, 3)), Noise(5).draw((2, 3)))


def test_varied_noise_never_changes() -> None:
    varied = Noise(7, (Variation(9, 0.3),)).draw((4,))
    assert np.allclose(varied, [-0.43162867, 0.25028205, 2.098289, 1.0223761], rtol=1e-5, atol=0)
