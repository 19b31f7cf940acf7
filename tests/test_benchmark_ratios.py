"""The comparison of the benchmarks' ratios with recorded ones, on made-up numbers."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.benchmarks import compare

RECORDED = {"start": {"ratio": 2.0, "noise": 0.1}, "noisy": {"ratio": 1.0, "noise": 0.5}}


def test_only_what_grew_by_more_than_a_tenth_and_its_noise_is_named() -> None:
    assert compare.regressions({"start": 2.2, "noisy": 1.4, "unknown": 9.0}, RECORDED) == []
    assert compare.regressions({"start": 2.3, "noisy": 1.6}, RECORDED) == [
        "Regression: start is 2.3, 15% more than the recorded 2.",
        "Regression: noisy is 1.6, 60% more than the recorded 1.",
    ]


def test_ratios_are_recorded_anew_and_the_others_stay(tmp_path: Path) -> None:
    path = tmp_path / "recorded.json"
    path.write_text(json.dumps(RECORDED), encoding="utf-8")
    compare.record({"start": 1.5, "new": 3.0}, path)
    assert json.loads(path.read_text(encoding="utf-8")) == {
        "start": {"ratio": 1.5, "noise": 0.1},
        "noisy": {"ratio": 1.0, "noise": 0.5},
        "new": {"ratio": 3.0, "noise": 0.3},
    }


def test_the_program_reads_reports_and_names_a_regression() -> None:
    slow = {"benchmark": "cold_start", "processor_ratio": {"torch": 0.9, "mlx": 0.3}}
    other = {"benchmark": "gallery", "listed": 3}
    done = subprocess.run(
        [sys.executable, compare.__file__], input=json.dumps(slow) + "\n" + json.dumps(other), capture_output=True,
        text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "Regression: cold_start torch is 0.9" in done.stdout
    assert "cold_start mlx is" not in done.stdout
    assert '"listed": 3' in done.stdout
