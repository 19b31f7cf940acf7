import json
import time

import pytest

from app.core.message import message
from app.core.output import Provenance
from app.core.request import GenerationRequest
from app.library.pictures import metadata

REQUEST = GenerationRequest(
    prompt="a red sailboat, on the sea",
    negative="fog",
    model="starter",
    backend="torch",
    width=512,
    height=256,
    steps=20,
    guidance=4.5,
    solver="dpmpp",
    seed=7,
)


def test_parameters_are_written_as_other_programs_expect_them() -> None:
    text = metadata.to_parameters(REQUEST, Provenance(model="Sana, 1.6B"))
    prompt, negative, values = text.split("\n")
    assert prompt == "a red sailboat, on the sea"
    assert negative == "Negative prompt: fog"
    assert values.startswith(
        'Steps: 20, Sampler: DPM++ 2M, CFG scale: 4.5, Seed: 7, Size: 512x256, Model: "Sana, 1.6B", '
        "Version: Sana Studio "
    )


@pytest.mark.parametrize(
    "prompt",
    [
        REQUEST.prompt,
        '日落 🌅, "quoted", back\\slash',
        "two stairs,\nSteps: 3, Seed: 4, Size: 1x1",
        "Steps: 3, Sampler: Euler, Seed: 9",
    ],
)
def test_parameters_come_back(prompt: str) -> None:
    wanted = REQUEST.replace(prompt=prompt, negative="fog,\nSteps: 9, Sampler: x, Seed: 1")
    found = metadata.from_parameters(metadata.to_parameters(wanted, Provenance(model="Sana, 1.6B")))
    assert found is not None
    request, made = found
    assert request == wanted.replace(model="", backend="auto")
    assert made == Provenance(source="AUTOMATIC1111", model="Sana, 1.6B")


def test_foreign_parameters_map_as_far_as_they_can() -> None:
    text = (
        "a cat <lora:x:1>,\nsitting\nNegative prompt: blurry,\nugly\n"
        "Steps: 25, Sampler: DPM++ 2M SDE Karras, CFG scale: 7, Seed: 4294967299, Size: 512x768, Model hash: abc, "
        'Model: v1-5, Hashes: "{\\"a\\": 1}", Version: v1.9.0'
    )
    found = metadata.from_parameters(text)
    assert found is not None
    request, made = found
    assert request.prompt == "a cat <lora:x:1>,\nsitting"
    assert request.negative == "blurry,\nugly"
    assert (request.width, request.height, request.steps, request.guidance) == (512, 768, 25, 7)
    assert request.solver is None, "we have no SDE solver"
    assert request.seed is None, "the seed is larger than ours can be"
    assert made.model == "v1-5"


def test_a_prompt_that_speaks_of_steps_is_no_line_of_values() -> None:
    found = metadata.from_parameters("a tower\na stair with Steps: 3, and a rail")
    assert found is not None
    assert (found[0].prompt, found[0].steps) == ("a tower\na stair with Steps: 3, and a rail", None)


def test_json_of_another_program_under_the_same_key_is_no_prompt() -> None:
    assert metadata.from_parameters('{"sui_image_params": {"prompt": "a cat"}}') is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "only a prompt",
        "Steps: many, Size: hugexhuge, Seed: -1, CFG scale: nan",
        "Steps: " + "9" * 5000 + ", Size: 99999999x1, CFG scale: 1e999",
        "Steps: 1, " + "a" * 1_000_000,
        "x" * 2_000_000,
        'Steps: 1, Model: "' + "\\" * 5000,
    ],
)
def test_nonsense_in_parameters_is_left_out_quickly(text: str) -> None:
    started = time.perf_counter()
    found = metadata.from_parameters(text)
    assert time.perf_counter() - started < 1, "a hostile text must not take long"
    assert found is not None
    request, _ = found
    assert (request.width, request.guidance, request.seed) == (None, None, None)


def test_invokeai_maps_as_far_as_it_can() -> None:
    text = json.dumps(
        {
            "positive_prompt": "日落",
            "negative_prompt": None,
            "width": 512,
            "height": "tall",
            "seed": 3,
            "steps": 30,
            "cfg_scale": 7.5,
            "scheduler": "dpmpp_2m",
            "model": {"name": "sdxl"},
        }
    )
    found = metadata.from_invokeai(text)
    assert found is not None
    request, made = found
    assert request.replace(model="x") == GenerationRequest(
        "日落", model="x", width=512, seed=3, steps=30, guidance=7.5, solver="dpmpp"
    )
    assert made == Provenance(source="InvokeAI", model="sdxl")


@pytest.mark.parametrize("text", ["", "{}", "[]", "{", '{"positive_prompt": 3}', "[" * 200_000, "9" * 10_000])
def test_broken_invokeai_is_no_answer(text: str) -> None:
    assert metadata.from_invokeai(text) is None


def test_our_json_comes_back_whole() -> None:
    request = REQUEST.replace(prompt='日落 🌅\r\n\t"quoted" \0 \ud800 \\n', options=(("style", "ink"), ("x", 1.5)))
    made = Provenance(seconds=1.5, note=message("Made at {n} steps.", n=3), texts=(("parameters", "a cat\nSteps: 3"),))
    assert metadata.from_json(metadata.to_json(request, made, 12.5)) == (request, made, 12.5)


@pytest.mark.parametrize("text", ["", "{}", '{"request": []}', '{"request": {"prompt": 3}}', "[" * 200_000])
def test_broken_json_of_ours_is_no_answer(text: str) -> None:
    assert metadata.from_json(text) is None


def test_numbers_out_of_all_reason_are_left_to_the_defaults() -> None:
    content = json.loads(metadata.to_json(REQUEST, Provenance(), 0))
    content["request"].update(
        width=10**9, height=-3, steps=10**30, guidance=float("inf"), seed=-1, count=10**9, strength=float("nan")
    )
    content.update(facts="none", created="yesterday", schema=99)
    assert metadata.from_json(json.dumps(content)) == (
        REQUEST.replace(width=None, height=None, steps=None, guidance=None, seed=None, count=1),
        Provenance(),
        None,
    )
