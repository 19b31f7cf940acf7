"""What a scheduler_config.json asks for, and what stands in for what the app does not have."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.core.errors import UserError
from app.library.models.checkpoint.schedulers import choose_scheduler
from tests.backends.random_checkpoint import SCHEDULERS

diffusers = pytest.importorskip("diffusers")
PATH = Path("scheduler_config.json")


def saved(kind: str, **values: Any) -> dict[str, Any]:
    """A scheduler's config as diffusers writes it."""
    scheduler = getattr(diffusers, kind)(**values)
    return {"_class_name": kind, **dict(scheduler.config)}


@pytest.mark.parametrize(
    ("kind", "family", "solvers", "shift"),
    [
        ("dpmpp", "sana", ("dpmpp", "euler"), 3.0),
        ("euler", "sana-1.5", ("euler", "dpmpp"), 3.0),
        ("scm", "sana-sprint", ("scm",), 1.0),
    ],
)
def test_those_of_sana_are_taken_as_they_are(kind: str, family: str, solvers: tuple[str, ...], shift: float) -> None:
    name, values = SCHEDULERS[kind]
    chosen = choose_scheduler(PATH, saved(name, **values), family, 1024)
    assert (chosen.solvers, chosen.order, chosen.shift, str(chosen.note)) == (solvers, 2, shift, "")


def test_order_and_shift_are_the_checkpoints() -> None:
    values = SCHEDULERS["dpmpp"][1] | {"solver_order": 1, "flow_shift": 6.0}
    chosen = choose_scheduler(PATH, saved("DPMSolverMultistepScheduler", **values), "sana", 1024)
    assert (chosen.order, chosen.shift) == (1, 6.0)


@pytest.mark.parametrize(
    "change",
    [
        {"prediction_type": "epsilon"}, {"use_flow_sigmas": False}, {"use_karras_sigmas": True}, {"solver_order": 3},
        {"algorithm_type": "sde-dpmsolver++"}, {"final_sigmas_type": "sigma_min"}, {"num_train_timesteps": 500},
    ],
)  # fmt: skip
def test_what_the_solver_does_not_do_is_named(change: dict[str, Any]) -> None:
    config = {"_class_name": "DPMSolverMultistepScheduler", **SCHEDULERS["dpmpp"][1], "flow_shift": 2.0, **change}
    chosen = choose_scheduler(PATH, config, "sana", 1024)
    assert (chosen.solvers, chosen.order, chosen.shift) == (("dpmpp", "euler"), 2, 2.0)
    assert next(iter(change)) in str(chosen.note)
    assert "DPM-Solver++" in str(chosen.note)


@pytest.mark.parametrize(
    ("kind", "values", "family", "size", "solver", "shift"),
    [
        ("UniPCMultistepScheduler", {"use_flow_sigmas": True, "flow_shift": 2.5}, "sana", 1024, "dpmpp", 2.5),
        ("FlowMatchHeunDiscreteScheduler", {"shift": 4.0}, "sana-1.5", 1024, "dpmpp", 4.0),
        ("PNDMScheduler", {}, "sana", 1024, "dpmpp", 3.0),
        ("PNDMScheduler", {}, "sana", 4096, "dpmpp", 6.0),
        ("SCMScheduler", {}, "sana", 1024, "dpmpp", 3.0),
        ("FlowMatchEulerDiscreteScheduler", {"shift": 3.0}, "sana-sprint", 1024, "scm", 1.0),
    ],
)
def test_another_scheduler_falls_back_to_the_familys_and_says_so(
    kind: str, values: dict[str, Any], family: str, size: int, solver: str, shift: float
) -> None:
    chosen = choose_scheduler(PATH, saved(kind, **values), family, size)
    assert (chosen.solvers[0], chosen.shift) == (solver, shift)
    assert kind in str(chosen.note)


@pytest.mark.parametrize("shift", ["three", 10**400, float("inf"), 0])
def test_a_senseless_shift_is_damage(shift: Any) -> None:
    config = {"_class_name": "UniPCMultistepScheduler", "flow_shift": shift}
    with pytest.raises(UserError, match="shift"):
        choose_scheduler(PATH, config, "sana", 1024)
