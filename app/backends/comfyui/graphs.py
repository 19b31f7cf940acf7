"""A graph in ComfyUI's API format, and where what a request says goes in."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Nodes = Mapping[str, Mapping[str, Any]]
"""By id: {"class_type": ..., "inputs": {name: a value, or [id of a node, number of its output]}}."""
Value = str | int | float


class Slot(StrEnum):
    """What of a request goes into a graph."""

    PROMPT = "prompt"
    NEGATIVE = "negative"
    WIDTH = "width"
    HEIGHT = "height"
    SEED = "seed"
    STEPS = "steps"
    GUIDANCE = "guidance"
    STRENGTH = "strength"
    """Of the start picture: ComfyUI's denoise."""
    IMAGE = "image"
    """The start picture, by the name that the server gave it."""
    MASK = "mask"
    """The mask, likewise: white is made anew."""


@dataclass(frozen=True, slots=True)
class Place:
    """An input of a node."""

    node: str
    input: str


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes, the places of what a request says, and the nodes whose pictures are taken.

    A slot may have several places, or none where the graph does not take it. `outputs` are ids, the first that has
    a picture counts; empty where any will do.
    """

    nodes: Nodes
    places: Mapping[Slot, tuple[Place, ...]] = field(default_factory=dict)
    outputs: tuple[str, ...] = ()

    def filled(self, values: Mapping[Slot, Value]) -> dict[str, Any]:
        """The nodes with these values at their places; a value without a place is left out."""
        nodes: dict[str, Any] = copy.deepcopy(dict(self.nodes))
        for slot, value in values.items():
            for place in self.places.get(slot, ()):
                nodes[place.node]["inputs"][place.input] = value
        return nodes

    def classes(self) -> frozenset[str]:
        """The types of its nodes."""
        return frozenset(str(node["class_type"]) for node in self.nodes.values())
