"""The jobs in order, kept on disk, so that a quit, a crash or a power cut loses none."""

from __future__ import annotations

import contextlib
import json
import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from app.engine.jobs import Job, JobState
from app.library.files import create_file, replace_file, set_aside

log = logging.getLogger(__name__)

ENDED = (JobState.FINISHED, JobState.CANCELLED)


class Removed(NamedTuple):
    """Jobs that were taken out of the queue, and the ids of all that were in it, in order."""

    jobs: tuple[Job, ...] = ()
    order: tuple[str, ...] = ()


class JobQueue:
    """A thread-safe list of jobs, the running one first. Each change of its members, of their order and of whether it
    is paused is on disk before the call returns.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._condition = threading.Condition()
        self._paused = False
        self._jobs: dict[str, Job] = {job.id: job for job in self._load()}

    @property
    def paused(self) -> bool:
        """Whether no job begins until `pause(False)`, in this run of the app or a later one."""
        with self._condition:
            return self._paused

    def pause(self, paused: bool) -> None:
        with self._condition:
            if paused != self._paused:
                self._paused = paused
                self._save()
                self._condition.notify_all()

    def jobs(self) -> tuple[Job, ...]:
        with self._condition:
            return tuple(self._jobs.values())

    def get(self, job_id: str) -> Job | None:
        with self._condition:
            return self._jobs.get(job_id)

    def add(self, *jobs: Job) -> None:
        with self._condition:
            self._jobs |= {job.id: job for job in jobs}
            self._save()
            self._condition.notify_all()

    def update(self, job_id: str, **changes: Any) -> Job | None:
        """Change a job; ended jobs leave the queue. None where the job is no longer in it."""
        with self._condition:
            job = self._jobs.get(job_id)
            if job is None:
                return None
            changed = job.replace(**changes)
            if changed.state in ENDED:
                del self._jobs[job_id]
            elif changed.state is JobState.RUNNING is not job.state:
                del self._jobs[job_id]
                self._jobs = {job_id: changed, **self._jobs}
            else:
                self._jobs[job_id] = changed
            if {"state", "done", "request"} & changes.keys():
                self._save()
                self._condition.notify_all()
            return changed

    def put(self, job: Job) -> None:
        """Put a changed job in the place of the one with its id. What was generated of it meanwhile stays."""
        with self._condition:
            if job.id in self._jobs:
                self._jobs[job.id] = job.replace(done=job.done | self._jobs[job.id].done)
                self._save()
                self._condition.notify_all()

    def move(self, job_id: str, before: str | None) -> bool:
        """Put a waiting job in front of another one, or at the end for None; returns whether the order is another now.
        The running job stays the first.
        """
        with self._condition:
            job = self._jobs.get(job_id)
            order = [each for each in self._jobs if each != job_id]
            if job is None or job.state is JobState.RUNNING or (before is not None and before not in order):
                return False
            place = len(order) if before is None else order.index(before)
            order.insert(max(place, self._first_place()), job_id)
            if order == list(self._jobs):
                return False
            self._jobs = {each: self._jobs[each] for each in order}
            self._save()
            return True

    def remove(self, wanted: Callable[[Job], bool]) -> Removed:
        """Take out the wanted jobs, except one that runs."""
        with self._condition:
            jobs = tuple(job for job in self._jobs.values() if job.state is not JobState.RUNNING and wanted(job))
            removed = Removed(jobs, tuple(self._jobs))
            for job in jobs:
                del self._jobs[job.id]
            if jobs:
                self._save()
            return removed

    def put_back(self, removed: Removed) -> None:
        """Undo `remove`: each job stands again behind those that it stood behind, as far as they are still there."""
        with self._condition:
            order = list(self._jobs)
            for job in removed.jobs:
                earlier = removed.order[: removed.order.index(job.id)]
                places = [order.index(each) + 1 for each in earlier if each in order]
                order.insert(max([self._first_place(), *places]), job.id)
                self._jobs[job.id] = job
            self._jobs = {job_id: self._jobs[job_id] for job_id in order}
            self._save()
            self._condition.notify_all()

    def next_waiting(self, timeout: float | None, until: Callable[[], bool] = lambda: False) -> Job | None:
        """The first waiting job; waits up to `timeout` seconds (None: for ever) for one, or until something holds that
        `wake` tells of.
        """
        with self._condition:
            self._condition.wait_for(lambda: until() or self._first_waiting() is not None, timeout)
            return self._first_waiting()

    def wake(self) -> None:
        """Let `next_waiting` look whether what it waits for holds."""
        with self._condition:
            self._condition.notify_all()

    def _first_place(self) -> int:
        """Where the jobs that can be moved begin."""
        return int(any(job.state is JobState.RUNNING for job in self._jobs.values()))

    def _first_waiting(self) -> Job | None:
        if self._paused:
            return None
        return next((job for job in self._jobs.values() if job.state is JobState.WAITING), None)

    def _save(self) -> None:
        document = {"schema": 1, "paused": self._paused, "jobs": [job.to_json() for job in self._jobs.values()]}
        try:
            text = json.dumps(document, ensure_ascii=False, indent=1)
            # Half of a surrogate pair cannot be UTF-8; it is written as JSON's escape.
            replace_file(self._path, text.encode(errors="backslashreplace"))
        except OSError as error:
            # The queue in memory still works; pictures have their own, louder check of the disk.
            log.warning("The queue could not be saved: %s", error)

    def _load(self) -> list[Job]:
        try:
            document = json.loads(self._path.read_text(encoding="utf-8"))
            saved = list(document["jobs"])
            self._paused = document.get("paused") is True
        except FileNotFoundError:
            return []
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            with contextlib.suppress(OSError):
                log.warning("The saved queue cannot be read and is kept as %s: %s", set_aside(self._path), error)
            return []
        jobs, broken = [], False
        for values in saved:
            try:
                job = Job.from_json(values)
                if job.remaining():  # else the process was killed when its last picture was saved
                    jobs.append(job)
            except (ValueError, KeyError, TypeError, OverflowError) as error:
                log.warning("One saved job cannot be read and is left out: %r", error)
                broken = True
        if broken:
            with contextlib.suppress(OSError):  # the next change would lose it for good
                create_file(self._path.parent, f"{self._path.name}.broken", self._path.read_bytes())
        return jobs
