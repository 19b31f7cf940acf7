"""Fooocus: JSON under "parameters", in JPEG and WebP as EXIF's comment; its older logs name the same values as a person
would read them ("Negative Prompt").
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.library.pictures.dialects.values import Foreign, first, json_object, request, sides, text, unread

SOURCE = "Fooocus"

_USED = (
    "prompt", "negative_prompt", "resolution", "steps", "guidance_scale", "seed", "base_model", "base_model_name",
    "base_model_hash", "version", "metadata_scheme", "full_prompt", "full_negative_prompt", "created_by",
)  # fmt: skip


def read(texts: Mapping[str, str]) -> Foreign | None:
    for key in ("parameters", "UserComment", "Comment"):
        content = json_object(texts.get(key, ""))
        values = {name.lower().replace(" ", "_"): value for name, value in content.items()}
        if _is_fooocus(values, texts):
            width, height = sides(values.get("resolution"))
            found = request(
                values.get("prompt"), values.get("negative_prompt"), width=width, height=height,
                steps=values.get("steps"), guidance=values.get("guidance_scale"), sampler=values.get("sampler"),
                seed=values.get("seed"), loras=_loras(values),
            )  # fmt: skip
            model = text(first(values, "base_model", "base_model_name"))
            others = {name: value for name, value in values.items() if not _is_lora(name)}
            return Foreign(SOURCE, found, model, unread(others, found, *_USED, sampler="sampler"))
    return None


def _loras(values: Mapping[str, Any]) -> Iterator[tuple[object, object]]:
    """As a list of names and weights, or each as "name : weight" under a key of its own."""
    listed = values.get("loras")
    for item in listed if isinstance(listed, list) else []:
        if isinstance(item, list) and len(item) > 1:
            yield item[0], item[1]
    for name, value in values.items():
        if _is_lora(name) and name != "loras":
            file, _, weight = text(value).rpartition(" : ")
            yield file, weight


def _is_lora(name: str) -> bool:
    return name == "loras" or name.startswith(("lora_", "lora["))


def _is_fooocus(values: Mapping[str, object], texts: Mapping[str, str]) -> bool:
    if "prompt" not in values:
        return False
    named = "fooocus_scheme" in texts or text(values.get("version")).startswith("Fooocus")
    return named or {"base_model", "resolution"} <= values.keys() or "fooocus_v2_expansion" in values
