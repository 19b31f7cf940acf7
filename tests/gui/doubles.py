"""A backend that paints by a script, and an engine around it: everything else is the product's own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from app.backends.base import Backend, Estimate, Group, Placement, Remote, State, Status
from app.backends.local.model import LocalModel
from app.backends.registry import Registry
from app.core.capabilities import Capabilities
from app.core.enlarge import Enlarged, EnlargeRequest
from app.core.errors import GenerationCancelled, UserError
from app.core.events import CancelCheck, Event, Finished, Generated, Loading, Preview, Progress, Stage
from app.core.limits import MASK, START_PICTURE, Range
from app.core.message import message
from app.core.output import ImageOutput, Provenance
from app.core.request import GenerationRequest
from app.engine.engine import Engine
from app.engine.session import Session
from app.engine.worker import converted
from app.engine.worker_process import WorkerProcess
from app.library import paths
from app.library.models.checkpoint.checkpoint import Checkpoint
from app.library.models.store import Models
from app.library.pictures import images, sources
from app.library.pictures.gallery import Gallery
from app.library.settings import Settings
from app.library.spending import Ledger
from app.upscaling.upscalers import Enlarge, Upscaler

STARTER = Capabilities(
    model="Sana Starter",
    size=Range(128, 512, 256, 32),
    max_pixels=512 * 512,
    steps=Range(1, 50, 20),
    guidance=Range(1, 10, 4.5, 0.1),
    negative=True,
    solvers=("dpmpp", "euler"),
    precisions=("auto", "float32", "bfloat16"),
    inputs=(START_PICTURE, MASK),
    prompt_tokens=77,
    knows="Small scenes only.",
    knows_more="It knows a house, a tree or a sailboat, in eight colours, at four times of day.",
    variations=True,
    quick_steps=10,
)
SPRINT = Capabilities(
    model="Sana Sprint", size=Range(512, 2048, 1024, 32), max_pixels=2048 * 2048, steps=Range(1, 4, 2), guidance=None,
    negative=False, solvers=("scm",), max_count=4,
)  # fmt: skip


class ScriptedBackend(Backend):
    """Paints even colours. `stop_at` makes it wait after a step; `fault` is raised after step `fault_at`."""

    own_upscalers = False

    def __init__(
        self,
        backend_id: str = "torch",
        name: str = "PyTorch",
        models: dict[str, Capabilities] | None = None,
        status: Status | None = None,
        local: bool = True,
    ) -> None:
        self.id = backend_id
        self.name = name
        if local:
            self.packages: tuple[str, ...] = ()
            self.precisions: tuple[str, ...] = ()  # none is tested
        else:
            self.placement, self.group = Placement.ENGINE, Group.CLOUD
            self.remote = Remote(message("Prompts are sent to the cloud."))
        self.offered = models if models is not None else {"starter": STARTER}
        self.status = status or Status(State.READY, message("It works on this machine."), device="cpu")
        self.gate = threading.Event()
        self.gate.set()
        self._last_step: int | None = None
        self.fault: Exception | None = None
        self.fault_at = 0
        self.generated: list[GenerationRequest] = []
        self.enlarged: list[EnlargeRequest] = []
        self.estimated = Estimate(seconds=6.0, peak_memory_bytes=1_900_000_000)
        self.draw: Callable[[GenerationRequest, int], np.ndarray] = self._draw

    def default_precision(self, device: str) -> str:
        return "float32"

    def checkpoint(self, model: str) -> Checkpoint:
        raise UserError(message("It has no checkpoints."))

    def open_model(self, checkpoint: Checkpoint, precision: str) -> LocalModel:
        raise UserError(message("It has no checkpoints."))

    def stop_at(self, step: int) -> None:
        """Wait after this step until `gate` is set again."""
        self._last_step = step
        self.gate.clear()

    def check(self) -> Status:
        return self.status

    def capabilities(self, model: str) -> Capabilities:
        if model not in self.offered:
            raise UserError(message("There is no model “{model}”.", model=model), message("Choose another one."))
        return self.offered[model]

    def models(self) -> tuple[tuple[str, str], ...]:
        return tuple((model, each.model) for model, each in self.offered.items())

    def estimate(self, request: GenerationRequest) -> Estimate:
        return self.estimated

    def open_upscaler(self, upscaler: Upscaler) -> Enlarge:
        raise NotImplementedError

    def enlarge(self, request: EnlargeRequest, cancel: CancelCheck) -> Iterator[Event]:
        """Repeats pixels, in four tiles."""
        self.enlarged.append(request)
        path = Path(request.path)
        source, pixels = sources.input_of(path), images.decode(path)
        for tile in range(1, 5):
            if cancel():
                raise GenerationCancelled
            yield Progress(0, tile, 4, 8.0 - 2 * tile, Stage.ENLARGE)
            if tile == self._last_step:
                while not self.gate.wait(0.01):
                    if cancel():
                        raise GenerationCancelled
        large = pixels.repeat(request.factor, 0).repeat(request.factor, 1)
        made = Provenance(self.id, "cpu", enlarged=Enlarged(source, request.factor, "SPAN x4"))
        yield Generated(0, ImageOutput(large), request.seed, made)
        yield Finished()

    def generate(self, request: GenerationRequest, cancel: CancelCheck) -> Iterator[Event]:
        steps = request.steps or 1
        yield Loading(message("Loading the model"))
        for picture in range(request.count):
            seed = (request.seed or 0) + picture
            for step in range(1, steps + 1):
                while self._last_step is not None and step > self._last_step and not self.gate.wait(0.005):
                    if cancel():
                        raise GenerationCancelled
                if cancel():
                    raise GenerationCancelled
                if self.fault is not None and step > self.fault_at:
                    raise self.fault
                yield Progress(picture, step, steps, (steps - step) * 0.5)
                yield Preview(picture, self.draw(request, seed)[::8, ::8].copy())
            provenance = Provenance(
                self.id, "cpu", "float32", self.offered[request.model].model, seconds=5.8,
                peak_memory_bytes=1_900_000_000,
            )  # fmt: skip
            yield Generated(picture, ImageOutput(self.draw(request, seed)), seed, provenance)
        self.generated.append(request)
        yield Finished()

    def unload(self) -> None:
        pass

    @staticmethod
    def _draw(request: GenerationRequest, seed: int) -> np.ndarray:
        height, width = request.height or 64, request.width or 64
        rows = np.linspace(0, 255, height, dtype=np.uint8)[:, None]
        columns = np.linspace(0, 255, width, dtype=np.uint8)[None, :]
        return np.stack(np.broadcast_arrays(rows, columns, np.uint8(seed * 37 % 256)), axis=-1).astype(np.uint8)


class InThread(WorkerProcess):
    """Runs the scripted backends in the engine's thread instead of another process."""

    def __init__(self, backends: dict[str, ScriptedBackend]) -> None:
        super().__init__()
        self.backends = backends

    def generate(self, backend: str, request: GenerationRequest, cancel: CancelCheck) -> Iterator[Event]:
        return converted(lambda: self.backends[backend].generate(request, cancel))

    def enlarge(self, backend: str, request: EnlargeRequest, cancel: CancelCheck) -> Iterator[Event]:
        return converted(lambda: self.backends[backend].enlarge(request, cancel))

    def stop(self, now: bool = False) -> None:
        pass


def make_engine(*backends: ScriptedBackend, folder: Path | None = None) -> Engine:
    """The real engine, gallery and settings with scripted backends; not started."""
    known = {backend.id: backend for backend in backends or (ScriptedBackend(),)}
    settings = Settings()
    gallery = Gallery(folder or settings.pictures_folder(), paths.index_file())
    registry = Registry(known, settings)
    session = Session(settings, Models(settings), registry, Ledger(), gallery, InThread(known))
    return Engine(session, paths.queue_file())
