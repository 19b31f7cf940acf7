"""How much noise is left at each step.

Flow matching puts a latent at noise level sigma on the straight line (1 - sigma) * picture + sigma * noise. TrigFlow
puts it on the arc cos(t) * picture + sin(t) * noise. Both schedules end at 0. The details follow diffusers 0.42, so
that a checkpoint meets at each step the very timestep that it would meet there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from app.diffusion.model import Array

TRAIN_STEPS = 1000
MAX_ANGLE = 1.57080
"""Where Sprint starts: about pi / 2, pure noise."""
MIDDLE_ANGLE = 1.3
"""The one angle between start and end that Sprint was tuned for; used with exactly 2 steps."""
SIGMA_DATA = 0.5
"""Standard deviation of the data that Sprint was trained with."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Noise levels and what the transformer is told of them.

    Attributes:
        levels: (steps + 1,) float32, falling to 0: sigmas of flow matching, angles of TrigFlow.
        timesteps: (steps,) float32, the transformer's input at each step.
    """

    levels: Array
    timesteps: Array

    @property
    def steps(self) -> int:
        return len(self.timesteps)

    def level(self, step: int) -> np.float32:
        """The noise level before `step`."""
        return np.float32(self.levels[step])


def dpm_schedule(steps: int, shift: float) -> Schedule:
    """Flow matching as DPM-Solver++ uses it: `DPMSolverMultistepScheduler` with flow sigmas.

    The transformer is told whole timesteps, rounded down.
    """
    sigmas = _shifted((1.0 - np.linspace(1, 1 / TRAIN_STEPS, steps + 1))[:0:-1], shift)
    return Schedule(_ending_at_zero(sigmas), (sigmas * TRAIN_STEPS).astype(np.int64).astype(np.float32))


def euler_schedule(steps: int, shift: float, *, even: bool = False) -> Schedule:
    """Flow matching as Euler's method uses it: `FlowMatchEulerDiscreteScheduler`, which shifts the last sigma twice.

    Args:
        even: before they are shifted, all steps down to 0 are alike, as FLUX and Z-Image have them.
    """
    last = 1 / steps if even else float(_shifted(np.float32(1 / TRAIN_STEPS), shift))
    sigmas = _shifted(np.linspace(1, last, steps), shift).astype(np.float32)
    return Schedule(_ending_at_zero(sigmas), sigmas * np.float32(TRAIN_STEPS))


def trigflow_schedule(steps: int) -> Schedule:
    """The angles of Sprint: `SCMScheduler`. The timestep is the angle's place on the straight line of flow matching."""
    angles = [MAX_ANGLE, MIDDLE_ANGLE, 0] if steps == 2 else np.linspace(MAX_ANGLE, 0, steps + 1)
    levels = np.asarray(angles, np.float32)
    sine, cosine = np.sin(levels[:-1]), np.cos(levels[:-1])
    return Schedule(levels, sine / (cosine + sine))


def first_step(steps: int, strength: float) -> int:
    """The step at which to enter the schedule with a start picture; at least one step is left to do."""
    return min(steps - 1, int(max(0.0, steps - steps * strength)))


def _shifted(sigmas: Any, shift: float) -> Any:
    """More of the steps at high noise, which large pictures need (https://arxiv.org/abs/2403.03206, section 5.3.2)."""
    return shift * sigmas / (1 + (shift - 1) * sigmas)


def _ending_at_zero(sigmas: Any) -> Array:
    return np.append(sigmas, 0).astype(np.float32)
