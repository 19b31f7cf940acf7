"""What can be set in a workflow: prompt, negative prompt, seed, size, steps, guidance, start picture and strength.

It goes by the links, from the result's node back to the first sampler and from there to what it is given; titles decide
where there are several encoders. Where a value stands at several places (both samplers of a picture that is refined,
the size that a schedule is told), those that hold the very same value are set together; what differs stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.backends.comfyui.graphs import Nodes, Place
from app.backends.comfyui.workflow import numbers
from app.backends.comfyui.workflow.links import inputs, kind, links, upstream
from app.backends.comfyui.workflow.stages import picture_links, result, stages
from app.backends.comfyui.workflow.texts import conditionings, texts

_LOADERS = ("LoadImage", "Load Image", "LoadImageOutput", "ETN_LoadImage")


@dataclass(frozen=True, slots=True)
class Inputs:
    """The places of what can be set, the deciding one first; each is empty where nothing was found.

    Attributes:
        result: the node whose pictures are the result; empty where there is none.
        picture: the name of the start picture's file.
        strength: how far to go from the start picture; it has a meaning only where there is one.
        batch: how many pictures are made at once.
    """

    result: str = ""
    prompt: tuple[Place, ...] = ()
    negative: tuple[Place, ...] = ()
    seed: tuple[Place, ...] = ()
    width: tuple[Place, ...] = ()
    height: tuple[Place, ...] = ()
    steps: tuple[Place, ...] = ()
    guidance: tuple[Place, ...] = ()
    picture: tuple[Place, ...] = ()
    strength: tuple[Place, ...] = ()
    batch: tuple[Place, ...] = ()


def find_inputs(graph: Nodes) -> Inputs:
    """What can be set in a workflow."""
    end = result(graph)
    if end is None:
        return Inputs()
    samplers = stages(graph, end)
    if not samplers:  # pictures are worked on, none is made: an upscaler
        return Inputs(end, picture=_picture(graph, _along_pictures(graph, end)))
    first = samplers[0]
    prompt = texts(graph, samplers, "positive")
    negative = tuple(place for place in texts(graph, samplers, "negative") if place not in prompt)
    start = _picture(graph, _along_pictures(graph, first))
    width, height = numbers.sizes(graph, end, first)
    return Inputs(
        end,
        prompt,
        negative,
        numbers.seeds(graph, samplers),
        width,
        height,
        numbers.steps(graph, samplers),
        numbers.guidances(graph, samplers),
        start or _picture(graph, _told_pictures(graph, first)),
        numbers.strengths(graph, first) if start else (),
        numbers.batch(graph, first),
    )


def _along_pictures(graph: Nodes, node: str) -> list[str]:
    return upstream(graph, [node], lambda each: picture_links(graph, each))


def _told_pictures(graph: Nodes, sampler: str) -> list[str]:
    """What a model that edits pictures is told with the prompt; what a ControlNet follows is no start picture."""
    told = conditionings(graph, sampler, "positive")
    own = [node for node in told if node != sampler and not kind(graph, node).startswith(("ControlNet", "ACN_"))]
    names = ("image", "image1", "image_1", "latent", "pixels")
    starts = [link.node for node in own for name, link in links(graph, node).items() if name in names]
    return upstream(graph, starts, lambda each: picture_links(graph, each))


def _picture(graph: Nodes, nodes: list[str]) -> tuple[Place, ...]:
    """Of several start pictures the nearest one."""
    for node in nodes:
        if kind(graph, node).startswith(_LOADERS) and isinstance(inputs(graph, node).get("image"), str):
            return (Place(node, "image"),)
    return ()
