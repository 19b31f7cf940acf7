"""ComfyUI: the graph of nodes that was run, as JSON under "prompt", and as it is drawn under "workflow". In WebP and
JPEG the same stand in EXIF's ImageDescription, Make or Model, each behind its name, also capitalized, and a colon.
"""

from __future__ import annotations

import itertools
import re
from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any

from app.library.pictures.dialects.values import Foreign, json_object, mapping, request, text, unread

SOURCE = "ComfyUI"

MAX_NODES = 2_000
MAX_INPUTS = 100
MAX_SAMPLERS = 8
"""More nodes, inputs of one, and sampling nodes are not looked at: the time would grow with their product."""
_TEXTS = ("text", "text_g", "prompt", "positive_prompt", "string", "value", "text_l", "t5xxl", "clip_l")
_ORDINARY = re.compile(
    r"^KSampler|^SamplerCustom|Loader|^CLIP(TextEncode|SetLastLayer)|^Empty.*Latent|^VAE|^(Save|Preview)Image|Primitive"
    r"|^String|^RandomNoise|Guider$|Scheduler$|^ModelSampling|^FluxGuidance|^Note|^Reroute|^ConditioningZeroOut"
)
"""Kinds of nodes whose meaning is taken over, or that have none for the picture."""
_EXIF_FIELDS = {"ImageDescription", "Make", "Model"}
_MODELS = ("ckpt_name", "unet_name", "model_name")


def read(texts: Mapping[str, str]) -> Foreign | None:
    graph = _graph(texts)
    if graph is None:
        return None
    for sampler in itertools.islice(_samplers(graph), MAX_SAMPLERS):
        if found := _request(graph, sampler):
            return found
    return Foreign(SOURCE)


def _graph(texts: Mapping[str, str]) -> dict[str, Any] | None:
    """The nodes by id, empty where only the drawing is there; None where it is no picture of ComfyUI."""
    drawn = False
    for key, written in texts.items():
        name, colon, _ = written[:20].partition(":")
        if key in _EXIF_FIELDS and colon and name.lower() in {"prompt", "workflow"}:
            key, written = name.lower(), written[len(name) + 1 :]
        if key == "prompt":
            nodes = {name: node for name, node in json_object(written).items() if "class_type" in mapping(node)}
            if nodes:
                return dict(list(nodes.items())[:MAX_NODES])
        drawn = drawn or (key == "workflow" and "nodes" in json_object(written))
    return {} if drawn else None


def _samplers(graph: Mapping[str, Any]) -> Iterator[str]:
    """The nodes that sample, the last of the graph first: it made the picture."""
    for name in reversed(list(graph)):
        inputs = _inputs(graph, name)
        if "sampler" in text(graph[name].get("class_type")).lower() and (
            "positive" in inputs or "guider" in inputs or "latent_image" in inputs
        ):
            yield name


def _request(graph: Mapping[str, Any], sampler: str) -> Foreign | None:
    inputs = _inputs(graph, sampler)
    branch = "positive" if "positive" in inputs else "guider"
    prompt = _find(graph, inputs.get(branch), ("positive", "conditioning", *_TEXTS), _TEXTS)
    negative = _find(graph, inputs.get("negative"), ("negative", "conditioning", *_TEXTS), _TEXTS)
    guider = inputs.get("guider")
    if isinstance(guider, list) and guider:
        negative = _find(graph, _inputs(graph, str(guider[0])).get("negative"), ("conditioning", *_TEXTS), _TEXTS)

    def value(*keys: str) -> Any:
        return _find(graph, [sampler, 0], None, keys)

    latents = inputs.get("latent_image")
    found = request(
        prompt if isinstance(prompt, str) else None, negative,
        width=_find(graph, latents, None, ("width",)), height=_find(graph, latents, None, ("height",)),
        steps=value("steps"), guidance=value("cfg", "guidance"), sampler=value("sampler_name"),
        seed=value("seed", "noise_seed"), loras=_loras(graph, sampler),
    )  # fmt: skip
    return Foreign(SOURCE, found, text(value(*_MODELS)), _strange(graph)) if found else None


def _loras(graph: Mapping[str, Any], sampler: str) -> Iterator[tuple[object, object]]:
    """Those on the way from the sampler to its model, the first that is added first."""
    found: list[tuple[object, object]] = []
    inputs, seen = _inputs(graph, sampler), set[str]()
    link = inputs.get("model")
    if link is None and _is_link(inputs.get("guider")):
        link = _inputs(graph, str(inputs["guider"][0])).get("model")
    while isinstance(link, list) and _is_link(link) and str(link[0]) not in seen:
        seen.add(str(link[0]))
        inputs = _inputs(graph, str(link[0]))
        if isinstance(inputs.get("lora_name"), str):
            found.append((inputs["lora_name"], inputs.get("strength_model", inputs.get("strength"))))
        for key, value in inputs.items():  # rgthree's loader of many
            if key.startswith("lora_") and mapping(value).get("on"):
                found.append((mapping(value).get("lora"), mapping(value).get("strength")))
        link = inputs.get("model")
    return reversed(found)


def _strange(graph: Mapping[str, Any]) -> tuple[str, ...]:
    """The kinds of nodes that do what is not understood here."""
    kinds = dict.fromkeys(text(node.get("class_type")) for node in graph.values())
    return unread(dict.fromkeys((kind for kind in kinds if not _ORDINARY.search(kind)), True), None)


def _find(graph: Mapping[str, Any], start: object, along: tuple[str, ...] | None, keys: tuple[str, ...]) -> Any:
    """The nearest value under one of `keys`, from `start` against the direction of the graph.

    Args:
        start: an input: a link, [id, output], or a value, which is the answer itself.
        along: the inputs by which to go on; None for all.
    """
    if not _is_link(start):
        return start
    waiting, seen = deque([str(start[0])]), set[str]()  # type: ignore[index]
    while waiting:
        name = waiting.popleft()
        if name in seen:
            continue
        seen.add(name)
        inputs = _inputs(graph, name)
        value = next((inputs[key] for key in keys if inputs.get(key) is not None and not _is_link(inputs[key])), None)
        if value is not None:
            return value
        waiting.extend(
            str(each[0]) for key, each in inputs.items() if _is_link(each) and (along is None or key in along)
        )
    return None


def _is_link(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2 and isinstance(value[0], str | int)


def _inputs(graph: Mapping[str, Any], name: str) -> dict[str, Any]:
    inputs = mapping(mapping(graph.get(name)).get("inputs"))
    return inputs if len(inputs) <= MAX_INPUTS else dict(itertools.islice(inputs.items(), MAX_INPUTS))
