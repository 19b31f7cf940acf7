"""Which jobs the list shows, in which order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from app.engine.jobs import Job, JobState


class Shown(NamedTuple):
    """A job in the list. What is `gone` keeps its place only because the pointer is over the list."""

    job: Job
    gone: bool = False

    @property
    def movable(self) -> bool:
        """Whether it can be put elsewhere in the queue."""
        return not self.gone and self.job.state in (JobState.WAITING, JobState.PAUSED, JobState.FAILED)


def shown(jobs: Sequence[Job], ended: Sequence[Job]) -> list[Shown]:
    """The queue, and below it what has ended, the latest first."""
    queued = {job.id for job in jobs}
    return [*map(Shown, jobs), *(Shown(job) for job in reversed(ended) if job.id not in queued)]


def held(before: Sequence[Shown], now: Sequence[Shown]) -> list[Shown]:
    """The same jobs where none moves: those of before stay where they were, also the ones that have gone, as what
    they are now; new ones follow.
    """
    current = {each.job.id: each for each in now}
    listed = {each.job.id for each in before}
    kept = [current.get(each.job.id, Shown(each.job, gone=True)) for each in before]
    return kept + [each for each in now if each.job.id not in listed]


def moved(rows: Sequence[Shown], job_id: str, before: str | None) -> list[Shown]:
    """The rows after a job was put in front of another one, or behind all that can be moved for None."""
    (row,) = (each for each in rows if each.job.id == job_id)
    others = [each for each in rows if each.job.id != job_id]
    places = [number for number, each in enumerate(others) if each.movable and each.job.id == before]
    last = max((number + 1 for number, each in enumerate(others) if each.movable), default=len(others))
    others.insert(places[0] if places else last, row)
    return others


def neighbour(rows: Sequence[Shown], job_id: str, step: int) -> tuple[bool, str | None]:
    """In front of which job one comes that goes a place up (-1) or down (1), and whether there is such a place."""
    movable = [each.job.id for each in rows if each.movable]
    if job_id not in movable:
        return False, None
    target = movable.index(job_id) + step
    if not 0 <= target < len(movable):
        return False, None
    behind = target + (step > 0)
    return True, movable[behind] if behind < len(movable) else None
