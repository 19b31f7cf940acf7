"""A job on the server, from its order to its end, whatever happens in between.

Where a job is, is asked by HTTP; the websocket only tells it sooner, and how far the job is. So a socket that drops, a
message that gets lost and a server that was restarted all end the same way: the job is looked for.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Generator, Mapping
from typing import Any

from app.backends.comfyui import jobs
from app.backends.comfyui.explain import doing, failed, lost
from app.backends.comfyui.jobs import Standing, Where
from app.backends.comfyui.link import Link
from app.backends.comfyui.pictures import Unreadable, decode
from app.backends.comfyui.server import Refused, Server, Unanswered
from app.backends.comfyui.socket import Shown, Told
from app.backends.comfyui.timing import Timing
from app.core.errors import UserError
from app.core.events import CancelCheck, Event, Loading, Preview, Progress, stop_if
from app.core.message import Message, message
from app.library.addresses import is_loopback

_LARGEST_PREVIEW = 4096 * 4096
_MOST_STEPS = 1_000_000
_ENDS = ("execution_success", "execution_error", "execution_interrupted")


class Following:
    """What is known of a job that is followed.

    Args:
        server, link: for questions, and for what is told.
        number: of the picture that it makes.
        job: its id.
        nodes: its graph in API format.
        cancel: asked all the time.
    """

    def __init__(
        self,
        server: Server,
        link: Link,
        number: int,
        job: str,
        nodes: Mapping[str, Any],
        cancel: CancelCheck,
        timing: Timing,
    ) -> None:
        self._server = server
        self._link = link
        self._number = number
        self._job = job
        self._nodes = nodes
        self._cancel = cancel
        self._timing = timing
        self._finished = False  # as the socket told
        self._running = False
        self._outputs: dict[str, Any] = {}
        self._told: list[tuple[str, Mapping[str, Any]]] = []
        self._steps: tuple[int, float] = (0, 0.0)  # the first one that was told, and when
        self._asked = self._heard = time.monotonic()
        self._missed: float | None = None  # since when nobody knows of it
        self._dropped = False

    def events(self) -> Generator[Event, None, Mapping[str, Any]]:
        """What happens to it; returns the history's entry.

        Raises:
            UserError: it failed there, or is lost.
            GenerationCancelled: `cancel` answered True. The job is still there.
        """
        while True:
            stop_if(self._cancel)
            told = self._link.receive(self._timing.wait)
            if told is not None:
                yield from self._take(told)
            elif not self._link.connected:
                if not self._dropped:
                    self._asked = 0.0  # what was told meanwhile is not told again
                self._dropped = True
                self._link.connect(self._timing.connect)
            now = time.monotonic()
            if now - self._asked < self._pause():
                continue
            self._asked = now
            entry = yield from self._look()
            if entry is not None:
                return self._checked(entry)

    def _pause(self) -> float:
        if self._finished or self._missed is not None:
            return self._timing.ending
        return self._timing.running if self._running and self._link.connected else self._timing.waiting

    def _look(self) -> Generator[Event, None, Mapping[str, Any] | None]:
        now = time.monotonic()
        try:
            standing = jobs.stand(self._server, self._job)
        except (Refused, Unanswered) as error:
            self._dropped = True
            self._asked = now + self._timing.waiting
            gone = isinstance(error, Unanswered) and not error.connected
            ended = gone and is_loopback(self._server.address)
            if now - self._heard > (self._timing.refused if ended else self._timing.silence):
                raise lost(self._server.address, restarted=False, error=error) from None
            yield Loading(message("ComfyUI does not answer; trying again"))
            return None
        self._heard = time.monotonic()
        if standing.where is Where.NOWHERE:
            return self._unknown()
        self._missed = None
        if standing.where is Where.WAITING:
            yield Loading(_before(standing))
        elif standing.where is Where.RUNNING and not self._running:
            self._running = True
            yield Loading(message("ComfyUI is at work"))
        return standing.entry

    def _unknown(self) -> Mapping[str, Any] | None:
        """Nobody knows of the job. Where its files were told they count: a history can be cleared."""
        if self._outputs and self._finished:
            return {"outputs": self._outputs, "status": {"messages": self._told}}
        self._missed = self._missed or time.monotonic()
        if time.monotonic() - self._missed < self._timing.gone:
            return None
        raise lost(self._server.address, restarted=self._dropped)

    def _take(self, told: Told | Shown) -> Generator[Event, None, None]:
        self._heard = time.monotonic()
        if isinstance(told, Shown):
            if told.prompt == self._job or (not told.prompt and self._running):
                with contextlib.suppress(Unreadable):
                    yield Preview(self._number, decode(told.file, _LARGEST_PREVIEW))
            return
        # After a reconnection the first message does not name its job; it can only be one of ours.
        if told.prompt not in (self._job, "") or told.type == "status":
            return
        self._running = self._running or told.type.startswith(("execution", "executing", "progress"))
        if told.type == "executing":
            yield from self._at(told.data.get("node"))
        elif told.type == "progress":
            yield from self._step(told.data.get("value"), told.data.get("max"))
        elif told.type == "executed" and isinstance(told.data.get("output"), Mapping):
            self._outputs[str(told.data.get("node"))] = told.data["output"]
        elif told.type in _ENDS:
            self._finished = True
            self._told.append((told.type, told.data))

    def _at(self, node: Any) -> Generator[Event, None, None]:
        if node is None:
            self._finished = True
            return
        event = doing(self._number, str(self._nodes.get(str(node), {}).get("class_type", "")))
        if event is not None:
            yield event

    def _step(self, value: Any, most: Any) -> Generator[Event, None, None]:
        if not (isinstance(value, int | float) and isinstance(most, int | float) and 0 < value <= most < _MOST_STEPS):
            return
        step, steps, now = int(value), int(most), time.monotonic()
        first, began = self._steps
        if step <= first or not began:
            self._steps = first, began = step, now
        left = (now - began) / (step - first) * (steps - step) if step > first else None
        yield Progress(self._number, step, steps, left)

    def _checked(self, entry: Mapping[str, Any]) -> Mapping[str, Any]:
        """An ended job's entry, unless it failed."""
        told = jobs.messages(entry)
        last, data = next(((kind, data) for kind, data in reversed(told) if kind in _ENDS), ("", {}))
        if last == "execution_error":
            raise failed(data)
        if last == "execution_interrupted":
            raise UserError(message("The job was stopped in ComfyUI."), message("Try again."))
        return entry


def _before(standing: Standing) -> Message:
    if not standing.before:
        return message("Waiting for ComfyUI")
    if standing.before == 1:
        return message("Waiting for ComfyUI: another job is before this one")
    return message("Waiting for ComfyUI: {n} jobs are before this one", n=standing.before)
