"""The pictures of a request: what goes in is uploaded, each is ordered, followed and fetched."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Mapping

from app.backends.comfyui.explain import OutOfMemory
from app.backends.comfyui.graphs import Slot, Value
from app.backends.comfyui.link import Link
from app.backends.comfyui.ordering import make
from app.backends.comfyui.pictures import encode
from app.backends.comfyui.recipe import Recipe
from app.backends.comfyui.server import Refused, Server
from app.backends.comfyui.timing import Timing
from app.backends.comfyui.workflow.lacks import check_against
from app.backends.comfyui.workflow.refusals import refused
from app.backends.local.generation import is_flat
from app.backends.local.start_picture import StartPicture, load_start_picture
from app.core.capabilities import Capabilities
from app.core.errors import UserError
from app.core.events import CancelCheck, Event, Generated, Loading, stop_if
from app.core.message import message
from app.core.output import ImageOutput, Provenance
from app.core.request import GenerationRequest

_FLAT = message(
    "The picture is one flat colour: the numbers broke down in ComfyUI, which may have to run in another precision."
)


def generate(
    server: Server, recipe: Recipe, request: GenerationRequest, cancel: CancelCheck, timing: Timing, device: str
) -> Iterator[Event]:
    """The events of a resolved request, up to its last picture. `device` is what the server computes on.

    Raises:
        UserError: the server lacks something for it, which is told before anything is sent; or a picture failed.
        Refused, Unanswered: the server refused, or does not answer.
        GenerationCancelled: `cancel` answered True.
    """
    limits = recipe.capabilities()
    start = load_start_picture(request, limits)
    graph = recipe.graph(request)
    check_against(graph, server.nodes(*sorted(graph.classes())))
    values = _values(request, start)
    if start is not None:
        yield Loading(message("Sending the start picture"))
        values |= _uploaded(server, start)
    stop_if(cancel)
    link = Link(server)
    try:
        for number in range(request.count):
            began, seed = time.monotonic(), (request.seed or 0) + number
            nodes = graph.filled({**values, Slot.SEED: seed})
            try:
                pixels = yield from make(server, link, number, nodes, graph.outputs, cancel, timing)
            except Refused as error:
                if error.status != 400:
                    raise
                raise refused(error.detail, nodes) from None
            except OutOfMemory as error:
                raise UserError(error.message, error.remedy, _smaller(request, limits)) from None
            if start is not None and pixels.shape[1::-1] == start.canvas.size:  # a workflow may enlarge it
                pixels = start.finished(pixels)
            made = Provenance(
                backend="comfyui", device=device, model=recipe.name, seconds=round(time.monotonic() - began, 3),
                note=_FLAT if is_flat(pixels) else None,
            )  # fmt: skip
            yield Generated(number, ImageOutput(pixels), seed, made)
    finally:
        link.close()


def _values(request: GenerationRequest, start: StartPicture | None) -> dict[Slot, Value]:
    width, height = (request.width or 0, request.height or 0) if start is None else start.canvas.size
    return {
        Slot.PROMPT: request.prompt,
        Slot.NEGATIVE: request.negative,
        Slot.WIDTH: width,
        Slot.HEIGHT: height,
        Slot.STEPS: request.steps or 1,
        Slot.GUIDANCE: 1.0 if request.guidance is None else request.guidance,
        Slot.STRENGTH: 1.0 if start is None else start.strength,
    }


def _uploaded(server: Server, start: StartPicture) -> dict[Slot, Value]:
    """Upload what the model sees of the start picture, and of its mask."""
    names: dict[Slot, Value] = {Slot.IMAGE: _upload(server, encode(start.canvas.cut(start.pixels)))}
    if start.mask is not None:
        names[Slot.MASK] = _upload(server, encode((start.seen_mask(start.mask) * 255).round().astype("uint8")))
    return names


def _upload(server: Server, png: bytes) -> str:
    return server.upload(f"sana-studio-{hashlib.sha256(png).hexdigest()[:16]}.png", png)


def _smaller(request: GenerationRequest, limits: Capabilities) -> Mapping[str, int]:
    """The changes to a size of about half as many pixels; empty where there is none."""
    width, height = request.width or 0, request.height or 0
    smaller = limits.nearest_size(round(width * 0.7), round(height * 0.7))
    return {"width": smaller[0], "height": smaller[1]} if smaller[0] * smaller[1] < width * height else {}
