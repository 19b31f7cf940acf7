from __future__ import annotations

import dataclasses

import pytest

from app.core.capabilities import Capabilities, Range
from app.core.errors import UserError
from app.core.request import MAX_SEED, GenerationRequest

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
        ({"init_image": "/x.png"}, "start from a picture", "Remove"),
        ({"mask": "/x.png"}, "mask", "Remove"),
        ({"strength": 0.0}, "strength", "more than 0"),
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
