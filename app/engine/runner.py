"""The thread that runs the jobs of the queue, one after another."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import logging
import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QThread

from app.backends.base import Backend, Placement, Prepares, Recovers, SelfTestable
from app.core.enlarge import Request
from app.core.errors import GenerationCancelled, UserError
from app.core.events import TERMINAL, Cancelled, Event, Failed, Finished, Generated, Loading, Preview, Progress
from app.core.message import NOTHING, message
from app.core.request import GenerationRequest
from app.engine.jobs import Job, JobProgress, JobState
from app.engine.queue import JobQueue
from app.engine.recovery import Recovery
from app.engine.saving import MOST_WAITING, Saving
from app.engine.self_test import due, self_test
from app.engine.worker import converted
from app.library import machine
from app.library.files import check_writable

if TYPE_CHECKING:
    from app.engine.engine import Engine

log = logging.getLogger(__name__)

SETTING_SECONDS = 15.0
"""So often the idle time is looked up in the settings."""
PREPARED_BYTES = 2 * 2**30
"""What must be free for the worker to start before it is needed; it takes about 400 MB by itself."""
PREPARED_SHARE = 0.25
"""Of what is free, the most that a picture may need for its model to be loaded before it is needed."""


class Runner(QThread):
    """Runs the jobs, one at a time."""

    def __init__(self, engine: Engine, queue: JobQueue, recovery: Recovery) -> None:
        super().__init__(engine)
        self._engine = engine
        self._queue = queue
        self._recovery = recovery
        self._cancelled: str | None = None
        self._between_pictures = self._in_batch = self._gave_way = False
        self._used = ""
        self._of_earlier_run = {job.id for job in queue.jobs()}
        self._quitting = False
        self._to_prepare: GenerationRequest | None = None

    def cancel(self, job_id: str) -> None:
        self._cancelled = job_id

    def quit_now(self) -> None:
        self._quitting = True
        self._queue.wake()

    def prepare(self, request: GenerationRequest) -> None:
        self._to_prepare = request
        self._queue.wake()

    def run(self) -> None:
        busy_until = time.monotonic()
        while True:
            idle_seconds = float(self._engine.settings.get("idle_minutes")) * 60
            self._engine._make_sheets()
            job = self._queue.next_waiting(min(idle_seconds, SETTING_SECONDS), self._woken)
            if self._quitting:
                return
            request, self._to_prepare = self._to_prepare, None
            if job is None and request is not None:
                self._prepare(request)
                busy_until = time.monotonic()
            elif job is not None:
                try:
                    self._run(job)
                    self._self_test(self._used)
                except Exception:  # a defect there must not end the thread that runs the queue
                    log.exception("Job %s", job.id)
                busy_until = time.monotonic()
            elif time.monotonic() - busy_until >= idle_seconds:
                self._engine.worker.stop()  # idle for long: give the memory back

    def _woken(self) -> bool:
        return self._quitting or self._to_prepare is not None

    def _prepare(self, request: GenerationRequest) -> None:
        free = machine.available_memory()
        if free < PREPARED_BYTES:
            return
        with contextlib.suppress(UserError):  # who generates will be told
            backend = self._engine.session.choose(request).backend
            if backend.placement is Placement.WORKER and isinstance(backend, Prepares):
                needed = backend.estimate(request).peak_memory_bytes
                light = needed is not None and needed <= free * PREPARED_SHARE
                self._engine.worker.prepare(backend.id, request if light else None)

    def _run(self, job: Job) -> None:
        self._between_pictures = self._in_batch = self._gave_way = False
        self._cancelled = None  # a cancel that came too late for an earlier try of this job
        job = self._with_saved_pictures(job)
        first = next((request.seed or 0 for request in job.remaining()), job.seed) - job.seed
        if self._engine._change(job.id, state=JobState.RUNNING, progress=JobProgress(picture=first)) is None:
            return  # taken out of the queue meanwhile
        end: Event = Failed(message("The picture did not finish."), message("Try again."), bug=True)
        for event in converted(lambda: self._events(job)):
            end = event
            if self._quitting:
                return  # the queue on disk still holds the job
        self._end(job, end)

    def _with_saved_pictures(self, job: Job) -> Job:
        """A job of an earlier run, with the pictures that were saved when that run was killed."""
        if job.id not in self._of_earlier_run:
            return job
        self._of_earlier_run.discard(job.id)
        try:
            return self._engine._change(job.id, done=self._engine.session.made(job)) or job
        except UserError as error:  # the folder cannot be read, which the job will say itself
            log.warning("Pictures of job %s were not looked for: %s", job.id, error)
            return job

    def _events(self, job: Job) -> Iterator[Event]:
        """The job's events, each already dealt with; what that raises ends the job as the backend's own errors do."""
        check_writable(self._engine.gallery.folder)
        self._engine.session.look(job.request.backend)
        plan = self._engine.session.choose(job.request)
        backend = plan.backend
        log.info("Job %s runs on %s: %s", job.id, backend.id, plan.why)
        self._engine._change(job.id, backend=backend.id)
        self._used = backend.id
        here = backend.placement is Placement.WORKER
        with (
            contextlib.nullcontext() if here else self._recovery.held(lambda: self._stopping(job.id)),
            # What was ordered and paid for is saved before its backend forgets the order.
            Saving(functools.partial(self._save, job), aside=here) as saving,
        ):
            current = self._queue.get(job.id)  # some of it may have been fetched meanwhile
            for request in current.remaining() if current is not None else ():
                for event in self._events_of(backend, job, request):
                    self._take(job, request, event, saving)
                    saving.wait(0 if isinstance(event, TERMINAL) else MOST_WAITING)
                    if not isinstance(event, Finished):
                        yield event
        yield Finished()

    def _events_of(self, backend: Backend, job: Job, request: Request) -> Iterator[Event]:
        def cancel() -> bool:
            if self._cancelled == job.id:
                return True
            # Neither quitting nor a pause cancels what is already paid for, or can be fetched later.
            paid = backend.remote is not None and backend.remote.charges
            return not (paid or isinstance(backend, Recovers)) and (self._quitting or self._pausing())

        return self._engine.session.run(backend, request, cancel, job.spend_up_to)

    def _self_test(self, backend_id: str) -> None:
        """Once on each machine and version, while no job waits; what was interrupted goes on after the next job."""
        engine = self._engine
        backend = engine.registry.backends.get(backend_id)
        if not isinstance(backend, SelfTestable) or self._wanted():
            return
        try:
            precisions = due(backend, engine.settings)
            if not precisions:
                return
            report = self_test(engine.worker, backend, engine.settings, self._wanted, precisions=precisions)
        except GenerationCancelled:
            return
        except UserError as error:
            log.warning("%s cannot be tested: %s", backend.name, error)
            return
        except Exception:  # a defect there must not end the thread that runs the queue
            log.exception("%s cannot be tested", backend.name)
            return
        if report.chosen:
            engine.worker.stop()  # it read the settings when it started
        if not report.passed:
            engine.problem.emit(
                UserError(
                    report.summary,
                    NOTHING if report.chosen else message("Choose something else to run on in Settings."),
                )
            )
        engine.selfTested.emit(report)
        engine.backendsChanged.emit()

    def _wanted(self) -> bool:
        return self._quitting or self._queue.next_waiting(timeout=0) is not None

    def _pausing(self) -> bool:
        """Whether the job gives way: the queue is paused, and the pictures that were in work then are made."""
        self._gave_way = self._gave_way or (self._between_pictures and self._queue.paused)
        return self._gave_way

    def _stopping(self, job_id: str) -> bool:
        return self._quitting or self._cancelled == job_id

    def _take(self, job: Job, request: Request, event: Event, saving: Saving) -> None:
        first = (request.seed or 0) - job.seed
        match event:
            case Loading(doing):
                now = (self._queue.get(job.id) or job).progress
                self._engine._change(job.id, progress=dataclasses.replace(now, waits_for=doing))
            case Progress(picture, step, steps, seconds_left, stage, together):
                # A clip goes on from its last step, so it gives way at once.
                self._between_pictures = isinstance(request, GenerationRequest) and request.frames is not None
                self._in_batch = together > 1
                now = JobProgress(NOTHING, first + picture, step, steps, stage, seconds_left, together)
                self._engine._change(job.id, progress=now)
            case Preview(picture, pixels, frames):
                self._engine.previewed.emit(job.id, first + picture, pixels if frames is None else frames)
            case Generated():
                saving.add(event)
                self._between_pictures = not self._in_batch  # those that were made with it are decoded first

    def _save(self, job: Job, event: Generated) -> None:
        picture = self._engine.session.save(job.request, event)
        current = self._queue.get(job.id) or job
        self._engine._change(job.id, done=current.done | {event.seed - job.seed})
        self._engine.generated.emit(job.id, picture)

    def _end(self, job: Job, end: Event) -> None:
        changes: dict[str, Any]
        match end:
            case Finished():
                changes = {"state": JobState.FINISHED}
            case Cancelled() if self._gave_way and self._cancelled != job.id:
                current = self._queue.get(job.id)
                if current is not None and current.remaining():
                    self._engine._put(current.fresh(current.request))
                    return
                changes = {"state": JobState.FINISHED}
            case Cancelled():
                changes = {"state": JobState.CANCELLED}
            case Failed():
                suggestion = end.suggestion or self._offer(job, memory=end.memory)
                changes = {"state": JobState.FAILED, "failure": dataclasses.replace(end, suggestion=suggestion)}
            case _:
                raise AssertionError(f"{end} ends no job")
        changed = self._engine._change(job.id, **changes)
        if changed is not None:
            self._engine.jobEnded.emit(changed)
        self._engine.jobsChanged.emit()

    def _offer(self, job: Job, *, memory: bool) -> Mapping[str, Any]:
        session, current = self._engine.session, self._queue.get(job.id)
        ran_on = session.registry.backends.get(current.backend) if current is not None else None
        try:
            return session.offer(job.request, ran_on, memory=memory)
        except Exception:  # the job must end, whatever is wrong with the offers
            log.exception("Nothing can be offered for job %s", job.id)
            return {}
