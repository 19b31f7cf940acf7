from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, cast

import numpy as np
import pytest

from app.diffusion.model import LatentModel
from app.diffusion.windows import OVERLAP, WindowedModel, ramp, windows


class Seen:
    """A model whose velocity is what it sees, plus one for each conditioning before; it notes its windows."""

    latent_channels, spatial_factor, guidance_embeds = 4, 32, False

    def __init__(self) -> None:
        self.shapes: list[tuple[int, ...]] = []

    def shift(self, width: int, height: int, steps: int) -> float:
        return float(width + height)

    def velocity(
        self, latents: np.ndarray, timestep: float, conditionings: Sequence[Any], guidance: float | None = None, *_: Any
    ) -> np.ndarray:
        self.shapes.append(latents.shape)
        return np.concatenate([latents + number for number in range(len(conditionings))])


def windowed(model: Any, side: int = 8, unit: int = 1) -> WindowedModel:
    return WindowedModel(cast(LatentModel, model), side, unit)


@pytest.mark.parametrize("length", [8, 9, 14, 15, 31, 128])
@pytest.mark.parametrize("unit", [1, 2])
def test_windows_cover_a_side_and_overlap_by_a_quarter_at_least(length: int, unit: int) -> None:
    length *= unit
    found = windows(length, 8 * unit, unit)
    assert (found[0].start, found[-1].stop) == (0, length)
    assert all(window.stop - window.start == 8 * unit and window.start % unit == 0 for window in found)
    assert all(before.stop - after.start >= OVERLAP * 8 * unit for before, after in pairwise(found))


def test_a_small_picture_has_one_window() -> None:
    assert windows(5, 8) == [slice(0, 5)]


def test_blended_windows_of_what_is_local_are_the_whole() -> None:
    latents = np.random.default_rng(0).standard_normal((1, 4, 21, 13)).astype(np.float32)
    model = Seen()
    result = windowed(model).velocity(latents, 0.5, ("a", "b"))
    assert np.abs(result - np.concatenate([latents, latents + 1])).max() < 1e-6
    assert set(model.shapes) == {(1, 4, 8, 8)}


def test_where_windows_disagree_one_fades_into_the_other() -> None:
    class Numbered(Seen):
        def velocity(self, latents: np.ndarray, *_: Any) -> np.ndarray:
            self.shapes.append(latents.shape)
            return np.full_like(latents, len(self.shapes))

    side, length = 16, 24
    result = windowed(Numbered(), side).velocity(np.zeros((1, 1, 16, length), np.float32), 0.5, ("a",))
    line = result[0, 0, 3]
    assert (line[0], line[-1]) == (1, 2)
    steps = np.diff(line)
    assert (steps >= 0).all()
    assert steps.max() < 0.3  # not a seam of 1


def test_the_edges_of_the_picture_count_in_full() -> None:
    assert ramp(slice(0, 8), 8).tolist() == [1] * 8
    inner = ramp(slice(4, 12), 20)
    assert inner[0] == inner[-1] < 0.1
    assert inner.max() > 0.9


def test_between_windows_the_work_can_be_stopped() -> None:
    class StoppedError(Exception):
        pass

    model = Seen()

    def stop() -> None:
        if len(model.shapes) == 2:
            raise StoppedError

    with pytest.raises(StoppedError):
        WindowedModel(cast(LatentModel, model), 8, 1, stop).velocity(np.zeros((1, 4, 30, 30), np.float32), 0.5, ("a",))


def test_the_shift_is_that_of_a_window() -> None:
    assert windowed(Seen()).shift(4096, 128, 4) == 256 + 128
