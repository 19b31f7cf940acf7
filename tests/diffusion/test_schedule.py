from __future__ import annotations

import numpy as np
import pytest

from app.diffusion.schedule import dpm_schedule, euler_schedule, first_step, trigflow_schedule
from tests.backends.random_checkpoint import SCHEDULERS

diffusers = pytest.importorskip("diffusers")


@pytest.mark.parametrize("shift", [0.5, 1.0, 3.0, 6.0])
def test_dpm_schedule_is_that_of_diffusers(shift: float) -> None:
    for steps in range(1, 60):
        theirs = diffusers.DPMSolverMultistepScheduler(**SCHEDULERS["dpmpp"][1] | {"flow_shift": shift})
        theirs.set_timesteps(steps)
        ours = dpm_schedule(steps, shift)
        assert np.array_equal(ours.levels, theirs.sigmas.numpy())
        assert np.array_equal(ours.timesteps, theirs.timesteps.numpy())


@pytest.mark.parametrize("shift", [0.5, 1.0, 3.0, 6.0])
def test_euler_schedule_is_that_of_diffusers(shift: float) -> None:
    for steps in range(1, 60):
        theirs = diffusers.FlowMatchEulerDiscreteScheduler(shift=shift)
        theirs.set_timesteps(steps)
        ours = euler_schedule(steps, shift)
        assert np.abs(ours.levels - theirs.sigmas.numpy()).max() < 1e-7
        assert np.abs(ours.timesteps - theirs.timesteps.numpy()).max() < 1e-4


def test_trigflow_schedule_is_that_of_diffusers() -> None:
    for steps in range(1, 10):
        theirs = diffusers.SCMScheduler()
        theirs.set_timesteps(steps, intermediate_timesteps=1.3 if steps == 2 else None)
        assert np.abs(trigflow_schedule(steps).levels - theirs.timesteps.numpy()).max() < 1e-6


def test_the_middle_angle_is_for_two_steps_alone() -> None:
    assert trigflow_schedule(2).levels[1] == np.float32(1.3)
    assert all(np.float32(1.3) not in trigflow_schedule(steps).levels for steps in (1, 3, 4))


@pytest.mark.parametrize(
    ("steps", "strength", "first"), [(20, 1.0, 0), (20, 0.6, 8), (10, 0.05, 9), (1, 0.01, 0), (20, 1e-20, 19)]
)
def test_first_step(steps: int, strength: float, first: int) -> None:
    assert first_step(steps, strength) == first
