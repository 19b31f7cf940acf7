"""What both trainers share: a time budget that can be cut and resumed, an average of the weights, and saving without
half-written files.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import torch
from torch import distributed


class TimeBudget:
    """Training is measured in minutes, not in steps: slow machines take fewer steps over the same schedule."""

    def __init__(self, minutes: float, spent: float = 0.0) -> None:
        self.total = minutes * 60
        self.started = time.monotonic() - spent

    @property
    def spent(self) -> float:
        """Seconds of training so far, those of earlier runs included."""
        return time.monotonic() - self.started

    @property
    def fraction(self) -> float:
        return min(1.0, self.spent / self.total)


def cosine_rate(peak: float, fraction: float, step: int, warmup: int) -> float:
    """A learning rate that rises over `warmup` steps and falls along a cosine to 1 % of its peak."""
    return peak * min(1.0, (step + 1) / warmup) * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * fraction)))


class WeightAverage:
    """Exponential moving average of parameters; short at first, so that it does not remember the random start."""

    def __init__(self, parameters: Iterable[torch.nn.Parameter], decay: float) -> None:
        self.parameters = list(parameters)
        self.decay = decay
        self.average = [p.detach().clone() for p in self.parameters]

    @torch.no_grad()
    def update(self, step: int) -> None:
        decay = min(self.decay, (1 + step) / (10 + step))
        torch._foreach_lerp_(self.average, [p.detach() for p in self.parameters], 1 - decay)

    @torch.no_grad()
    def swap(self) -> None:
        """Exchange the weights in use with the average; a second call puts them back."""
        for p, average in zip(self.parameters, self.average, strict=True):
            current = p.detach().clone()
            p.copy_(average)
            average.copy_(current)


def save_state(path: Path, state: dict) -> None:
    """Save a training state so that a killed run leaves the old one or the new one, never half a file."""
    partial = path.with_suffix(".partial")
    torch.save(state, partial)
    partial.replace(path)


def load_training(
    path: Path, model: torch.nn.Module, optimizers: Sequence[torch.optim.Optimizer], average: WeightAverage
) -> tuple[int, float]:
    """Go on where `save_training` left off; the steps and seconds so far, none where nothing was saved."""
    if not path.exists():
        return 0, 0.0
    state = torch.load(path, map_location=next(model.parameters()).device, weights_only=True)
    model.load_state_dict(state["model"])
    for optimizer, saved in zip(optimizers, state["optimizers"], strict=True):
        optimizer.load_state_dict(saved)
    average.average = state["average"]
    return state["step"], state["spent"]


def save_training(
    path: Path,
    model: torch.nn.Module,
    optimizers: Sequence[torch.optim.Optimizer],
    average: WeightAverage,
    step: int,
    spent: float,
) -> None:
    """Save all that `load_training` needs."""
    state = {"model": model.state_dict(), "average": average.average}
    state["optimizers"] = [optimizer.state_dict() for optimizer in optimizers]
    save_state(path, state | {"step": step, "spent": spent})


def write_summary(path: Path, steps: int, model: torch.nn.Module) -> None:
    """How much was trained, for the model card."""
    path.write_text(json.dumps({"steps": steps, "parameters": sum(p.numel() for p in model.parameters())}) + "\n")


def batch_size(base: int, device: torch.device) -> int:
    """The batch for a device: a GPU takes eight times a CPU's."""
    return base * 8 if device.type == "cuda" else base


def best_device() -> torch.device:
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def alone() -> None:
    """A group of this process only: what Muon asks how to share its work, where there is nobody to share it with."""
    if not distributed.is_initialized():
        distributed.init_process_group("gloo", store=distributed.HashStore(), rank=0, world_size=1)
