"""The ledger of what the cloud cost."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from app.library.spending import Ledger, Month


def test_a_new_ledger_is_empty(home: Path) -> None:
    assert Ledger().this_month() == Month(0.0, 0)
    assert Ledger().months() == {}
    assert not home.exists()


def test_bills_add_up_by_month(monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = Ledger()
    monkeypatch.setattr("time.strftime", lambda _: "2026-10")
    ledger.add("a", 0.25)
    monkeypatch.setattr("time.strftime", lambda _: "2026-11")
    ledger.add("b", 0.50)
    ledger.add("c", 0.25)
    assert Ledger().months() == {"2026-10": Month(0.25, 1), "2026-11": Month(0.75, 2)}
    assert Ledger().this_month().cost == 0.75


def test_a_bill_counts_once() -> None:
    ledger = Ledger()
    ledger.add("a", 0.25)
    Ledger().add("a", 0.25)
    assert ledger.this_month() == Month(0.25, 1)


def test_speed_follows_the_newest_pictures_slowly() -> None:
    ledger = Ledger()
    assert ledger.seconds_per_work("nvidia/sana") is None
    ledger.add("a", 0.1, model="nvidia/sana", seconds=4.0, work=2.0)
    assert ledger.seconds_per_work("nvidia/sana") == 2.0
    ledger.add("b", 0.1, model="nvidia/sana", seconds=8.0, work=2.0)
    assert ledger.seconds_per_work("nvidia/sana") == pytest.approx(2.6)
    assert ledger.seconds_per_work("nvidia/sana-sprint-1.6b") is None


def test_nonsense_counts_as_nothing_and_is_kept(home: Path) -> None:
    home.mkdir()
    (home / "spending.json").write_text("{ not json", encoding="utf-8")
    ledger = Ledger()
    assert ledger.months() == {}
    assert (home / "spending.json.broken").read_text(encoding="utf-8") == "{ not json"
    ledger.add("a", 0.25)
    values = json.loads((home / "spending.json").read_text(encoding="utf-8"))
    month = next(iter(values["months"]))
    values["months"][month]["cost"] = "lots"
    values["months"]["2020-01"] = -3
    values["seconds_per_work"] = {"m": float("nan")}
    values["billed"] = 7
    (home / "spending.json").write_text(json.dumps(values), encoding="utf-8")
    assert ledger.months() == {"2020-01": Month(), month: Month(0.0, 1)}
    assert ledger.seconds_per_work("m") is None
    ledger.add("b", 0.5)
    assert ledger.this_month() == Month(0.5, 2)


def test_threads_and_processes_lose_no_bill(home: Path) -> None:
    code = "from app.library.spending import Ledger\nfor i in range(15): Ledger().add(f'other{i}', 1.0)"
    other = subprocess.Popen([sys.executable, "-c", code], cwd=Path(__file__).parents[2])
    ledger = Ledger()
    threads = [
        threading.Thread(target=lambda n=n: [ledger.add(f"{n}-{i}", 1.0) for i in range(10)]) for n in range(3)
    ]  # fmt: skip
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert other.wait(timeout=30) == 0
    assert ledger.this_month() == Month(45.0, 45)


def test_a_folder_that_cannot_be_written_loses_no_picture(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("")
    ledger = Ledger(tmp_path / "file" / "spending.json")
    ledger.add("a", 0.25)
    assert "0.2500 dollars" in caplog.text
    assert ledger.this_month() == Month()
