"""NovelAI: the prompt as the picture's description, its values as JSON under "Comment"; in WebP and JPEG all of them
together as JSON in EXIF's comment.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.library.pictures.dialects.values import Foreign, json_object, mapping, request, text, unread

SOURCE = "NovelAI"

_USED = (
    "prompt", "uc", "width", "height", "steps", "scale", "seed", "v4_prompt", "v4_negative_prompt", "n_samples",
    "request_type", "signed_hash", "version",
)  # fmt: skip


def read(texts: Mapping[str, str]) -> Foreign | None:
    written: Mapping[str, Any] = texts
    if "Comment" not in written:
        outer = json_object(texts.get("UserComment", ""))
        written = {**texts, **outer}
        if "Comment" not in outer and "uc" in outer:
            written["Comment"] = texts["UserComment"]
    if not text(written.get("Software")).startswith(SOURCE):
        return None
    values = mapping(written.get("Comment")) or json_object(text(written.get("Comment")))
    prompt = text(values.get("prompt")) or text(written.get("Description")) or text(written.get("ImageDescription"))
    found = request(
        _caption(values, "v4_prompt") or prompt or None,
        _caption(values, "v4_negative_prompt") or values.get("uc"),
        width=values.get("width"), height=values.get("height"), steps=values.get("steps"),
        guidance=values.get("scale"), sampler=values.get("sampler"), seed=values.get("seed"),
    )  # fmt: skip
    left = unread(values, found, *_USED, sampler="sampler")
    return Foreign(SOURCE, found, text(written.get("Source")), left)


def _caption(values: Mapping[str, Any], key: str) -> str:
    return text(mapping(mapping(values.get(key)).get("caption")).get("base_caption"))
