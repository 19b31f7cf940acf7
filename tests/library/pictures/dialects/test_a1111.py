import time

import pytest

from app.core.output import Provenance
from app.core.request import GenerationRequest, LoraUse
from app.library.pictures import dialects, metadata
from app.library.pictures.dialects import Foreign, a1111

VALUES = "Steps: 25, Sampler: DPM++ 2M Karras, CFG scale: 6.5, Seed: 12345, Size: 640x832, Model: some_model"
OURS = GenerationRequest(
    "a red sailboat", negative="fog", model="starter", width=512, height=256, steps=20, guidance=4.5, solver="dpmpp",
    seed=7,
)  # fmt: skip


def parsed(written: str) -> tuple[GenerationRequest, Foreign]:
    found = a1111.parse(written)
    assert found is not None
    assert found.request is not None
    assert found.source == "AUTOMATIC1111"
    return found.request, found


def values_are_right(request: GenerationRequest) -> bool:
    return request.replace(prompt="", negative="") == GenerationRequest(
        "", model="", width=640, height=832, steps=25, guidance=6.5, solver="dpmpp", seed=12345
    )


@pytest.mark.parametrize(
    "prompt",
    [
        OURS.prompt,
        '日落 🌅, "quoted", back\\slash',
        "two stairs,\nSteps: 3, Seed: 4, Size: 1x1",
        "Steps: 3, Sampler: Euler, Seed: 9",
    ],
)
def test_what_we_write_comes_back(prompt: str) -> None:
    wanted = OURS.replace(prompt=prompt, negative="fog,\nSteps: 9, Sampler: x, Seed: 1")
    request, found = parsed(metadata.to_parameters(wanted, Provenance(model="Sana, 1.6B")))
    assert request == wanted.replace(model="", backend="auto")
    assert found.model == "Sana, 1.6B"


@pytest.mark.parametrize(
    ("written", "prompt", "negative"),
    [
        ("a cat\nNegative prompt: bad\n" + VALUES, "a cat", "bad"),
        ("a <x:1>,\ncat\nNegative prompt: blurry,\nugly\n" + VALUES, "a <x:1>,\ncat", "blurry,\nugly"),
        (VALUES, "", ""),
        ("Negative prompt: bad\n" + VALUES, "", "bad"),
        ("a cat\r\nNegative prompt: bad\r\n" + VALUES, "a cat", "bad"),
        ("a cat on a mat, masterpiece, " + VALUES, "a cat on a mat, masterpiece", ""),
        ("a cat. " + VALUES, "a cat.", ""),
        ("a cat Negative prompt: bad, worse, " + VALUES, "a cat", "bad, worse"),
        ("two lines,\na cat, Negative prompt: bad " + VALUES, "two lines,\na cat,", "bad"),
        ("a cat\nNegative prompt: bad, " + VALUES, "a cat", "bad"),
        ("a stair with Steps: 3, and a rail\n" + VALUES, "a stair with Steps: 3, and a rail", ""),
        ("a stair with Steps: 3, and a rail, " + VALUES, "a stair with Steps: 3, and a rail", ""),
        ("a cat\n" + VALUES + "\nTemplate: a {cat|dog}, tree\nNegative Template: ugly", "a cat", ""),
        ("a cat\nNegative prompt: bad\n" + VALUES + "\n\nSaved with something, for somebody", "a cat", "bad"),
        ("a cat\nSampler: DPM++ 2M Karras, " + VALUES.replace("Sampler: DPM++ 2M Karras, ", ""), "a cat", ""),
        ("a cat\n" + VALUES + ', Regional prompt: "' + "long words, Steps: 3 " * 1000 + '"', "a cat", ""),
        ("a cat\n" + VALUES.replace(", Seed", ', ADetailer prompt: "one, Seed: 1, \\"two\\"", Seed'), "a cat", ""),
        ("a cat\n" + VALUES.replace(", Seed", ', Hashes: {"a": "b, Seed: 1", "c": [1, 2]}, Seed'), "a cat", ""),
        ("a cat\n" + VALUES.replace(", Seed", ", Hashes: {not, Json, Seed"), "a cat", ""),
        ("a cat\n" + VALUES.replace(", Seed", ', Notes: "over\ntwo lines, Seed: 1", Seed'), "a cat", ""),
        ("a cat\n" + VALUES + ', Civitai resources: [{"a":"b","c":1}], Civitai metadata: {}', "a cat", ""),
    ],
)  # fmt: skip
def test_values_are_found_wherever_they_stand(written: str, prompt: str, negative: str) -> None:
    request, _ = parsed(written)
    assert (request.prompt, request.negative) == (prompt, negative)
    assert values_are_right(request), request


def test_what_does_not_map_is_left_out() -> None:
    request, found = parsed(
        "x\nSteps: 25, Sampler: DPM++ 2M SDE Karras, CFG scale: 7, Seed: 4294967299, Size: 512x768, Model hash: abc, "
        'Model: v1-5, Hashes: "{\\"a\\": 1}", Version: v1.9.0'
    )
    assert (request.width, request.height, request.steps, request.guidance) == (512, 768, 25, 7)
    assert request.solver is None, "we have no SDE solver"
    assert request.seed is None, "the seed is larger than ours can be"
    assert found.model == "v1-5"


def test_a_prompt_that_speaks_of_steps_has_no_values() -> None:
    request, _ = parsed("a tower\na stair with Steps: 3, and a rail")
    assert (request.prompt, request.steps) == ("a tower\na stair with Steps: 3, and a rail", None)


@pytest.mark.parametrize("key", ["UserComment", "ImageDescription", "Comment"])
def test_comments_count_where_they_have_values(key: str) -> None:
    assert dialects.read({key: "taken in Paris, with Steps: 3"}) is None
    found = dialects.read({key: "a cat\n" + VALUES})
    assert found is not None
    assert found.request is not None
    assert values_are_right(found.request)


LONG = 4_000_000
HOSTILE = {
    "empty": "",
    "one word": "x" * LONG,
    "commas": "Steps: 1" + "," * LONG,
    "lines": "\n" * LONG,
    "spaces": "Steps: 1, " + " " * LONG,
    "backslashes": 'Steps: 1, Model: "' + "\\" * LONG,
    "escaped quotes": 'Steps: 1, Model: "' + '\\"' * (LONG // 2),
    "quotes": "Steps: 1, Model: " + '"' * LONG,
    "steps": "Steps: 1, " * (LONG // 10),
    "steps without values": "x Steps: 1 and " * (LONG // 15),
    "lines of steps": "x Steps: 1\n" * (LONG // 11),
    "open quotes": 'Steps: 1, a: "' * (LONG // 14),
    "brackets": "Steps: 1, a: " + "[" * LONG,
    "many brackets": "Steps: 1, " + "a: [1," * (LONG // 6),
    "keys": "Steps: 1, " + "a:" * (LONG // 2),
    "key letters": "Steps: 1, " + "a " * (LONG // 2),
    "negative prompts": "Negative prompt: " * (LONG // 17),
    "long number": "Steps: " + "9" * LONG + ", Seed: " + "9" * 5000,
    "nonsense": "Steps: many, Size: hugexhuge, Seed: -1, CFG scale: nan",
    "too large": "Steps: 10001, Size: 99999999x1, CFG scale: 1e999",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_are_read_quickly(name: str) -> None:
    started = time.perf_counter()
    request, _ = parsed(HOSTILE[name])
    assert time.perf_counter() - started < 2, "the time grows with the length alone"
    assert (request.width, request.guidance, request.seed) == (None, None, None)


def test_loras_leave_the_prompt_with_their_hashes() -> None:
    request, _ = parsed(
        "a red house <lora:sepia:0.8>, at night, <lora:Old Ink:-0.5>\nNegative prompt: fog\n"
        f'{VALUES}, Lora hashes: "sepia: 606822348dab, Old Ink: junk"'
    )
    assert (request.prompt, request.negative) == ("a red house, at night", "fog")
    assert request.loras == (LoraUse("", 0.8, "sepia", "606822348dab"), LoraUse("", -0.5, "Old Ink"))


def test_loras_that_we_write_come_back() -> None:
    loras = (LoraUse("/home/me/sepia.safetensors", 0.75, "sepia.safetensors", "ab" * 32),)
    written = metadata.to_parameters(OURS.replace(loras=loras), Provenance())
    assert written.startswith("a red sailboat <lora:sepia:0.75>\n")
    assert "/home" not in written
    request, _ = parsed(written)
    assert (request.prompt, request.loras) == (OURS.prompt, (LoraUse("", 0.75, "sepia", "ab" * 5),))


def test_weights_out_of_all_reason_are_left_out() -> None:
    assert parsed(f"a house <lora:sepia:1e9> <lora:ink:2>\n{VALUES}")[0].loras == (LoraUse("", 2.0, "ink"),)
