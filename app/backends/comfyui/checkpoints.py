"""The standard graph, for any plain checkpoint: SD 1.5, SDXL, and Flux in a single file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from app.backends.comfyui.graphs import Graph, Place, Slot
from app.core.capabilities import Capabilities
from app.core.limits import MASK, START_PICTURE, Range
from app.core.message import Message, message
from app.core.request import GenerationRequest, Role

SAMPLERS = {"euler": "euler", "dpmpp": "dpmpp_2m"}
"""ComfyUI's names of our solvers."""
LARGEST = 4096
NO_PREVIEWS = message("This ComfyUI shows no previews; update it, or start it with --preview-method auto.")
Places = dict[Slot, tuple[Place, ...]]
_WORD = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Family:
    """What checkpoints of one architecture have in common; `side` is that of the square they were trained for."""

    name: str
    side: int
    step: int
    steps: int
    guidance: float
    negative: bool
    scheduler: str


SD15 = Family("SD 1.5", 512, 8, 20, 7.0, True, "normal")
SDXL = Family("SDXL", 1024, 8, 25, 6.0, True, "normal")
SDXL_TURBO = Family("SDXL", 512, 8, 2, 1.0, False, "normal")
FLUX_DEV = Family("FLUX", 1024, 16, 20, 3.5, False, "simple")
FLUX_SCHNELL = Family("FLUX", 1024, 16, 4, 1.0, False, "simple")
_BY_NAME = (
    (("schnell",), FLUX_SCHNELL),
    (("flux",), FLUX_DEV),
    (("turbo", "lightning", "hyper"), SDXL_TURBO),
    (("xl", "pony", "illustrious", "noob", "animagine"), SDXL),
)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A file in the server's folder for checkpoints. The architecture is told by its name: the server does not say.

    Attributes:
        previews: whether the server shows how a picture stands.
    """

    id: str
    previews: bool = True

    @property
    def name(self) -> str:
        return self.id.replace("\\", "/").rpartition("/")[2].rpartition(".")[0] or self.id

    @property
    def family(self) -> Family:
        words = _WORD.sub("-", self.name.lower())
        return next((family for marks, family in _BY_NAME if any(mark in words for mark in marks)), SD15)

    def capabilities(self) -> Capabilities:
        family = self.family
        return Capabilities(
            model=self.name,
            size=Range(64, LARGEST, family.side, family.step),
            max_pixels=LARGEST * LARGEST // 2,
            steps=Range(1, 150, family.steps),
            guidance=Range(1, 30, family.guidance, 0.1),
            negative=family.negative,
            solvers=tuple(SAMPLERS),
            inputs=(START_PICTURE, MASK),
            edits=True,
            notes=(_used_as(family),) if self.previews else (_used_as(family), NO_PREVIEWS),
        )

    def graph(self, request: GenerationRequest) -> Graph:
        family = self.family
        embedded = family is FLUX_DEV  # its guidance is an input of the network
        nodes: dict[str, Any] = {
            "checkpoint": node("CheckpointLoaderSimple", ckpt_name=self.id),
            "prompt": node("CLIPTextEncode", text="", clip=["checkpoint", 1]),
            "negative": node("CLIPTextEncode", text="", clip=["checkpoint", 1]),
            "sampler": node(
                "KSampler", model=["checkpoint", 0], positive=["guidance" if embedded else "prompt", 0],
                negative=["negative", 0], latent_image=["latents", 0], seed=0, steps=family.steps, cfg=1.0,
                sampler_name=SAMPLERS[request.solver or "euler"], scheduler=family.scheduler, denoise=1.0,
            ),
            "decoded": node("VAEDecode", samples=["sampler", 0], vae=["checkpoint", 2]),
            "saved": saved("decoded"),
        }  # fmt: skip
        if embedded:
            nodes["guidance"] = node("FluxGuidance", conditioning=["prompt", 0], guidance=family.guidance)
        places = {
            Slot.PROMPT: (Place("prompt", "text"),),
            Slot.NEGATIVE: (Place("negative", "text"),),
            Slot.SEED: (Place("sampler", "seed"),),
            Slot.STEPS: (Place("sampler", "steps"),),
            Slot.GUIDANCE: (Place("guidance", "guidance") if embedded else Place("sampler", "cfg"),),
        }
        more, more_places = latents(request, empty="EmptyLatentImage", vae=["checkpoint", 2], sampler="sampler")
        return Graph({**nodes, **more}, {**places, **more_places}, ("saved",))


def node(class_type: str, **inputs: Any) -> dict[str, Any]:
    return {"class_type": class_type, "inputs": inputs}


def saved(images: str) -> dict[str, Any]:
    """Previews go to the server's temporary folder: what is kept is kept by us."""
    return node("PreviewImage", images=[images, 0])


def latents(request: GenerationRequest, *, empty: str, vae: list[Any], sampler: str) -> tuple[dict[str, Any], Places]:
    """The nodes that make the node "latents": empty ones, or the start picture's with its mask; and their places."""
    places: Places
    if request.input(Role.INIT) is None:
        places = {Slot.WIDTH: (Place("latents", "width"),), Slot.HEIGHT: (Place("latents", "height"),)}
        return {"latents": node(empty, width=0, height=0, batch_size=1)}, places
    encoded = node("VAEEncode", pixels=["start", 0], vae=vae)
    nodes = {"start": node("LoadImage", image=""), "latents": encoded}
    places = {Slot.IMAGE: (Place("start", "image"),), Slot.STRENGTH: (Place(sampler, "denoise"),)}
    if request.input(Role.MASK) is not None or request.extend is not None:
        nodes["mask"] = node("LoadImageMask", image="", channel="red")
        nodes["encoded"] = encoded
        nodes["latents"] = node("SetLatentNoiseMask", samples=["encoded", 0], mask=["mask", 0])
        places[Slot.MASK] = (Place("mask", "image"),)
    return nodes, places


def _used_as(family: Family) -> Message:
    return message("The server uses it as {family}, to go by its name.", family=family.name)
