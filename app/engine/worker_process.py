"""The parent's side of the worker process: start it, talk to it, end it. No Qt, so the command line uses it too."""

from __future__ import annotations

import contextlib
import logging
import signal
import threading
import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from app.backends.base import Backend
from app.core.enlarge import EnlargeRequest
from app.core.events import TERMINAL, CancelCheck, Cancelled, Event, Failed
from app.core.message import message
from app.core.request import GenerationRequest
from app.engine import worker

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

log = logging.getLogger(__name__)

LOCAL_BACKENDS = "app.composition:local_backends"
PIPE_POLL_SECONDS = 0.05


class WorkerProcess:
    """A worker that is started at first use and after each death.

    Args:
        factory: "module:function" that makes the backends inside the worker.
        patience: the seconds after which it is ended where it does not answer a cancel, by backend; those of
            `Backend.cancel_seconds` where one is not named.

    One thread may call `generate`, `enlarge` or `self_test` at a time; `stop` may be called from any thread.
    """

    def __init__(self, factory: str = LOCAL_BACKENDS, patience: Mapping[str, float] | None = None) -> None:
        self._factory = factory
        self._patience = dict(patience or {})
        self._process: BaseProcess | None = None
        self._connection: Connection | None = None
        self._lock = threading.Lock()

    @property
    def pid(self) -> int | None:
        """The worker's process id while it lives."""
        process = self._process
        return process.pid if process is not None and process.is_alive() else None

    def generate(self, backend: str, request: GenerationRequest, cancel: CancelCheck) -> Iterator[Event]:
        """The events of one job, the last of them terminal, whatever happens to the worker.

        A worker that does not answer a cancel in time is ended.
        """
        return self._events(worker.Generate(backend, request), cancel)

    def enlarge(self, backend: str, request: EnlargeRequest, cancel: CancelCheck) -> Iterator[Event]:
        """As `generate`, of a larger copy of a picture."""
        return self._events(worker.Enlarge(backend, request), cancel)

    def self_test(self, backend: str, model: str, precision: str, cancel: CancelCheck) -> Iterator[Event]:
        """As `generate`, of the self-test of a backend in one precision."""
        return self._events(worker.SelfTest(backend, model, precision), cancel)

    def prepare(self, backend: str, request: GenerationRequest | None = None) -> None:
        """Start the worker and let it import what a backend computes with, and load the model of a request; returns at
        once.
        """
        connection, _ = self._start()
        with contextlib.suppress(OSError):  # who needs it will hear of it
            connection.send(worker.Prepare(backend, request))

    def _events(
        self, command: worker.Generate | worker.Enlarge | worker.SelfTest, cancel: CancelCheck
    ) -> Iterator[Event]:
        connection, process = self._start()
        patience = self._patience.get(command.backend, Backend.cancel_seconds)
        cancelled_at: float | None = None
        event: Event
        try:
            connection.send(command)
            while True:
                if cancelled_at is None and cancel():
                    connection.send(worker.Cancel())
                    cancelled_at = time.monotonic()
                if cancelled_at is not None and time.monotonic() - cancelled_at > patience:
                    log.warning("The worker did not answer a cancel and was ended")
                    self.stop(now=True)
                    event = Cancelled()
                    break
                if not connection.poll(PIPE_POLL_SECONDS):
                    continue
                event = connection.recv()
                if isinstance(event, TERMINAL):
                    break
                yield event
        except (EOFError, OSError):
            process.join(1)
            if self._process is not process:  # `stop` was called in another thread: the app quits
                event = Cancelled()
            else:
                log.warning("The worker died with exit code %s", process.exitcode)
                event = Cancelled() if cancelled_at is not None or cancel() else _death(process.exitcode)
                self.stop(now=True)
        except GeneratorExit:  # the caller went away in the middle: the worker must not go on generating
            self.stop(now=True)
            raise
        yield event  # outside of the try: who stops listening after the end does not stop a warm worker

    def stop(self, *, now: bool = False) -> None:
        """End the worker, which gives all its memory back. With `now` it gets no chance to finish by itself."""
        with self._lock:
            process, connection = self._process, self._connection
            self._process = self._connection = None
        if process is None or connection is None:
            return
        if not now and process.is_alive():
            with contextlib.suppress(OSError):
                connection.send(worker.Quit())
            process.join(2)
        if process.is_alive():
            process.kill()
        process.join(5)  # the pipe closes with its last user: another thread may be reading from it

    def _start(self) -> tuple[Connection, BaseProcess]:
        # What a process needs is imported with the first one: a window is seen before that.
        import multiprocessing
        from multiprocessing import resource_tracker

        with self._lock:
            if self._process is not None and self._connection is not None and self._process.is_alive():
                return self._connection, self._process
            context = multiprocessing.get_context("spawn")
            ours, theirs = context.Pipe()
            process = context.Process(
                target=worker.run, args=(theirs, self._factory), name="Sana Studio painter", daemon=True
            )
            # Ctrl+C reaches the child, too, and would kill it before it has come to ignore it. The first start of a
            # process also starts Python's resource tracker, which would let the signal through again.
            resource_tracker.ensure_running()
            mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
            try:
                process.start()
            finally:
                signal.pthread_sigmask(signal.SIG_SETMASK, mask)
            theirs.close()  # so that the child's death is an end of file here
            self._process, self._connection = process, ours
            return ours, process


def _death(exit_code: int | None) -> Failed:
    """What to tell of a worker that died by itself. A system short of memory sends SIGKILL, and Metal aborts."""
    if exit_code in (-signal.SIGKILL, -signal.SIGABRT):
        return Failed(
            message("The program that makes the pictures was ended, perhaps because memory ran out."),
            message("Try again, or choose a smaller size or a lower precision."),
            memory=True,
        )
    return Failed(
        message("The program that makes the pictures stopped unexpectedly."),
        message("Try again. The log has the details."),
        bug=True,
    )
