"""Where a workflow's numbers stand: seed, size, steps, guidance and strength."""

from __future__ import annotations

from collections.abc import Sequence

from app.backends.comfyui.graphs import Nodes, Place
from app.backends.comfyui.workflow.links import Link, inputs, link_of, links, upstream
from app.backends.comfyui.workflow.stages import SEEDS, picture_links
from app.backends.comfyui.workflow.texts import conditionings
from app.core.sizes import MAX_SIDE

_SIDES = (("width", "height"), ("target_width", "target_height"), ("empty_latent_width", "empty_latent_height"))
_HUGE = 2**64
"""No seed is as large, and nothing else."""
_CFG = ("cfg", "cfg_conds", "guidance", "guidance_scale", "cfg_scale")


def number(graph: Nodes, place: Place) -> Place | None:
    """The place of the number that an input takes, through nodes that hold one or pass it on; None where it is
    computed.
    """
    wanted = {place.input}
    for _ in range(len(graph) + 1):
        value = inputs(graph, place.node).get(place.input)
        if _is_number(value):
            return place
        link = link_of(value)
        if link is None:
            return None
        name = _holder(graph, link.node, wanted)
        if name is None:
            return None
        place = Place(link.node, name)
    return None


def seeds(graph: Nodes, samplers: Sequence[str]) -> tuple[Place, ...]:
    """The seed of the first sampler that has one, and of further ones that have the same."""
    return _alike(
        graph, [_first(graph, [sampler, *_nodes(links(graph, sampler).get("noise"))], SEEDS) for sampler in samplers]
    )


def steps(graph: Nodes, samplers: Sequence[str]) -> tuple[Place, ...]:
    """The number of steps, of the sampler itself or of what makes its sigmas."""
    found = []
    for sampler in samplers:
        scheduler = links(graph, sampler).get("sigmas")
        nodes = upstream(graph, [scheduler.node]) if scheduler else []
        found.append(_first(graph, [sampler, *nodes], ("steps",)))
    return _alike(graph, found)


def strengths(graph: Nodes, sampler: str) -> tuple[Place, ...]:
    """How far the first sampler goes from the latent that it is given."""
    scheduler = links(graph, sampler).get("sigmas")
    nodes = [sampler, *(upstream(graph, [scheduler.node]) if scheduler else [])]
    return _alike(graph, [_first(graph, nodes, ("denoise",))])


def guidances(graph: Nodes, samplers: Sequence[str]) -> tuple[Place, ...]:
    """The guidance: what a distilled model is told with its prompt or its schedule, else the sampler's or guider's."""
    found = []
    for sampler in samplers:
        told = [node for node in conditionings(graph, sampler, "positive") if node != sampler]
        guider = links(graph, sampler).get("guider")
        models = upstream(graph, _nodes(links(graph, sampler).get("model")), lambda node: _model_links(graph, node))
        told_place = _first(graph, told, ("guidance",)) or _first(graph, models, ("cfg_scale",))
        found.append(told_place or _first(graph, [sampler, *_nodes(guider)], _CFG))
    return _alike(graph, found)


def sizes(graph: Nodes, end: str, sampler: str) -> tuple[tuple[Place, ...], tuple[Place, ...]]:
    """The places of width and height: of the nearest node before the first sampler that gives its canvas a size, and
    of what else before the result has the very same size.
    """
    starts = [link.node for link in picture_links(graph, sampler)]
    before = [sampler, *upstream(graph, starts, lambda node: picture_links(graph, node))]
    pairs = [pair for node in before if (pair := _pair(graph, node)) is not None]
    if not pairs:
        return (), ()
    chosen = pairs[0]
    size = _numbers(graph, chosen)
    others = (pair for node in upstream(graph, [end]) for pair in _named_pairs(graph, node))
    alike = [chosen, *(pair for pair in others if _numbers(graph, pair) == size)]
    return tuple(dict.fromkeys(w for w, _ in alike)), tuple(dict.fromkeys(h for _, h in alike))


def batch(graph: Nodes, sampler: str) -> tuple[Place, ...]:
    """How many pictures the first sampler makes at once."""
    starts = [link.node for link in picture_links(graph, sampler)]
    before = upstream(graph, starts, lambda node: picture_links(graph, node))
    return _alike(graph, [_first(graph, [sampler, *before], ("batch_size",))])


def value(graph: Nodes, place: Place) -> float:
    found: float = inputs(graph, place.node)[place.input]
    return found


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _HUGE


def _holder(graph: Nodes, node: str, wanted: set[str]) -> str | None:
    """The input of a node that what it gives comes from."""
    given = inputs(graph, node)
    if linked := links(graph, node):
        return next(iter(linked)) if len(given) == 1 else None
    written = [name for name, each in given.items() if _is_number(each)]
    alike = [name for name in written if name in wanted or (wanted & set(SEEDS) and name in SEEDS)]
    return alike[0] if alike else written[0] if len(written) == 1 else None


def _first(graph: Nodes, nodes: Sequence[str], names: Sequence[str]) -> Place | None:
    for node in nodes:
        for name in names:
            if name in inputs(graph, node) and (place := number(graph, Place(node, name))) is not None:
                return place
    return None


def _alike(graph: Nodes, places: Sequence[Place | None]) -> tuple[Place, ...]:
    """The first place, and those that hold the same number."""
    found = [place for place in places if place is not None]
    return tuple(dict.fromkeys(place for place in found if value(graph, place) == value(graph, found[0])))


def _nodes(link: Link | None) -> list[str]:
    return [link.node] if link is not None else []


def _model_links(graph: Nodes, node: str) -> list[Link]:
    return [link for name, link in links(graph, node).items() if name == "model"]


def _pair(graph: Nodes, node: str) -> tuple[Place, Place] | None:
    pair = next(iter(_named_pairs(graph, node)), None)
    return pair if pair is not None and all(16 <= side <= MAX_SIDE for side in _numbers(graph, pair)) else None


def _named_pairs(graph: Nodes, node: str) -> list[tuple[Place, Place]]:
    given = inputs(graph, node)
    found = []
    for wide, high in _SIDES:
        if wide in given and high in given:
            width, height = number(graph, Place(node, wide)), number(graph, Place(node, high))
            if width is not None and height is not None and width != height:
                found.append((width, height))
    return found


def _numbers(graph: Nodes, pair: tuple[Place, Place]) -> tuple[float, float]:
    return value(graph, pair[0]), value(graph, pair[1])
