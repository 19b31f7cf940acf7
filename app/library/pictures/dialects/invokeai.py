"""InvokeAI, in the three forms of its versions: "invokeai_metadata", "sd-metadata" and the command under "Dream"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from app.library.pictures.dialects.values import Foreign, first, json_object, mapping, request, text, unread

SOURCE = "InvokeAI"

_USED = (
    "positive_prompt", "negative_prompt", "width", "height", "steps", "cfg_scale", "seed", "loras", "model",
    "app_version", "generation_mode", "rand_device", "positive_style_prompt", "negative_style_prompt", "ui",
    "canvas_v2_metadata", "created_by",
)  # fmt: skip
_OPTION = re.compile(r"(?:^|\s)-([sSWHCA])\s*(\S{1,40})")


def read(texts: Mapping[str, str]) -> Foreign | None:
    if "invokeai_metadata" in texts:
        return _third(texts["invokeai_metadata"])
    for key in ("UserComment", "parameters"):  # as we write it into formats that have no text chunks
        if '"positive_prompt"' in texts.get(key, ""):
            return _third(texts[key])
    if "sd-metadata" in texts:
        return _second(texts["sd-metadata"])
    if "Dream" in texts:
        return _first(texts["Dream"])
    return None


def _third(written: str) -> Foreign:
    values = json_object(written)
    model = mapping(values.get("model"))
    found = request(
        values.get("positive_prompt"), values.get("negative_prompt"), width=values.get("width"),
        height=values.get("height"), steps=values.get("steps"), guidance=values.get("cfg_scale"),
        sampler=values.get("scheduler"), seed=values.get("seed"), loras=_loras(values.get("loras")),
    )  # fmt: skip
    left = unread(values, found, *_USED, sampler="scheduler")
    return Foreign(SOURCE, found, text(first(model, "name", "model_name")), left)


def _loras(listed: object) -> Iterator[tuple[object, object]]:
    for item in map(mapping, listed if isinstance(listed, list) else []):
        model = mapping(first(item, "model", "lora"))
        yield first(model, "name", "model_name"), item.get("weight")


def _second(written: str) -> Foreign:
    content = json_object(written)
    values = mapping(content.get("image"))
    prompt = values.get("prompt")
    if isinstance(prompt, list) and prompt:  # parts with weights
        prompt = ", ".join(text(mapping(part).get("prompt")) for part in prompt)
    prompt, negative = _brackets(text(prompt)) if isinstance(prompt, str) else (None, "")
    found = request(
        prompt, negative, width=values.get("width"), height=values.get("height"), steps=values.get("steps"),
        guidance=values.get("cfg_scale"), sampler=values.get("sampler"), seed=values.get("seed"),
    )  # fmt: skip
    return Foreign(SOURCE, found, text(content.get("model_weights")))


def _first(written: str) -> Foreign:
    if not written.startswith('"'):
        return Foreign(SOURCE)
    quoted, _, rest = written[1:].rpartition('"')
    options = dict(_OPTION.findall(rest[:2000]))
    prompt, negative = _brackets(quoted)
    found = request(
        prompt, negative, width=options.get("W"), height=options.get("H"), steps=options.get("s"),
        guidance=options.get("C"), sampler=options.get("A"), seed=options.get("S"),
    )  # fmt: skip
    return Foreign(SOURCE, found)


def _brackets(prompt: str) -> tuple[str, str]:
    """What stands in brackets at the end of a prompt is to be avoided."""
    if not prompt.rstrip().endswith("]") or "[" not in prompt:
        return prompt, ""
    before, _, inside = prompt.rstrip()[:-1].rpartition("[")
    return before, inside
