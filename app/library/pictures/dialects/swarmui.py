"""SwarmUI: JSON under "parameters", in JPEG as EXIF's comment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.library.pictures.dialects.values import Foreign, json_object, mapping, request, text, unread

SOURCE = "SwarmUI"

_USED = (
    "prompt", "negativeprompt", "width", "height", "steps", "cfgscale", "seed", "model", "loras", "loraweights",
    "swarm_version", "date", "generation_time", "aspectratio", "images",
)  # fmt: skip


def read(texts: Mapping[str, str]) -> Foreign | None:
    for key in ("parameters", "UserComment"):
        content = json_object(texts.get(key, ""))
        if "sui_image_params" in content:
            values = mapping(content["sui_image_params"])
            found = request(
                values.get("prompt"), values.get("negativeprompt"),
                width=values.get("width"), height=values.get("height"), steps=values.get("steps"),
                guidance=values.get("cfgscale"), sampler=values.get("sampler"), seed=values.get("seed"),
                loras=zip(_listed(values.get("loras")), _listed(values.get("loraweights")), strict=False),
            )  # fmt: skip
            return Foreign(SOURCE, found, text(values.get("model")), unread(values, found, *_USED, sampler="sampler"))
    return None


def _listed(value: object) -> list[Any]:
    """A list, which older versions wrote as a text with commas."""
    return value if isinstance(value, list) else [part.strip() for part in text(value).split(",") if part.strip()]
