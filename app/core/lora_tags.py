"""LoRAs in a prompt, as AUTOMATIC1111 has them: "a house <lora:sepia:0.8>"."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

from app.core.request import LoraUse

MOST = 100
"""More are not looked at: a prompt may come from anywhere."""
_TAG = re.compile(r"<lora:([^<>\n]{1,300})>", re.IGNORECASE)
_SPOILS = re.compile(r"[<>:\n\r]")


def split_loras(prompt: str) -> tuple[str, tuple[LoraUse, ...]]:
    """A prompt without its LoRAs, and these: names without places. What is no tag of theirs stays where it is.

    A tag may give two weights, of the text encoder and of the network, the latter of which counts here.
    """
    found: list[LoraUse] = []
    words, position = "", 0
    for tag in _TAG.finditer(prompt):
        use = _use(tag[1])
        if use is not None and len(found) < MOST:
            found.append(use)
            words += prompt[position : tag.start()].rstrip(" \t").removesuffix(",")
            position = tag.end()
    words += prompt[position:]
    return (words.strip(" ,\t\n") if found else prompt), tuple(found)


def tag(lora: LoraUse) -> str:
    """A LoRA as a prompt names it: by its file's name without the suffix."""
    return f"<lora:{tag_name(lora.name)}:{lora.weight:g}>"


def with_loras(prompt: str, loras: Iterable[LoraUse]) -> str:
    """A prompt with its LoRAs behind it."""
    return " ".join(part for part in (prompt, *map(tag, loras)) if part)


def tag_name(name: str) -> str:
    """A file's name as it stands in a tag: without its suffix, and without what would end it."""
    return _SPOILS.sub("_", name.removesuffix(".safetensors"))


def _use(text: str) -> LoraUse | None:
    name, *values = (part.strip() for part in text.split(":"))
    plain = [value for value in values if "=" not in value]
    named = dict(value.split("=", 1) for value in values if "=" in value)
    written = named.get("unet") or next(iter(plain[1:2] or plain[:1]), "1")
    try:
        weight = float(written)
    except ValueError:
        return None
    return LoraUse("", weight, name) if name and math.isfinite(weight) else None
