"""LoRAs in the forms of each program, and the names of what is not understood."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.library.pictures import dialects
from tests.library.pictures.dialects.test_others import CUSTOM, DRAW, FOOOCUS, GRAPH, INVOKE, SWARM, xmp

NODES: dict[str, Any] = dict(GRAPH)
GUIDED_NODES: dict[str, Any] = dict(CUSTOM)
INVOKE_LORAS = [
    {"model": {"key": "1f", "hash": "blake3:0", "name": "ink", "base": "sdxl", "type": "lora"}, "weight": 0.5},
    {"lora": {"model_name": "fog", "base_model": "sdxl"}, "weight": -1},
]
LOADERS: dict[str, Any] = {
    **GRAPH,
    "3": {**NODES["3"], "inputs": {**NODES["3"]["inputs"], "model": ["11", 0]}},
    "10": {"class_type": "LoraLoader", "inputs": {
        "lora_name": "folder\\ink.safetensors", "strength_model": 0.5, "strength_clip": 1, "model": ["4", 0],
        "clip": ["4", 1]}},
    "11": {"class_type": "LoraLoaderModelOnly", "inputs": {
        "lora_name": "fog", "strength_model": -1, "model": ["10", 0]}},
    "12": {"class_type": "ControlNetApply", "inputs": {"image": ["13", 0]}},
}  # fmt: skip
GUIDED: dict[str, Any] = {
    **CUSTOM,
    "3": {"class_type": "CFGGuider", "inputs": {**GUIDED_NODES["3"]["inputs"], "model": ["20", 0]}},
    "20": {"class_type": "Power Lora Loader (rgthree)", "inputs": {
        "lora_1": {"on": True, "lora": "fog", "strength": -1}, "lora_2": {"on": False, "lora": "no", "strength": 1},
        "lora_3": {"on": True, "lora": "ink.safetensors", "strength": 0.5}, "model": ["7", 0]}},
}  # fmt: skip
WRITTEN: dict[str, dict[str, str]] = {
    "InvokeAI": {"invokeai_metadata": json.dumps({**INVOKE, "loras": INVOKE_LORAS, "strength": 0.7})},
    "ComfyUI": {"prompt": json.dumps(LOADERS)},
    "ComfyUI, guided": {"prompt": json.dumps(GUIDED)},
    "Fooocus": {"parameters": json.dumps({
        **FOOOCUS, "loras": [["ink.safetensors", 0.5, "hash"], ["fog", -1]], "sharpness": 2.0})},
    "Fooocus, combined": {"parameters": json.dumps({
        **FOOOCUS, "lora_combined_1": "ink.safetensors : 0.5", "lora_combined_2": "fog : -1", "sharpness": 2.0})},
    "Fooocus, AUTOMATIC1111's form": {
        "parameters": "a cat\nSteps: 28, Sampler: Euler, Seed: 5, Size: 896x1152, Sharpness: 2, "
        'Lora hashes: "ink: 0123456789, fog: 0a1b2c3d4e", Lora weights: "ink: 0.5, fog: -1", Version: Fooocus v2.5.5'},
    "SwarmUI": {"parameters": json.dumps({"sui_image_params": {
        **SWARM["sui_image_params"], "loras": ["styles/ink.safetensors", "fog"], "loraweights": ["0.5", "-1"],
        "refinerupscale": 2}})},
    "SwarmUI, text": {"parameters": json.dumps({"sui_image_params": {
        **SWARM["sui_image_params"], "loras": "ink.safetensors,fog", "loraweights": "0.5,-1", "refinerupscale": 2}})},
    "Draw Things": {"XML:com.adobe.xmp": xmp(json.dumps({
        **DRAW, "lora": [{"model": "ink.safetensors", "weight": 0.5}, {"model": "fog", "weight": -1}],
        "hires_fix": True}))},
    "Draw Things, 2": {"XML:com.adobe.xmp": xmp(json.dumps({
        **DRAW, "v2": {"loras": [{"file": "ink.safetensors", "weight": 0.5, "mode": "all"},
                                 {"file": "fog", "weight": -1}]}, "hires_fix": True}))},
    "AUTOMATIC1111": {"parameters": "a cat <lora:ink:0.5> <lora:fog:-1>\nSteps: 28, Sampler: Euler, Seed: 5, "
                                    "Size: 896x1152, Hires upscale: 2, Version: v1.10.1"},
}  # fmt: skip
LEFT = {
    "InvokeAI": ("strength",), "ComfyUI": ("ConditioningSetArea", "ControlNetApply"), "ComfyUI, guided": (),
    "Fooocus": ("sharpness",), "Fooocus, AUTOMATIC1111's form": ("Sharpness",),
    "Fooocus, combined": ("sharpness",), "SwarmUI": ("refinerupscale",), "SwarmUI, text": ("refinerupscale",),
    "Draw Things": ("hires_fix",), "Draw Things, 2": ("hires_fix",), "AUTOMATIC1111": ("Hires upscale",),
}  # fmt: skip


@pytest.mark.parametrize("name", WRITTEN)
def test_loras_come_with_their_weights_and_the_rest_is_named(name: str) -> None:
    found = dialects.read(WRITTEN[name])
    assert found is not None
    assert found.request is not None
    uses = {use.name.removesuffix(".safetensors"): use.weight for use in found.request.loras}
    assert uses == {"ink": 0.5, "fog": -1.0}
    assert {use.path for use in found.request.loras} == {""}
    assert found.unread == LEFT[name]


def test_a_sampler_that_is_none_of_ours_is_named() -> None:
    found = dialects.read({"parameters": "a cat\nSteps: 28, Sampler: DPM++ SDE, Schedule type: Karras, Seed: 5"})
    assert found is not None
    assert found.unread == ("Sampler", "Schedule type")


@pytest.mark.parametrize(
    "loras",
    [3, "x", [3, None], {"a": 1}, [["a"]], [["a", "b"]], [["a", 1e9]], [["", 1]], ["a"] * 9, [["None", 1]]],
)
def test_loras_that_make_no_sense_are_left_out(loras: Any) -> None:
    for texts in (
        {"parameters": json.dumps({**FOOOCUS, "loras": loras})},
        {"invokeai_metadata": json.dumps({**INVOKE, "loras": loras})},
        {"parameters": json.dumps({"sui_image_params": {**SWARM["sui_image_params"], "loras": loras}})},
        {"XML:com.adobe.xmp": xmp(json.dumps({**DRAW, "lora": loras, "v2": loras}))},
    ):
        found = dialects.read(texts)
        assert found is not None
        assert found.request is not None
        assert found.request.loras == ()


def test_much_that_is_not_understood_is_cut_short() -> None:
    found = dialects.read({"parameters": json.dumps({**FOOOCUS, **{"x" * 500 + str(n): n + 1 for n in range(500)}})})
    assert found is not None
    assert len(found.unread) == 12
    assert max(map(len, found.unread)) == 40
