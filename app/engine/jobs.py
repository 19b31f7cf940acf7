"""A job: one request on its way to being pictures."""

from __future__ import annotations

import dataclasses
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from app.core.events import Stage
from app.core.message import NOTHING, Message
from app.core.request import GenerationRequest


class JobState(StrEnum):
    WAITING = "waiting"
    PAUSED = "paused"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Job:
    """A request in the queue, and how it stands. Values are replaced, never changed.

    Attributes:
        request: resolved.
        done: numbers (from 0) of its pictures that are generated and in the library.
        backend: id of the backend that runs or ran it; empty while it waits.
        message, remedy: what it is doing ("Loading the model"), or what failed and what to do.
        picture, step, steps, stage, seconds_left: progress, as in `core.events.Progress`.
        suggestion: changes to the request that are likelier to succeed, after a failure.
        bug, retry: as in `core.events.Failed`.
    """

    request: GenerationRequest
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    state: JobState = JobState.WAITING
    created: float = field(default_factory=time.time)
    backend: str = ""
    done: frozenset[int] = frozenset()
    message: Message = NOTHING
    remedy: Message = NOTHING
    picture: int = 0
    step: int = 0
    steps: int = 0
    stage: Stage = Stage.GENERATE
    seconds_left: float | None = None
    suggestion: Mapping[str, Any] = field(default_factory=dict)
    bug: bool = False
    retry: bool = True

    @property
    def seed(self) -> int:
        """Of its first picture."""
        assert self.request.seed is not None, "a queued request is resolved"
        return self.request.seed

    def remaining(self) -> tuple[GenerationRequest, ...]:
        """The requests for the pictures that are still to be generated, one for each run of them; the same seeds as
        before.
        """
        missing = [number for number in range(self.request.count) if number not in self.done]
        starts = [number for number in missing if number - 1 not in missing]
        ends = [number for number in missing if number + 1 not in missing]
        return tuple(
            self.request.replace(seed=self.seed + start, count=end - start + 1)
            for start, end in zip(starts, ends, strict=True)
        )

    def fresh(self, request: GenerationRequest) -> Job:
        """The job as it waits for a first or further try; the pictures that it has generated stay generated."""
        return Job(request=request, id=self.id, created=self.created, done=self.done)

    def to_json(self) -> dict[str, Any]:
        failed = self.state is JobState.FAILED
        return {
            "id": self.id,
            "created": self.created,
            "state": self.state.value,
            "done": sorted(self.done),
            "message": (self.message if failed else NOTHING).to_json(),
            "remedy": (self.remedy if failed else NOTHING).to_json(),
            "bug": self.bug,
            "retry": self.retry,
            "request": self.request.to_json(),
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Job:
        """Read a saved job. What was waiting or running comes back paused.

        Raises:
            ValueError, KeyError, TypeError, OverflowError: not a saved job.
        """
        request = GenerationRequest.from_json(values["request"])
        done = frozenset(int(number) for number in values["done"])
        if request.seed is None or not done < frozenset(range(request.count)):
            raise ValueError("not a queued request")
        failed = values["state"] == JobState.FAILED
        return cls(
            request=request,
            id=str(values["id"]),
            created=float(values["created"]),
            done=done,
            state=JobState.FAILED if failed else JobState.PAUSED,
            message=Message.from_json(values["message"]),
            remedy=Message.from_json(values["remedy"]),
            bug=failed and values.get("bug") is True,
            retry=not (failed and values.get("retry") is False),
        )

    def replace(self, **changes: Any) -> Job:
        return dataclasses.replace(self, **changes)
