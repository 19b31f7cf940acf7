"""Pictures are saved while the next ones are made."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType

from app.core.events import Generated

log = logging.getLogger(__name__)

MOST_WAITING = 2
"""So many pictures wait for their file at most: a slow disk must not fill the memory."""


class Saving:
    """Saves the pictures of a job one after another, in a thread of its own. At the end of its context all are saved.

    Args:
        save: encodes and saves one, and tells who wants to know. It runs in that thread.
        aside: False to save in the thread that calls `add`: where a picture must be on the disk before its backend
            goes on.
    """

    def __init__(self, save: Callable[[Generated], None], *, aside: bool = True) -> None:
        self._save = save
        self._thread = ThreadPoolExecutor(1, "saving") if aside else None
        self._under_way: deque[Future[None]] = deque()
        self._failed = False

    def __enter__(self) -> Saving:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        try:
            self.wait()
        except Exception:
            if error is None:
                raise
            log.exception("A picture was not saved, beside another error")
        finally:
            if self._thread is not None:
                self._thread.shutdown()

    def add(self, event: Generated) -> None:
        """Let a picture be saved. Raises what an earlier one's `save` raised."""
        if self._thread is None:
            self._save(event)
            return
        self.wait(MOST_WAITING)
        self._under_way.append(self._thread.submit(self._save_next, event))

    def wait(self, most: int = 0) -> None:
        """Wait until no more than `most` are not saved yet. Raises what `save` raised."""
        while self._under_way and (len(self._under_way) > most or self._under_way[0].done()):
            self._under_way.popleft().result()

    def _save_next(self, event: Generated) -> None:
        if self._failed:  # the job has ended with the one that could not be saved
            return
        try:
            self._save(event)
        except BaseException:
            self._failed = True
            raise
