"""The tiles of the pictures that a running job has still to generate."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.request import GenerationRequest
from app.engine.jobs import Job
from app.ui.words import wording


@dataclass(frozen=True, slots=True)
class Placeholder:
    """Picture `number` (from 0) of a running job, as long as it is not there."""

    job: Job
    number: int

    @property
    def key(self) -> tuple[str, int]:
        """What stays the same while the job goes on."""
        return self.job.id, self.number

    @property
    def request(self) -> GenerationRequest:
        """What is asked for, with this picture's own seed."""
        return self.job.request.of_picture(self.job.seed + self.number)

    @property
    def ahead(self) -> int:
        """How many pictures of the job come before it; 0 for the one in work."""
        return sum(number < self.number for number in range(self.job.request.count) if number not in self.job.done)

    @property
    def fraction(self) -> float | None:
        """How much of it is done, 0..1; None while that is unknown, or while it waits."""
        return wording.fraction(self.job) if self._in_work else None

    @property
    def state(self) -> str:
        """One line on how it stands: "step 12 of 20 · 4 s left", "Waiting · 24 s left"."""
        if not self.ahead:
            return (
                wording.progress(self.job) if self._in_work or self.job.progress.waits_for else wording.tr("Starting")
            )
        seconds = self._seconds_left()
        waiting = wording.tr("Waiting")
        return waiting if seconds is None else f"{waiting} · {wording.seconds_left(seconds)}"

    @property
    def _in_work(self) -> bool:
        return self.number == self.job.progress.picture

    def _seconds_left(self) -> float | None:
        """Until it is done: the rest of the one in work, and each one between as long as a whole one takes."""
        now = self.job.progress
        if now.seconds_left is None or not 0 < now.step < now.steps or now.picture in self.job.done:
            return None
        whole = now.seconds_left * now.steps / (now.steps - now.step)
        return now.seconds_left + self.ahead * whole


def placeholders(job: Job | None) -> list[Placeholder]:
    """The tiles of a job, the last picture first, as the gallery lists pictures: each is replaced where it stands."""
    if job is None:
        return []
    return [Placeholder(job, number) for number in reversed(range(job.request.count)) if number not in job.done]
