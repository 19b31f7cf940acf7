"""A user's workflow as one of the models of a server."""

from __future__ import annotations

import copy
import math
from dataclasses import dataclass
from typing import Any

from app.backends.comfyui.graphs import Graph, Nodes, Place, Slot
from app.backends.comfyui.workflow.finding import Inputs, find_inputs
from app.backends.comfyui.workflow.links import inputs, kind
from app.core.capabilities import Capabilities
from app.core.errors import UserError
from app.core.limits import InputLimits, Range
from app.core.message import Message, message
from app.core.request import GenerationRequest, Role
from app.core.sizes import MAX_SIDE

_LARGEST = 8192
_STEPS = {
    "EmptyDCAELatentImage": 32,
    "EmptySanaLatentImage": 32,
    "EmptySD3LatentImage": 16,
    "EmptyFlux2LatentImage": 16,
}
"""What the sides must be a multiple of, by the class that makes the latents; 8 with all others."""
_SLOTS = {
    Slot.PROMPT: "prompt", Slot.NEGATIVE: "negative", Slot.SEED: "seed", Slot.WIDTH: "width", Slot.HEIGHT: "height",
    Slot.STEPS: "steps", Slot.GUIDANCE: "guidance", Slot.IMAGE: "picture", Slot.STRENGTH: "strength",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Workflow:
    """A workflow that was read from a file; it takes what was found in it, with its own values as the defaults."""

    id: str
    name: str
    nodes: Nodes
    found: Inputs

    def capabilities(self) -> Capabilities:
        found = self.found
        steps, guidance = max(1.0, self._number(found.steps, 1)), self._number(found.guidance, 1)
        strength = Range(0.05, 1, min(1.0, max(0.05, self._number(found.strength, 0.6))), 0.05)
        size, own = self._size()
        return Capabilities(
            model=self.name,
            size=size,
            max_pixels=_LARGEST * _LARGEST if found.width else MAX_SIDE * MAX_SIDE,
            own_size=own,
            steps=Range(1, max(200, steps), steps) if found.steps else Range(1, 1, 1),
            guidance=Range(min(0, guidance), max(30, guidance), guidance, 0.1) if found.guidance else None,
            negative=bool(found.negative),
            inputs=(InputLimits(Role.INIT, strength if found.strength else None),) if found.picture else (),
            notes=tuple(self._notes()),
            seed=bool(found.seed),
        )

    def graph(self, request: GenerationRequest) -> Graph:
        """One picture at a time: what makes several at once makes one. Without a start picture the workflow's own
        stays, and how far it goes from it.
        """
        nodes: dict[str, Any] = copy.deepcopy(dict(self.nodes))
        for place in self.found.batch:
            nodes[place.node]["inputs"][place.input] = 1
        places: dict[Slot, tuple[Place, ...]] = {slot: getattr(self.found, name) for slot, name in _SLOTS.items()}
        if request.input(Role.INIT) is None:
            places |= {Slot.IMAGE: (), Slot.STRENGTH: ()}
        return Graph(nodes, {slot: some for slot, some in places.items() if some}, (self.found.result,))

    def _size(self) -> tuple[Range, tuple[int, int] | None]:
        """The limits of a side, and the workflow's own size. Without a size of its own it follows a start picture."""
        found = self.found
        if not found.width:
            return (Range(1, MAX_SIDE, 1024) if found.picture else Range(1024, 1024, 1024)), None
        width, height = (int(self._number(places, 1024)) for places in (found.width, found.height))
        step = _STEPS.get(kind(self.nodes, found.width[0].node), 8)
        step = step if width % step == height % step == 0 else 1
        least = min(width, height, 64)
        side = max(least, round(math.sqrt(width * height) / step) * step)
        return Range(least, max(_LARGEST, width, height), side, step), (width, height)

    def _notes(self) -> list[Message]:
        """What was not found, where its user would look for it."""
        found = self.found
        missing = [
            (found.prompt, message("No prompt was found in this workflow: what you type has no effect.")),
            (found.seed, message("No seed was found in this workflow: the same settings may give another picture.")),
            (found.width or found.picture, message("The workflow itself decides the size of its pictures.")),
        ]
        return [words for places, words in missing if not places]

    def _number(self, places: tuple[Place, ...], default: float) -> float:
        return float(inputs(self.nodes, places[0].node)[places[0].input]) if places else default


def workflow(id: str, name: str, nodes: Nodes) -> Workflow:
    """Raises UserError where a workflow makes no picture, or takes neither a prompt nor a picture."""
    found = find_inputs(nodes)
    if not found.result:
        raise UserError(
            message("“{name}” neither saves nor shows a picture.", name=name),
            message("Add a “Save Image” node to it in ComfyUI, and export it again."),
        )
    if not found.prompt and not found.picture:
        raise UserError(
            message("In “{name}”, neither a prompt nor a start picture was found.", name=name),
            message("Call the node with the prompt “Positive Prompt” in ComfyUI, and export the workflow again."),
        )
    return Workflow(id, name, nodes, found)
