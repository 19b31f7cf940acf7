"""Runs all benchmarks, one after the other, and sets their figures beside their goals and those that were recorded.

    python tests/benchmarks/run.py [--only NAME ...] [--peer FOLDER] [--record]

`make bench` and `make bench-record` call it. It takes about a quarter of an hour on two cores, which nothing else
should use. What crashes is named, and the others go on. The exit status is 1 where something crashed, or has become
worse by more than a tenth and by more than it scatters by itself.

`--peer` is a checkout of https://github.com/Ray0907/sanasprint-mlx, which is measured beside our networks where it is
given. `--record` writes recorded.json, and README's table from it.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.benchmarks import compare  # noqa: E402

FOLDER = Path("tests/benchmarks")
README = ROOT / "README.md"
TIMEOUT_SECONDS = 900
PEER = "peer"
BENCHMARKS = {
    "startup": "startup.py --runs 7",
    "cold_start": "cold_start.py --runs 3",
    "first_preview": "first_preview.py --runs 3",
    "pictures": "pictures.py",
    "fewer_steps": "fewer_steps.py --choices dpmpp:10",
    "repainting": "repainting.py --scenes 4",
    "responsiveness": "responsiveness.py",
    "gallery": "gallery.py",
    "many_pictures": "many_pictures.py",
    PEER: "peer.py --peer FOLDER",
}
"""Their names in the report, and their commands."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=BENCHMARKS, default=list(BENCHMARKS), metavar="NAME")
    parser.add_argument("--peer", type=Path, metavar="FOLDER", help="a checkout of sanasprint-mlx")
    parser.add_argument("--record", action="store_true", help="write recorded.json and README's table anew")
    options = parser.parse_args()
    names = [name for name in options.only if name != PEER or options.peer]
    reports, crashed = run_all({name: command(name, options.peer and options.peer.absolute()) for name in names})
    if PEER in options.only and not options.peer:
        print("peer: not measured, for no --peer is given.")
    return conclude(reports, crashed, record=options.record)


def command(name: str, peer: Path | None = None) -> list[str]:
    """How a benchmark is run."""
    words = shlex.split(BENCHMARKS[name])
    return [str(FOLDER / words[0]), *(str(peer) if word == "FOLDER" else word for word in words[1:])]


def run_all(commands: dict[str, list[str]]) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """The reports by their names, and the names of those that crashed."""
    reports, crashed = {}, []
    for number, (name, words) in enumerate(commands.items(), start=1):
        print(f"[{number}/{len(commands)}] {name} ", end="", flush=True)
        began = time.monotonic()
        report = run(words)
        seconds = time.monotonic() - began
        print(f"{seconds:.0f} s" if report else f"CRASHED after {seconds:.0f} s", flush=True)
        if report:
            reports[name] = report
        else:
            crashed.append(name)
    return reports, crashed


def run(words: list[str]) -> dict[str, Any] | None:
    """One benchmark's report; None, and its last words on the standard error, where it crashed."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    try:
        done = subprocess.run(
            [sys.executable, *words],
            cwd=ROOT, env=environment, capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        print(f"it took longer than {TIMEOUT_SECONDS} s", file=sys.stderr)
        return None
    if done.returncode == 0:
        try:
            report: dict[str, Any] = json.loads(done.stdout)
        except ValueError:
            print(f"it printed no report: {done.stdout[-500:]!r}", file=sys.stderr)
        else:
            return report
    print(done.stderr[-2000:], file=sys.stderr)
    return None


def conclude(reports: dict[str, dict[str, Any]], crashed: list[str], *, record: bool = False) -> int:
    """Print all that was measured, and record it where that is asked for. Returns the exit status."""
    new, recorded = compare.figures(reports), compare.figures(compare.read())
    print(f"\n{compare.table(new, recorded)}\n")
    print("\n".join(compare.reasons(reports)))
    problems = [f"Crashed: {name}." for name in crashed]
    if record:
        compare.record(reports)
        shown = readme_table()
        README.write_text(compare.put_in(README.read_text(encoding="utf-8"), shown), encoding="utf-8")
        print(f"Recorded, and written into README:\n\n{shown}\n")
    else:
        beyond, within = compare.regressions(new, recorded)
        problems += beyond + compare.missing(new, recorded)
        print("\n".join(within + ([] if beyond else ["No regression beyond what the figures scatter."])))
    print("\n".join(problems))
    return 1 if problems else 0


def readme_table() -> str:
    """README's table of what is recorded."""
    recorded, commands = compare.read(), {name: f"python {FOLDER / words}" for name, words in BENCHMARKS.items()}
    return compare.markdown({name: recorded[name] for name in commands if name in recorded}, commands)


if __name__ == "__main__":
    sys.exit(main())
