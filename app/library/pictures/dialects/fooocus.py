"""Fooocus: JSON under "parameters", in JPEG and WebP as EXIF's comment; its older logs name the same values as a person
would read them ("Negative Prompt").
"""

from __future__ import annotations

from collections.abc import Mapping

from app.library.pictures.dialects.values import Foreign, first, json_object, request, sides, text

SOURCE = "Fooocus"


def read(texts: Mapping[str, str]) -> Foreign | None:
    for key in ("parameters", "UserComment", "Comment"):
        content = json_object(texts.get(key, ""))
        values = {name.lower().replace(" ", "_"): value for name, value in content.items()}
        if _is_fooocus(values, texts):
            width, height = sides(values.get("resolution"))
            found = request(
                values.get("prompt"), values.get("negative_prompt"), width=width, height=height,
                steps=values.get("steps"), guidance=values.get("guidance_scale"), sampler=values.get("sampler"),
                seed=values.get("seed"),
            )  # fmt: skip
            return Foreign(SOURCE, found, text(first(values, "base_model", "base_model_name")))
    return None


def _is_fooocus(values: Mapping[str, object], texts: Mapping[str, str]) -> bool:
    if "prompt" not in values:
        return False
    named = "fooocus_scheme" in texts or text(values.get("version")).startswith("Fooocus")
    return named or {"base_model", "resolution"} <= values.keys() or "fooocus_v2_expansion" in values
