"""Compares the figures of a run with those that were recorded, and sets them out in tables."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.benchmarks.figures import Figure

RECORDED = Path(__file__).with_name("recorded.json")
TOLERANCE = 0.1
BEGIN, END = "<!-- make bench-record writes the table from here -->", "<!-- to here -->"

Figures = Mapping[str, Mapping[str, Figure]]
"""Benchmark to name to figure."""
Reports = Mapping[str, Mapping[str, Any]]
"""Benchmark to its JSON document, of which "figures" and "why" are used here and recorded."""


def figures(reports: Reports) -> dict[str, dict[str, Figure]]:
    return {
        name: {key: Figure(**values) for key, values in report["figures"].items()} for name, report in reports.items()
    }


def read() -> dict[str, Any]:
    """The reports that were recorded."""
    return dict(json.loads(RECORDED.read_text(encoding="utf-8"))) if RECORDED.exists() else {}


def record(reports: Reports) -> None:
    """Write what a run has reported. A benchmark that did not run keeps its report."""
    kept = read() | {name: {key: report[key] for key in ("figures", "why")} for name, report in reports.items()}
    RECORDED.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def reasons(reports: Reports) -> list[str]:
    """A line for each benchmark that misses a goal: which, and what it goes back to."""
    lines = []
    for name, each in figures(reports).items():
        if missed := [figure.what for figure in each.values() if figure.met is False]:
            why = " ".join(f"{of}: {told}." for of, told in reports[name]["why"].items())
            lines.append(f"Missed: {'; '.join(missed)}. {why}".rstrip())
    return lines


def change(new: Figure, old: Figure | None) -> float | None:
    """The share by which a figure has become worse; negative where it is better, None where nothing compares."""
    if old is None or not new.compared or not old.compared:
        return None
    return old.compared / new.compared - 1 if new.more_is_better else new.compared / old.compared - 1


def regressions(new: Figures, recorded: Figures) -> tuple[list[str], list[str]]:
    """A line for each figure that is worse by more than a tenth: those that are so by more than the figure scatters by
    itself, and those that are not.
    """
    beyond, within = [], []
    for name, each in new.items():
        for key, figure in each.items():
            old = recorded.get(name, {}).get(key)
            worse = change(figure, old)
            # Half of a percent is the rounding's.
            if old is None or worse is None or worse <= TOLERANCE + 0.005:
                continue
            line = f"{name} {key} is {worse:.0%} worse than recorded ({figure.compared:g}, recorded: {old.compared:g})"
            if worse > 3 * max(old.noise, figure.noise):
                beyond.append(f"Regression: {line}.")
            else:
                within.append(f"Perhaps a regression: {line}; it scatters as much by itself.")
    return beyond, within


def missing(new: Figures, recorded: Figures) -> list[str]:
    """A line for each figure that was recorded and is not told any more by a benchmark that ran."""
    return [
        f"Missing: {name} {key} was recorded, and was not measured."
        for name, each in recorded.items()
        for key in each
        if name in new and key not in new[name]
    ]


def table(new: Figures, recorded: Figures) -> str:
    """For the terminal: each figure, its goal, whether it is met, what was recorded and the change since."""
    rows = [("", "measured", "goal", "", "recorded", "change")]
    for name, each in new.items():
        for key, figure in each.items():
            old = recorded.get(name, {}).get(key)
            worse = change(figure, old)
            rows.append(
                (
                    f"{name}: {figure.what}",
                    shown(figure.value, figure.unit),
                    shown(figure.goal, figure.unit) if figure.goal is not None else "",
                    {True: "met", False: "MISSED", None: ""}[figure.met],
                    shown(old.value, old.unit) if old else "",
                    f"{worse:+.0%}" if worse is not None else "",
                )
            )
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def markdown(reports: Reports, commands: Mapping[str, str]) -> str:
    """README's table, and below it why goals are missed."""
    lines = ["| what | measured | goal | command |", "|---|---|---|---|"]
    for name, each in figures(reports).items():
        for figure in each.values():
            goal = shown(figure.goal, figure.unit) if figure.goal is not None else ""
            measured = shown(figure.value, figure.unit)
            if figure.met is False:
                measured = f"**{measured}**"
            lines.append(f"| {figure.what} | {measured} | {goal} | `{commands[name]}` |")
    return "\n".join([*lines, "", *(f"- {line}" for line in reasons(reports))]).rstrip()


def put_in(text: str, new: str) -> str:
    """A document with another table between its marks. Raises ValueError where it has none."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError("the marks of the table are missing")
    return f"{before}{BEGIN}\n{new}\n{END}{after}"


def shown(value: float, unit: str) -> str:
    """`0.46`, `26 ms`, `100 %`."""
    digits = f"{value:.0f}" if abs(value) >= 20 else f"{value:.1f}" if abs(value) >= 5 else f"{value:.2f}"
    return f"{digits} {unit}".rstrip()
