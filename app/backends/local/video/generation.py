"""One clip, from its seed to its file, and what is told meanwhile."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from app.backends.local.generation import FlatPictureError, is_flat
from app.backends.local.timings import Clock, Pace, Timing
from app.backends.local.video.model import ClipModel
from app.backends.local.video.unfinished import UnfinishedClip, remove_old
from app.core.events import CancelCheck, Event, Generated, Loading, Preview, Progress, Stage, stop_if
from app.core.families.sana_video import latent_frames
from app.core.message import message
from app.core.output import ClipOutput, Provenance
from app.core.request import GenerationRequest
from app.diffusion.model import Array, Conditioning, Pixels
from app.diffusion.noise import Noise
from app.diffusion.preview import LatentPreview
from app.diffusion.sampler import sample
from app.diffusion.solvers import make_solver
from app.library import paths
from app.library.files import temporary_name
from app.library.pictures.clips.frame_files import saved
from app.library.pictures.clips.writing import clip_file

STRIP = 8
"""Frames of a preview at most."""

_CLIP = message("the clip")


@dataclass(frozen=True, slots=True)
class ClipTask:
    """What the clips of a request have in common.

    Attributes:
        request: resolved.
        negative: None for no classifier-free guidance.
        first: the first frame (H, W, 3), where it is given.
        order: of the multistep solver, as the checkpoint says.
        made: how they are made, as far as it is alike for all.
        identity: of the files of the checkpoint and of LoRAs.
        frames_folder: gets the frames of each clip as PNG files, too; None for nowhere.
    """

    request: GenerationRequest
    model: ClipModel
    prompt: Conditioning
    negative: Conditioning | None
    first: Pixels | None
    order: int
    previews: LatentPreview
    clock: Clock
    made: Provenance
    identity: tuple[Any, ...]
    frames_folder: Path | None
    cancel: CancelCheck


@dataclass(frozen=True, slots=True)
class GeneratedClip:
    """A clip in a file of ours, and how long it took, this time; `timing` is None where no step was left to do.
    `unfinished` can be dropped once somebody has the file.
    """

    output: ClipOutput
    timing: Timing | None
    seconds: float
    unfinished: UnfinishedClip


def generate_clips(task: ClipTask, first: int) -> Iterator[Event]:
    """The clips of a request from number `first` on. Raises what `generate_clip` raises."""
    remove_old()
    for number in range(first, task.request.count):
        clip = yield from generate_clip(task, number)
        if clip.timing is not None:
            task.clock.took(clip.timing)
        took = replace(task.made, seconds=round(clip.seconds, 3), peak_memory_bytes=task.model.peak_memory())
        yield Generated(number, clip.output, (task.request.seed or 0) + number, took)
        clip.unfinished.drop()


def generate_clip(task: ClipTask, number: int) -> Generator[Event, None, GeneratedClip]:
    """Generate clip `number` of a request, whose seed is the request's plus `number`; one that was begun before goes on
    from its last step.

    Raises:
        NotFiniteError: the numbers broke down; the place is named.
        GenerationCancelled: the user pressed Cancel.
        UserError: the disk is full.
    """
    request, model = task.request, task.model
    seed, steps, width, height = request.seed, request.steps, request.width, request.height
    frames, fps = request.frames, request.fps
    if seed is None or not (steps and width and height and frames and fps):
        raise ValueError("the request is not resolved")
    pace = Pace()
    solver = make_solver(request.solver or "", steps, model.shift(width, height, steps), task.order)
    factor = model.spatial_factor
    size = (latent_frames(frames, model.temporal_factor), height // factor, width // factor)
    guidance = 1.0 if request.guidance is None else request.guidance
    stop_if(task.cancel)
    held = model.encode_image(task.first[None]) if task.first is not None else None
    if held is not None and task.first is not None and not task.previews.known:
        task.previews.learn(held[:, :, 0], task.first)
    noise = Noise(seed + number, request.variations)
    unfinished = _unfinished(task, number, (1, model.latent_channels, *size))
    reached = unfinished.reached()
    if reached is not None:
        yield Loading(message("Going on after step {step} of {steps}", step=reached.step, steps=steps))
    expected = task.clock.expected()
    per_step = expected.step if expected else 0.0
    latents: Array | None = None
    walk = sample(model, solver, noise, size, task.prompt, task.negative, guidance, held=held, reached=reached)
    for step in walk:
        if step.reached is not reached:
            unfinished.keep(step.reached)
            per_step = pace.step_done()
        stop_if(task.cancel)
        latents = step.denoised
        decode = expected.decode if expected else per_step
        later = (request.count - number - 1) * (step.total * per_step + decode)
        yield Progress(number, step.number, step.total, (step.total - step.number) * per_step + decode + later)
        if step.number < step.total and (strip := strip_of(task.previews, latents)) is not None:
            yield Preview(number, strip[len(strip) // 2], strip)
    assert latents is not None
    generated = time.monotonic()
    output = yield from _decoded(task, latents, number, expected)
    ended = time.monotonic()
    timing = Timing(per_step, ended - generated) if pace.steps else None
    return GeneratedClip(output, timing, ended - pace.began, unfinished)


def _unfinished(task: ClipTask, number: int, shape: tuple[int, ...]) -> UnfinishedClip:
    made, first = task.made, task.first
    computed = {
        "checkpoint": task.identity, "backend": made.backend, "device": made.device, "precision": made.precision,
        "first": None if first is None else hashlib.sha256(first.tobytes()).hexdigest(),
    }  # fmt: skip
    return UnfinishedClip(task.request.replace(seed=(task.request.seed or 0) + number), computed, shape)


def strip_of(previews: LatentPreview, latents: Array) -> Pixels | None:
    """Some frames in small, (n, h, w, 3), evenly from the first to the last, of (1, C, t, h, w) latents; None while
    nothing is known of how latents look.
    """
    count = latents.shape[2]
    places = np.linspace(0, count - 1, min(STRIP, count)).round().astype(int)
    found = [previews.picture(latents[:, :, place]) for place in places]
    return np.stack([small for small in found if small is not None]) if found[0] is not None else None


def _decoded(
    task: ClipTask, latents: Array, number: int, expected: Timing | None
) -> Generator[Event, None, ClipOutput]:
    """Decode a clip into a file of ours, frame by frame."""
    request, began = task.request, time.monotonic()
    total, fps = request.frames or 0, request.fps or 0.0
    yield Progress(number, 0, total, expected.decode if expected else None, Stage.DECODE)
    frames = _frames(task, latents)
    if task.frames_folder is not None:
        frames = saved(frames, task.frames_folder / str(number + 1) if task.request.count > 1 else task.frames_folder)
    path = temporary_name(paths.cache() / "clips", ".mp4")
    with clip_file(path, fps) as file:
        for frame in frames:
            file.add(frame)
            stop_if(task.cancel)
            spent = time.monotonic() - began
            yield Progress(number, file.count, total, spent / file.count * (total - file.count), Stage.DECODE)
    return ClipOutput(path, *file.size, file.count, fps)


def _frames(task: ClipTask, latents: Array) -> Iterator[Pixels]:
    """The frames one by one, each (H, W, 3). Previews learn from them how latents look."""
    factor, last = task.model.temporal_factor, latents.shape[2] - 1
    # The frame in the middle of what a latent frame holds looks most like it.
    middles = {place: (place - 1) * factor + 1 + factor // 2 if place else 0 for place in {0, last // 2, last}}
    learned = {frame: place for place, frame in middles.items()}
    flat, count = True, 0
    for piece in task.model.decode_frames(latents, lambda done, total: stop_if(task.cancel)):
        for frame in piece:
            if count in learned:
                task.previews.learn(latents[:, :, learned[count]], frame)
            flat = flat and is_flat(frame)
            count += 1
            yield frame
    if flat and (task.first is None or not is_flat(task.first)):
        raise FlatPictureError(_CLIP)
