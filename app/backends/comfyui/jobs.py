"""A job on the server: ordered, looked up, stopped. Only our own one is ever touched."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from app.backends.comfyui.server import Refused, Server, Unanswered

ANSWER = 5.0
"""Seconds to wait for each answer while a job is followed: until then nobody can cancel it."""
STOPPING = 4.0
"""Seconds to see a job end that was stopped: it does at the next step."""


class Where(Enum):
    """Where a job is."""

    WAITING = "waiting"
    RUNNING = "running"
    ENDED = "ended"
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a job stands. `before` is how many jobs run or wait before it; `entry` is what the history has of it."""

    where: Where
    before: int = 0
    entry: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class File:
    """A file of the server's."""

    name: str
    folder: str
    kind: str


def order(server: Server, nodes: Mapping[str, Any], job: str, client: str) -> tuple[str, Mapping[str, Any]]:
    """Put a job into the server's queue.

    Args:
        nodes: in API format.
        job: a lower-case UUID; where its answer is lost, the job can be found by it.
        client: the id of the socket that is told of it.

    Returns:
        The id that the server gave it, and the faults of nodes whose outputs it left out.

    Raises:
        Refused: with status 400 and its reasons where the graph cannot run.
        Unanswered: it may have been put there all the same.
    """
    body = {
        "prompt": nodes,
        "client_id": client,
        "prompt_id": job,
        "extra_data": {"preview_method": "auto"},  # previews are off where nobody asks; older servers ignore it
    }
    answer = server.post("/prompt", body)
    answer = answer if isinstance(answer, Mapping) else {}
    faults = answer.get("node_errors")
    return str(answer.get("prompt_id") or job), faults if isinstance(faults, Mapping) else {}


def left_out(faults: Mapping[str, Any]) -> set[str]:
    """The output nodes that do not run, by what `order` says of faults."""
    found = set(faults)
    for fault in faults.values():
        dependent = fault.get("dependent_outputs") if isinstance(fault, Mapping) else None
        found |= {str(node) for node in (dependent if isinstance(dependent, list) else ())}
    return found


def stand(server: Server, job: str) -> Standing:
    """Where a job is. The history says the same of what waits, what was deleted and what never was, so the queue is
    asked first: a job moves from one to the other at once. Raises Refused, Unanswered.
    """
    queue = server.get("/queue", ANSWER)
    queue = queue if isinstance(queue, Mapping) else {}
    running = list(_entries(queue.get("queue_running")))
    if any(found == job for _, found in running):
        return Standing(Where.RUNNING)
    waiting = sorted(_entries(queue.get("queue_pending")))
    place = next((place for place, (_, found) in enumerate(waiting) if found == job), None)
    if place is not None:
        return Standing(Where.WAITING, len(running) + place)
    history = server.get(f"/history/{job}", ANSWER)
    entry = history.get(job) if isinstance(history, Mapping) else None
    return Standing(Where.ENDED, entry=entry) if isinstance(entry, Mapping) else Standing(Where.NOWHERE)


def stop(server: Server, job: str, seconds: float = STOPPING) -> None:
    """Take a job out of the queue, or interrupt it where it runs, and wait a moment until it ends. What cannot be said
    to the server is left: it may have gone.
    """
    latest = time.monotonic() + seconds
    try:
        while True:
            server.post("/queue", {"delete": [job]}, ANSWER)
            server.post("/interrupt", {"prompt_id": job}, ANSWER)
            if time.monotonic() > latest or stand(server, job).where in (Where.ENDED, Where.NOWHERE):
                return
            time.sleep(0.3)
    except (Refused, Unanswered):
        return


def pictures(entry: Mapping[str, Any], outputs: tuple[str, ...]) -> list[File]:
    """The picture files of a history's entry: of the first of these nodes that has any, or of any node at all."""
    found = entry.get("outputs")
    found = found if isinstance(found, Mapping) else {}
    for node in outputs or tuple(found):
        files = list(files_of(found.get(node)))
        if files:
            return files
    return []


def files_of(output: Any) -> Iterator[File]:
    """The pictures of a node's output. A node that only passes its preview on marks it as "temp" as well."""
    images = output.get("images") if isinstance(output, Mapping) else None
    for image in images if isinstance(images, list) else ():
        if isinstance(image, Mapping) and isinstance(image.get("filename"), str):
            yield File(image["filename"], str(image.get("subfolder") or ""), str(image.get("type") or "output"))


def messages(entry: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """What the server told of an ended job, in order. Only the last one tells an error from an interruption."""
    status = entry.get("status")
    told = status.get("messages") if isinstance(status, Mapping) else None
    return [
        (str(each[0]), each[1])
        for each in (told if isinstance(told, list) else ())
        if isinstance(each, list | tuple) and len(each) == 2 and isinstance(each[1], Mapping)
    ]


def _entries(entries: Any) -> Iterator[tuple[float, str]]:
    """(number, id) of a queue's entries, each [number, id, graph, ...]."""
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, list) and len(entry) > 1 and isinstance(entry[0], int | float):
            yield float(entry[0]), str(entry[1])
