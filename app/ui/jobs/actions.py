"""Does what the user wants of the queue."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.core.enlarge import Request
from app.core.errors import UserError
from app.core.grid import Grid
from app.core.request import GenerationRequest
from app.engine.consent import NotAllowedError, allow
from app.engine.engine import Engine
from app.engine.jobs import Job
from app.engine.queue import Removed
from app.ui.controls.message_bar import MessageBar
from app.ui.gallery.files.undo import Undoable
from app.ui.words import wording
from app.ui.words.language import Text

REMEMBERED = 50
"""Ended jobs that the list shows at most."""


class JobActions(QObject):
    """Acts on the engine, and lets Undo bring back what was removed.

    Signals:
        endedChanged: `ended` are others now.
        removed(Undoable): jobs were removed, which Undo takes back.
        undoAsked: the user wants to take back what was done last.
        useAsked(GenerationRequest): put the settings of a job into the panel.
    """

    endedChanged = Signal()
    removed = Signal(object)
    undoAsked = Signal()
    useAsked = Signal(object)

    def __init__(self, engine: Engine, bar: MessageBar, parent: QObject) -> None:
        super().__init__(parent)
        self._engine = engine
        self._bar = bar
        self.ended: Sequence[Job] = ()
        """The jobs that have ended since the start, the latest last."""

    def keep_ended(self, job: Job) -> None:
        """A job has finished or was cancelled: it can be run again."""
        self.ended = (*self.ended, job)[-REMEMBERED:]
        self.endedChanged.emit()

    def submit(self, *requests: Request) -> bool:
        """Queue requests. What does not fit is told, with what would as a button; then the answer is False."""
        return self._queue(
            lambda: self._engine.submit_all(requests),
            lambda changes: self.submit(*(each.replace(**changes) for each in requests)),
        )

    def ask_for(self, wish: GenerationRequest, grid: Grid | None = None) -> bool:
        """As `submit`, all that a wish as it was typed stands for."""
        return self._queue(
            lambda: self._engine.submit_wish(wish, grid), lambda changes: self.ask_for(wish.replace(**changes), grid)
        )

    def _queue(self, put: Callable[[], object], again: Callable[[dict[str, Any]], object]) -> bool:
        try:
            put()
        except NotAllowedError as error:
            host = error.host
            words = lambda: self.tr("Send to {host}").format(host=host)  # noqa: E731
            self._bar.show_error(error, words, lambda: self._allow(host, lambda: again({})))
            return False
        except UserError as error:
            changed = dict(error.suggestion)
            if changed:
                self._bar.show_error(error, self.offered(changed), lambda: again(changed))
            else:
                self._bar.show_error(error)
            return False
        if self._engine.paused():
            self._bar.show_notice(
                lambda: self.tr("Added to the queue, which is paused."), lambda: self.tr("Resume"), self.resume
            )
        else:
            self._bar.dismiss()
        return True

    def _allow(self, host: str, then: Callable[[], object]) -> None:
        try:
            allow(self._engine.settings, host)
        except UserError as error:
            self._bar.show_error(error)
        else:
            then()

    def offered(self, changes: Mapping[str, object]) -> Text:
        """A button's words for the changes that something suggests."""
        return lambda: wording.suggestion(changes, self._engine.registry.name)

    def act(self, job_id: str, intent: str) -> None:
        """Do what a button or the menu of a job says; see `jobs.list.intents`."""
        match intent:
            case "cancel":
                self._engine.cancel(job_id)
            case "remove":
                self._remove(lambda: self._engine.remove(job_id))
            case "resume":
                self._engine.resume(job_id)
            case "retry":
                self._engine.retry(job_id)
            case "suggest":
                self._follow_suggestion(job_id)
            case "use":
                job = self._job(job_id)
                if job is not None:
                    self.useAsked.emit(job.request)
            case "again_new" | "again_same":
                job = self._job(job_id)
                if job is not None:
                    new_seed = intent == "again_new" and isinstance(job.request, GenerationRequest)
                    self.submit(job.request.replace(seed=None) if new_seed else job.request)

    def _job(self, job_id: str) -> Job | None:
        """A job of the list."""
        return next((job for job in (*self._engine.jobs(), *self.ended) if job.id == job_id), None)

    def move(self, job_id: str, before: str | None) -> None:
        self._engine.move(job_id, before)

    def resume(self) -> None:
        """Let the queue go on."""
        self._engine.resume_all()

    def toggle_pause(self) -> None:
        if self._engine.paused():
            self._engine.resume_all()
        else:
            self._engine.pause()

    def clear(self) -> None:
        """Remove all jobs but the running one, and forget what has ended."""
        ended, self.ended = self.ended, ()
        self.endedChanged.emit()

        def back() -> None:
            self.ended = (*ended, *self.ended)
            self.endedChanged.emit()

        self._remove(self._engine.clear, back)

    def _remove(self, remove: Callable[[], Removed], back: Callable[[], object] = lambda: None) -> None:
        removed = remove()
        count = len(removed.jobs)
        if not count:
            return

        def undo() -> None:
            self._engine.put_back(removed)
            back()

        self.removed.emit(Undoable(lambda: self.tr("Undo Removal of Jobs"), undo))
        self._bar.show_notice(
            lambda: self.tr("1 job removed") if count == 1 else self.tr("{n} jobs removed").format(n=count),
            lambda: self.tr("Undo"),
            self.undoAsked.emit,
        )

    def _follow_suggestion(self, job_id: str) -> None:
        job = self._job(job_id)
        if job is not None and job.failure is not None:
            try:
                self._engine.retry(job_id, **job.failure.suggestion)
            except UserError as error:
                self._bar.show_error(error)
