"""What a request needs on its way to being pictures: choose, look up, resolve, check, run, save. Each stands here once.

`Engine`, for the window, and the command line are its two faces. No Qt.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar, cast

from app.backends.base import Backend, LooksUp, OnServer, Placement, Recovers
from app.backends.registry import Registry, model_for
from app.core.enlarge import EnlargeRequest, Request
from app.core.events import CancelCheck, Event, Generated
from app.core.grid import Grid
from app.core.lora_tags import split_loras
from app.core.message import Message
from app.core.output import ImageOutput, Provenance
from app.core.request import GenerationRequest
from app.engine import enlarging
from app.engine.batches import requests_of, singles
from app.engine.consent import check_leaving
from app.engine.jobs import Job
from app.engine.spending import check_spending
from app.engine.worker import Enlarge, Generate, converted, events, set_up_process
from app.engine.worker_process import WorkerProcess
from app.library.endpoints import Endpoints
from app.library.models.loras.folder import LoraFolder
from app.library.models.store import Models
from app.library.pictures import images, reading
from app.library.pictures.gallery import Gallery
from app.library.settings import Settings
from app.library.spending import Ledger
from app.library.styles import Styles
from app.library.wildcards import Wildcards

Work = TypeVar("Work", bound=Request)


@dataclass(frozen=True, slots=True)
class Plan(Generic[Work]):
    """A resolved request, the backend that it runs on, and why that one."""

    request: Work
    backend: Backend
    why: Message


@dataclass(frozen=True)
class Session:
    """The parts that the window and the command line share.

    Attributes:
        worker: the process in which local backends compute.
        in_process: pictures are made in this process instead. The command line does so, since it has nothing else to
            do and ends with them: no second Python need start, and no pixels go through a pipe.
    """

    settings: Settings
    models: Models
    registry: Registry
    ledger: Ledger
    gallery: Gallery
    worker: WorkerProcess = field(default_factory=WorkerProcess)
    in_process: bool = False
    endpoints: Endpoints = field(default_factory=Endpoints)

    @property
    def loras(self) -> LoraFolder:
        return LoraFolder(self.settings)

    def requests(self, wish: GenerationRequest) -> tuple[GenerationRequest, ...]:
        """What a wish as it was typed stands for; see `requests_of`."""
        requests = requests_of(wish, Wildcards(self.settings.wildcards_folder()), Styles())
        return tuple(map(self._with_loras, requests))

    def cells(self, wish: GenerationRequest, grid: Grid) -> list[list[GenerationRequest]]:
        """The cells of the grids that a wish as it was typed stands for: each of its pictures has a grid of its own.

        Raises:
            UserError: as `requests`, or there is nothing that an axis could change.
        """
        cells = [grid.cells(self._with_loras(single)) for single in singles(self.requests(wish), grid)]
        if not grid.changes("model"):
            return cells
        return [[cell.replace(model=self.models.absolute(cell.model)) for cell in some] for some in cells]

    def look(self, backend: str) -> None:
        """Ask a backend on a server of the user's how it stands now, which takes a moment; others need no asking."""
        for found in self.registry.backends.values():
            if found.id == backend and isinstance(found, OnServer):
                found.look()

    def choose(self, request: Work, *, any_model: bool = False) -> Plan[Work]:
        """The backend for a request; with `any_model`, the request's model gives way to one that the backend has.

        Raises:
            UserError: the named backend cannot work now or has no model that it needs, or none can.
        """
        if isinstance(request, EnlargeRequest):
            return Plan(request, *enlarging.choose(self.registry, request))
        backend, why = self.registry.choose(request.backend, None if any_model else request.model)
        if any_model:
            request = cast("Work", request.replace(model=model_for(backend, request.model)))
        return Plan(request, backend, why)

    def look_up(self, plan: Plan[GenerationRequest], cancel: CancelCheck) -> None:
        """Ask a service what the model takes today, which may take its time.

        Raises:
            UserError: the service cannot be asked, or does not offer the model.
            GenerationCancelled: `cancel` answered True.
        """
        if isinstance(plan.backend, LooksUp):
            plan.backend.look_up(plan.request.model, cancel)

    def resolve(self, plan: Plan[Work]) -> Plan[Work]:
        """Fill in the model's defaults, the seed and the places of LoRAs, and check that it fits the model and the
        memory.

        Raises:
            UserError: it does not, with what would as its suggestion; or the start picture cannot be read.
            NotAllowedError: it would leave this machine, and nobody was asked yet.
        """
        resolved: Request
        if isinstance(plan.request, EnlargeRequest):
            resolved = enlarging.resolved(plan.request, plan.backend, float(self.settings.get("memory_limit_gb")))
        else:
            check_leaving(plan.backend, self.settings)
            request = self._with_loras(plan.request)
            plan.backend.check_files(request)
            capabilities = plan.backend.capabilities(request.model)
            resolved = capabilities.resolve(request, images.start_size(request))
            self.registry.check_memory(plan.backend, resolved)
        return Plan(cast("Work", resolved), plan.backend, plan.why)

    def take_up(self, plan: Plan[GenerationRequest], wished: int | None) -> Plan[GenerationRequest]:
        """Where no seed was wished for, that of a picture which was ordered before and never delivered."""
        if wished is not None or not isinstance(plan.backend, Recovers):
            return plan
        seed = plan.backend.unfinished_seed(plan.request)
        return plan if seed is None else Plan(plan.request.replace(seed=seed), plan.backend, plan.why)

    def run(
        self, backend: Backend, request: Request, cancel: CancelCheck, spend_up_to: float | None = None
    ) -> Iterator[Event]:
        """The events of a resolved request, the last of them terminal.

        Args:
            backend: what it runs on.
            request: what is asked for.
            cancel: see `CancelCheck`.
            spend_up_to: US dollars that the user agreed to spend this month.
        """
        if backend.placement is Placement.WORKER and self.in_process:
            return self._run_in_process(backend, request, cancel)
        if isinstance(request, EnlargeRequest):
            return self.worker.enlarge(backend.id, request, cancel)
        if backend.placement is Placement.WORKER:
            return self.worker.generate(backend.id, request, cancel)
        return converted(lambda: self._run_here(backend, request, cancel, spend_up_to))

    def save(self, request: Request, event: Generated) -> images.Picture:
        """Save a picture of a request in the library.

        Raises:
            UserError: it cannot be saved.
        """
        if isinstance(request, EnlargeRequest):
            assert isinstance(event.output, ImageOutput)
            return self.gallery.save_enlarged(event.output.pixels, request, event.provenance)
        file_format = str(self.settings.get("file_format"))
        return self.gallery.save(event.output, request.of_picture(event.seed), event.provenance, file_format)

    def made(self, job: Job) -> frozenset[int]:
        """The numbers of a job's pictures that are in the library: the process may have been killed right after it
        saved one.
        """
        request = job.request
        if isinstance(request, EnlargeRequest):
            found = job.done or self.gallery.enlarged_since(request, job.created) is not None
            return frozenset({0}) if found else frozenset()
        self.gallery.rescan()
        seeds = ((number, request.of_picture(job.seed + number)) for number in range(request.count))
        missing = ((number, each) for number, each in seeds if number not in job.done)
        return job.done | {n for n, each in missing if self.gallery.made_since(each, job.created) is not None}

    def save_sheet(self, grid: Grid, first: GenerationRequest, cells: Sequence[Path | None]) -> images.Picture:
        """Put the pictures of a grid on one sheet, and save it in the library.

        Args:
            first: the resolved request of the first cell.
            cells: as `sheet` takes them.

        Raises:
            UserError: it cannot be saved.
        """
        from app.library.pictures.sheet import sheet

        made = next((reading.read(cell).provenance for cell in cells if cell is not None), Provenance())
        kept = Provenance(
            made.backend, made.device, made.precision, None if grid.changes("model") else made.model,
            licence=made.licence, licence_url=made.licence_url, grid=grid,
        )  # fmt: skip
        return self.gallery.save(ImageOutput(sheet(grid, cells)), first, kept, "png")

    def offer(self, request: Request, backend: Backend | None, *, memory: bool) -> Mapping[str, Any]:
        """The changes with which a failed request is likelier to succeed: it needs less memory, or what failed here
        runs elsewhere.
        """
        if isinstance(request, EnlargeRequest):
            return {}
        smaller = self.registry.smaller(request) if memory else {}
        if smaller or backend is None or backend.remote is not None:
            return smaller
        return self.registry.elsewhere(request)

    def close(self) -> None:
        self.worker.stop()
        self.gallery.close()

    def _with_loras(self, request: GenerationRequest) -> GenerationRequest:
        """The request with the LoRAs that its prompt names among the others, each with its place."""
        prompt, named = split_loras(request.prompt)
        loras = tuple(self.loras.located(lora) for lora in (*request.loras, *named))
        return request.replace(prompt=prompt, loras=loras)

    @staticmethod
    def _run_in_process(backend: Backend, request: Request, cancel: CancelCheck) -> Iterator[Event]:
        set_up_process()
        if isinstance(request, EnlargeRequest):
            return converted(lambda: events(backend, Enlarge(backend.id, request), cancel))
        return converted(lambda: events(backend, Generate(backend.id, request), cancel))

    def _run_here(
        self, backend: Backend, request: GenerationRequest, cancel: CancelCheck, spend_up_to: float | None
    ) -> Iterator[Event]:
        check_leaving(backend, self.settings)  # it may have another address by now
        check_spending(backend, request, self.settings, self.ledger, spend_up_to)
        yield from backend.generate(request, cancel)
