"""Pictures, from their seeds to their pixels, and what is told meanwhile."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass

from app.backends.local.start_picture import StartPicture
from app.backends.local.timings import Pace, Timing
from app.core.errors import NotFiniteError
from app.core.events import CancelCheck, Event, Preview, Progress, Stage, stop_if
from app.core.message import Message, message
from app.core.request import GenerationRequest
from app.diffusion.model import Array, Conditioning, Control, LatentModel, Pixels
from app.diffusion.noise import Noise
from app.diffusion.preview import LatentPreview
from app.diffusion.sampler import Start, sample
from app.diffusion.solvers import make_solver

FLAT = 1.0
"""Standard deviation of each channel, of 255, below which a picture is one flat colour."""

_PICTURE = message("the picture")


class FlatPictureError(NotFiniteError):
    """A picture of one flat colour: what a computation that broke down unseen looks like."""

    def __init__(self, place: Message = _PICTURE, precision: str = "") -> None:
        super().__init__(place, precision)
        self.message = message("The computation broke down: the picture came out as one flat colour.")


@dataclass(frozen=True, slots=True)
class Task:
    """What the pictures of a request have in common.

    Attributes:
        negative: None for no classifier-free guidance.
        start, begin: the start picture and what the encoder made of it; None where there is none.
        size: (width, height) in pixels of what the model makes.
        control: what the model's ControlNet follows; None for no control.
        order, even: of the solver and its schedule, as the checkpoint says.
        expected: how long a picture took here before; None where that is not known.
    """

    request: GenerationRequest
    model: LatentModel
    prompt: Conditioning
    negative: Conditioning | None
    start: StartPicture | None
    size: tuple[int, int]
    begin: Start | None
    control: Control | None
    order: int
    even: bool
    previews: LatentPreview
    expected: Timing | None
    cancel: CancelCheck


@dataclass(frozen=True, slots=True)
class Denoised:
    """Pictures `numbers` of a request as latents (B, C, h, w); for each of them the seconds of a step, and of all."""

    numbers: range
    latents: Array
    step: float
    seconds: float


@dataclass(frozen=True, slots=True)
class GeneratedPicture:
    """A picture (H, W, 3), and how long it took."""

    pixels: Pixels
    timing: Timing
    seconds: float


def denoise(task: Task, numbers: range) -> Generator[Event, None, Denoised]:
    """Generate the latents of some pictures of a request as one batch; picture i has the request's seed plus i.

    Raises:
        NotFiniteError: the numbers broke down; the place is named.
        GenerationCancelled: the user pressed Cancel.
    """
    request, model = task.request, task.model
    seed, steps, (width, height) = request.seed, request.steps, task.size
    if seed is None or not (steps and width and height):
        raise ValueError("the request is not resolved")
    pace = Pace()
    first, together = numbers.start, len(numbers)
    # A new solver for each batch: it remembers the step before.
    solver = make_solver(request.solver or "", steps, model.shift(width, height, steps), task.order, even=task.even)
    size = (height // model.spatial_factor, width // model.spatial_factor)
    guidance = 1.0 if request.guidance is None else request.guidance
    latents: Array | None = None
    per_step = task.expected.step if task.expected else 0.0
    stop_if(task.cancel)
    noise = Noise(seed + first, request.variations, together)
    steps_done = sample(model, solver, noise, size, task.prompt, task.negative, guidance, task.begin, task.control)
    for step in steps_done:
        stop_if(task.cancel)
        latents = step.denoised
        per_step = pace.step_done() / together
        decode = task.expected.decode if task.expected else per_step
        later = (request.count - numbers.stop) * (step.total * per_step + decode)
        left = together * ((step.total - step.number) * per_step + decode) + later
        yield Progress(first, step.number, step.total, left, together=together)
        if step.number < step.total:
            yield from _previews(task, numbers, latents)
    assert latents is not None
    return Denoised(numbers, latents, per_step, (time.monotonic() - pace.began) / together)


def decode(task: Task, denoised: Denoised, number: int) -> Generator[Event, None, GeneratedPicture]:
    """Decode picture `number` of a batch.

    Raises:
        NotFiniteError, GenerationCancelled: as `denoise`.
    """
    stop_if(task.cancel)
    began = time.monotonic()
    left = task.expected.decode if task.expected else None
    together = denoised.numbers.stop - number
    yield Progress(number, 0, 1, left and left * together, Stage.DECODE, together)
    latents = denoised.latents[number - denoised.numbers.start :][:1]
    pixels = task.model.decode(latents, lambda done, total: stop_if(task.cancel))[0]
    _refuse_flat(pixels, task.start)
    task.previews.learn(latents, pixels)
    if task.start is not None:
        pixels = task.start.finished(pixels)
    seconds = time.monotonic() - began
    return GeneratedPicture(pixels, Timing(denoised.step, seconds), denoised.seconds + seconds)


def _previews(task: Task, numbers: range, latents: Array) -> Iterator[Event]:
    for index, number in enumerate(numbers):
        if (small := task.previews.picture(latents[index : index + 1])) is not None:
            yield Preview(number, small if task.start is None else task.start.previewed(small))


def _refuse_flat(pixels: Pixels, start: StartPicture | None) -> None:
    """No model generates one flat colour by itself; from a flat start picture it may."""
    if is_flat(pixels) and (start is None or not is_flat(start.pixels)):
        raise FlatPictureError


def is_flat(pixels: Pixels) -> bool:
    """Grey, or what else the biases of a decoder's last layer amount to. A few pixels tell of most pictures."""
    return all(part.std(axis=(0, 1)).max() < FLAT for part in (pixels[::16, ::16], pixels))
