"""The engine: takes requests, runs them one after another in a thread of its own, and tells the window.

The window talks to `Engine` only. Local backends run in the worker process; a cloud backend runs in the engine's
thread. The engine alone writes pictures: one is on disk, complete, before anyone is told of it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.backends.base import Recovered
from app.core.enlarge import EnlargeRequest, Request
from app.core.errors import UserError
from app.core.grid import Grid
from app.core.request import GenerationRequest
from app.engine.grids import PendingGrid, PendingGrids
from app.engine.jobs import Job, JobState
from app.engine.queue import JobQueue, Removed
from app.engine.recovery import Recovery
from app.engine.runner import Runner
from app.engine.session import Session, Work
from app.library.leftovers import tidy_in_background

log = logging.getLogger(__name__)


class Engine(QObject):
    """The queue and what runs it, as the window sees it. All methods return at once.

    Attributes:
        closed: whether it was shut down, and the gallery with it; signals may still be on their way.

    Signals:
        jobsChanged: jobs were added, removed or put in another order, or the queue was paused or goes on.
        jobChanged(Job): a job's state or progress changed.
        previewed(str, int, object): job id, picture number, (h, w, 3) uint8 array; of a clip (n, h, w, 3), some frames.
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
        self.closed = False
        self._queue = JobQueue(queue_file)
        self._grids = PendingGrids(queue_file.with_name("grids.json"))
        self._recovery = Recovery(self.registry, self._keep_recovered, self.problem.emit, self)
        self._runner = Runner(self, self._queue, self._recovery)
        self.backendsChanged.connect(self._recovery.ask)  # there may be a key now
        self.registry.subscribe(self.backendsChanged.emit)

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
        (job,) = self.submit_all([request])
        return job

    def prepare(self, request: GenerationRequest) -> None:
        """Let the worker get ready for requests like this one, unless it has started or memory is short."""
        if self.worker.pid is None and self.settings.get("prepare"):
            self._runner.prepare(request)

    def submit_all(self, requests: Iterable[Request]) -> tuple[Job, ...]:
        """Queue several requests, or none where one does not fit.

        Raises:
            UserError: as `submit`.
        """
        jobs = tuple(Job(request=self._resolved(request)) for request in requests)
        self._queue.add(*jobs)
        self.jobsChanged.emit()
        return jobs

    def submit_wish(self, wish: GenerationRequest, grid: Grid | None = None) -> tuple[Job, ...]:
        """Queue all that a wish as it was typed stands for; with a grid, each of its cells, and the sheet at their end.

        Raises:
            UserError: something of it does not fit; then nothing is queued.
        """
        if grid is None:
            return self.submit_all(self.session.requests(wish))
        jobs: list[Job] = []
        grids: list[PendingGrid] = []
        for table in self.session.cells(wish, grid):
            cells = tuple(map(self._resolved, table))
            new = [Job(request=cell) for cell in cells]
            grids.append(PendingGrid(grid, cells, tuple(job.id for job in new), time.time()))
            jobs += new
        self._queue.add(*jobs)
        for pending in grids:
            self._grids.add(pending)
        self.jobsChanged.emit()
        return tuple(jobs)

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
        for job in self.jobs():  # first: else one behind them would begin before them
            self.resume(job.id)
        self._queue.pause(False)
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
        self.closed = True
        self._runner.quit_now()
        self._recovery.quit_now()
        self.worker.stop(now=True)
        self._runner.wait()
        self.worker.stop(now=True)  # it may have started one meanwhile
        self._recovery.wait()
        self.gallery.close()

    def _resolved(self, request: Work) -> Work:
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

    def _make_sheets(self) -> None:
        """Of the grids whose jobs have all left the queue, also in an earlier run."""
        for pending in self._grids.take_done([job.id for job in self.jobs()]):
            try:
                self.gallery.rescan()
                paths = [self.gallery.made_since(cell, pending.created) for cell in pending.cells]
                if any(paths):
                    self.generated.emit("", self.session.save_sheet(pending.grid, pending.cells[0], paths))
            except UserError as error:
                self.problem.emit(error)

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
