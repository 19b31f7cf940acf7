"""What a video model adds to a request, and what it refuses."""

from __future__ import annotations

import dataclasses

import pytest

from app.core.capabilities import Capabilities
from app.core.errors import UserError
from app.core.families import sana_video
from app.core.limits import ClipLimits, InputLimits, Range
from app.core.request import GenerationRequest, ImageInput, Role

VIDEO = Capabilities(
    model="Video", size=Range(32, 960, 480, 16), max_pixels=480 * 960, steps=Range(1, 100, 50),
    guidance=Range(1, 20, 6, 0.1), negative=True, usual_negative="jitter", solvers=("dpmpp", "euler"),
    start_solver="euler", inputs=(InputLimits(Role.INIT),), own_size=(832, 480),
    clip=ClipLimits(Range(5, 161, 81, 4), Range(1, 60, 16)),
)  # fmt: skip
START = (ImageInput(Role.INIT, "/x.png", 0.6),)


def test_what_is_left_open_is_what_the_model_was_trained_with() -> None:
    resolved = VIDEO.resolve(GenerationRequest("x"))
    assert (resolved.width, resolved.height, resolved.frames, resolved.fps) == (832, 480, 81, 16.0)
    assert (resolved.steps, resolved.guidance, resolved.solver, resolved.negative) == (50, 6.0, "dpmpp", "jitter")
    assert VIDEO.resolve(resolved) == resolved


def test_what_is_said_stands() -> None:
    wish = GenerationRequest("x", negative="rain", solver="dpmpp", inputs=START, frames=5, fps=24.0)
    resolved = VIDEO.resolve(wish)
    assert (resolved.negative, resolved.solver, resolved.frames, resolved.fps) == ("rain", "dpmpp", 5, 24.0)


def test_a_first_frame_has_no_strength_and_a_solver_of_its_own() -> None:
    resolved = VIDEO.resolve(GenerationRequest("x", inputs=START))
    assert resolved.solver == "euler"
    assert resolved.inputs[0].strength == 1.0
    with_strength = dataclasses.replace(VIDEO, inputs=(InputLimits(Role.INIT, Range(0, 1, 0.6)),))
    assert with_strength.resolve(GenerationRequest("x", inputs=START)).inputs[0].strength == 0.6


@pytest.mark.parametrize(
    ("start", "size"),
    [((640, 480), (640, 480)), ((1024, 1024), (640, 640)), ((4000, 3000), (736, 544)), ((20, 40), (32, 48))],
)
def test_a_first_frame_that_is_too_large_has_as_many_pixels_as_the_model_was_trained_with(
    start: tuple[int, int], size: tuple[int, int]
) -> None:
    resolved = VIDEO.resolve(GenerationRequest("x", inputs=START), start)
    assert (resolved.width, resolved.height) == size


@pytest.mark.parametrize(
    ("changes", "remedy"),
    [
        ({"frames": 8}, "nearest number that fits is 9"),
        ({"frames": 1}, "nearest number that fits is 5"),
        ({"frames": 400}, "nearest number that fits is 161"),
        ({"width": 500, "height": 480}, "nearest size is 496 × 480"),
        ({"fps": 0.0}, "1 to 60"),
        ({"inputs": (*START, ImageInput(Role.MASK, "/y.png"))}, "Remove the mask"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_nearest_that_does(changes: dict[str, object], remedy: str) -> None:
    with pytest.raises(UserError) as error:
        VIDEO.resolve(GenerationRequest("x").replace(**changes))
    assert remedy in str(error.value.remedy)


@pytest.mark.parametrize(("usual", "draft"), [(81, 17), (21, 17), (17, None), (13, None)])
def test_a_draft_is_shorter_than_a_usual_clip(usual: int, draft: int | None) -> None:
    assert ClipLimits(Range(5, 161, usual, 4), Range(1, 60, 16)).draft_frames == draft


def test_longer_than_twice_what_was_trained_nothing_is_made() -> None:
    assert (sana_video.most_frames(81), sana_video.most_frames(17)) == (161, 33)
