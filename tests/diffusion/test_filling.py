from __future__ import annotations

import numpy as np
import pytest

from app.diffusion.filling import continued, filled


def ramp(height: int, width: int) -> np.ndarray:
    return np.broadcast_to(np.linspace(0, 100, width, dtype=np.float32)[None, :, None], (height, width, 3)).copy()


@pytest.mark.parametrize("shape", [(32, 32), (37, 21), (5, 64)])
def test_a_hole_is_filled_smoothly_from_its_edge(shape: tuple[int, int]) -> None:
    values = ramp(*shape)
    known = np.ones(shape, np.bool_)
    known[1:-1, 4 : shape[1] - 4] = False
    result = filled(np.where(known[..., None], values, -1000), known)
    assert np.array_equal(result[known], values[known])
    assert np.abs(result - values).max() < 10
    assert np.abs(np.diff(result, axis=1)).max() < 3 * np.diff(values, axis=1).max() + 4


def test_what_nothing_is_known_of_is_zero_and_what_is_known_stays() -> None:
    values = ramp(8, 8)
    assert not filled(values, np.zeros((8, 8), np.bool_)).any()
    assert np.array_equal(filled(values, np.ones((8, 8), np.bool_)), values)


def test_detail_goes_straight_on_and_fades() -> None:
    stripes = np.zeros((32, 40, 1), np.float32)
    stripes[::2] = 100
    known = np.zeros((32, 40), np.bool_)
    known[:, :10] = True
    result, steps = continued(stripes * known[..., None], known, 12)
    contrast = [float(np.abs(np.diff(result[4:-4, column, 0])).mean()) for column in range(9, 22)]
    assert contrast[1] > 30
    assert contrast[:6] == sorted(contrast[:6], reverse=True)
    assert contrast[12] < 10
    assert steps[5, 8:24].tolist() == [0, 0, *range(1, 13), 0, 0]
    assert (result[:, 22:] == 0).all()
