"""The self-test without any model: tiny checkpoints, made by configuration."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from app.backends.base import STARTER, OwnSelfTest
from app.backends.local.flux import FluxBackend
from app.backends.selftest.precision import check_precision, precisions_for
from app.backends.selftest.report import Report
from app.backends.selftest.table import table
from app.core import events
from app.core.errors import UserError
from app.core.families.flux import KLEIN
from app.library import machine
from app.library.settings import Settings
from tests.backends.conftest import FolderModels


@pytest.fixture
def backend() -> FluxBackend:
    return FluxBackend(FolderModels(), Settings())  # type: ignore[arg-type]


def report_of(backend: FluxBackend, precision: str) -> Report:
    told = check_precision(backend, STARTER, precision, lambda: False)
    return next(event.report for event in told if isinstance(event, events.Tested) and isinstance(event.report, Report))


@pytest.mark.parametrize(
    "precision", ["float32", *(pytest.param(name, marks=pytest.mark.slow) for name in ("bfloat16", "8bit", "4bit"))]
)
def test_it_passes_here(backend: FluxBackend, precision: str) -> None:
    assert isinstance(backend, OwnSelfTest)
    assert precision in precisions_for(backend, STARTER)
    report = report_of(backend, precision)
    assert report.passed, report.failure
    assert {layer.name.split(".")[0] for layer in report.layers} == {"flux2-klein", "z-image"}
    assert len(report.psnr) == 2
    assert "transformer" in table(backend.name, [report])


def test_a_model_that_does_not_fit_in_float32_is_refused(backend: FluxBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.backends.local.flux.tiny import tiny_checkpoint

    folder = str(tiny_checkpoint(KLEIN).folder)
    assert precisions_for(backend, folder) == backend.precisions
    monkeypatch.setattr(machine, "memory_budget", lambda chosen_gb=0.0: 1000)
    with pytest.raises(UserError, match=r"needs .* of memory"):
        precisions_for(backend, folder)


@pytest.mark.parametrize("broken", ["wrong", "not a number"])
def test_a_device_that_computes_something_else_is_found_out(
    backend: FluxBackend, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    from app.backends.local.flux.model import FluxModel

    right = FluxModel.velocity

    def velocity(self: FluxModel, *args: Any, **more: Any) -> Any:
        values = right(self, *args, **more)
        if self.device == "cpu" and self.precision == "float32":
            return values
        return values * (np.nan if broken == "not a number" else np.float32(0.2))

    monkeypatch.setattr(FluxModel, "velocity", velocity)
    report = report_of(backend, "bfloat16")
    assert not report.passed
    assert report.failure
