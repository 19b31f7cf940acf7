"""What the dialects share: how an answer looks, and how values of unknown origin are read."""

from __future__ import annotations

import itertools
import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.core.lora_tags import split_loras, tag_name
from app.core.request import MAX_SEED, GenerationRequest, LoraUse, Variation

MAX_JSON = 2_000_000
"""Characters; the largest graphs of nodes have some hundred thousand."""
LARGEST_SIDE = 65_536
MOST_STEPS = 10_000
MOST_GUIDANCE = 1_000
MOST_WEIGHT = 10
MOST_LORAS = 50
MOST_UNREAD = 12
"""So many names are told of what is not understood."""
LONGEST_NAME = 40
_NOTHING: tuple[object, ...] = (None, "", [], {}, False, 0, "None", "none", "0", "false")


@dataclass(frozen=True, slots=True)
class Foreign:
    """What another program says of its picture.

    Attributes:
        source: the program.
        request: as far as it maps; None where only the program is known. Its model is empty: theirs is not one of ours.
        model: the name of their model; empty where it is not known.
        unread: names of what it says beside and that is not understood here.
    """

    source: str
    request: GenerationRequest | None = None
    model: str = ""
    unread: tuple[str, ...] = ()


def request(
    prompt: object,
    negative: object = "",
    *,
    width: object = None,
    height: object = None,
    steps: object = None,
    guidance: object = None,
    sampler: object = None,
    seed: object = None,
    variation: tuple[object, object] = (None, None),
    loras: Iterable[tuple[object, object]] = (),
) -> GenerationRequest | None:
    """A request of these values; those out of all reason are left to the model's defaults. None without a prompt.

    `variation` is a seed and an amount, `loras` are names with their weights. LoRAs that the prompt names are taken
    out of it, and count where `loras` does not have them.
    """
    if not isinstance(prompt, str):
        return None
    varied = whole(variation[0], 0, MAX_SEED), number(variation[1], 0, 1)
    words, tagged = split_loras(prompt.strip())
    listed = [_lora(name, weight) for name, weight in itertools.islice(loras, MOST_LORAS)]
    uses = {tag_name(use.name): use for use in (*tagged, *listed) if use is not None}
    return GenerationRequest(
        prompt=words,
        negative=negative.strip() if isinstance(negative, str) else "",
        model="",
        width=whole(width, 1, LARGEST_SIDE),
        height=whole(height, 1, LARGEST_SIDE),
        steps=whole(steps, 1, MOST_STEPS),
        guidance=number(guidance, 0, MOST_GUIDANCE),
        solver=solver(sampler),
        seed=whole(seed, 0, MAX_SEED),
        variations=(Variation(varied[0], varied[1]),) if varied[0] is not None and varied[1] else (),
        loras=tuple(use for use in uses.values() if abs(use.weight) <= MOST_WEIGHT),
    )


def unread(
    values: Mapping[str, Any], found: GenerationRequest | None, *used: str, sampler: str = ""
) -> tuple[str, ...]:
    """The names of the values that say something and are none of those that are `used`.

    Args:
        sampler: the value that names the sampler, which is used where it is one of ours.
    """
    known = {*used, *([sampler] if found is not None and found.solver else [])}
    said = (str(name) for name, value in values.items() if name not in known and value not in _NOTHING)
    names = (" ".join(name.split())[:LONGEST_NAME] for name in said)
    return tuple(itertools.islice(names, MOST_UNREAD))


def _lora(name: object, weight: object) -> LoraUse | None:
    plain = re.split(r"[/\\]", text(name)[:300])[-1].strip()
    amount = number(1.0 if weight is None else weight, -MOST_WEIGHT, MOST_WEIGHT)
    return LoraUse("", amount, plain) if plain and plain.lower() != "none" and amount is not None else None


def json_object(text: str) -> dict[str, Any]:
    """A JSON object; empty where the text is none, or too long for one."""
    if len(text) > MAX_JSON or text.lstrip()[:1] != "{":
        return {}
    try:
        return mapping(json.loads(text))
    except (ValueError, RecursionError):
        return {}


def mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def text(value: object) -> str:
    return value if isinstance(value, str) else ""


def number(value: object, low: float, high: float) -> float | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    if isinstance(value, str) and len(value) > 40:
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) and low <= found <= high else None


def whole(value: object, low: int, high: int) -> int | None:
    found = number(value, low, high)
    return int(found) if found is not None and found == int(found) else None


def sides(value: object) -> tuple[str, str]:
    """Width and height of "512x768" or "(512, 768)"."""
    plain = text(value)[:40].strip(" ()").replace("×", "x").replace(",", "x")
    width, _, height = plain.partition("x")
    return width.strip(), height.strip()


def solver(name: object) -> str | None:
    """Our solver for another program's name of it; None where we have none."""
    plain = text(name)[:40].lower().replace(" ", "").replace("_", "")
    if plain.startswith(("dpm++2m", "dpmpp2m", "kdpmpp2m")) and "sde" not in plain:
        return "dpmpp"
    plain = plain.removeprefix("k")
    return plain if plain in {"euler", "scm"} else None


def first(values: Mapping[str, Any], *keys: str) -> Any:
    """The first of these values that is there."""
    return next((values[key] for key in keys if values.get(key) is not None), None)
