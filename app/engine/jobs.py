"""A job: one request on its way to being pictures: new ones, or a larger copy of one that is there."""

from __future__ import annotations

import dataclasses
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from app.core.enlarge import EnlargeRequest, Request, request_from_json
from app.core.events import Failed, Stage
from app.core.message import NOTHING, Message
from app.core.request import GenerationRequest, changes_from_json, changes_to_json
from app.engine.spending import SPEND_UP_TO


class JobState(StrEnum):
    WAITING = "waiting"
    PAUSED = "paused"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class JobProgress:
    """How far a job has come.

    Attributes:
        waits_for: "Loading the model"; empty while it computes.
        picture: number of the picture in work, of all of the job.
        step, steps, stage, seconds_left, together: as in `core.events.Progress`.
    """

    waits_for: Message = NOTHING
    picture: int = 0
    step: int = 0
    steps: int = 0
    stage: Stage = Stage.GENERATE
    seconds_left: float | None = None
    together: int = 1


@dataclass(frozen=True, slots=True)
class Job:
    """A request in the queue, and how it stands. Values are replaced, never changed.

    Attributes:
        request: resolved.
        done: numbers (from 0) of its pictures that are generated and in the library.
        backend: id of the backend that runs or ran it; empty while it waits.
        progress: how far it has come while it runs.
        failure: what went wrong; None where nothing did.
        spend_up_to: US dollars that this month's pictures may cost, whatever the monthly limit says; None where its
            user was not asked.
    """

    request: Request
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    state: JobState = JobState.WAITING
    created: float = field(default_factory=time.time)
    backend: str = ""
    done: frozenset[int] = frozenset()
    progress: JobProgress = JobProgress()
    failure: Failed | None = None
    spend_up_to: float | None = None

    @property
    def seed(self) -> int:
        """Of its first picture."""
        assert self.request.seed is not None, "a queued request is resolved"
        return self.request.seed

    @property
    def makes_clips(self) -> bool:
        """Whether clips come of it rather than pictures."""
        return isinstance(self.request, GenerationRequest) and self.request.frames is not None

    def remaining(self) -> tuple[Request, ...]:
        """The requests for the pictures that are still to be generated, one for each run of them; the same seeds as
        before.
        """
        if isinstance(self.request, EnlargeRequest):
            return () if self.done else (self.request,)
        missing = [number for number in range(self.request.count) if number not in self.done]
        starts = [number for number in missing if number - 1 not in missing]
        ends = [number for number in missing if number + 1 not in missing]
        return tuple(
            self.request.replace(seed=self.seed + start, count=end - start + 1)
            for start, end in zip(starts, ends, strict=True)
        )

    def fresh(self, request: Request) -> Job:
        """The job as it waits for a first or further try; the pictures that it has generated stay generated."""
        return Job(request, self.id, created=self.created, done=self.done, spend_up_to=self.spend_up_to)

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "created": self.created,
            "state": self.state.value,
            "done": sorted(self.done),
            "failure": _failure_to_json(self.failure) if self.failure is not None else None,
            "spend_up_to": self.spend_up_to,
            "enlarge" if isinstance(self.request, EnlargeRequest) else "request": self.request.to_json(),
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Job:
        """Read a saved job, also of an older version. What was waiting or running comes back paused.

        Raises:
            ValueError, KeyError, TypeError, OverflowError: not a saved job.
        """
        request = request_from_json(values)
        agreed = values.get("spend_up_to")
        if isinstance(request, GenerationRequest) and agreed is None:  # once it was an option of the request
            options = dict(request.options)
            agreed = options.pop(SPEND_UP_TO, None)
            request = request.replace(options=tuple(sorted(options.items())))
        done = frozenset(int(number) for number in values["done"])
        if request.seed is None or not done <= frozenset(range(request.count)):
            raise ValueError("not a queued request")
        failed = values["state"] == JobState.FAILED
        return cls(
            request=request,
            id=str(values["id"]),
            created=float(values["created"]),
            done=done,
            state=JobState.FAILED if failed else JobState.PAUSED,
            failure=_failure_from_json(values.get("failure") or values) if failed else None,
            spend_up_to=float(agreed) if isinstance(agreed, int | float) and not isinstance(agreed, bool) else None,
        )

    def replace(self, **changes: Any) -> Job:
        return dataclasses.replace(self, **changes)


def _failure_to_json(failure: Failed) -> dict[str, Any]:
    changes = dict(failure.suggestion)
    agreement = {name: changes.pop(name) for name in (SPEND_UP_TO,) if name in changes}
    return {
        "message": failure.message.to_json(),
        "remedy": failure.remedy.to_json(),
        "bug": failure.bug,
        "retry": failure.retry,
        "memory": failure.memory,
        "suggestion": {**changes_to_json(changes), **agreement},
    }


def _failure_from_json(values: Any) -> Failed:
    """Read a failure; older versions wrote its parts beside those of the job."""
    return Failed(
        Message.from_json(values.get("message", "")),
        Message.from_json(values.get("remedy", "")),
        bug=values.get("bug") is True,
        retry=values.get("retry") is not False,
        suggestion=_suggestion(values.get("suggestion")),
        memory=values.get("memory") is True,
    )


def _suggestion(saved: Any) -> dict[str, Any]:
    """Saved changes; none where they make no sense."""
    changes = dict(saved) if isinstance(saved, Mapping) else {}
    agreed = changes.pop(SPEND_UP_TO, None)
    try:
        known = changes_from_json(changes)
    except (ValueError, KeyError, TypeError):
        return {}
    return {**known, SPEND_UP_TO: float(agreed)} if isinstance(agreed, int | float) else known
