"""How a precision did, and what is tolerated.

An error is the largest absolute difference among a module's sampled values, relative to the root mean square of the
reference's. Of 256 values, one is usually three times that: a layer that computes something else is off by 3 and more.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.backends.selftest.tracing import Output
from app.core.message import NOTHING, Message, message
from app.diffusion.model import Array

TOLERANCE = {"float32": 0.03, "bfloat16": 0.8, "8bit": 0.8, "4bit": 2.0}
"""The largest errors measured on a processor, over all layers, were 2e-5 in float32, 0.2 in bfloat16, 0.3 with 8 and
1.1 with 4 bits; the rest is room for other devices. Float32 needs the most: newer GPUs round the inputs of its matrix
products to 10 bits (TF32), an eighth of bfloat16's error."""
PSNR = {"float32": 40.0, "bfloat16": 30.0, "8bit": 25.0, "4bit": 12.0}
"""Decibels that each golden picture must reach."""


@dataclass(frozen=True, slots=True)
class Layer:
    """A probed module. `error` is None where there is none: not a number, or never computed."""

    name: str
    kind: str
    error: float | None
    problem: Message
    passed: bool


@dataclass(frozen=True, slots=True)
class Report:
    """One back end in one precision.

    Attributes:
        layers: in forward order.
        psnr: of the golden pictures in dB, of as many as were generated in good time; none for another model.
        intact: False where the weights are not those that the references were made with.
        problem: what went wrong beside the layers; empty where nothing did.
    """

    backend: str
    precision: str
    device: str = ""
    layers: tuple[Layer, ...] = ()
    psnr: tuple[float, ...] = ()
    seconds: float = 0.0
    intact: bool = True
    problem: Message = NOTHING

    @property
    def first_failure(self) -> Layer | None:
        return next((layer for layer in self.layers if not layer.passed), None)

    @property
    def passed(self) -> bool:
        return not self.failure

    @property
    def failure(self) -> Message:
        """What went wrong first, in words; empty where nothing did."""
        layer = self.first_failure
        if layer is not None:
            return layer.problem
        if self.problem:
            return self.problem
        required = PSNR[self.precision]
        worst = min(self.psnr, default=required)
        if worst < required:
            return message("A test picture is only {worst:.1f} dB from the reference.", worst=worst)
        return NOTHING if self.intact else message("The weights are not those that the references were made with.")

    def worst(self, kind: str) -> float | None:
        """The largest error of a kind of layers; infinite where one has no number, None where there is none such."""
        errors = [math.inf if layer.error is None else layer.error for layer in self.layers if layer.kind == kind]
        return max(errors, default=None)

    def to_json(self) -> dict[str, Any]:
        return {
            "backend": self.backend,
            "device": self.device,
            "precision": self.precision,
            "passed": self.passed,
            "failure": str(self.failure),
            "first_failing_layer": self.first_failure.name if self.first_failure else None,
            "seconds": round(self.seconds, 2),
            "tolerance": TOLERANCE[self.precision],
            "psnr_required": PSNR[self.precision],
            # JSON knows no infinity.
            "psnr": [None if math.isinf(value) else round(value, 2) for value in self.psnr],
            "same_weights": self.intact,
            "layers": [
                {"name": layer.name, "kind": layer.kind, "error": layer.error, "passed": layer.passed}
                for layer in self.layers
            ],
        }


def compare(name: str, kind: str, output: Output | None, reference: Array, precision: str) -> Layer:
    """A module's output against its reference."""
    if output is None:
        return Layer(name, kind, None, message("The layer {layer} was not computed.", layer=name), passed=False)
    if not output.finite:
        return Layer(
            name, kind, None, message("The layer {layer} gives values that are not numbers.", layer=name), passed=False
        )
    if output.values.shape != reference.shape:
        return Layer(
            name, kind, None, message("The layer {layer} gives an output of another size.", layer=name), passed=False
        )
    scale = max(float(np.sqrt(np.mean(np.square(reference, dtype=np.float64)))), 1e-6)
    error = float(np.max(np.abs(output.values.astype(np.float64) - reference))) / scale
    passed = error <= TOLERANCE[precision]
    return Layer(
        name,
        kind,
        error,
        NOTHING if passed else message("The layer {layer} is off by {error:.2g} of its size.", layer=name, error=error),
        passed,
    )
