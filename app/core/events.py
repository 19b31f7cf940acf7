"""What a backend tells while it works: a closed union. Every job ends in exactly one of the last three."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from app.core.errors import GenerationCancelled
from app.core.message import NOTHING, Message
from app.core.output import Output, Pixels, Provenance

CancelCheck = Callable[[], bool]
"""Answers True once the user has pressed Cancel. Asked between steps, between tiles, and between pieces of a file."""


def stop_if(cancel: CancelCheck) -> None:
    """Raises GenerationCancelled where `cancel` answers True."""
    if cancel():
        raise GenerationCancelled


@dataclass(frozen=True, slots=True)
class Loading:
    """A wait with a reason: "Loading the model", "Reading the prompt", "Waiting for Replicate (12 s)".

    `fraction` is 0..1 where it is known.
    """

    message: Message
    fraction: float | None = None


class Stage(StrEnum):
    """What a step belongs to."""

    GENERATE = "generate"
    """Denoising steps."""
    DECODE = "decode"
    """Tiles of the result."""
    ENLARGE = "enlarge"
    """Tiles of a picture that is made larger."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Step `step` of `steps` of picture `picture` (from 0) is done; with `together`, of so many pictures from that one
    on, which are made as one batch.
    """

    picture: int
    step: int
    steps: int
    seconds_left: float | None = None
    stage: Stage = Stage.GENERATE
    together: int = 1


@dataclass(frozen=True, slots=True)
class Preview:
    """A small (h, w, 3) uint8 picture of how picture `picture` stands.

    Of a clip, `frames` are some of its frames in order, evenly apart from its beginning to its end, as a small strip
    (n, h, w, 3) that can be played; `pixels` is one of them, so who shows no motion needs nothing else. None of a
    picture.
    """

    picture: int
    pixels: Pixels
    frames: Pixels | None = None


@dataclass(frozen=True, slots=True)
class Generated:
    """Picture or clip `picture` (from 0) is done; `seed` is its own."""

    picture: int
    output: Output
    seed: int
    provenance: Provenance = field(default_factory=Provenance)


class PrecisionReport(Protocol):
    """How a backend did in one precision; `backends.selftest.report.Report` says it in full."""

    @property
    def backend(self) -> str: ...

    @property
    def precision(self) -> str: ...

    @property
    def passed(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Tested:
    """A self-test's result."""

    report: PrecisionReport


@dataclass(frozen=True, slots=True)
class Finished:
    """All pictures of the job are generated."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The job ended without all of its pictures.

    Attributes:
        message, remedy: as in `UserError`.
        bug: True where it is a defect of the app (its trace is in the log).
        retry: True where the same request may succeed when tried again.
        suggestion: changes to the request (field name to value) that are likelier to succeed, offered to the user.
        memory: True where memory ran out, or seems to have.
    """

    message: Message
    remedy: Message = NOTHING
    bug: bool = False
    retry: bool = True
    suggestion: Mapping[str, Any] = field(default_factory=dict)
    memory: bool = False


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The user stopped the job."""


Event = Loading | Progress | Preview | Generated | Tested | Finished | Failed | Cancelled
TERMINAL = (Finished, Failed, Cancelled)
