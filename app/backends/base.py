"""What the engine needs of any backend."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, runtime_checkable

from app.core.capabilities import Capabilities
from app.core.events import CancelCheck, Event, Generated
from app.core.message import NOTHING, Message
from app.core.request import GenerationRequest


class State(StrEnum):
    READY = "ready"
    NEEDS_MODEL = "needs a model"
    NEEDS_KEY = "needs a key"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class Status:
    """Whether a backend can work on this machine. `reason` says why (not), `remedy` what to do, `device` on what."""

    state: State
    reason: Message
    remedy: Message = NOTHING
    device: str = ""

    @property
    def ready(self) -> bool:
        return self.state is State.READY


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a request will take; None where it is not known yet. `cost` is in US dollars for all pictures together.

    `memory_for` is what takes most of the memory: "text encoder", "transformer", "decoder" or "work"; empty where it is
    not known.
    """

    seconds: float | None = None
    peak_memory_bytes: int | None = None
    cost: float | None = None
    memory_for: str = ""


class Backend(Protocol):
    """A way to compute pictures.

    `check`, `capabilities` and `estimate` are cheap and import nothing heavy: the window calls them. `generate` and
    `unload` run in the worker process for local backends (`local` is True), else in the engine's thread.
    """

    id: str
    name: str
    local: bool

    def check(self) -> Status: ...

    def capabilities(self, model: str) -> Capabilities:
        """Raises UserError where the model is unknown to the backend or its checkpoint is broken."""
        ...

    def models(self) -> tuple[tuple[str, str], ...]:
        """The models that can be used now, as (id, display name), the default first."""
        ...

    def estimate(self, request: GenerationRequest) -> Estimate: ...

    def generate(self, request: GenerationRequest, cancel: CancelCheck) -> Iterator[Event]:
        """Paint a resolved request. Yields events, the last one `Finished`; raises instead of yielding the other
        two ends: `GenerationCancelled`, `UserError`, or anything else for a bug.
        """
        ...

    def unload(self) -> None:
        """Give back the memory of the models."""
        ...


@runtime_checkable
class LooksUp(Protocol):
    """A backend whose models are described by a service, which may describe them anew any day."""

    def look_up(self, model: str, cancel: CancelCheck) -> bool:
        """Ask the service what a model takes; True where `capabilities` are others now. It connects and waits.

        Raises:
            UserError: the service cannot be asked, or does not offer the model.
            GenerationCancelled: `cancel` answered True.
        """
        ...


@dataclass(frozen=True, slots=True)
class Recovered:
    """A picture of an earlier run. `request` is that of this one picture; `painted.picture` means nothing."""

    request: GenerationRequest
    generated: Generated


@dataclass(frozen=True, slots=True)
class Lost:
    """A picture of an earlier run that cannot be had any more, and why."""

    request: GenerationRequest
    message: Message
    remedy: Message


@runtime_checkable
class Recovers(Protocol):
    """A backend whose work goes on elsewhere when the app quits, and can be fetched later."""

    def unfinished_seed(self, request: GenerationRequest) -> int | None:
        """The seed with which a picture of this resolved request (but for its seed) was ordered before and never
        delivered; with it, that one is fetched instead of a new one ordered. None where there is none.
        """
        ...

    def recover(self, cancel: CancelCheck) -> Iterator[Recovered | Lost]:
        """The pictures that were under way; nothing is asked of anyone where none were."""
        ...
