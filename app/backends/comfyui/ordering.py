"""One picture: ordered, followed, fetched, and stopped where nobody wants it any more."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Generator, Mapping
from concurrent.futures import Future, wait
from typing import Any

from app.backends.comfyui import jobs
from app.backends.comfyui.explain import explained
from app.backends.comfyui.following import Following
from app.backends.comfyui.jobs import Where
from app.backends.comfyui.link import Link
from app.backends.comfyui.pictures import Unreadable, decode
from app.backends.comfyui.server import Refused, Server, Unanswered
from app.backends.comfyui.timing import Timing
from app.core.errors import GenerationCancelled, UserError
from app.core.events import CancelCheck, Event
from app.core.message import message
from app.core.output import Pixels

_CANNOT_RUN = 400


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
    job = _order(server, link, nodes, outputs, cancel, timing)
    ended = False
    try:
        entry = yield from Following(server, link, number, job, nodes, cancel, timing).events()
        ended = True
    finally:
        if not ended:
            jobs.stop(server, job)
    return _fetched(server, entry, outputs)


def _order(
    server: Server, link: Link, nodes: Mapping[str, Any], outputs: tuple[str, ...], cancel: CancelCheck, timing: Timing
) -> str:
    job = str(uuid.uuid4())
    try:
        job, faults = _answered(server, link, nodes, job, cancel, timing)
    except (Refused, Unanswered) as error:
        if isinstance(error, Refused) and error.status == _CANNOT_RUN:
            raise
        if _is_there(server, job, error):
            return job
        raise explained(error, server.address) from None
    if outputs and set(outputs) <= jobs.left_out(faults):
        jobs.stop(server, job)  # other outputs would run, for nobody
        raise Refused(400, {"node_errors": faults})
    return job


def _answered(
    server: Server, link: Link, nodes: Mapping[str, Any], job: str, cancel: CancelCheck, timing: Timing
) -> tuple[str, Mapping[str, Any]]:
    """As `jobs.order`, in a thread of its own: who waits for a server that does not answer can leave."""
    answer: Future[tuple[str, Mapping[str, Any]]] = Future()

    def ask() -> None:
        try:
            answer.set_result(jobs.order(server, nodes, job, link.client))
        except BaseException as error:  # raised again by who waits
            answer.set_exception(error)

    threading.Thread(target=ask, name="comfyui-order", daemon=True).start()
    while not wait([answer], timing.wait).done:
        if cancel():
            jobs.stop(server, job)  # it may be there all the same
            raise GenerationCancelled
    return answer.result()


def _is_there(server: Server, job: str, error: Refused | Unanswered) -> bool:
    """Whether the server has an order all the same: its answer was lost, or a proxy gave another one."""
    if isinstance(error, Unanswered) and not error.connected:
        return False
    try:
        return jobs.stand(server, job).where is not Where.NOWHERE
    except (Refused, Unanswered):
        return False


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
