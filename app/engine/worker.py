"""The worker process: it hosts the local backends and keeps their models warm between jobs.

Runs without Qt. The parent sends `Generate`, `Enlarge`, `SelfTest`, `Prepare`, `Cancel` or `Quit`; the worker answers
each of the first three with events of which exactly the last is terminal. All goes through one pipe and nothing is
shared, so that a worker that is killed at any moment leaves no lock behind.
"""

from __future__ import annotations

import contextlib
import faulthandler
import importlib
import logging
import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from app.backends.base import Backend, Prepares, SelfTestable, Upscales
from app.core.enlarge import EnlargeRequest
from app.core.errors import GenerationCancelled, UserError
from app.core.events import TERMINAL, CancelCheck, Cancelled, Event, Failed
from app.core.message import message
from app.core.request import GenerationRequest

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Generate:
    backend: str
    request: GenerationRequest


@dataclass(frozen=True, slots=True)
class Enlarge:
    backend: str
    request: EnlargeRequest


@dataclass(frozen=True, slots=True)
class SelfTest:
    backend: str
    model: str
    precision: str


@dataclass(frozen=True, slots=True)
class Prepare:
    """Import what a backend computes with, and load the model of a request, before anyone waits for it. Nothing is
    answered.
    """

    backend: str
    request: GenerationRequest | None = None


@dataclass(frozen=True, slots=True)
class Cancel:
    """Stop the running job; where it has ended by then, nothing."""


@dataclass(frozen=True, slots=True)
class Quit:
    pass


Command = Generate | Enlarge | SelfTest | Prepare | Cancel | Quit


def run(connection: Connection, factory: str) -> None:
    """The child's main function.

    Args:
        connection: commands in, events out.
        factory: "module:function", which gives the local backends as a dict by id. A name rather than an object,
            because a spawned process must import its code afresh.
    """
    set_up_process()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in a terminal is the parent's to handle
    module, _, function = factory.partition(":")
    backends: Mapping[str, Backend] = getattr(importlib.import_module(module), function)()
    while True:
        try:
            command: Command = connection.recv()
        except (EOFError, OSError):
            return  # the parent has gone
        if isinstance(command, Quit):
            return
        if isinstance(command, Cancel):
            continue
        if isinstance(command, Prepare):
            _prepare(backends[command.backend], command.request, connection.poll)
            continue
        asked = _Asked(connection)
        try:
            for event in converted(partial(events, backends[command.backend], command, asked)):
                connection.send(event)
        except (BrokenPipeError, ConnectionResetError):
            return
        if asked.to_quit:
            return


def set_up_process() -> None:
    """What a process needs before local backends compute in it."""
    # Threads of torch that wait for work would spin, and on a machine that does other things too take its time away.
    # GNU's OpenMP reads this when it is loaded.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    if sys.stderr is not None:
        with contextlib.suppress(OSError, ValueError):  # where the standard error is no file
            faulthandler.enable()  # a crash in native code leaves its trace


def _prepare(backend: Backend, request: GenerationRequest | None, wanted: CancelCheck) -> None:
    """Until something else is asked for."""
    if isinstance(backend, Prepares):
        try:
            backend.prepare(request, wanted)
        except GenerationCancelled:
            log.info("%s stopped to get ready for what is asked for", backend.name)
        except Exception:  # the job that needs it will say what is wrong
            log.exception("%s was not made ready", backend.name)


class _Asked:
    """Called between steps: True once the parent has asked to stop the running job, or has gone."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._to_cancel = False
        self.to_quit = False

    def __call__(self) -> bool:
        try:
            while not self.to_quit and self._connection.poll():
                command = self._connection.recv()
                self._to_cancel = self._to_cancel or isinstance(command, Cancel)
                self.to_quit = isinstance(command, Quit)
        except (EOFError, OSError):
            self.to_quit = True
        return self._to_cancel or self.to_quit


def events(backend: Backend, command: Generate | Enlarge | SelfTest, cancel: CancelCheck) -> Iterator[Event]:
    """What a backend tells of a command. Its exceptions are not converted yet."""
    if isinstance(command, Generate):
        return backend.generate(command.request, cancel)
    if isinstance(command, Enlarge):
        assert isinstance(backend, Upscales)
        return backend.enlarge(command.request, cancel)
    assert isinstance(backend, SelfTestable)
    from app.backends.selftest.precision import check_precision

    return check_precision(backend, command.model, command.precision, cancel)


def converted(start: Callable[[], Iterator[Event]]) -> Iterator[Event]:
    """The events of one job, exactly the last of them terminal.

    This is the one place where exceptions become events, for local and for cloud backends.
    """
    ended = False
    try:
        for event in start():
            ended = isinstance(event, TERMINAL)
            yield event
            if ended:
                return
    except GenerationCancelled:
        yield Cancelled()
    except UserError as error:
        yield Failed(error.message, error.remedy, suggestion=error.suggestion)
    except MemoryError:
        yield Failed(
            message("There is not enough memory for this."),
            message("Choose a smaller size or close other programs."),
            memory=True,
        )
    except Exception:  # anything else is a bug: logged with its trace, told in short
        log.exception("A backend failed")
        yield Failed(
            message("Something went wrong inside the app."),
            message("Try again. If it happens again, please report it with the log (Settings, Advanced)."),
            bug=True,
        )
    else:
        if not ended:
            yield Failed(message("The picture did not finish."), message("Try again."), bug=True)
