"""Fetches what was still under way elsewhere when its job ended or the app quit, beside the queue."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, QThread

from app.backends.base import Lost, Recovered, Recovers
from app.backends.registry import Registry
from app.core.errors import GenerationCancelled, UserError
from app.core.events import CancelCheck

log = logging.getLogger(__name__)

ROUND_SECONDS = 300.0
"""So often it looks by itself. Where nothing is under way, a look asks nobody."""
POLL_SECONDS = 0.1
"""So often a job that waits for the end of a look asks whether it was cancelled."""


class Recovery(QThread):
    """Looks at the start, when it is asked to, and every few minutes: a key or a connection may have come meanwhile.

    Args:
        registry: those of its backends that can be asked are asked.
        keep: saves a picture.
        report: told what cannot be had any more.
    """

    def __init__(
        self,
        registry: Registry,
        keep: Callable[[Recovered], None],
        report: Callable[[UserError], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._registry = registry
        self._keep = keep
        self._report = report
        self._condition = threading.Condition()
        self._wanted = True
        self._held = 0
        self._at_work = False
        self._quitting = False

    def ask(self) -> None:
        """Look soon."""
        with self._condition:
            self._wanted = True
            self._condition.notify_all()

    def quit_now(self) -> None:
        with self._condition:
            self._quitting = True
            self._condition.notify_all()

    @contextlib.contextmanager
    def held(self, cancel: CancelCheck) -> Iterator[None]:
        """Nothing is looked for while a job runs elsewhere: that fetches itself what was ordered for it before.

        Raises:
            GenerationCancelled: `cancel` answered True while it waited for the present look to end.
        """
        with self._condition:
            self._held += 1
        try:
            with self._condition:
                while not self._condition.wait_for(lambda: not self._at_work, POLL_SECONDS):
                    if cancel():
                        raise GenerationCancelled
            yield
        finally:
            with self._condition:
                self._held -= 1
                self._condition.notify_all()

    def run(self) -> None:
        while self._next_round():
            self._look()
            with self._condition:
                self._at_work = False
                self._wanted = self._wanted or self._held > 0  # it was interrupted
                self._condition.notify_all()

    def _next_round(self) -> bool:
        """Wait for the next look; False where there is none any more."""
        with self._condition:
            self._condition.wait_for(lambda: self._quitting or self._wanted, ROUND_SECONDS)
            self._condition.wait_for(lambda: self._quitting or not self._held)
            self._wanted = False
            self._at_work = not self._quitting
            return self._at_work

    def _look(self) -> None:
        for backend in self._registry.backends.values():
            if not isinstance(backend, Recovers):
                continue
            try:
                for found in backend.recover(lambda: self._quitting or self._held > 0):
                    if isinstance(found, Lost):
                        self._report(UserError(found.message, found.remedy))
                    else:
                        self._keep(found)
            except UserError as error:
                self._report(error)
            except Exception:  # a defect there must not end the thread
                log.exception("Earlier pictures could not be fetched")
