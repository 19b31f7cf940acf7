"""Where a workflow's prompts stand: from a sampler back through its conditionings to the text of an encoder."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from app.backends.comfyui.graphs import Nodes, Place
from app.backends.comfyui.workflow.links import Link, inputs, kind, link_of, links, title, upstream

Side = Literal["positive", "negative"]

_OTHER: dict[Side, Side] = {"positive": "negative", "negative": "positive"}
_OWN = {"positive": ("positive", "positive_prompt"), "negative": ("negative", "negative_prompt")}
"""Texts that say themselves which side they are."""
_ENCODED = (
    "text", "prompt", "user_prompt", "text_g", "text_l", "clip_l", "clip_g", "t5xxl", "bert", "mt5xl", "llama",
    "wildcard_text", "populated_text",
)  # fmt: skip
"""What encoders call their texts."""
_OTHER_WAYS = frozenset(
    {"model", "clip", "vae", "latent", "latent_image", "samples", "image", "images", "pixels", "noise", "sampler"}
    | {"sigmas", "mask", "control_net"}
)
"""Links that lead to no encoder."""
_TWO_OUTPUTS = re.compile(r"(ACN_Advanced)?ControlNet\w*Apply|InpaintModelConditioning|PairConditioning")
"""Nodes whose first output is the positive conditioning and whose second one is the negative."""
_TEXT = re.compile(
    r"(text|string|prompt|value|positive|negative|wildcard|populated)(_?(text|prompt|string|positive|negative))?_?\w?$",
    re.IGNORECASE,
)
_TITLES = {
    "positive": re.compile(r"positive|\bprompt\b|正向|正面|提示", re.IGNORECASE),
    "negative": re.compile(r"negative|负面|负向|反向", re.IGNORECASE),
}


def texts(graph: Nodes, samplers: Sequence[str], side: Side) -> tuple[Place, ...]:
    """The places of a prompt; empty where there is none.

    Of several encoders of the first sampler the one counts whose title says the side, else the first by the links.
    Whatever else on this side holds the very same text goes with it, such as the encoder of a refiner.

    Args:
        graph: the workflow.
        samplers: the first one first.
        side: which of the two prompts.
    """
    encoders = [_encoders(graph, sampler, side) for sampler in samplers]
    candidates = encoders[0] if encoders and encoders[0] else _titled_encoders(graph, samplers, side)
    if not candidates:
        return ()
    chosen = next((places for places in candidates if _says(graph, places, side)), candidates[0])
    words = [_value(graph, place) for place in chosen]
    others = (place for some in encoders for places in some for place in places)
    return tuple(dict.fromkeys((*chosen, *(place for place in others if _value(graph, place) in words))))


def conditionings(graph: Nodes, sampler: str, side: Side) -> list[str]:
    """The nodes between a sampler and its encoders, both included, the nearest to the sampler first.

    What is set to zero on the way has no text any more and is left out.
    """
    waiting = [(sampler, 0, side)]
    seen = set(waiting)
    for node, slot, current in waiting:
        if _own_texts(graph, node, current):
            continue
        if slot < 2 and _TWO_OUTPUTS.match(kind(graph, node)):
            current = "negative" if slot else "positive"
        for link in _onward(graph, node, current):
            step = (link.node, link.slot, current)
            if step not in seen and not kind(graph, link.node).startswith("ConditioningZeroOut"):
                seen.add(step)
                waiting.append(step)
    return list(dict.fromkeys(node for node, _, _ in waiting))


def _encoders(graph: Nodes, sampler: str, side: Side) -> list[tuple[Place, ...]]:
    found = (_own_texts(graph, node, side) for node in conditionings(graph, sampler, side))
    return [places for places in found if places]


def _titled_encoders(graph: Nodes, samplers: Sequence[str], side: Side) -> list[tuple[Place, ...]]:
    """Where the links lead to no encoder, since a node on the way is unknown: those whose title says the side."""
    found = (_own_texts(graph, node, side) for node in upstream(graph, samplers[:1]))
    return [places for places in found if places and _says(graph, places, side)]


def _onward(graph: Nodes, node: str, side: Side) -> list[Link]:
    given = links(graph, node)
    if side in given:
        return [given[side]]
    named = [link for name, link in given.items() if name.startswith(("cond", "guider"))]
    return named or [link for name, link in given.items() if name not in _OTHER_WAYS and name != _OTHER[side]]


def _own_texts(graph: Nodes, node: str, side: Side) -> tuple[Place, ...]:
    """The places of a side's texts if the node encodes them itself."""
    given = inputs(graph, node)
    names = [name for name in _OWN[side] if name in given and _is_text(graph, given[name])]
    if not names and not any(name in given for each in _OWN.values() for name in each):
        names = [name for name in _ENCODED if name in given]
    elif not names and side == "positive":
        names = [name for name in ("prompt", "text") if isinstance(given.get(name), str)]
    places = (_literal(graph, Place(node, name), side) for name in names)
    return tuple(dict.fromkeys(place for place in places if place is not None))


def _is_text(graph: Nodes, value: object) -> bool:
    """Whether what goes into "positive" or "negative" is a text, and not what an encoder made of one."""
    link = link_of(value)
    if link is None:
        return isinstance(value, str)
    given = inputs(graph, link.node)
    return not any(name in given for name in _OWN) and all(map(_TEXT.match, links(graph, link.node)))


def _literal(graph: Nodes, place: Place, side: Side) -> Place | None:
    """The place of the text that an input takes, through nodes that hold, join or show texts.

    Where texts are joined, what comes by a link goes before what the joining node itself adds.
    """
    waiting, seen = [place], {place}
    while waiting:
        current = waiting.pop()
        value = _value(graph, current)
        link = link_of(value)
        if link is None and isinstance(value, str):
            return current
        if link is not None:
            names = _text_names(graph, link.node, side)
            following = [Place(link.node, name) for name in names if Place(link.node, name) not in seen]
            seen.update(following)
            waiting.extend(reversed(following))
    return None


def _text_names(graph: Nodes, node: str, side: Side) -> list[str]:
    """The inputs that a node's text for a side may come from, links first."""
    given = inputs(graph, node)
    linked = list(links(graph, node))
    written = [name for name, value in given.items() if isinstance(value, str)]
    names = [name for name in (*linked, *written) if _TEXT.match(name) and _OTHER[side] not in name.casefold()]
    return names or (linked if len(linked) == 1 else written if len(written) == 1 and not linked else [])


def _says(graph: Nodes, places: Sequence[Place], side: Side) -> bool:
    return any(_TITLES[side].search(title(graph, place.node)) for place in places)


def _value(graph: Nodes, place: Place) -> object:
    return inputs(graph, place.node).get(place.input)
