"""SwarmUI: JSON under "parameters", in JPEG as EXIF's comment."""

from __future__ import annotations

from collections.abc import Mapping

from app.library.pictures.dialects.values import Foreign, json_object, mapping, request, text

SOURCE = "SwarmUI"


def read(texts: Mapping[str, str]) -> Foreign | None:
    for key in ("parameters", "UserComment"):
        content = json_object(texts.get(key, ""))
        if "sui_image_params" in content:
            values = mapping(content["sui_image_params"])
            found = request(
                values.get("prompt"), values.get("negativeprompt"),
                width=values.get("width"), height=values.get("height"), steps=values.get("steps"),
                guidance=values.get("cfgscale"), sampler=values.get("sampler"), seed=values.get("seed"),
            )  # fmt: skip
            return Foreign(SOURCE, found, text(values.get("model")))
    return None
