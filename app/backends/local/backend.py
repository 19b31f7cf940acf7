"""What the back ends that compute on this machine share: everything but the networks themselves."""

from __future__ import annotations

import abc
import logging
from collections.abc import Generator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from app.backends.base import Estimate, Placement
from app.backends.local.batching import Batching
from app.backends.local.capabilities import capabilities_of
from app.backends.local.embeddings import Embeddings, identity_of
from app.backends.local.kernels import Kernels, multiplied_per_second
from app.backends.local.local_models import LocalModels
from app.backends.local.loras import WEAKER
from app.backends.local.misfits import is_out_of_memory
from app.backends.local.model import LocalModel
from app.backends.local.precisions import IN_WORDS
from app.backends.local.timings import Clock, Setup, Timings
from app.backends.local.video.capabilities import clip_capabilities
from app.backends.local.video.disk import disk_needed
from app.backends.local.video.plan import SHARE, planned
from app.backends.local.workload import setup_of, step_work, steps_done, timed_size
from app.core.capabilities import Capabilities
from app.core.catalog import ModelSpec
from app.core.enlarge import EnlargeRequest
from app.core.errors import NotFiniteError
from app.core.events import CancelCheck, Event, Finished, Generated, Loading, stop_if
from app.core.families.sana_video import SANA_VIDEO
from app.core.memory import memory_parts
from app.core.message import NOTHING, Message, message
from app.core.output import ImageOutput, Pixels, Provenance
from app.core.request import AUTO, GenerationRequest, Role
from app.core.sizes import computed_size
from app.diffusion.model import Conditioning, LatentModel
from app.library import machine
from app.library.models.checkpoint.checkpoint import Checkpoint
from app.library.models.checkpoint.controlnet import ControlNet
from app.library.models.checkpoint.probes import Probes
from app.library.models.store import Models
from app.library.settings import Settings

if TYPE_CHECKING:
    from app.backends.local.control_picture import ControlPicture
    from app.backends.local.enlarging import Enlarging
    from app.backends.local.start_picture import StartPicture
    from app.backends.local.video.model import ClipModel
    from app.upscaling.upscalers import Enlarge, Upscaler

log = logging.getLogger(__name__)


class LocalBackend(LocalModels, abc.ABC):
    """A back end that generates on this machine. It keeps one model in memory, and the last prompts' embeddings.

    Args:
        models: the models on this computer.
        settings: for the precision that "auto" means here.
    """

    placement = Placement.WORKER
    diffusers_beside = False
    """Whether diffusers' own pipeline runs on its libraries, for the benchmark to compare with."""
    own_upscalers = False
    """Whether it runs upscalers of the user's own, besides those that come with the app."""
    decoder_precision = ""
    """What its decoder computes in, where that is always the same."""
    encoder_at_hand = False
    """Whether its autoencoders are loaded with their encoder, so that it costs nothing to use it."""

    def __init__(self, models: Models, settings: Settings) -> None:
        super().__init__(models, settings)
        self._timings = Timings()
        self._embeddings = Embeddings()
        self._loaded: LocalModel | None = None
        self._cold = True  # no picture was made since it was loaded
        self._together = 1  # pictures of the batch in work
        self._alone = False  # memory ran out for a batch
        self._loaded_key: tuple[Any, ...] = ()
        self._probes = Probes()
        self._enlarging: Enlarging | None = None
        self.frames_folder: Path | None = None

    @abc.abstractmethod
    def open_model(self, checkpoint: Checkpoint, precision: str) -> LocalModel:
        """The checkpoint in a precision, or in what "auto" means on this device. `load` does the slow part."""

    def kernels(self, device: str, precision: str) -> Kernels:
        """What the benchmark measures the limits of a device with, in "float32" or "bfloat16"."""
        raise NotImplementedError

    def decoder_tile(self, checkpoint: Checkpoint, width: int, height: int, precision: str) -> int:
        """Side in pixels of the tiles in which a picture is decoded; 0 where that is decided later."""
        return 0

    def batches_pictures(self, device: str) -> bool:
        """Whether its networks make several pictures as one batch."""
        return False

    def import_libraries(self) -> None:
        """Import what it computes with."""
        return

    def prepare(self, request: GenerationRequest | None, cancel: CancelCheck) -> None:
        """As `Prepares` says."""
        self.import_libraries()
        from app.backends.local import activations, control_picture, generation, start_picture  # noqa: F401

        if request is not None:
            _, checkpoint = self._resolve(request.model)
            guidance = self.capabilities(request.model).guidance
            request = request.replace(guidance=guidance.default if guidance else None)
            for _ in self._ready(request, checkpoint, self._precision(request, checkpoint), cancel):
                stop_if(cancel)
        if SANA_VIDEO in self.families:
            self._guess_rate()

    def _guess_rate(self) -> None:
        """Measure what this machine computes in a second, so that a plan can be made before the first clip."""
        device = self.check().device
        precision = self.default_precision(device)
        setup = Setup(self.id, device, precision, "", 1)
        if self._timings.rate(setup) is None:
            operations = multiplied_per_second(self.kernels(device, precision))
            self._timings.add_rate(setup, 0.0, SHARE * operations)

    def capabilities(self, model: str) -> Capabilities:
        spec, checkpoint = self._resolve(model)
        precisions = (checkpoint.packed,) if checkpoint.packed else self.precisions
        if checkpoint.makes_clips:
            return clip_capabilities(checkpoint, spec, precisions)
        return capabilities_of(checkpoint, spec, precisions, self._models.controlnets_for(checkpoint))

    def estimate(self, request: GenerationRequest) -> Estimate:
        """Seconds from what was measured on this machine, memory from measurements or from the model's size."""
        spec, checkpoint = self._resolve(request.model)
        width, height = computed_size(request, checkpoint.base_size)
        device, precision = self.check().device, self._precision(request, checkpoint)
        if precision == AUTO:
            precision = self.precision_for(checkpoint, device)
        controlnet = self._controlnet(request, checkpoint)
        setup = setup_of(self.id, device, precision, checkpoint, request)
        frames = request.frames or 1
        timed = timed_size(checkpoint, width, height, frames)
        batching = self._batching(setup, checkpoint, *timed, controlnet)
        timing = batching.timing(batching.fastest(request.count))
        if timing is None and checkpoint.makes_clips and (rate := self._timings.rate(setup)):
            timing = planned(checkpoint, request, step_work(checkpoint, setup, *timed), rate)
        seconds = timing.picture(steps_done(request)) * request.count if timing and request.steps else None
        encodes = request.input(Role.INIT) is not None or controlnet is not None
        parts = self.memory_parts(
            checkpoint, width, height, precision, encodes=encodes, controlnet=controlnet, frames=frames
        )
        measured = spec.measured_memory.get(self.id, {}).get(precision) if spec else None
        larger = width * height > checkpoint.base_size**2 or frames > max(1, spec.frames if spec else 0)
        if measured is None or larger or controlnet is not None:
            measured = sum(parts.values())
        measured += self._loras.memory(request, precision)
        disk = disk_needed(checkpoint, width, height, frames, request.count) if checkpoint.makes_clips else None
        return Estimate(seconds, measured, memory_for=max(parts, key=lambda name: parts[name]), disk_bytes=disk)

    def memory_parts(
        self, checkpoint: Checkpoint, width: int, height: int, precision: str, *, encodes: bool = False,
        controlnet: ControlNet | None = None, frames: int = 1,
    ) -> dict[str, int]:  # fmt: skip
        """Where the estimated peak memory of generating one picture or clip comes from, in bytes, by
        `Estimate.memory_for`.

        `encodes` where another picture goes into it; `frames` are those of a clip.
        """
        more, size = controlnet.weights.parameters if controlnet is not None else 0, checkpoint.size_for(frames)
        return memory_parts(replace(size, transformer=size.transformer + more), width, height, precision)

    def generate(self, request: GenerationRequest, cancel: CancelCheck) -> Iterator[Event]:
        """Generate a resolved request; where the numbers break down, once more in the next safer precision."""
        from app.backends.local.control_picture import load_control_picture
        from app.backends.local.start_picture import load_start_picture

        self._settings.refresh()
        spec, checkpoint = self._resolve(request.model)
        self._loras.check(request, checkpoint)
        start = load_start_picture(request, self.capabilities(request.model))
        control = load_control_picture(request, self._controlnet(request, checkpoint))
        yield from self._safely(request, spec, checkpoint, start, control, cancel)
        yield Finished()

    def paint_over(self, pixels: Pixels, request: GenerationRequest, cancel: CancelCheck) -> Iterator[Event]:
        """Generate once more what a large picture shows, through windows: new detail, the same picture.

        Args:
            pixels: (height, width, 3), of any size.
            request: resolved, with the strength of its start picture; its own size is not heeded.

        Yields the events of `generate` but for `Finished`; the picture that comes has the size of `pixels`.
        """
        from app.backends.local.refining import painted_over

        self._settings.refresh()
        spec, checkpoint = self._resolve(request.model)
        return painted_over(
            pixels, request, checkpoint,
            lambda request, start: self._safely(request, spec, checkpoint, start, None, cancel, windows=True),
        )  # fmt: skip

    def _safely(
        self, request: GenerationRequest, spec: ModelSpec | None, checkpoint: Checkpoint, start: StartPicture | None,
        control: ControlPicture | None, cancel: CancelCheck, *, windows: bool = False,
    ) -> Iterator[Event]:  # fmt: skip
        """The pictures; where the numbers break down, once more in the next safer precision."""
        precision, note, generated = self._precision(request, checkpoint), NOTHING, 0
        self._together, self._alone = 1, False
        while True:
            try:
                for event in self._generate(
                    request, spec, checkpoint, start, control, precision, note, generated, cancel, windows=windows
                ):
                    yield event
                    generated += isinstance(event, Generated)
            except NotFiniteError as error:
                used = self._loaded.precision if self._loaded else precision
                safer = None if checkpoint.packed else self._safer(used)
                self.unload()  # what a broken computation leaves behind may be broken too
                self._embeddings.clear()
                if note or safer is None:
                    broken = type(error)(error.place, used)
                    if request.loras:
                        broken.remedy = WEAKER
                    raise broken from error
                again = {"safer": IN_WORDS[safer], "place": error.place, "used": IN_WORDS[used]}
                yield Loading(message("Generating again in {safer}, because {place} broke down in {used}", **again))
                note = message("Generated again in {safer}, because {place} broke down in {used}.", **again)
                precision = safer
            except (RuntimeError, MemoryError) as error:
                if not is_out_of_memory(error):
                    raise
                self.unload()
                if self._together == 1:
                    raise MemoryError(str(error)) from error
                log.warning("There was not enough memory for %d pictures at once", self._together)
                self._together, self._alone = 1, True
            else:
                return

    def open_upscaler(self, upscaler: Upscaler) -> Enlarge:
        """As `Upscales` says."""
        raise NotImplementedError

    def enlarge(self, request: EnlargeRequest, cancel: CancelCheck) -> Iterator[Event]:
        """As `Upscales` says."""
        from app.backends.local.enlarging import Enlarging

        if self._enlarging is None:
            self._enlarging = Enlarging(self.id, self.open_upscaler, self.paint_over)
        yield from self._enlarging.enlarge(request, cancel)

    def unload(self) -> None:
        self._enlarging = None
        if self._loaded is not None:
            self._loaded.close()
            self._loaded = None

    def _generate(
        self, request: GenerationRequest, spec: ModelSpec | None, checkpoint: Checkpoint, start: StartPicture | None,
        control: ControlPicture | None, precision: str, note: Message, first: int, cancel: CancelCheck, *,
        windows: bool,
    ) -> Iterator[Event]:  # fmt: skip
        """The pictures from number `first` on; with `windows` seen through some of the model's own size."""
        from app.backends.local.activations import find_out_clip
        from app.backends.local.generation import Task, decode, denoise
        from app.backends.local.video.generation import ClipTask, generate_clips
        from app.diffusion.preview import LatentPreview, chart
        from app.diffusion.windows import WindowedModel

        model, prompt, negative = yield from self._ready(request, checkpoint, precision, cancel)
        if control is None:
            model.set_controlnet(None)
        find_out_clip(model, checkpoint, prompt, self._probes)
        model.set_changes(self._loras.changes(request, checkpoint))
        setup = setup_of(self.id, model.device, model.precision, checkpoint, request)
        provenance = Provenance(
            backend=self.id, device=model.device, precision=model.precision, model=checkpoint.name,
            region=start.canvas.window if start and start.in_part else None,
            prompt_tokens=prompt.tokens, prompt_cut=prompt.cut or None,
            licence=spec.licence if spec else None, licence_url=spec.licence_url if spec else None, note=note or None,
        )  # fmt: skip
        previews = LatentPreview(checkpoint)
        if checkpoint.makes_clips:
            size = timed_size(checkpoint, request.width or 0, request.height or 0, request.frames or 1)
            work = step_work(checkpoint, setup, *size)
            clock, self._cold = Clock(self._timings, setup, size, work, cold=self._cold), False
            if checkpoint.has_encoder and start is None and not previews.known:
                previews.learn(model.encode_image(chart()[None])[:, :, 0], chart())
            clip_task = ClipTask(
                request, cast("ClipModel", model), prompt, negative, start.pixels if start else None,
                checkpoint.solver_order, previews, clock, provenance,
                (*identity_of(checkpoint), *self._loras.identity(request)),
                self.frames_folder, cancel,
            )  # fmt: skip
            yield from generate_clips(clip_task, first)
            return
        size = start.canvas.size if start else (request.width or 0, request.height or 0)
        side = checkpoint.base_size // model.spatial_factor
        seen: LatentModel = model
        if windows:
            seen = WindowedModel(model, side, checkpoint.patch_size, lambda: stop_if(cancel))
        if self.encoder_at_hand and checkpoint.has_encoder and not previews.known:
            previews.learn(model.encode_image(chart()[None]), chart())
        task = Task(
            request, seen, prompt, negative, start, size,
            begin=start.encode(model) if start else None,
            control=control.encode(model, start.canvas if start else None) if control else None,
            order=checkpoint.solver_order, even=checkpoint.even_sigmas, previews=previews,
            expected=None if windows else self._timings.find(setup, *size), cancel=cancel,
        )  # fmt: skip
        numbers, seed = range(first, request.count), request.seed or 0
        batching = self._batching(setup, checkpoint, *size, self._controlnet(request, checkpoint))
        while numbers:
            alone = windows or self._cold or self._alone
            self._together = 1 if alone else batching.choose(len(numbers), seed + numbers.start)
            batch, numbers = numbers[: self._together], numbers[self._together :]
            denoised = yield from denoise(task, batch)
            for number in batch:
                result = yield from decode(task, denoised, number)
                if not windows:
                    many, work = replace(setup, together=len(batch)), step_work(checkpoint, setup, *size)
                    self._timings.add(many, *size, result.timing, cold=self._cold, work=work)
                self._cold = False
                took = replace(provenance, seconds=round(result.seconds, 3), peak_memory_bytes=model.peak_memory())
                yield Generated(number, ImageOutput(result.pixels), seed + number, took)

    def _batching(
        self, setup: Setup, checkpoint: Checkpoint, width: int, height: int, controlnet: ControlNet | None
    ) -> Batching:
        def fits(pictures: int) -> bool:  # a batch works with as much as a picture as high as all of them
            parts = self.memory_parts(checkpoint, width, pictures * height, setup.precision, controlnet=controlnet)
            limit = machine.memory_budget(float(self._settings.get("memory_limit_gb")))
            batches = self.batches_pictures(setup.device) and not checkpoint.makes_clips
            return batches and sum(parts.values()) <= limit

        return Batching(self._timings, setup, width, height, fits)

    def _ready(
        self, request: GenerationRequest, checkpoint: Checkpoint, precision: str, cancel: CancelCheck
    ) -> Generator[Event, None, tuple[LocalModel, Conditioning, Conditioning | None]]:
        """The model with all that denoising needs, and what it read of the prompts."""
        model = yield from self._open(checkpoint, precision, cancel)
        prompt, negative = yield from self._embeddings.encode(model, checkpoint, request, cancel)
        model.load()
        return model, prompt, negative

    def _open(self, checkpoint: Checkpoint, precision: str, cancel: CancelCheck) -> Generator[Event, None, LocalModel]:
        """The model, which is kept for the next request. Nothing is loaded yet: the text encoder may need the room."""
        key = (*identity_of(checkpoint), precision)
        if self._loaded is None or self._loaded_key != key:
            yield Loading(message("Loading {name}", name=checkpoint.name))
            stop_if(cancel)
            self.unload()
            self._loaded, self._loaded_key, self._cold = self.open_model(checkpoint, precision), key, True
        return self._loaded
