"""Runs the self-test of a back end in the worker process, and draws the consequences: verdicts and a safe precision.

No Qt, so the command line uses it too.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.backends.base import STARTER, Backend, SelfTestable
from app.backends.local.precisions import SAFER
from app.backends.selftest.verdicts import Verdicts
from app.core.errors import GenerationCancelled
from app.core.events import CancelCheck, Cancelled, Failed, Loading, Tested
from app.core.message import Message, message, sentences, series
from app.core.request import AUTO
from app.engine.worker_process import WorkerProcess
from app.library.settings import Settings

if TYPE_CHECKING:
    from app.backends.selftest.report import Report

log = logging.getLogger(__name__)

MODEL = STARTER


@dataclass(frozen=True, slots=True)
class BackendReport:
    """What the self-test found about a back end.

    Attributes:
        reports: one for each precision.
        chosen: the precision that was chosen in the settings because another one failed; empty where none was.
    """

    backend: str
    name: str
    reports: tuple[Report, ...]
    chosen: str = ""

    @property
    def passed(self) -> bool:
        return bool(self.reports) and all(report.passed for report in self.reports)

    @property
    def summary(self) -> Message:
        """Some sentences for the user."""
        if self.passed:
            precisions = series([report.precision for report in self.reports])
            return message("{backend} computes correctly in {precisions}.", backend=self.name, precisions=precisions)
        parts = [message("{backend} failed the self-test.", backend=self.name)]
        for report in self.reports:
            if not report.passed:
                parts.append(message("In {precision}: {failure}", precision=report.precision, failure=report.failure))
        if not all(report.intact for report in self.reports):
            parts.append(message("The model's files are not the original ones: install or download it again."))
        if self.chosen:
            parts.append(message("From now on it computes in {precision}.", precision=self.chosen))
        return sentences(*parts)

    def to_json(self) -> dict[str, Any]:
        return {
            "backend": self.backend,
            "passed": self.passed,
            "summary": str(self.summary),
            "message": self.summary.to_json(),
            "chosen_precision": self.chosen or None,
            "precisions": [report.to_json() for report in self.reports],
        }


def self_test(
    worker: WorkerProcess,
    backend: SelfTestable,
    settings: Settings,
    cancel: CancelCheck,
    *,
    model: str = MODEL,
    precisions: Sequence[str] = (),
    on_progress: Callable[[object], None] = log.info,
) -> BackendReport:
    """Test a back end in some precisions, or in all that it has.

    Each precision has a command of its own, so that one which takes the worker down does not hide the others. With the
    starter model the verdicts are remembered, and a failing precision gives way to a safe one in the settings.

    Raises:
        UserError: the model, or the references to compare with, cannot be used.
        GenerationCancelled: `cancel` said so; what was found until then is remembered.
    """
    from app.backends.selftest.precision import precisions_for

    possible = precisions_for(backend, model)
    verdicts, reports = Verdicts(), []
    for precision in precisions or possible:
        report = _test(worker, backend.id, model, precision, cancel, on_progress)
        if model == MODEL:
            verdicts.put(backend, precision, str(report.failure))
        reports.append(report)
    chosen = _choose_safe(backend.id, settings, reports) if model == MODEL else ""
    result = BackendReport(backend.id, backend.name, tuple(reports), chosen)
    log.info("Self-test: %s", result.summary)
    return result


def due(backend: Backend, settings: Settings) -> tuple[str, ...]:
    """The precisions that may be used here by the settings and have no verdict yet."""
    if not isinstance(backend, SelfTestable):
        return ()
    chosen = str(settings.get(f"precision.{backend.id}"))
    if chosen != AUTO:
        used: tuple[str, ...] = (chosen, "float32")
    elif (status := backend.check()).device == "cpu":
        used = (backend.default_precision(status.device),)
    else:
        used = backend.precisions
    verdicts = Verdicts()
    possible = (name for name in dict.fromkeys(used) if name in backend.precisions)
    return tuple(name for name in possible if verdicts.failure(backend, name) is None)


def _test(
    worker: WorkerProcess,
    backend: str,
    model: str,
    precision: str,
    cancel: CancelCheck,
    on_progress: Callable[[object], None],
) -> Report:
    from app.backends.selftest.report import Report

    found: Report | None = None
    for event in worker.self_test(backend, model, precision, cancel):
        match event:
            case Loading(doing):
                on_progress(doing)
            case Tested(report=Report() as report):
                found = report
            case Cancelled():
                raise GenerationCancelled
            case Failed(problem) if found is None:
                found = Report(backend, precision, problem=problem)
    assert found is not None, "a worker's events have an end"
    return found


def _choose_safe(backend: str, settings: Settings, reports: Sequence[Report]) -> str:
    """Leave a failing precision for the next safer one that passed; returns it, or "" where nothing was changed."""
    failed = [report.precision for report in reports if not report.passed]
    if not failed or not all(report.intact for report in reports):
        return ""  # damaged weights are no fault of a precision
    key = f"precision.{backend}"
    current = str(settings.get(key))
    safer = SAFER[max(SAFER.index(precision) for precision in failed) + 1 :]
    passed = {report.precision for report in reports if report.passed}
    safe = next((precision for precision in safer if precision in passed), "")
    if not safe or current not in (AUTO, *failed):
        return ""
    settings.set(key, safe)
    return safe
