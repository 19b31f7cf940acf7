"""The reports of one back end as a table for the terminal."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from app.backends.selftest.probes import KINDS
from app.backends.selftest.report import PSNR, TOLERANCE, Report


def table(name: str, reports: Sequence[Report]) -> str:
    """One column for each precision: the largest error of each kind of layers, the golden pictures, the verdict."""
    device = next((report.device for report in reports if report.device), "")

    def row(title: str, cell: Callable[[Report], str]) -> str:
        return f"{title:<34}" + "".join(f"{cell(report):>12}" for report in reports)

    lines = [row(f"{name} ({device})" if device else name, lambda report: report.precision)]
    for kind, words in (KINDS | _others(reports)).items():
        if any(report.worst(kind) is not None for report in reports):
            lines.append(row(words, lambda report, kind=kind: _error(report.worst(kind))))  # type: ignore[misc]
    lines += [
        row("tolerated", lambda report: _error(TOLERANCE[report.precision])),
        row("worst golden picture, dB", lambda report: f"{min(report.psnr):.1f}" if report.psnr else "-"),
        row("required, dB", lambda report: f"{PSNR[report.precision]:.0f}" if report.psnr else "-"),
        row("layers that are not numbers", lambda report: str(sum(layer.error is None for layer in report.layers))),
        row("seconds", lambda report: f"{report.seconds:.1f}"),
        row("", lambda report: "PASS" if report.passed else "FAIL"),
    ]
    return "\n".join(line.rstrip() for line in lines)


def _others(reports: Sequence[Report]) -> dict[str, str]:
    """The kinds that only some backends have, in their own words."""
    return {layer.kind: layer.kind for report in reports for layer in report.layers if layer.kind not in KINDS}


def _error(value: float | None) -> str:
    if value is None:
        return "-"
    return "NaN" if math.isinf(value) else f"{value:.1e}"
