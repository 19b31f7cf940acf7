from __future__ import annotations

import dataclasses

import pytest

from app.core.capabilities import Capabilities
from app.core.errors import UserError
from app.core.limits import MASK, START_PICTURE, ClipLimits, InputLimits, LoraLimits, Range
from app.core.request import MAX_SEED, GenerationRequest, ImageInput, LoraUse, Role
from tests.inputs import start_from

SANA = Capabilities(
    model="Sana", size=Range(256, 1024, 512, 32), max_pixels=1024 * 768, steps=Range(1, 50, 20),
    guidance=Range(1, 10, 4.5, 0.1), negative=True, solvers=("dpmpp", "euler"), precisions=("auto", "float32"),
)  # fmt: skip
SPRINT = dataclasses.replace(SANA, guidance=None, negative=False, solvers=("scm",), steps=Range(1, 4, 2))


def test_what_the_request_leaves_open_gets_the_models_defaults() -> None:
    resolved = SANA.resolve(GenerationRequest("x"))
    assert (resolved.width, resolved.height, resolved.steps, resolved.guidance) == (512, 512, 20, 4.5)
    assert resolved.solver == "dpmpp"
    assert resolved.seed is not None
    assert SANA.resolve(resolved) == resolved


def test_what_the_model_does_not_know_is_dropped() -> None:
    resolved = SPRINT.resolve(GenerationRequest("x", negative="y", guidance=7.0))
    assert (resolved.negative, resolved.guidance, resolved.solver) == ("", 1.0, "scm")


@pytest.mark.parametrize(
    ("changes", "in_message", "in_remedy"),
    [
        ({"prompt": " \n"}, "empty", "Type"),
        ({"prompt": "\u200b\ufeff\x00\u0301\u2060\u3164\u2800"}, "empty", "Type"),
        ({"width": 500}, "500 × 512", "nearest size is 512 × 512"),
        ({"width": 4096, "height": 4096}, "4096 × 4096", "nearest size is 864 × 864"),
        ({"width": -5}, "-5", "nearest size is 256 × 512"),
        ({"steps": 0}, "0 steps", "1 to 50"),
        ({"guidance": 99.0}, "99", "1 to 10"),
        ({"solver": "scm"}, "scm", "“dpmpp” or “euler”"),
        ({"precision": "4bit"}, "4bit", "“float32”"),
        ({"count": 0}, "0 pictures", "1 to 16"),
        ({"seed": -1}, "-1", "Choose 0"),
        ({"seed": MAX_SEED, "count": 2}, "seed", "Choose 0"),
        ({"inputs": start_from("/x.png")}, "start from a picture", "Remove"),
        ({"inputs": (ImageInput(Role.MASK, "/x.png"),)}, "mask", "Remove"),
        ({"inputs": (ImageInput(Role.CONTROL, "/x.png"),)}, "control picture", "Remove"),
        ({"inputs": (ImageInput(Role.REFERENCE, "/x.png"),)}, "reference picture", "Remove"),
        ({"loras": (LoraUse("/x.safetensors"),)}, "takes no LoRA", "Remove"),
        ({"frames": 17}, "pictures, not clips", "video model"),
        ({"fps": 24.0}, "pictures, not clips", "video model"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_would(
    changes: dict[str, object], in_message: str, in_remedy: str
) -> None:
    with pytest.raises(UserError) as caught:
        SANA.resolve(GenerationRequest("x").replace(**changes))
    assert in_message in str(caught.value.message)
    assert in_remedy in str(caught.value.remedy)


@pytest.mark.parametrize("wish", [(1, 1), (500, 5000), (4096, 4096), (1000, 700), (256, 1024), (10**400, 512)])
def test_the_nearest_size_fits(wish: tuple[int, int]) -> None:
    width, height = SANA.nearest_size(*wish)
    assert SANA.resolve(GenerationRequest("x", width=width, height=height)).width == width


STUDIO = dataclasses.replace(
    SANA,
    inputs=(
        START_PICTURE,
        MASK,
        InputLimits(Role.CONTROL, Range(0, 2, 1, 0.05)),
        InputLimits(Role.REFERENCE, maximum=2),
    ),
    loras=LoraLimits(2, Range(-2, 2, 1, 0.05)),
    clip=ClipLimits(Range(1, 81, 49, 4), Range(8, 30, 16)),
)
"""Takes everything."""
CONTROL = ImageInput(Role.CONTROL, "/c.png")


@pytest.mark.parametrize(
    ("changes", "in_message", "in_remedy"),
    [
        ({"inputs": start_from("/x.png", 0.0)}, "strength of 0", "more than 0"),
        ({"inputs": start_from("/x.png", 1.5)}, "strength of 1.5", "at most 1"),
        ({"inputs": (ImageInput(Role.MASK, "/m.png"),)}, "mask needs a start picture", "Remove"),
        ({"inputs": (CONTROL, CONTROL)}, "1 of these pictures", "Remove"),
        ({"inputs": (ImageInput(Role.REFERENCE, "/r.png"),) * 3}, "2 of these pictures", "Remove"),
        ({"inputs": (dataclasses.replace(CONTROL, strength=2.5),)}, "strength of 2.5", "0 to 2"),
        ({"inputs": (dataclasses.replace(CONTROL, start=0.8, end=0.2),)}, "from 0.8 to 0.2", "below the end"),
        ({"loras": (LoraUse("/l.safetensors", 2.5),)}, "weight of 2.5", "-2 to 2"),
        ({"loras": (LoraUse("/l.safetensors"),) * 3}, "3 LoRAs", "2 at most"),
        ({"frames": 16}, "16 frames", "17"),
        ({"frames": 400}, "400 frames", "81"),
        ({"fps": 60.0}, "60 frames a second", "8 to 30"),
    ],
)
def test_limits_of_inputs_loras_and_clips(changes: dict[str, object], in_message: str, in_remedy: str) -> None:
    with pytest.raises(UserError) as caught:
        STUDIO.resolve(GenerationRequest("x").replace(**changes))
    assert in_message in str(caught.value.message)
    assert in_remedy in str(caught.value.remedy)


def test_what_a_model_takes_passes_unchanged() -> None:
    request = GenerationRequest(
        "x",
        inputs=(*start_from("/x.png", 0.6, "/m.png"), CONTROL),
        loras=(LoraUse("/l.safetensors", -0.5),),
        frames=49,
        fps=24.0,
    )
    resolved = STUDIO.resolve(request)
    assert (resolved.inputs, resolved.loras) == (request.inputs, request.loras)
    assert (resolved.frames, resolved.fps) == (49, 24.0)


def test_a_model_of_clips_fills_in_frames_and_fps() -> None:
    resolved = STUDIO.resolve(GenerationRequest("x"))
    assert (resolved.frames, resolved.fps) == (49, 16.0)
    assert (SANA.resolve(GenerationRequest("x")).frames, SANA.resolve(GenerationRequest("x")).fps) == (None, None)


@pytest.mark.parametrize("prompt", ["猫", "🐈", "🏳️‍🌈", "a\u200bb", "?", "é", "\u0e01\u0e33"])
def test_a_prompt_that_can_be_seen_is_none_that_is_empty(prompt: str) -> None:
    assert SANA.resolve(GenerationRequest(prompt)).prompt == prompt
