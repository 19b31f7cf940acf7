"""The engine: takes requests, runs them one after another in a thread of its own, and tells the window.

The window talks to `Engine` only. Local backends run in the worker process; a cloud backend runs in the engine's
thread. The engine alone writes pictures: one is on disk, complete, before anyone is told of it.
"""

from __future__ import annotations

import contextlib
import dataclasses
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QThread, Signal

from app.backends.base import Backend, Placement, Recovered, SelfTestable
from app.core.enlarge import EnlargeRequest, Request
from app.core.errors import GenerationCancelled, UserError
from app.core.events import Cancelled, Event, Failed, Finished, Generated, Loading, Preview, Progress
from app.core.message import NOTHING, message
from app.engine.jobs import Job, JobProgress, JobState
from app.engine.queue import JobQueue, Removed
from app.engine.recovery import Recovery
from app.engine.self_test import due, self_test
from app.engine.session import Session
from app.engine.worker import converted
from app.library.files import check_writable
from app.library.leftovers import tidy_in_background

log = logging.getLogger(__name__)

SETTING_SECONDS = 15.0
"""So often the idle time is looked up in the settings."""


class Engine(QObject):
    """The queue and what runs it, as the window sees it. All methods return at once.

    Signals:
        jobsChanged: jobs were added, removed or put in another order, or the queue was paused or goes on.
        jobChanged(Job): a job's state or progress changed.
        previewed(str, int, object): job id, picture number, (h, w, 3) uint8 array.
        generated(str, object): job id (empty for a picture of an earlier run) and the `Picture`, which is on disk and
            in the gallery's index.
        jobEnded(Job): a job finished, failed or was cancelled.
        backendsChanged: a backend's status may have changed.
        problem(UserError): something went wrong that belongs to no job in the queue.
        selfTested(BackendReport): a backend was tested by itself, after its first job on this machine.
    """

    jobsChanged = Signal()
    jobChanged = Signal(object)
    previewed = Signal(str, int, object)
    generated = Signal(str, object)
    jobEnded = Signal(object)
    backendsChanged = Signal()
    problem = Signal(object)
    selfTested = Signal(object)

    def __init__(self, session: Session, queue_file: Path) -> None:
        super().__init__()
        self.session = session
        self.registry = session.registry
        self.settings = session.settings
        self.gallery = session.gallery
        self.worker = session.worker
        self._queue = JobQueue(queue_file)
        self._recovery = Recovery(session.registry.backends.values(), self._keep_recovered, self.problem.emit, self)
        self._runner = _Runner(self, self._queue, self._recovery)
        self.backendsChanged.connect(self._recovery.ask)  # there may be a key now

    def start(self) -> None:
        """Begin to work. Jobs of an earlier run are in the queue, paused, and wait for `resume`."""
        self._recovery.start()
        self._runner.start()
        tidy_in_background(self.gallery.folder)

    def submit(self, request: Request) -> Job:
        """Queue a request.

        Raises:
            UserError: it does not fit the model or the memory, or no backend can do it.
        """
        job = Job(request=self._resolved(request))
        self._queue.add(job)
        self.jobsChanged.emit()
        return job

    def jobs(self) -> tuple[Job, ...]:
        """The jobs in order. Finished and cancelled ones are not among them; failed ones stay until dealt with."""
        return self._queue.jobs()

    def busy(self) -> bool:
        """Whether a job runs, or will by itself."""
        states = {job.state for job in self.jobs()}
        return JobState.RUNNING in states or (JobState.WAITING in states and not self.paused())

    def paused(self) -> bool:
        """Whether the queue waits for `resume_all`."""
        return self._queue.paused

    def pause(self) -> None:
        """Begin nothing more after the picture in work, also after a restart. A job in the cloud, where all of it is
        ordered and paid for, ends first.
        """
        self._queue.pause(True)
        self.jobsChanged.emit()

    def move(self, job_id: str, before: str | None) -> None:
        """Let a job that waits run before another one, or the last of all for None."""
        if self._queue.move(job_id, before):
            self.jobsChanged.emit()

    def cancel(self, job_id: str) -> None:
        """Stop a running job, between two steps; take a waiting one out of the queue. Its pictures so far stay."""
        if not self.remove(job_id).jobs:
            self._runner.cancel(job_id)

    def retry(self, job_id: str, spend_up_to: float | None = None, **changes: Any) -> None:
        """Try a failed job again, with `changes` to its request; pictures that are done are not generated again.

        Args:
            spend_up_to: US dollars that its user agrees to spend this month.

        Raises:
            UserError: the changed request does not fit.
        """
        job = self._queue.get(job_id)
        if job is not None and job.state is JobState.FAILED:
            request = self._resolved(job.request.replace(**changes)) if changes else job.request
            job = job if spend_up_to is None else job.replace(spend_up_to=spend_up_to)
            self._put(job.fresh(request))

    def resume(self, job_id: str) -> None:
        """Let a paused job run."""
        job = self._queue.get(job_id)
        if job is not None and job.state is JobState.PAUSED:
            self._put(job.fresh(job.request))

    def resume_all(self) -> None:
        """Let the queue go on, with the paused jobs too."""
        self._queue.pause(False)
        for job in self.jobs():
            self.resume(job.id)
        self.jobsChanged.emit()

    def remove(self, job_id: str) -> Removed:
        """Take a job that does not run out of the queue."""
        return self._remove(lambda job: job.id == job_id)

    def clear(self) -> Removed:
        """Take out all jobs but the running one."""
        return self._remove(lambda _: True)

    def put_back(self, removed: Removed) -> None:
        """Undo `remove` or `clear`: the jobs are back where they stood."""
        self._queue.put_back(removed)
        self.jobsChanged.emit()

    def shutdown(self) -> None:
        """Stop at once. The running job and the waiting ones are kept and come back paused at the next start."""
        self._runner.quit_now()
        self._recovery.quit_now()
        self.worker.stop(now=True)
        self._runner.wait()
        self._recovery.wait()
        self.gallery.close()

    def _resolved(self, request: Request) -> Request:
        return self.session.resolve(self.session.choose(request)).request

    def _remove(self, wanted: Callable[[Job], bool]) -> Removed:
        removed = self._queue.remove(wanted)
        if removed.jobs:
            self.jobsChanged.emit()
        return removed

    def _put(self, job: Job) -> None:
        self._queue.put(job)
        self.jobsChanged.emit()
        self.jobChanged.emit(job)

    def _change(self, job_id: str, **changes: Any) -> Job | None:
        job = self._queue.update(job_id, **changes)
        if job is not None:
            self.jobChanged.emit(job)
        return job

    def _keep_recovered(self, found: Recovered) -> None:
        seed, request = found.generated.seed, found.request.of_picture(found.generated.seed)
        picture = self.session.save(request, found.generated)
        for job in self._queue.jobs():  # the job that asked for it must not ask again
            if isinstance(job.request, EnlargeRequest):
                continue
            number = seed - job.seed
            missing = number in range(job.request.count) and number not in job.done
            if missing and job.request.of_picture(seed) == request:
                changes: dict[str, Any] = {"done": job.done | {number}}
                if len(changes["done"]) == job.request.count:
                    changes["state"] = JobState.FINISHED
                changed = self._change(job.id, **changes)
                if changed is not None and changed.state is JobState.FINISHED:
                    self.jobEnded.emit(changed)
                break
        self.generated.emit("", picture)
        self.jobsChanged.emit()


class _Runner(QThread):
    """Runs the jobs, one at a time."""

    def __init__(self, engine: Engine, queue: JobQueue, recovery: Recovery) -> None:
        super().__init__(engine)
        self._engine = engine
        self._queue = queue
        self._recovery = recovery
        self._cancelled: str | None = None
        self._between_pictures = self._gave_way = False
        self._used = ""
        self._of_earlier_run = {job.id for job in queue.jobs()}
        self._quitting = False

    def cancel(self, job_id: str) -> None:
        self._cancelled = job_id

    def quit_now(self) -> None:
        self._quitting = True
        self._queue.wake()

    def run(self) -> None:
        busy_until = time.monotonic()
        while True:
            idle_seconds = float(self._engine.settings.get("idle_minutes")) * 60
            job = self._queue.next_waiting(timeout=min(idle_seconds, SETTING_SECONDS))
            if self._quitting:
                return
            if job is not None:
                try:
                    self._run(job)
                    self._self_test(self._used)
                except Exception:  # a defect there must not end the thread that runs the queue
                    log.exception("Job %s", job.id)
                busy_until = time.monotonic()
            elif time.monotonic() - busy_until >= idle_seconds:
                self._engine.worker.stop()  # idle for long: give the memory back

    def _run(self, job: Job) -> None:
        self._between_pictures = self._gave_way = False
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
        plan = self._engine.session.choose(job.request)
        backend = plan.backend
        log.info("Job %s runs on %s: %s", job.id, backend.id, plan.why)
        self._engine._change(job.id, backend=backend.id)
        self._used = backend.id
        with (
            contextlib.nullcontext()
            if backend.placement is Placement.WORKER
            else self._recovery.held(lambda: self._stopping(job.id))
        ):
            current = self._queue.get(job.id)  # some of it may have been fetched meanwhile
            for request in current.remaining() if current is not None else ():
                for event in self._events_of(backend, job, request):
                    self._take(job, request, event)
                    if not isinstance(event, Finished):
                        yield event
        yield Finished()

    def _events_of(self, backend: Backend, job: Job, request: Request) -> Iterator[Event]:
        def cancel() -> bool:
            if self._cancelled == job.id:
                return True
            # Neither quitting nor a pause cancels what is already paid for.
            return backend.placement is Placement.WORKER and (self._quitting or self._pausing())

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
        """Whether the job gives way: the queue is paused, and the picture that was in work then is saved."""
        self._gave_way = self._gave_way or (self._between_pictures and self._queue.paused)
        return self._gave_way

    def _stopping(self, job_id: str) -> bool:
        return self._quitting or self._cancelled == job_id

    def _take(self, job: Job, request: Request, event: Event) -> None:
        first = (request.seed or 0) - job.seed
        match event:
            case Loading(doing):
                now = (self._queue.get(job.id) or job).progress
                self._engine._change(job.id, progress=dataclasses.replace(now, waits_for=doing))
            case Progress(picture, step, steps, seconds_left, stage):
                self._between_pictures = False
                now = JobProgress(NOTHING, first + picture, step, steps, stage, seconds_left)
                self._engine._change(job.id, progress=now)
            case Preview(picture, pixels):
                self._engine.previewed.emit(job.id, first + picture, pixels)
            case Generated():
                self._save(job, event)
                self._between_pictures = True

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
