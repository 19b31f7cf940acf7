"""What is asked of the machine."""

from __future__ import annotations

import platform
import subprocess
from types import SimpleNamespace

import psutil
import pytest

from app.core.memory import GIB
from app.library import machine


def test_the_memory_is_that_of_the_machine() -> None:
    assert machine.total_memory() == psutil.virtual_memory().total


def test_what_is_free_of_it_is_that_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    assert machine.available_memory() == pytest.approx(psutil.virtual_memory().available, rel=0.1)
    monkeypatch.setattr(machine, "total_memory", lambda: 8 * GIB)
    monkeypatch.setattr(machine, "_sysctl", {"kern.memorystatus_level": "25"}.get)
    assert machine.available_memory() == 2 * GIB


def test_a_mac_is_asked_for_its_chip_and_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = {"machdep.cpu.brand_string": "Apple M3 Max\n", "iogpu.wired_limit_mb": "40960\n"}
    monkeypatch.setattr(platform, "system", lambda: "Darwin")
    monkeypatch.setattr(platform, "machine", lambda: "arm64")
    monkeypatch.setattr(machine, "total_memory", lambda: 48 * GIB)
    monkeypatch.setattr(subprocess, "run", lambda command, **_: SimpleNamespace(stdout=answers[command[-1]]))
    assert machine.chip() == "Apple M3 Max"
    assert machine.memory_budget() == 40 * GIB
    answers["iogpu.wired_limit_mb"] = "0\n"
    assert machine.memory_budget() == 36 * GIB
    answers["iogpu.wired_limit_mb"] = ""  # an older system does not know it
    assert machine.memory_budget(chosen_gb=4) == 4_000_000_000


@pytest.mark.parametrize("error", [FileNotFoundError(2, "no sysctl"), subprocess.TimeoutExpired("sysctl", 5)])
def test_a_mac_that_does_not_answer_is_judged_by_its_memory(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(platform, "system", lambda: "Darwin")
    monkeypatch.setattr(platform, "machine", lambda: "arm64")
    monkeypatch.setattr(machine, "total_memory", lambda: 48 * GIB)
    monkeypatch.setattr(subprocess, "run", refuse)
    assert (machine.chip(), machine.memory_budget()) == ("arm64", 36 * GIB)


def test_elsewhere_nothing_is_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "system", lambda: "Linux")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("ran a program"))
    assert machine.chip()
    assert machine.memory_budget() == machine.total_memory() * 3 // 4
