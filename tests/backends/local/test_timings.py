from __future__ import annotations

import dataclasses
import json

import pytest

from app.backends.local.timings import TELLING, Clock, Setup, Timing, Timings
from app.library import paths

SETUP = Setup("torch", "cpu", "float32", "starter", 2)


def test_nothing_is_known_at_first() -> None:
    assert Timings().find(SETUP, 256, 256) is None


def test_remembers_over_restarts() -> None:
    Timings().add(SETUP, 256, 128, Timing(0.5, 2.0))
    assert Timings().find(SETUP, 256, 128) == Timing(0.5, 2.0)
    assert Timing(0.5, 2.0).picture(10) == 7.0


def test_another_size_is_scaled_by_its_pixels() -> None:
    timings = Timings()
    timings.add(SETUP, 256, 256, Timing(1.0, 2.0))
    timings.add(SETUP, 1024, 1024, Timing(64.0, 64.0))
    assert timings.find(SETUP, 256, 512) == Timing(2.0, 4.0)
    assert timings.find(SETUP, 1024, 512) == Timing(32.0, 32.0)


def test_newer_times_count_more() -> None:
    timings = Timings()
    for step in (1.0, 3.0, 5.0):
        timings.add(SETUP, 64, 64, Timing(step, 0.0))
    assert timings.find(SETUP, 64, 64) == Timing(3.5, 0.0)


def test_the_first_picture_after_loading_counts_only_until_there_is_another() -> None:
    timings = Timings()
    timings.add(SETUP, 64, 64, Timing(20.0, 8.0), cold=True)
    assert timings.find(SETUP, 64, 64) == Timing(20.0, 8.0)
    timings.add(SETUP, 64, 64, Timing(1.0, 0.5))
    assert timings.find(SETUP, 64, 64) == Timing(1.0, 0.5)
    timings.add(SETUP, 64, 64, Timing(30.0, 9.0), cold=True)
    assert timings.find(SETUP, 64, 64) == Timing(1.0, 0.5)


@pytest.mark.parametrize("change", [{"precision": "bfloat16"}, {"device": "mps"}, {"model": "other"}, {"passes": 1}])
def test_other_setups_are_other_times(change: dict[str, str]) -> None:
    timings = Timings()
    timings.add(SETUP, 64, 64, Timing(1.0, 1.0))
    values = {name: getattr(SETUP, name) for name in Setup.__slots__}
    assert timings.find(Setup(**{**values, **change}), 64, 64) is None


@pytest.mark.parametrize(
    "content",
    [
        "[]",
        "{",
        json.dumps({SETUP.key: {"axb": 1, "8x8": [1, -1], "8x": [1, 1], "0x8": [1, 1]}}),
        json.dumps({SETUP.key: {"64x64": [10**400, 1], "8x8": [1, float("inf")], "9x9": [float("nan"), 1]}}),
        json.dumps({SETUP.key: {f"{'9' * 5000}x8": [1, 1], f"{'9' * 400}x8": [1, 1]}}),
    ],
)
def test_a_damaged_file_is_no_error(content: str) -> None:
    file = paths.cache() / "timings.json"
    file.parent.mkdir(parents=True)
    file.write_text(content)
    timings = Timings()
    assert timings.find(SETUP, 64, 64) is None
    timings.add(SETUP, 64, 64, Timing(1.0, 1.0))
    assert timings.find(SETUP, 64, 64) == Timing(1.0, 1.0)


def test_the_speed_of_the_machine_is_that_of_the_largest_steps() -> None:
    timings = Timings()
    assert timings.rate(SETUP) is None
    timings.add_rate(SETUP, 0.0, 5e10)
    timings.add(SETUP, 64, 64, Timing(1.0, 1.0), work=TELLING / 2)
    timings.add(SETUP, 64, 64, Timing(1.0, 1.0), work=8 * TELLING, cold=True)
    assert timings.rate(SETUP) == 5e10, "a guess stands until there is a step that tells more"
    Clock(timings, SETUP, (64, 64), 8 * TELLING, cold=False).took(Timing(4.0, 1.0))
    assert Timings().rate(SETUP) == 2 * TELLING
    timings.add(SETUP, 64, 64, Timing(1.0, 1.0), work=3 * TELLING)
    timings.add_rate(SETUP, 0.0, 5e10)
    assert timings.rate(SETUP) == 2 * TELLING, "smaller steps do not count beside larger ones"
    assert timings.rate(dataclasses.replace(SETUP, model="other", passes=1)) == 2 * TELLING
    assert timings.rate(dataclasses.replace(SETUP, device="mps")) is None


@pytest.mark.parametrize("rates", [[], {SETUP.machine: 3}, {SETUP.machine: [1, "x"]}, {SETUP.machine: [1, -5]}])
def test_a_speed_that_makes_no_sense_is_none(rates: object) -> None:
    (paths.cache()).mkdir(parents=True)
    (paths.cache() / "timings.json").write_text(json.dumps({"rates": rates}))
    assert Timings().rate(SETUP) is None
    Timings().add_rate(SETUP, 0.0, 5e10)
    assert Timings().rate(SETUP) == 5e10
