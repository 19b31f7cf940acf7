import json

import pytest

from app.core.message import message
from app.core.output import Provenance
from app.core.request import GenerationRequest, LoraUse
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


def test_our_json_comes_back_whole() -> None:
    request = REQUEST.replace(prompt='日落 🌅\r\n\t"quoted" \0 \ud800 \\n', options=(("style", "ink"), ("x", 1.5)))
    made = Provenance(seconds=1.5, note=message("Made at {n} steps.", n=3))
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


def test_loras_come_back_by_name_and_hash_and_never_by_a_place() -> None:
    loras = (LoraUse("/home/me/sepia.safetensors", 0.75, "sepia.safetensors", "ab" * 32),)
    written = metadata.to_json(REQUEST.replace(loras=loras), Provenance(), 1.0)
    assert "/home" not in written
    foreign = written.replace('"path": ""', '"path": "/etc/passwd"')
    found = metadata.from_json(foreign)
    assert found is not None
    assert found[0].loras == (LoraUse("", 0.75, "sepia.safetensors", "ab" * 32),)
