"""The loop that generates: it walks down a schedule and yields after each step; the caller owns the rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from app.core.errors import NotFiniteError
from app.core.message import Message, message
from app.diffusion.guidance import guided_velocity
from app.diffusion.model import Array, Conditioning, Control, LatentModel
from app.diffusion.noise import Noise
from app.diffusion.schedule import first_step
from app.diffusion.solvers import Solver


@dataclass(frozen=True, slots=True)
class Start:
    """A picture to start from.

    Attributes:
        latents: (1, C, ...), the encoded picture.
        strength: 0..1, how far to go from it; with 1 what is made anew owes nothing to it.
        mask: (1, 1, ...), 1 where to make it anew, 0 where it is kept, and in between how much of the way to go there;
            None for everywhere.
    """

    latents: Array
    strength: float
    mask: Array | None = None

    def kept(self, denoised: Array, step: int, total: int) -> Array:
        """`denoised` of `step` (from 0) of `total`, with the picture itself where it is not let go yet.

        Differential diffusion (https://arxiv.org/abs/2306.00950): each value of the mask has a step of its own at which
        the picture is let go, the sooner the more it may change. Within that step it is let go in part, so that two
        steps suffice for a soft edge.
        """
        if self.mask is None:
            return denoised
        free = np.clip(1 + step - (1 - self.mask) * total, 0, 1)
        return free * denoised + (1 - free) * self.latents


@dataclass(frozen=True, slots=True)
class Reached:
    """Where a walk down a schedule stands, so that it can go on another day.

    Attributes:
        step: how many steps of the schedule are behind.
        latents: (B, C, ...) before the next step; after the last one, the result.
        before: as `Solver.before`.
    """

    step: int
    latents: Array
    before: Array | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """Step `number` (from 1) of `total` is done; `denoised` (B, C, ...) is the result as it is seen by now, and
    `reached` what the next step starts from.

    After the last step `denoised` is the result, ready for `LatentModel.decode`.
    """

    number: int
    total: int
    denoised: Array
    reached: Reached


def sample(
    model: LatentModel,
    solver: Solver,
    noise: Noise,
    size: tuple[int, ...],
    prompt: Conditioning,
    negative: Conditioning | None = None,
    guidance: float = 1.0,
    start: Start | None = None,
    control: Control | None = None,
    held: Array | None = None,
    reached: Reached | None = None,
) -> Iterator[Step]:
    """Generate one picture or clip, or several pictures as one batch.

    Args:
        noise: the stream of each picture's seed; the first numbers drawn are the initial noise.
        size: of the latents: (h, w), or (t, h, w) with an axis of time.
        negative: None for no classifier-free guidance.
        start: a picture to start from.
        control: what the model's ControlNet follows.
        held: (1, C, n, h, w), the first latent frames of a clip, which are given: they stay as they are, and the model
            is told so.
        reached: go on from here, to the same result to the bit, with a solver that draws no noise after the first step.
            Where nothing is left to do, the last step is told once more.

    Raises:
        NotFiniteError: NaN or infinity in a velocity or the latents.
    """
    total = solver.schedule.steps
    first = 0 if start is None else first_step(total, start.strength)
    picture = start.latents if start is not None and start.strength < 1 else None
    frames = 0 if held is None else held.shape[2]
    if reached is None:
        noisy = noise.draw((noise.pictures, model.latent_channels, *size))
        reached = Reached(first, _holding(held, solver.start(noisy, picture, first)))
    elif reached.step == total:
        yield Step(total - first, total - first, reached.latents, reached)
    latents, solver.before = reached.latents, reached.before
    for step in range(reached.step, total):
        number = step - first + 1
        where = message("the velocity of step {step}", step=number)
        followed = control if control is not None and control.counts(step, total) else None

        def velocity(
            latents: Array, timestep: float, place: Message = where, control: Control | None = followed
        ) -> Array:
            with np.errstate(invalid="ignore"):  # the next line says it with its place
                result = guided_velocity(model, latents, timestep, prompt, negative, guidance, control, frames)
            _require_finite(result, place)
            return result

        denoised = _holding(held, solver.denoise(velocity, latents, step))
        if start is not None:
            denoised = start.kept(denoised, number - 1, total - first)
        if step + 1 < total:
            latents = _holding(held, solver.advance(latents, denoised, step, noise))
        else:
            latents = denoised
            _require_finite(denoised, message("the result"))
        yield Step(number, total - first, denoised, Reached(step + 1, latents, solver.before))


def _holding(held: Array | None, latents: Array) -> Array:
    """`latents` with the frames that are held. The solvers look at each number by itself, so nothing else changes."""
    return latents if held is None else np.concatenate([held, latents[:, :, held.shape[2] :]], axis=2)


def _require_finite(array: Array, place: Message) -> None:
    if not np.isfinite(array).all():
        raise NotFiniteError(place)
