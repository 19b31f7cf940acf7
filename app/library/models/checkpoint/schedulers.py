"""What of a checkpoint's scheduler_config.json the app follows, and what it takes instead of what it does not have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.core.errors import UserError
from app.core.families import sana
from app.core.message import NOTHING, Message, message
from app.library.models.checkpoint.configs import is_positive
from app.library.models.weights.header import DOWNLOAD_AGAIN

_SOLVERS = {
    "DPMSolverMultistepScheduler": ("dpmpp", "euler"),
    "FlowMatchEulerDiscreteScheduler": ("euler", "dpmpp"),
    "SCMScheduler": ("scm",),
}
_NAMES = {"dpmpp": "DPM-Solver++ of order 2", "scm": "SCM"}


@dataclass(frozen=True, slots=True)
class Scheduler:
    """How a checkpoint is sampled.

    Attributes:
        solvers: those that fit, the default first.
        order: of the multistep solver.
        shift: of the flow-matching schedule; 1 where there is none.
        note: that the checkpoint asks for another one, as a sentence; empty where it does not.
    """

    solvers: tuple[str, ...]
    order: int
    shift: float
    note: Message = NOTHING


def choose_scheduler(path: Path, config: Mapping[str, Any], family: str, base_size: int) -> Scheduler:
    """What a scheduler_config.json asks for, or the family's own where the app does not have that.

    Raises:
        UserError: the shift in it makes no sense.
    """
    # Named differently by diffusers' flow-matching schedulers; SCM has none.
    shift = config.get("flow_shift", config.get("shift"))
    if shift is not None and not is_positive(shift):
        raise UserError(
            message("{path} is damaged: the shift is {value}.", path=path, value=repr(shift)), DOWNLOAD_AGAIN
        )
    kind = str(config.get("_class_name"))
    solvers = _SOLVERS.get(kind, ())
    own = ("scm",) if family == "sana-sprint" else _SOLVERS["DPMSolverMultistepScheduler"]
    missing = kind
    if solvers and (solvers == ("scm",)) == (own == ("scm",)):
        missing = next(
            (f"{key} = {config[key]}" for key, fit in sana.SCHEDULER.items() if config.get(key, fit[0]) not in fit), ""
        )
    if not missing:
        return Scheduler(solvers, int(config.get("solver_order", 2)), float(shift or 1.0))
    if own == ("scm",):
        shift = 1.0
    elif shift is None:
        shift = sana.usual_shift(base_size)
    note = message(
        "It asks for a scheduler that the app does not have ({missing}); {used} is used instead.",
        missing=missing,
        used=_NAMES[own[0]],
    )
    return Scheduler(own, 2, float(shift), note)
