from __future__ import annotations

import numpy as np

from app.diffusion.masks import blurred, depth, feathered, grown


def square(first: int = 8, last: int = 24, side: int = 32) -> np.ndarray:
    mask = np.zeros((side, side), np.float32)
    mask[first:last, first:last] = 1
    return mask


def test_growing_reaches_as_far_as_said() -> None:
    assert np.array_equal(grown(square(), 3), square(5, 27))
    assert np.array_equal(grown(square(0, 32), 3), square(0, 32))


def test_a_blur_keeps_the_mean_and_makes_the_edge_soft() -> None:
    soft = blurred(square(), 2)
    assert abs(soft.mean() - square().mean()) < 1e-5
    assert soft[16, 16] == 1
    assert (np.diff(soft[16, 3:12]) >= 0).all()
    assert 0 < soft[16, 7] < 1
    assert np.allclose(blurred(np.full((9, 7), 0.3, np.float32), 4), 0.3)


def test_depth_counts_from_the_edge_but_not_from_that_of_the_picture() -> None:
    deep = depth(square() > 0, 5)
    assert deep[16, 5:14].tolist() == [0, 0, 0, 1, 2, 3, 4, 5, 5]
    assert (depth(square(0, 32) > 0, 5) == 5).all()


def test_a_feather_rises_inside_alone_and_thin_lines_keep_their_middle() -> None:
    mask = square() > 0
    mask[2] = True  # a line of one pixel
    share = feathered(mask, 4)
    assert (share[~mask] == 0).all()
    assert (share[2] == 1).all()
    assert (np.diff(share[16, 8:12]) > 0).all()
    assert share[16, 16] == 1
