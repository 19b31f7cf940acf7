"""From a noisy latent to a picture's latent, step by step: DPM-Solver++ 2M, Euler and SCM.

A solver turns the transformer's velocity into the picture it implies (`denoised`), and moves the latent towards it. In
between the sampler may change `denoised`: a mask holds the kept part of a picture there. All three end on the last
`denoised`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np

from app.diffusion.model import Array
from app.diffusion.noise import Noise
from app.diffusion.schedule import SIGMA_DATA, Schedule, dpm_schedule, euler_schedule, trigflow_schedule

Velocity = Callable[[Array, float], Array]
"""The transformer at (latents, timestep), guidance included."""


class Solver(Protocol):
    """One way to walk down a schedule. An instance serves one batch. Latents are (B, C, ...) float32."""

    schedule: Schedule
    before: Array | None
    """The `denoised` of the step before, where the next step looks at it."""

    def start(self, noise: Array, picture: Array | None, step: int) -> Array:
        """The latents before `step`: pure noise, or a picture's latents with as much noise as is due there."""
        ...

    def denoise(self, velocity: Velocity, latents: Array, step: int) -> Array:
        """The picture that the transformer sees in `latents`. Calls `velocity` once."""
        ...

    def advance(self, latents: Array, denoised: Array, step: int, noise: Noise) -> Array:
        """The latents after `step`. Not called after the last step, whose result is `denoised` itself."""
        ...


class _FlowMatching:
    """What the two solvers for flow matching share."""

    schedule: Schedule
    before: Array | None = None

    def start(self, noise: Array, picture: Array | None, step: int) -> Array:
        if picture is None:
            return noise
        sigma = self.schedule.level(step)
        return (1 - sigma) * picture + sigma * noise

    def denoise(self, velocity: Velocity, latents: Array, step: int) -> Array:
        return latents - self.schedule.level(step) * velocity(latents, float(self.schedule.timesteps[step]))


class Euler(_FlowMatching):
    """Euler's method: straight on to the next noise level."""

    def __init__(self, steps: int, shift: float, *, even: bool = False) -> None:
        self.schedule = euler_schedule(steps, shift, even=even)

    def advance(self, latents: Array, denoised: Array, step: int, noise: Noise) -> Array:
        sigma, following = self.schedule.level(step), self.schedule.level(step + 1)
        return latents + (following - sigma) / sigma * (latents - denoised)


class DpmSolver(_FlowMatching):
    """DPM-Solver++ (https://arxiv.org/abs/2211.01095, algorithm 2), in the midpoint form.

    Args:
        order: 2 also uses the `denoised` of the step before, except in the first step; 1 never does.
    """

    def __init__(self, steps: int, shift: float, order: int = 2) -> None:
        self.schedule = dpm_schedule(steps, shift)
        self._order = order

    def advance(self, latents: Array, denoised: Array, step: int, noise: Noise) -> Array:
        sigma, following = self.schedule.level(step), self.schedule.level(step + 1)
        half_log_snr = self._half_log_snr(step)
        h = self._half_log_snr(step + 1) - half_log_snr
        target = denoised
        if self.before is not None:
            ratio = (half_log_snr - self._half_log_snr(step - 1)) / h
            target = denoised + (denoised - self.before) / (2 * ratio)
        if self._order > 1:
            self.before = denoised
        share = np.float32(np.expm1(-h) * (following - 1))
        return following / sigma * latents + share * target

    def _half_log_snr(self, step: int) -> np.float32:
        # In float32 throughout, as in diffusers: near sigma = 1 its rounding is large enough to be seen in the result.
        sigma = self.schedule.level(step)
        return np.float32(np.log(1 - sigma) - np.log(sigma))


class Scm:
    """Sprint's sampler, a consistency model in TrigFlow (https://arxiv.org/abs/2503.09641, section 3).

    The transformer was made from one for flow matching, so its input and output are converted. Inside, latents are
    scaled to the standard deviation `SIGMA_DATA`; `denoised` is in the scale that the autoencoder decodes.
    """

    before: Array | None = None

    def __init__(self, steps: int) -> None:
        self.schedule = trigflow_schedule(steps)

    def start(self, noise: Array, picture: Array | None, step: int) -> Array:
        if picture is None:
            return noise * np.float32(SIGMA_DATA)
        return self._mixed(picture, noise, step)

    def denoise(self, velocity: Velocity, latents: Array, step: int) -> Array:
        t = np.float32(self.schedule.timesteps[step])
        cosine, sine = self._arc(step)
        scale = np.float32(np.sqrt(t * t + (1 - t) * (1 - t)))
        unit = latents * np.float32(1 / SIGMA_DATA)
        scaled = unit * scale
        flow = velocity(scaled, float(t))
        share = np.float32(1 - 2 * t)
        rotation = (share * scaled + np.float32(share + 2 * t * t) * flow) * np.float32(1 / scale)
        return cosine * unit - sine * rotation

    def advance(self, latents: Array, denoised: Array, step: int, noise: Noise) -> Array:
        """Fresh noise at each step, from the same seed."""
        return self._mixed(denoised, noise.draw(latents.shape), step + 1)

    def _mixed(self, picture: Array, noise: Array, step: int) -> Array:
        cosine, sine = self._arc(step)
        return (cosine * picture + sine * noise) * np.float32(SIGMA_DATA)

    def _arc(self, step: int) -> tuple[np.float32, np.float32]:
        angle = self.schedule.level(step)
        return np.float32(np.cos(angle)), np.float32(np.sin(angle))


def make_solver(name: str, steps: int, shift: float, order: int = 2, *, even: bool = False) -> Solver:
    """The solver called "dpmpp", "euler" or "scm". `order` is for "dpmpp" alone, `even` for "euler", `shift` not for
    "scm".
    """
    if name == "dpmpp":
        return DpmSolver(steps, shift, order)
    if name == "euler":
        return Euler(steps, shift, even=even)
    if name == "scm":
        return Scm(steps)
    raise ValueError(f"no solver is called {name!r}")
