"""Run slow work in another thread and hand its result to the window's thread."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal

from app.core.errors import UserError
from app.core.message import message

log = logging.getLogger(__name__)


class Background(QObject):
    """A thread for file work. Each `run` ends in exactly one call of `done` or `failed`, in the window's thread, unless
    this is closed before.
    """

    _finished = Signal(object, object)

    def __init__(self, parent: QObject | None = None, threads: int = 1) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(threads)
        self._closed = False
        self._finished.connect(self._call)

    def run(
        self,
        work: Callable[[], Any],
        done: Callable[[Any], None],
        failed: Callable[[UserError], None] = lambda error: log.warning("%s", error),
    ) -> None:
        """Do `work` in the other thread; nothing once this is closed. A failure that is no `UserError` is logged and
        reported as one.
        """
        if self._closed:
            return
        self._start(_Task(self, work, done, failed))

    def close(self) -> None:
        """Drop what waits, let what runs finish."""
        self._closed = True
        self._pool.clear()
        self._pool.waitForDone()

    def _start(self, task: _Task) -> None:
        self._pool.start(task)

    def _call(self, receiver: Callable[[Any], None], value: Any) -> None:
        if not self._closed:
            receiver(value)


class Questions(Background):
    """As `Background`, for what only waits for somebody's answer: each has a thread of its own, and nobody waits for
    them at the end.
    """

    def _start(self, task: _Task) -> None:
        threading.Thread(target=task.run, name="question", daemon=True).start()


class _Task(QRunnable):
    def __init__(
        self,
        owner: Background,
        work: Callable[[], Any],
        done: Callable[[Any], None],
        failed: Callable[[UserError], None],
    ) -> None:
        super().__init__()
        self._owner, self._work, self._on_done, self._on_failed = owner, work, done, failed

    def run(self) -> None:
        try:
            value = self._work()
        except UserError as error:
            self._tell(self._on_failed, error)
        except Exception as error:
            log.exception("Work in the background failed")
            problem = message("That did not work: {error}", error=str(error))
            self._tell(self._on_failed, UserError(problem, message("The log has the details.")))
        else:
            self._tell(self._on_done, value)

    def _tell(self, receiver: Callable[[Any], None], value: Any) -> None:
        with contextlib.suppress(RuntimeError):  # the window is gone meanwhile
            self._owner._finished.emit(receiver, value)
