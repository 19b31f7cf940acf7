"""What a backend tells of itself: how it stands, where it computes, what it costs and whom it suits."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from app.core.message import NOTHING, Message

GPU_DEVICES = ("mps", "cuda", "metal")


class State(StrEnum):
    READY = "ready"
    NEEDS_MODEL = "needs a model"
    NEEDS_KEY = "needs a key"
    NOT_RUNNING = "not running"
    NOT_SET_UP = "not set up"
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
class Suits:
    """What helps to choose among several ways to compute; one sentence each.

    Attributes:
        good_for: whom or what it suits.
        costs: what it takes: money, downloads, memory, an account.
    """

    good_for: Message = NOTHING
    costs: Message = NOTHING


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a request will take; None where it is not known yet. `cost` is in US dollars for all pictures together,
    `disk_bytes` what the work needs on the disk at most, the result included.

    `memory_for` is what takes most of the memory: "text encoder", "transformer", "decoder" or "work"; empty where it is
    not known.
    """

    seconds: float | None = None
    peak_memory_bytes: int | None = None
    cost: float | None = None
    memory_for: str = ""
    disk_bytes: int | None = None


class Placement(StrEnum):
    """Where `generate` and `unload` run: in the worker process, which may hold models, or in the engine's thread."""

    WORKER = "worker"
    ENGINE = "engine"


class Group(StrEnum):
    """Where the pictures are computed, as the window names it."""

    MACHINE = "this machine"
    NETWORK = "this network"
    CLOUD = "cloud"


class Speed(IntEnum):
    """What "auto" goes by: the lowest comes first."""

    FASTEST = 0
    FAST = 1
    REMOTE = 2
    SLOW = 3
    SLOWEST = 4


@dataclass(frozen=True, slots=True)
class Remote:
    """What it means that a request leaves this machine.

    Attributes:
        sends: what is sent where, one sentence.
        charges: whether pictures may cost money. What they cost stands in `Estimate.cost` as far as it is known.
        host: of a server of its user's, who is asked once whether anything may be sent there (`engine.consent`).
    """

    sends: Message
    charges: bool = True
    host: str = ""
