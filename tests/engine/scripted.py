"""A backend for tests of the engine: it does what the prompt says, in the real worker process."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from app.backends.base import Backend, Estimate, State, Status
from app.core.capabilities import Capabilities
from app.core.enlarge import Enlarged, EnlargeRequest
from app.core.errors import GenerationCancelled, UserError
from app.core.events import CancelCheck, Event, Finished, Generated, Loading, Preview, Progress, Stage
from app.core.limits import ClipLimits, Range
from app.core.message import message
from app.core.output import ImageOutput, Provenance
from app.core.request import GenerationRequest
from app.library.pictures import images, sources
from app.upscaling.upscalers import Enlarge, Upscaler


class ScriptedBackend(Backend):
    """Paints noise of the seed. Prompts: "fail", "bug", "kill" (dies), "hang" (ignores cancel), "slow", "short",
    "die asked" (at the moment when it looks for a cancel), "together" (slowly, two pictures as one batch).
    """

    id = "scripted"
    name = "Scripted"
    own_upscalers = False

    def __init__(self) -> None:
        self.unloaded = 0
        self.prepared = 0
        self.prepared_for = ""

    def prepare(self, request: GenerationRequest | None, cancel: CancelCheck) -> None:
        self.prepared += 1
        self.prepared_for = request.model if request is not None else ""

    def check(self) -> Status:
        return Status(State.READY, message("It is a test."), device="cpu")

    def capabilities(self, model: str) -> Capabilities:
        if model not in ("starter", "clips"):
            raise UserError(message("There is no model {model}.", model=model), message("Choose starter."))
        return Capabilities(
            model="Test", size=Range(32, 256, 64, 32), max_pixels=256 * 256, steps=Range(1, 50, 3),
            guidance=Range(1, 10, 4.5, 0.1), negative=True, solvers=("dpmpp", "euler"),
            clip=ClipLimits(Range(5, 41, 5, 4), Range(1, 60, 16)) if model == "clips" else None,
        )  # fmt: skip

    def models(self) -> tuple[tuple[str, str], ...]:
        return (("starter", "Test"),)

    def estimate(self, request: GenerationRequest) -> Estimate:
        return Estimate(seconds=1.0, peak_memory_bytes=10**9)

    def generate(self, request: GenerationRequest, cancel: CancelCheck) -> Iterator[Event]:
        seed, steps = request.seed or 0, request.steps or 0
        yield Loading(message("Loading the model"))
        match request.prompt:
            case "fail":
                raise UserError(message("It failed."), message("Do something else."))
            case "bug":
                raise RuntimeError("a defect")
            case "hang":
                time.sleep(60)
        for picture in range(request.count):
            for step in range(steps):
                if request.prompt == "die asked":
                    _die_within(cancel)
                if cancel():
                    raise GenerationCancelled
                if request.prompt in ("slow", "together"):
                    time.sleep(0.2)
                if request.prompt == "together":
                    stage = Stage.DECODE if picture % 2 else Stage.GENERATE
                    yield Progress(picture, step + 1, steps, 0.1, stage, together=2 - picture % 2)
                    continue
                yield Progress(picture, step + 1, steps, seconds_left=0.1)
                yield Preview(picture, np.full((8, 8, 3), step, np.uint8))
            if request.prompt == "kill" and picture == request.count - 1:
                os.kill(os.getpid(), signal.SIGKILL)
            if request.prompt == "short":
                return
            random = np.random.default_rng(seed + picture)
            pixels = random.integers(0, 255, (request.height, request.width, 3), np.uint8)
            times = f"prepared {self.prepared} times {self.prepared_for}".strip()
            provenance = Provenance(device=str(os.getpid()), seconds=1.0, version=times)
            yield Generated(picture, ImageOutput(pixels), seed + picture, provenance)
        yield Finished()

    def open_upscaler(self, upscaler: Upscaler) -> Enlarge:
        raise NotImplementedError

    def enlarge(self, request: EnlargeRequest, cancel: CancelCheck) -> Iterator[Event]:
        """Repeats pixels. The prompt is a script here, too."""
        source, pixels = sources.input_of(Path(request.path)), images.decode(Path(request.path))
        for tile in range(3):
            if cancel():
                raise GenerationCancelled
            if request.prompt == "fail":
                raise UserError(message("It failed."), message("Do something else."))
            if request.prompt == "slow":
                time.sleep(0.3)
            yield Progress(0, tile + 1, 3, 1.0, Stage.ENLARGE)
        large = pixels.repeat(request.factor, 0).repeat(request.factor, 1)
        made = Provenance(device="cpu", enlarged=Enlarged(source, request.factor, request.upscaler))
        yield Generated(0, ImageOutput(large), request.seed, made)
        yield Finished()

    def unload(self) -> None:
        self.unloaded += 1


def _die_within(cancel: CancelCheck) -> None:
    """Be killed in the deepest call that `cancel` makes in Python, with all the locks that it takes."""

    def trace(frame: Any, event: str, _: Any) -> None:
        if event == "return":
            os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(trace)
    cancel()


def backends() -> dict[str, Any]:
    return {"scripted": ScriptedBackend()}
