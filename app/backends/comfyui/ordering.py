"""One picture: ordered, followed, fetched, and stopped where nobody wants it any more."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Generator, Mapping
from typing import Any

from app.backends.comfyui import jobs
from app.backends.comfyui.explain import explained
from app.backends.comfyui.following import Following
from app.backends.comfyui.jobs import Where
from app.backends.comfyui.link import Link
from app.backends.comfyui.pictures import Unreadable, decode
from app.backends.comfyui.server import Refused, Server, Unanswered
from app.backends.comfyui.timing import Timing
from app.core.errors import UserError
from app.core.events import CancelCheck, Event
from app.core.message import message
from app.core.output import Pixels


def make(
    server: Server,
    link: Link,
    number: int,
    nodes: Mapping[str, Any],
    outputs: tuple[str, ...],
    cancel: CancelCheck,
    timing: Timing,
) -> Generator[Event, None, Pixels]:
    """Make picture `number` of a graph in API format; returns it, (H, W, 3) uint8.

    Args:
        outputs: the nodes of which at least one has to give a picture; empty for any.

    Raises:
        Refused: the graph cannot run.
        UserError: it failed there, the job is lost, or there is no picture.
        GenerationCancelled: `cancel` answered True; the job was stopped.
    """
    link.connect(timing.connect)
    job = _order(server, link, nodes, outputs)
    ended = False
    try:
        entry = yield from Following(server, link, number, job, nodes, cancel, timing).events()
        ended = True
    finally:
        if not ended:
            jobs.stop(server, job)
    return _fetched(server, entry, outputs)


def _order(server: Server, link: Link, nodes: Mapping[str, Any], outputs: tuple[str, ...]) -> str:
    job = str(uuid.uuid4())
    try:
        job, faults = jobs.order(server, nodes, job, link.client)
    except Unanswered as error:
        if not error.connected:
            raise explained(error, server.address) from None
        with contextlib.suppress(Refused, Unanswered):  # its answer may be lost, and the order not
            if jobs.stand(server, job).where is not Where.NOWHERE:
                return job
        raise explained(error, server.address) from None
    if outputs and set(outputs) <= jobs.left_out(faults):
        jobs.stop(server, job)  # other outputs would run, for nobody
        raise Refused(400, {"node_errors": faults})
    return job


def _fetched(server: Server, entry: Mapping[str, Any], outputs: tuple[str, ...]) -> Pixels:
    """The picture of an ended job. Raises UserError where there is none, or it cannot be read."""
    files = jobs.pictures(entry, outputs)
    if not files:
        raise UserError(
            message("ComfyUI has finished, and there is no picture."),
            message("Look whether its graph ends in a node that saves or shows a picture."),
        )
    file = files[-1]
    try:
        return decode(server.view(file.name, file.folder, file.kind))
    except Refused as error:
        if error.status != 404:
            raise explained(error, server.address) from None
        raise UserError(
            message("ComfyUI no longer has the file of this picture."),
            message("Restart ComfyUI, or choose another seed."),
        ) from None
    except Unanswered as error:
        raise explained(error, server.address) from None
    except Unreadable:
        raise UserError(message("What ComfyUI gave is no picture that can be read."), message("Try again.")) from None
