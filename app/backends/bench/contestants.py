"""Who runs: each generates one picture and says how long its stages took."""

from __future__ import annotations

import itertools
import statistics
import time
from dataclasses import dataclass
from typing import Any, Protocol

from app.backends.local.backend import LocalBackend
from app.backends.local.embeddings import READING_PROMPT
from app.core.events import Generated, Loading, Progress, Stage
from app.core.request import GenerationRequest
from app.library.models.checkpoint.checkpoint import Checkpoint


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds of one picture. `text_encoder` is 0 where the prompt was known."""

    text_encoder: float
    step: float
    decode: float
    whole: float


class Contestant(Protocol):
    name: str
    device: str
    precision: str

    def generate(self, request: GenerationRequest) -> Times: ...

    def close(self) -> None: ...


class BackendContestant:
    """A local back end, just as the app uses it; the times are between its events."""

    def __init__(self, backend: LocalBackend) -> None:
        self.name = backend.id
        self.device = self.precision = ""
        self.backend = backend
        self.peak_memory = 0
        """Bytes, of all its pictures so far."""

    def generate(self, request: GenerationRequest) -> Times:
        reading = read = first = decoding = 0.0
        steps: list[float] = []
        began = latest = time.perf_counter()
        for event in self.backend.generate(request.replace(backend=self.name), lambda: False):
            now = time.perf_counter()
            match event:
                case Loading(message) if message == READING_PROMPT:
                    reading = now
                case Loading() if reading:
                    read = now
                case Progress(stage=Stage.GENERATE):
                    if first:
                        steps.append(now - latest)
                    first, latest = first or now, now
                case Progress(stage=Stage.DECODE):
                    decoding = now
                case Generated(provenance=made):
                    self.device, self.precision = made.device or "", made.precision or ""
                    self.peak_memory = max(self.peak_memory, made.peak_memory_bytes or 0)
                    latest = now
        step = statistics.median(steps) if steps else 0.0
        return Times(read - reading, step, latest - decoding, latest - began)

    def close(self) -> None:
        self.backend.unload()


class PlainPipeline:
    """diffusers' own pipeline, used as its documentation says."""

    name = "diffusers"

    def __init__(self, checkpoint: Checkpoint, device: str, precision: str) -> None:
        import torch
        from diffusers import SanaPipeline, SanaSprintPipeline
        from diffusers.utils.logging import disable_progress_bar

        disable_progress_bar()
        kind = SanaSprintPipeline if checkpoint.guidance_embeds else SanaPipeline
        self.device, self.precision = device, precision
        self._pipeline = kind.from_pretrained(
            checkpoint.folder,
            variant=checkpoint.variant or None,
            torch_dtype=getattr(torch, precision),
            local_files_only=True,
        ).to(device)
        self._pipeline.set_progress_bar_config(disable=True)
        # A model too small for the instruction gets the prompt alone, as in the app.
        self._options: dict[str, Any] = {} if checkpoint.token_limit > 600 else {"complex_human_instruction": None}
        self._options["max_sequence_length"] = checkpoint.prompt_tokens

    def generate(self, request: GenerationRequest) -> Times:
        import torch

        marks: list[float] = []

        def mark(pipeline: Any, step: int, timestep: Any, values: dict[str, Any]) -> dict[str, Any]:
            marks.append(time.perf_counter())
            return values

        began = time.perf_counter()
        self._pipeline(
            prompt=request.prompt,
            height=request.height,
            width=request.width,
            num_inference_steps=request.steps,
            guidance_scale=request.guidance,
            generator=torch.Generator().manual_seed(request.seed or 0),
            use_resolution_binning=False,
            callback_on_step_end=mark,
            output_type="np",
            **self._options,
        )
        ended = time.perf_counter()
        gaps = [after - before for before, after in itertools.pairwise(marks)]
        step = statistics.median(gaps) if gaps else 0.0
        return Times(max(0.0, marks[0] - began - step), step, ended - marks[-1], ended - began)

    def close(self) -> None:
        del self._pipeline
