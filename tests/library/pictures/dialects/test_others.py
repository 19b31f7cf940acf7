import json
import time
from typing import Any

import pytest

from app.core.request import GenerationRequest
from app.library.pictures import dialects

WANTED = GenerationRequest(
    "a cat", negative="bad", model="", width=896, height=1152, steps=28, guidance=5.5, solver="euler", seed=5
)


def xmp(comment: str, description: str = "") -> str:
    from xml.sax.saxutils import escape

    return f"""<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><xmp:CreatorTool>Draw Things</xmp:CreatorTool>
<exif:UserComment><rdf:Alt><rdf:li xml:lang="x-default">{escape(comment)}</rdf:li></rdf:Alt></exif:UserComment>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{escape(description)}</rdf:li></rdf:Alt></dc:description>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>"""


GRAPH = {
    "3": {"class_type": "KSampler", "inputs": {
        "seed": 5, "steps": 28, "cfg": 5.5, "sampler_name": "euler", "positive": ["8", 0], "negative": ["7", 0],
        "model": ["4", 0], "latent_image": ["5", 0]}},
    "4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "theirs.safetensors"}},
    "5": {"class_type": "EmptyLatentImage", "inputs": {"width": 896, "height": 1152, "batch_size": 1}},
    "6": {"class_type": "CLIPTextEncode", "inputs": {"text": ["9", 0], "clip": ["4", 1]}},
    "7": {"class_type": "CLIPTextEncode", "inputs": {"text": "bad", "clip": ["4", 1]}},
    "8": {"class_type": "ConditioningSetArea", "inputs": {"conditioning": ["6", 0], "width": 64, "height": 64}},
    "9": {"class_type": "PrimitiveString", "inputs": {"value": "a cat"}},
}  # fmt: skip
CUSTOM = {
    "1": {"class_type": "SamplerCustomAdvanced", "inputs": {
        "noise": ["2", 0], "guider": ["3", 0], "sampler": ["4", 0], "sigmas": ["5", 0], "latent_image": ["6", 0]}},
    "2": {"class_type": "RandomNoise", "inputs": {"noise_seed": 5}},
    "3": {"class_type": "CFGGuider", "inputs": {
        "model": ["7", 0], "positive": ["8", 0], "negative": ["9", 0], "cfg": 5.5}},
    "4": {"class_type": "KSamplerSelect", "inputs": {"sampler_name": "euler"}},
    "5": {"class_type": "BasicScheduler", "inputs": {"steps": 28, "model": ["7", 0]}},
    "6": {"class_type": "EmptySD3LatentImage", "inputs": {"width": 896, "height": 1152}},
    "7": {"class_type": "UNETLoader", "inputs": {"unet_name": "theirs.safetensors"}},
    "8": {"class_type": "CLIPTextEncode", "inputs": {"text": "a cat"}},
    "9": {"class_type": "CLIPTextEncode", "inputs": {"text": "bad"}},
}  # fmt: skip
INVOKE = {
    "positive_prompt": "a cat", "negative_prompt": "bad", "width": 896, "height": 1152, "seed": 5, "steps": 28,
    "cfg_scale": 5.5, "scheduler": "euler", "model": {"name": "theirs.safetensors"},
}  # fmt: skip
SWARM = {
    "sui_image_params": {
        "prompt": "a cat", "negativeprompt": "bad", "model": "theirs.safetensors", "seed": 5, "steps": 28,
        "cfgscale": 5.5, "width": 896, "height": 1152, "sampler": "euler",
    }
}  # fmt: skip
FOOOCUS = {
    "prompt": "a cat", "negative_prompt": "bad", "steps": 28, "guidance_scale": 5.5, "seed": "5",
    "resolution": "(896, 1152)", "base_model": "theirs.safetensors", "sampler": "euler", "version": "Fooocus v2.5.5",
}  # fmt: skip
NOVEL = {
    "prompt": "a cat", "uc": "bad", "steps": 28, "seed": 5, "scale": 5.5, "width": 896, "height": 1152,
    "sampler": "k_euler",
}  # fmt: skip
NOVEL_TEXTS = {
    "Title": "NovelAI generated image", "Description": "a cat", "Software": "NovelAI", "Source": "theirs.safetensors",
    "Comment": json.dumps(NOVEL),
}  # fmt: skip
DRAW = {
    "c": "a cat", "uc": "bad", "model": "theirs.safetensors", "sampler": "Euler", "scale": 5.5, "seed": 5,
    "size": "896x1152", "steps": 28, "strength": 1,
}  # fmt: skip
WRITTEN = {
    "ComfyUI": {"prompt": json.dumps(GRAPH), "workflow": json.dumps({"nodes": []})},
    "ComfyUI, guided": {"prompt": json.dumps(CUSTOM)},
    "ComfyUI, WebP": {"Make": "workflow:" + json.dumps({"nodes": []}), "Model": "prompt:" + json.dumps(GRAPH)},
    "ComfyUI, other nodes' WebP": {
        "ImageDescription": "Workflow: " + json.dumps({"nodes": []}), "Make": "Prompt: " + json.dumps(GRAPH)},
    "InvokeAI": {"invokeai_metadata": json.dumps(INVOKE)},
    "InvokeAI, 2": {"sd-metadata": json.dumps({"model_weights": "theirs.safetensors", "image": {
        "prompt": [{"prompt": "a cat [bad]", "weight": 1.0}], "steps": 28, "cfg_scale": 5.5, "width": 896,
        "height": 1152, "seed": 5, "sampler": "k_euler"}})},
    "SwarmUI": {"parameters": json.dumps(SWARM, indent=2)},
    "SwarmUI, JPEG": {"UserComment": json.dumps(SWARM)},
    "Fooocus": {"parameters": json.dumps(FOOOCUS), "fooocus_scheme": "fooocus"},
    "Fooocus, JPEG": {"UserComment": json.dumps(FOOOCUS), "Software": "Fooocus v2.5.5"},
    "Fooocus, AUTOMATIC1111's form": {
        "parameters": "a cat\nNegative prompt: bad\nSteps: 28, Sampler: Euler, Seed: 5, Size: 896x1152, "
        "CFG scale: 5.5, Model: theirs.safetensors, Version: Fooocus v2.5.5"},
    "NovelAI": NOVEL_TEXTS,
    "NovelAI, WebP": {"UserComment": json.dumps(NOVEL_TEXTS)},
    "NovelAI, V4": {**NOVEL_TEXTS, "Comment": json.dumps({**NOVEL, "prompt": "", "uc": "", "v4_prompt": {
        "caption": {"base_caption": "a cat"}}, "v4_negative_prompt": {"caption": {"base_caption": "bad"}}})},
    "Draw Things": {"XML:com.adobe.xmp": xmp(json.dumps(DRAW), "a cat\n-bad\nSteps: 28")},
}  # fmt: skip


@pytest.mark.parametrize("name", WRITTEN)
def test_each_program_is_read(name: str) -> None:
    found = dialects.read(WRITTEN[name])
    assert found is not None
    assert found.source == name.partition(",")[0]
    assert found.request == WANTED
    assert found.model == "theirs.safetensors"


def test_the_first_invokeai_wrote_a_command() -> None:
    found = dialects.read({"Dream": '"a cat [bad]" -s 28 -S 5 -W 896 -H 1152 -C 5.5 -A k_euler'})
    assert found is not None
    assert found.request == WANTED


@pytest.mark.parametrize(
    ("texts", "source"),
    [
        ({"workflow": '{"nodes": [1], "links": []}'}, "ComfyUI"),
        ({"prompt": '{"1": {"class_type": "LoadImage", "inputs": {}}}'}, "ComfyUI"),
        ({"invokeai_metadata": "{}"}, "InvokeAI"),
        ({"sd-metadata": "[]"}, "InvokeAI"),
        ({"Dream": "nonsense"}, "InvokeAI"),
        ({"parameters": '{"sui_image_params": 3}'}, "SwarmUI"),
        ({"Software": "NovelAI"}, "NovelAI"),
        ({"XML:com.adobe.xmp": "<x>Draw Things</x>"}, "Draw Things"),
        ({"XML:com.adobe.xmp": '<!DOCTYPE x [<!ENTITY a "b">]><rdf:RDF>Draw Things &a;</rdf:RDF>'}, "Draw Things"),
    ],
)
def test_what_cannot_be_read_is_named(texts: dict[str, str], source: str) -> None:
    found = dialects.read(texts)
    assert found is not None
    assert (found.source, found.request) == (source, None)


@pytest.mark.parametrize(
    "texts",
    [
        {},
        {"Software": "A camera", "Make": "Canon", "Model": "EOS: 5D", "UserComment": "in Paris"},
        {"Comment": "Created with a painting program", "Description": "a cat", "Title": "x"},
        {"prompt": "a word", "workflow": "another"},
        {"prompt": "[" * 200_000, "UserComment": "{" * 200_000, "parameters": '{"a": 1}'},
        {"XML:com.adobe.xmp": "<rdf:RDF></rdf:RDF>"},
    ],
)
def test_other_pictures_are_of_nobody(texts: dict[str, str]) -> None:
    assert dialects.read(texts) is None


ENDLESS: dict[str, dict[str, Any]] = {
    "a circle": {"3": {"class_type": "KSampler", "inputs": {"positive": ["3", 0]}}},
    "samplers of samplers": {
        str(i): {"class_type": "KSampler", "inputs": {"positive": [str(i + 1), 0], "a": [str(i + 2), 0]}}
        for i in range(15_000)
    },
    "inputs": {
        str(i): {
            "class_type": "KSampler",
            "inputs": {"positive": ["0", 0], **{str(k): ["0", k] for k in range(10_000)}},
        }
        for i in range(8)
    },
}


@pytest.mark.parametrize("name", ENDLESS)
def test_graphs_in_circles_and_without_end_are_read_quickly(name: str) -> None:
    written = json.dumps(ENDLESS[name])
    started = time.perf_counter()
    found = dialects.read({"prompt": written})
    assert time.perf_counter() - started < 2
    assert found is not None
    assert found.request is None


def test_much_json_is_read_quickly() -> None:
    much = "{" + ",".join(f'"k{i}":[{i}]' for i in range(450_000)) + "}"
    started = time.perf_counter()
    found = dialects.read(dict.fromkeys(("parameters", "UserComment", "Comment", "prompt", "workflow"), much))
    assert time.perf_counter() - started < 2
    assert found is None
