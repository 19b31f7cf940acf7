"""Several waits at once, as one stream of events that can be stopped at any time."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from app.core.errors import GenerationCancelled
from app.core.events import Event, Loading, Progress
from app.core.message import message

T = TypeVar("T")


class Stopped(Exception):  # noqa: N818
    """Raised in a task that waits, when it is to end."""


@dataclass(frozen=True, slots=True)
class TaskResult(Generic[T]):
    """The end of task `number` (from 0): its value, or what it raised."""

    number: int
    value: T | None = None
    error: Exception | None = None


class TaskGroup(Generic[T]):
    """Runs tasks in threads of their own; they wait with `wait` and speak with `report`.

    Args:
        name: of the service that the tasks wait for.
        cancelled: asked every few milliseconds. When it answers True, the tasks are stopped, given a moment to clean
            up, and `run` raises GenerationCancelled.
        heartbeat: seconds after which the last news are repeated, so that who listens can leave in time.
        grace: seconds for cleaning up.

    Attributes:
        was_cancelled: True when the tasks were stopped because the user pressed Cancel, False when the app just ends.
    """

    def __init__(self, name: str, cancelled: Callable[[], bool], heartbeat: float = 1.0, grace: float = 4.0) -> None:
        self._name = name
        self._cancelled = cancelled
        self._heartbeat = heartbeat
        self._grace = grace
        self._stop = threading.Event()
        self._news: queue.SimpleQueue[Event | TaskResult[T]] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._running = 0
        self._at_end: Callable[[], None] = lambda: None
        self.was_cancelled = False

    def report(self, event: Event) -> None:
        self._news.put(event)

    def wait(self, seconds: float) -> None:
        """Sleep. Raises Stopped when the task is to end."""
        if self._stop.wait(seconds):
            raise Stopped

    def stopping(self) -> bool:
        return self._stop.is_set()

    def run(
        self, tasks: Sequence[Callable[[], T]], at_end: Callable[[], None], *, in_order: bool = True
    ) -> Iterator[Event | TaskResult[T]]:
        """Start all tasks; yields their events at once, and their results in the order of the tasks, or at once too.

        When it raises GenerationCancelled, the results of all tasks that had ended were yielded. `at_end` is called
        when the last task has ended, which may be later.
        """
        self._at_end = at_end
        self._running = len(tasks)
        held: dict[int, TaskResult[T]] = {}
        following = 0
        for number, task in enumerate(tasks):
            threading.Thread(target=self._work, args=(number, task), name=f"cloud-{number}", daemon=True).start()
        if not tasks:
            at_end()
        try:
            for news in self._listen(len(tasks)):
                if not isinstance(news, TaskResult) or not in_order:
                    yield news
                    continue
                held[news.number] = news
                while following in held:
                    yield held.pop(following)
                    following += 1
        except GenerationCancelled:
            for number in sorted(held):
                yield held[number]
            raise
        finally:
            self._stop.set()  # also where the listener leaves: the tasks end, what they follow stays written down

    def _listen(self, running: int) -> Iterator[Event | TaskResult[T]]:
        last: Event = Loading(message("Waiting for {service}", service=self._name))
        heard = time.monotonic()
        patience: float | None = None
        while running:
            if patience is None and self._cancelled():
                self.was_cancelled = True
                self._stop.set()
                patience = time.monotonic() + self._grace
            if patience is not None and time.monotonic() > patience:
                break
            try:
                news = self._news.get(timeout=0.02)
            except queue.Empty:
                if patience is None and time.monotonic() - heard > self._heartbeat:
                    heard = time.monotonic()
                    yield last
                continue
            if isinstance(news, TaskResult):
                running -= 1
            elif isinstance(news, Loading | Progress):
                last = news
            heard = time.monotonic()
            yield news
        if patience is not None:
            raise GenerationCancelled

    def _work(self, number: int, task: Callable[[], T]) -> None:
        try:
            self._news.put(TaskResult(number, task()))
        except Exception as error:  # it is raised again by who listens
            self._news.put(TaskResult(number, error=error))
        with self._lock:
            self._running -= 1
            last = self._running == 0
        if last:
            self._at_end()
