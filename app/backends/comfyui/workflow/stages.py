"""The stages of a workflow: the node whose pictures are the result, and the sampler that lays the picture out."""

from __future__ import annotations

from collections.abc import Iterable

from app.backends.comfyui.graphs import Nodes
from app.backends.comfyui.workflow.links import Link, inputs, kind, links, order, upstream

_SAVES = ("saveimage", "imagesave", "image save", "save image", "saveanimated")
_SHOWS = ("preview", "image comparer", "showimage")
_PICTURES = (
    "samples",
    "latent",
    "latents",
    "latent_image",
    "image",
    "images",
    "pixels",
    "upscaled_image",
    "init_image",
)
_NO_PICTURES = frozenset(
    {"model", "clip", "vae", "positive", "negative", "conditioning", "control_net", "noise", "guider", "sampler"}
    | {"sigmas", "upscale_model", "mask", "masks", "text", "prompt", "clip_vision", "style_model", "ipadapter", "GEMMA"}
)
_MOST = 16
"""Results and samplers that are looked at."""
SEEDS = ("seed", "noise_seed")
_WORDS = ("positive", "positive_prompt", "conditioning", "prompt", "pipe", "basic_pipe")


def is_sampler(graph: Nodes, node: str) -> bool:
    """Whether a node denoises, whatever pack it is of."""
    given = inputs(graph, node)
    if {"noise", "guider", "sigmas"} <= given.keys():
        return True
    seeded = any(name in given for name in SEEDS)
    return seeded and any(name in given for name in _WORDS) and ("steps" in given or bool(picture_links(graph, node)))


def picture_links(graph: Nodes, node: str) -> list[Link]:
    """The links by which pictures and latents come into a node."""
    given = links(graph, node)
    named = [given[name] for name in _PICTURES if name in given]
    return named or [link for name, link in given.items() if name not in _NO_PICTURES]


def results(graph: Nodes) -> list[str]:
    """The nodes whose pictures are the result: those that save, else those that show, else those that none follows."""
    for words in (_SAVES, _SHOWS):
        found = [node for node in graph if kind(graph, node).casefold().startswith(words)]
        if found:
            return found
    taken = {link.node for node in graph for link in links(graph, node).values()}
    return [node for node in graph if node not in taken and links(graph, node)]


def result(graph: Nodes) -> str | None:
    """Of several results the last stage's: the one that most nodes lead to; of those the one with the lowest id."""
    found = sorted(results(graph), key=order)[:_MOST]
    return min(found, key=lambda node: (-len(upstream(graph, [node])), order(node)), default=None)


def stages(graph: Nodes, end: str) -> list[str]:
    """The samplers whose pictures lead to a result, by their pictures' way; where that has none, by any way.

    The first is the one that lays out the picture: no other one comes before it. Where several are first, since
    pictures are put together, it is the one with the lowest id. The others follow by their ids.
    """
    along = upstream(graph, [end], lambda node: picture_links(graph, node))
    samplers = [node for node in along if is_sampler(graph, node)]
    if not samplers:
        along = upstream(graph, [end])
        samplers = [node for node in along if is_sampler(graph, node)]
    refining = _after(graph, along, set(samplers))
    first = min((node for node in samplers if node not in refining), key=order, default=None)
    ordered = sorted(samplers, key=lambda node: (node != first, order(node)))
    return ordered[:_MOST]


def _after(graph: Nodes, nodes: Iterable[str], samplers: set[str]) -> set[str]:
    """Those of some nodes that a sampler's pictures come into, by whatever way."""
    following: dict[str, list[str]] = {}
    for node in nodes:
        for link in picture_links(graph, node):
            following.setdefault(link.node, []).append(node)
    waiting = list(samplers)
    found: set[str] = set()
    while waiting:
        for node in following.get(waiting.pop(), ()):
            if node not in found:
                found.add(node)
                waiting.append(node)
    return found
