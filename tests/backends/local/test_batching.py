"""As many pictures are made at once as was measured to be faster; each is what it would be alone."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.backends.local.batching import LONGEST_STEP, ONCE_IN, Batching
from app.backends.local.timings import Setup, Timing, Timings
from app.core.errors import GenerationCancelled
from app.core.events import Event, Generated, Preview, Progress, Stage
from app.core.request import GenerationRequest
from tests.backends.local.test_backend import NumpyBackend, NumpyModel, generated, request, run

SIDE = 64
MODELS = itertools.count()


def measured(*steps: float, fits: Callable[[int], bool] = lambda size: True) -> Batching:
    """What was measured of batches of 1, 2, 4, ... pictures: seconds of a step for each picture."""
    timings, setup = Timings(), Setup("torch", "cpu", "float32", f"model {next(MODELS)}", 2)
    for power, seconds in enumerate(steps):
        timings.add(replace(setup, together=2**power), SIDE, SIDE, Timing(seconds, 0.1))
    return Batching(timings, setup, SIDE, SIDE, fits)


@pytest.mark.parametrize(
    ("steps", "wanted", "size"),
    [
        ((), 8, 1),  # a picture alone is measured first
        ((0.1,), 8, 2),  # then each larger batch,
        ((0.1, 0.06), 8, 4),
        ((0.1, 0.06, 0.04), 8, 8),
        ((0.1, 0.06, 0.04, 0.03), 40, 8),  # up to the largest
        ((0.1, 0.06, 0.07), 8, 2),  # or to the first that is not faster
        ((0.1, 0.099), 8, 1),
        ((0.1, 0.06, 0.04), 3, 2),  # of no more pictures than there are to make
        ((0.1, 0.06), 1, 1),
    ],
)
def test_the_fastest_batch_is_found_by_trying(steps: tuple[float, ...], wanted: int, size: int) -> None:
    assert measured(*steps).choose(wanted, seed=1) == size


def test_once_in_a_while_a_measure_is_repeated() -> None:
    slower, faster = measured(0.1, 0.2), measured(0.1, 0.05, 0.04, 0.03)
    assert [slower.choose(8, seed) for seed in (ONCE_IN - 1, ONCE_IN, ONCE_IN + 1)] == [1, 2, 1]
    assert [faster.choose(8, seed) for seed in (1, ONCE_IN)] == [8, 4]


def test_a_batch_has_to_fit_the_memory_and_a_step_of_it_stays_short() -> None:
    assert measured(0.1, 0.06, 0.04, 0.03, fits=lambda size: size < 4).choose(8, seed=1) == 2
    assert measured(LONGEST_STEP / 3).choose(8, seed=1) == 2
    assert measured(LONGEST_STEP).choose(8, seed=1) == 1


@pytest.fixture
def folder(checkpoint_folder: Callable[..., Path]) -> Path:
    return checkpoint_folder(qk_norm="rms_norm_across_heads")  # a family that was never trained in float16


class Batches(NumpyBackend):
    """As the tests' own backend, with networks that take several pictures."""

    def __init__(self, folder: Path, **options: Any) -> None:
        super().__init__(**options)
        for together, seconds in ((1, 0.01), (2, 0.006), (4, 0.004)):
            setup = Setup("torch", "cpu", "bfloat16", str(folder), 2, together=together)
            self._timings.add(setup, 32, 16, Timing(seconds, 0.001))

    def batches_pictures(self, device: str) -> bool:
        return True


def together(events: list[Event], stage: Stage = Stage.GENERATE) -> list[tuple[int, int]]:
    found = [(e.picture, e.together) for e in events if isinstance(e, Progress) and e.stage is stage]
    return list(dict.fromkeys(found))


def test_the_pictures_of_a_batch_are_those_of_their_seeds(folder: Path) -> None:
    backend, wanted = Batches(folder), request(folder, count=7)
    events = run(backend, wanted)
    # The first one after loading is made alone: it waits for what is loaded late.
    assert together(events) == [(0, 1), (1, 4), (5, 2)]
    assert together(events, Stage.DECODE) == [(0, 1), (1, 4), (2, 3), (3, 2), (4, 1), (5, 2), (6, 1)]
    pictures = generated(events)
    assert [(each.picture, each.seed) for each in pictures] == [(number, 5 + number) for number in range(7)]
    assert {event.picture for event in events if isinstance(event, Preview)} == {1, 2, 3, 4, 5, 6}
    for picture in pictures:
        (alone,) = generated(run(NumpyBackend(), request(folder, seed=picture.seed)))
        assert np.array_equal(picture.output.pixels, alone.output.pixels)


def test_what_a_batch_took_is_remembered_for_one_picture(folder: Path) -> None:
    backend = Batches(folder)
    run(backend, request(folder, count=1))
    wanted = request(folder, count=4)
    run(backend, wanted)
    timing = Timings().find(Setup("torch", "cpu", "bfloat16", str(folder), 2, together=4), 32, 16)
    assert timing is not None
    assert timing.step < 0.004  # the model of the test is faster than was said of it
    assert backend.estimate(wanted.replace(precision="bfloat16")).seconds == pytest.approx(4 * timing.picture(4))


def test_where_a_batch_needs_too_much_memory_its_pictures_are_made_alone(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    velocity = NumpyModel.velocity

    def small(self: NumpyModel, latents: np.ndarray, *others: Any, **more: Any) -> np.ndarray:
        if len(latents) > 1:
            raise RuntimeError("CUDA out of memory")
        return velocity(self, latents, *others, **more)

    monkeypatch.setattr(NumpyModel, "velocity", small)
    events = run(Batches(folder), request(folder, count=5))
    assert [event.picture for event in generated(events)] == [0, 1, 2, 3, 4]
    assert together(events) == [(number, 1) for number in range(5)]


def test_a_batch_is_cancelled_between_two_steps_and_its_model_stays(folder: Path) -> None:
    backend = Batches(folder)
    seen: list[Event] = []
    events = backend.generate(request(folder, count=5), lambda: len(seen) > 14)
    with pytest.raises(GenerationCancelled):
        seen.extend(events)
    assert together(seen) == [(0, 1), (1, 4)]
    assert backend.log.count("open bfloat16") == 1
    assert len(generated(run(backend, request(folder, count=5)))) == 5
    assert backend.log.count("open bfloat16") == 1


def test_a_batch_whose_numbers_break_down_is_made_again_and_no_picture_twice(folder: Path) -> None:
    backend = Batches(folder, faults={"bfloat16": "velocity"})
    wanted: GenerationRequest = request(folder, count=3)
    pictures = generated(run(backend, wanted))
    assert [event.picture for event in pictures] == [0, 1, 2]
    assert {event.provenance.precision for event in pictures} == {"float32"}
    assert isinstance(pictures[0], Generated)
