"""Compares ratios with those that were recorded, and names what has become slower by more than a tenth.

    python tests/benchmarks/cold_start.py | python tests/benchmarks/compare.py [--record]

Reads the reports of benchmarks, printed one after another, and prints them again. Only ratios of two times of one run
are compared, for they hold on any machine; smaller is better. `recorded.json` says of each how far it scatters by
itself: what lies within that is no regression. The exit status is 1 where there is one.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

RECORDED = Path(__file__).with_name("recorded.json")
TOLERANCE = 1.1


def reports(text: str) -> Iterator[dict[str, Any]]:
    """The JSON documents that stand one after another in a text."""
    decoder = json.JSONDecoder()
    while text := text.lstrip():
        document, end = decoder.raw_decode(text)
        yield document
        text = text[end:]


def ratios(report: Mapping[str, Any]) -> dict[str, float]:
    """A report's ratios of the processor's time: name to ratio; none where it has no such ratios."""
    name, found = report["benchmark"], report.get("processor_ratio", {})
    return {f"{name} {key}": value for key, value in found.items()} if isinstance(found, dict) else {name: found}


def regressions(new: Mapping[str, float], recorded: Mapping[str, Mapping[str, float]]) -> list[str]:
    """A line for each ratio that has grown by more than a tenth and by more than it scatters."""
    lines = []
    for name, value in new.items():
        if (old := recorded.get(name)) and value > max(old["ratio"] * TOLERANCE, old["ratio"] + old["noise"]):
            more = value / old["ratio"] - 1
            lines.append(f"Regression: {name} is {value:g}, {more:.0%} more than the recorded {old['ratio']:g}.")
    return lines


def record(new: Mapping[str, float], path: Path) -> None:
    """Write ratios anew; what was not measured keeps its ratio, and each its noise, at first a tenth."""
    recorded = json.loads(path.read_text(encoding="utf-8"))
    for name, value in new.items():
        noise = recorded.get(name, {}).get("noise", round(value / 10, 3))
        recorded[name] = {"ratio": value, "noise": noise}
    path.write_text(json.dumps(recorded, indent=2) + "\n", encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--record", action="store_true", help="write these ratios into recorded.json")
    options = parser.parse_args()
    new: dict[str, float] = {}
    for report in reports(sys.stdin.read()):
        print(json.dumps(report, indent=2))
        new |= ratios(report)
    recorded = json.loads(RECORDED.read_text(encoding="utf-8"))
    for name, value in new.items():
        print(f"{name}: {value:g} (recorded: {recorded.get(name, {}).get('ratio', 'none')})")
    if options.record:
        record(new, RECORDED)
        return 0
    slower = regressions(new, recorded)
    print("\n".join(slower or ["No regression."]))
    return 1 if slower else 0


if __name__ == "__main__":
    sys.exit(main())
