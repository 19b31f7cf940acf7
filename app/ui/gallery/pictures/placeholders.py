"""The tiles of the pictures that are still to be generated."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.core.enlarge import Request
from app.engine.jobs import Job, JobState
from app.ui.words import wording

MOST = 40
"""So many tiles at most; the last of them tells how many more pictures wait."""


@dataclass(frozen=True, slots=True)
class Placeholder:
    """Picture `number` (from 0) of a job that runs or waits, as long as it is not there. It stands for `more` others
    behind it, too.
    """

    job: Job
    number: int
    more: int = 0

    @property
    def key(self) -> tuple[str, int]:
        """What stays the same while the job goes on."""
        return self.job.id, self.number

    @property
    def request(self) -> Request:
        """What is asked for, with this picture's own seed."""
        return self.job.request.of_picture(self.job.seed + self.number)

    @property
    def ahead(self) -> int:
        """How many pictures of the job come before it; 0 for those in work, and for those that are being saved."""
        if self._in_work:
            return 0
        first = self.job.progress.picture if self.job.state is JobState.RUNNING else 0
        return sum(number not in self.job.done for number in range(first, self.number))

    @property
    def waits(self) -> bool:
        """Whether others come before it."""
        return self.job.state is not JobState.RUNNING or self.ahead > 0

    @property
    def saving(self) -> bool:
        """Whether it is made, and on its way to the disk."""
        return self.job.state is JobState.RUNNING and self.number < self.job.progress.picture

    @property
    def fraction(self) -> float | None:
        """How much of it is done, 0..1; None while that is unknown, or while it waits."""
        if self.saving:
            return 1.0
        return wording.fraction(self.job) if self._in_work else None

    @property
    def state(self) -> str:
        """One line on how it stands: "step 12 of 20 · 4 s left", "Waiting · 24 s left", "31 more wait"."""
        if self.more:
            return wording.tr("{n} more wait", n=wording.number(self.more + 1))
        if self.saving:
            return wording.tr("Saving")
        if not self.waits:
            return (
                wording.progress(self.job) if self._in_work or self.job.progress.waits_for else wording.tr("Starting")
            )
        seconds = self._seconds_left()
        waiting = wording.tr("Waiting")
        return waiting if seconds is None else f"{waiting} · {wording.seconds_left(seconds)}"

    @property
    def _in_work(self) -> bool:
        now = self.job.progress
        return self.job.state is JobState.RUNNING and now.picture <= self.number < now.picture + now.together

    def _seconds_left(self) -> float | None:
        """Until it is done: the rest of those in work, and each one between as long as a whole one takes."""
        now = self.job.progress
        if (
            self.job.state is not JobState.RUNNING
            or now.seconds_left is None
            or not 0 < now.step < now.steps
            or now.picture in self.job.done
        ):
            return None
        whole = now.seconds_left * now.steps / (now.steps - now.step) / now.together
        return now.seconds_left + (self.ahead - now.together + 1) * whole


def placeholders(jobs: Iterable[Job]) -> list[Placeholder]:
    """The tiles of the jobs that run or wait, the last picture first, as the gallery lists pictures: each is replaced
    where it stands.

    Args:
        jobs: in the order in which they run.
    """
    tiles: list[Placeholder] = []
    more = 0
    for job in jobs:
        if job.state not in (JobState.RUNNING, JobState.WAITING):
            continue
        missing = [number for number in range(job.request.count) if number not in job.done]
        shown = missing[: MOST - len(tiles)]
        tiles += [Placeholder(job, number) for number in shown]
        more += len(missing) - len(shown)
    if more:
        tiles[-1] = Placeholder(tiles[-1].job, tiles[-1].number, more)
    return tiles[::-1]
