from __future__ import annotations

import json
import pickle

import pytest

from app.core.request import GenerationRequest, ImageInput, LoraUse, Role

FULL = GenerationRequest(
    prompt="a cat\n猫 🐈", negative="dogs", model="/a/folder", backend="torch", width=64, height=96, steps=3,
    guidance=4.5, solver="euler", seed=7, count=2, precision="float32",
    inputs=(
        ImageInput(Role.INIT, "/a.png", 0.5),
        ImageInput(Role.CONTROL, "/c.png", 0.8, 0.1, 0.9, "a-net", "c.png", "00"),
    ),
    loras=(LoraUse("/l.safetensors", -0.5),), frames=17, fps=24.0,
    options=(("model_variant", "1600M"), ("n", 2)),
)  # fmt: skip


@pytest.mark.parametrize("request_", [FULL, GenerationRequest("x")])
def test_json_and_pickle_give_the_same_request_back(request_: GenerationRequest) -> None:
    assert GenerationRequest.from_json(json.loads(json.dumps(request_.to_json()))) == request_
    assert pickle.loads(pickle.dumps(request_)) == request_


def test_fields_of_another_version_are_left_out() -> None:
    assert GenerationRequest.from_json({"prompt": "x", "aura": 3, "schema": 99}) == GenerationRequest("x")


@pytest.mark.parametrize(
    "values",
    [{}, {"prompt": 3}, {"prompt": "x", "width": "64"}, {"prompt": "x", "steps": True}, {"prompt": "x", "options": []},
     {"prompt": "x", "seed": 1.5}],
)  # fmt: skip
def test_wrong_types_are_refused(values: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"is"):
        GenerationRequest.from_json(values)
