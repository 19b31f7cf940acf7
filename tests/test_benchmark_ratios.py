"""`make bench`: runs all, goes on after a crash, and compares with recorded figures. On made-up benchmarks."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks import compare, run
from tests.benchmarks.figures import Figure, ratio, yardstick

RECORDED = {
    "start": {
        "qt": Figure("start to first paint", 2.0, 5.0, compared=2.0),
        "noisy": Figure("a stall", 30.0, 50.0, "ms", compared=1.0, noise=0.1),
        "psnr": Figure("Quick", 50.0, unit="dB", compared=50.0, more_is_better=True),
    }
}


def report(**figures: Figure) -> dict[str, Any]:
    return {"figures": {key: asdict(figure) for key, figure in figures.items()}, "why": {}}


REPORTS = """
import sys
sys.path.insert(0, {root!r})
from tests.benchmarks.figures import Figure, print_report
print_report({name!r}, {{"qt": Figure("start to first paint", {value}, 5.0, compared={value})}}, {{"Why": "imports"}})
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where recorded.json and README are those of the test."""
    (tmp_path / "README.md").write_text(f"Before.\n{compare.BEGIN}\nold\n{compare.END}\nAfter.\n", encoding="utf-8")
    monkeypatch.setattr(compare, "RECORDED", tmp_path / "recorded.json")
    monkeypatch.setattr(run, "README", tmp_path / "README.md")
    compare.record({"start": report(qt=RECORDED["start"]["qt"])})
    return tmp_path


def benchmark(folder: Path, name: str, value: float) -> list[str]:
    """The command of a benchmark that tells one figure."""
    script = folder / f"{name}.py"
    script.write_text(REPORTS.format(root=str(run.ROOT), name=name, value=value), encoding="utf-8")
    return [str(script)]


def measured(**values: float) -> dict[str, dict[str, Figure]]:
    units = {key: RECORDED["start"][key] for key in values}
    return {
        "start": {
            key: Figure(old.what, value, old.goal, old.unit, value, old.noise, old.more_is_better)
            for (key, value), old in zip(values.items(), units.values(), strict=True)
        }
    }


def test_what_grew_by_more_than_a_tenth_is_a_regression() -> None:
    beyond, within = compare.regressions(measured(qt=2.3), RECORDED)
    assert beyond == ["Regression: start qt is 15% worse than recorded (2.3, recorded: 2)."]
    assert within == []


@pytest.mark.parametrize("value", [2.18, 2.0, 1.0])
def test_a_tenth_and_an_improvement_are_none(value: float) -> None:
    assert compare.regressions(measured(qt=value), RECORDED) == ([], [])


def test_where_more_is_better_less_is_a_regression() -> None:
    assert compare.regressions(measured(psnr=60.0), RECORDED) == ([], [])
    assert compare.regressions(measured(psnr=40.0), RECORDED)[0] == [
        "Regression: start psnr is 25% worse than recorded (40, recorded: 50)."
    ]


def test_what_a_figure_scatters_by_itself_is_named_apart() -> None:
    beyond, within = compare.regressions(measured(noisy=1.2), RECORDED)
    assert beyond == []
    assert [line.startswith("Perhaps a regression: start noisy is 20% worse") for line in within] == [True]
    assert len(compare.regressions(measured(noisy=1.4), RECORDED)[0]) == 1


def test_an_unknown_figure_is_compared_with_nothing() -> None:
    new = {"other": {"qt": Figure("another", 9.0, compared=9.0)}}
    assert compare.regressions(new, RECORDED) == ([], [])


def test_figures_that_are_not_told_any_more_are_named() -> None:
    assert compare.missing(measured(qt=2.0, noisy=1.0), RECORDED) == [
        "Missing: start psnr was recorded, and was not measured."
    ]
    assert compare.missing({}, RECORDED) == []  # the benchmark did not run, which is named elsewhere


def test_figures_are_recorded_and_those_of_other_benchmarks_stay(folder: Path) -> None:
    cold = Figure("cold", 0.4, 0.6, compared=0.41, noise=0.02)
    compare.record({"cold": report(torch=cold)})
    assert compare.figures(compare.read()) == {"start": {"qt": RECORDED["start"]["qt"]}, "cold": {"torch": cold}}


def test_a_crash_is_named_and_the_others_go_on(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    broken = folder / "broken.py"
    broken.write_text("raise SystemExit('the cat sat on it')", encoding="utf-8")
    silent = folder / "silent.py"
    silent.write_text("", encoding="utf-8")
    reports, crashed = run.run_all(
        {"broken": [str(broken)], "silent": [str(silent)], "start": benchmark(folder, "start", 2.0)}
    )
    assert crashed == ["broken", "silent"]
    assert list(reports) == ["start"]
    assert run.conclude(reports, crashed) == 1
    told = capfd.readouterr()
    assert "Crashed: broken." in told.out
    assert "Crashed: silent." in told.out
    assert "the cat sat on it" in told.err


@pytest.mark.parametrize(("value", "status"), [(2.0, 0), (1.5, 0), (2.5, 1)])
def test_the_exit_status_tells_of_a_regression(
    folder: Path, capsys: pytest.CaptureFixture[str], value: float, status: int
) -> None:
    reports, crashed = run.run_all({"start": benchmark(folder, "start", value)})
    assert run.conclude(reports, crashed) == status
    told = capsys.readouterr().out
    assert ("Regression: start qt is 25% worse" in told) == bool(status)


def test_the_table_shows_goal_verdict_record_and_change(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reports, _ = run.run_all({"start": benchmark(folder, "start", 6.0)})
    run.conclude(reports, [])
    told = capsys.readouterr().out
    (row,) = (line for line in told.splitlines() if line.startswith("start: start to first paint"))
    assert row.split()[-5:] == ["6.0", "5.0", "MISSED", "2.00", "+200%"]
    assert "Missed: start to first paint. Why: imports." in told


def test_recording_writes_readmes_table(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(run.BENCHMARKS, "start", "start.py --runs 3")
    reports, _ = run.run_all({"start": benchmark(folder, "start", 6.0)})
    run.conclude(reports, [], record=True)
    assert compare.figures(compare.read())["start"]["qt"].value == 6.0
    text = (folder / "README.md").read_text(encoding="utf-8")
    assert "| start to first paint | **6.0** | 5.0 | `python tests/benchmarks/start.py --runs 3` |" in text
    assert "- Missed: start to first paint. Why: imports.\n" in text
    assert text.startswith("Before.\n")
    assert text.endswith("After.\n")
    assert "old" not in text


def test_readme_shows_what_was_recorded() -> None:
    text = (run.ROOT / "README.md").read_text(encoding="utf-8")
    assert compare.put_in(text, run.readme_table()) == text


def test_every_benchmark_of_the_table_is_there_and_takes_its_options() -> None:
    for name in run.BENCHMARKS:
        script, *words = run.command(name, Path("peer"))
        text = (run.ROOT / script).read_text(encoding="utf-8")
        assert all(f'add_argument("{word}"' in text for word in words if word.startswith("--")), name
        assert f'"{name}"' in text, name


def test_the_whole_program_names_a_regression(folder: Path, tmp_path: Path) -> None:
    """As `make bench` runs it, in a process of its own."""
    copy = tmp_path / "tests" / "benchmarks"
    copy.mkdir(parents=True)
    for name in ("run.py", "compare.py", "figures.py", "fresh.py"):
        (copy / name).write_bytes((run.ROOT / run.FOLDER / name).read_bytes())
    benchmark(copy, "startup", 2.5)
    recorded = compare.RECORDED.read_text(encoding="utf-8").replace('"start"', '"startup"')
    (copy / "recorded.json").write_text(recorded, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(copy / "run.py"), "--only", "startup"],
        capture_output=True, text=True, timeout=60, check=False, env={},
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert "Regression: startup qt is 25% worse" in done.stdout


def test_without_a_peer_the_run_says_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["run.py", "--only", "peer"])
    assert run.main() == 0
    assert "peer: not measured, for no --peer is given." in capsys.readouterr().out


def test_a_folder_that_is_no_peer_is_refused(tmp_path: Path) -> None:
    words = [*run.command("peer", tmp_path)]
    done = subprocess.run(
        [sys.executable, *words], cwd=run.ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 2
    assert "is no checkout of sanasprint-mlx" in done.stderr


def test_ratios_are_medians_of_rounds_and_know_their_scatter() -> None:
    figure = ratio("x", [1.0, 2.0, 9.0], [2.0, 2.0, 3.0], 1.2)
    assert (figure.value, figure.compared, figure.met) == (1.0, 1.0, True)
    assert figure.noise == 0.5  # |0.5 - 1|, |1 - 1|, |3 - 1|


def test_the_yardstick_takes_about_as_long_each_time() -> None:
    assert 0.2 < yardstick() / yardstick() < 5


def test_reports_are_one_json_document(capsys: pytest.CaptureFixture[str]) -> None:
    from tests.benchmarks.figures import print_report

    print_report("gallery", {"open": Figure("opens", 0.3, 1.0, "s", 2.0)}, seconds=[1, 2])
    document = json.loads(capsys.readouterr().out)
    assert compare.figures({"gallery": document})["gallery"] == {"open": Figure("opens", 0.3, 1.0, "s", 2.0)}
