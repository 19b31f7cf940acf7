"""The self-test from the engine to the worker process and back: verdicts, the safe precision, and the quiet run."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from app.backends.registry import Registry
from app.backends.selftest.verdicts import Verdicts
from app.core.errors import GenerationCancelled, UserError
from app.core.request import GenerationRequest
from app.engine.engine import Engine
from app.engine.self_test import BackendReport, due, self_test
from app.engine.session import Session
from app.engine.worker_process import WorkerProcess
from app.library import paths
from app.library.models.store import Models as Store
from app.library.pictures.gallery import Gallery
from app.library.settings import Settings
from app.library.spending import Ledger
from tests.engine.self_tested import BEHAVIOUR, BROKEN, FOLDER, Models, SelfTestedBackend, install

ALL = SelfTestedBackend.precisions


@pytest.fixture
def backend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SelfTestedBackend:
    install(tmp_path)
    monkeypatch.setenv(FOLDER, str(tmp_path))
    monkeypatch.setenv(BEHAVIOUR, "")
    shutil.copy(paths.resources() / "controlnets.toml", tmp_path)
    monkeypatch.setattr(paths, "resources", lambda: tmp_path)
    return SelfTestedBackend(Models(), Settings())  # type: ignore[arg-type]


@pytest.fixture
def worker(backend: SelfTestedBackend) -> Iterator[WorkerProcess]:
    process = WorkerProcess("tests.engine.self_tested:backends")
    yield process
    process.stop(now=True)


def run(worker: WorkerProcess, backend: SelfTestedBackend, settings: Settings, **options: Any) -> BackendReport:
    return self_test(worker, backend, settings, lambda: False, **options)


def settings_of(backend: SelfTestedBackend) -> Settings:
    settings = Settings()
    settings.declare(*backend.settings)
    return settings


def test_a_sound_backend_passes_and_is_not_due_again(worker: WorkerProcess, backend: SelfTestedBackend) -> None:
    settings = settings_of(backend)
    assert due(backend, settings) == ALL
    report = run(worker, backend, settings)
    assert report.passed, report.summary
    assert str(report.summary) == "MLX computes correctly in float32, bfloat16, 8bit, 4bit."
    assert due(backend, settings) == ()
    assert settings.get("precision.mlx") == "auto"


def test_a_failing_precision_is_named_and_the_next_safer_one_chosen(
    worker: WorkerProcess, backend: SelfTestedBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(BEHAVIOUR, "bfloat16 fails")
    settings = settings_of(backend)
    report = run(worker, backend, settings)
    assert not report.passed
    assert f"In bfloat16: The layer {BROKEN} gives values that are not numbers" in str(report.summary)
    assert "From now on it computes in float32." in str(report.summary)
    assert settings.get("precision.mlx") == settings_of(backend).get("precision.mlx") == "float32"
    assert BROKEN in (Verdicts().failure(backend, "bfloat16") or "")
    assert Verdicts().failure(backend, "float32") == ""


def test_a_precision_that_was_not_in_use_changes_no_setting(
    worker: WorkerProcess, backend: SelfTestedBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(BEHAVIOUR, "4bit fails")
    settings = settings_of(backend)
    settings.set("precision.mlx", "bfloat16")
    assert run(worker, backend, settings).chosen == ""
    assert settings.get("precision.mlx") == "bfloat16"


def test_a_precision_that_kills_the_worker_does_not_hide_the_others(
    worker: WorkerProcess, backend: SelfTestedBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(BEHAVIOUR, "8bit dies")
    report = run(worker, backend, settings_of(backend))
    assert [one.passed for one in report.reports] == [True, True, False, True]
    assert "ended" in str(report.reports[2].failure)
    assert report.chosen == "bfloat16"


def test_damaged_weights_are_no_reason_to_leave_a_precision(
    worker: WorkerProcess, backend: SelfTestedBackend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(BEHAVIOUR, "bfloat16 fails")
    weights = tmp_path / "starter" / "vae" / "diffusion_pytorch_model.safetensors"
    data = bytearray(weights.read_bytes())
    data[-1] ^= 1
    weights.write_bytes(data)
    settings = settings_of(backend)
    report = run(worker, backend, settings)
    assert not report.passed
    assert "not the original ones" in str(report.summary)
    assert (report.chosen, settings.get("precision.mlx")) == ("", "auto")


def test_another_model_leaves_no_verdict(
    worker: WorkerProcess, backend: SelfTestedBackend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(BEHAVIOUR, "float32 fails")
    assert not run(worker, backend, settings_of(backend), model=str(tmp_path / "starter")).passed
    assert Verdicts().failure(backend, "float32") is None


def test_what_a_cancelled_run_found_is_kept(worker: WorkerProcess, backend: SelfTestedBackend) -> None:
    translated: list[object] = []
    with pytest.raises(GenerationCancelled):
        self_test(worker, backend, settings_of(backend), lambda: len(translated) > 1, on_progress=translated.append)
    assert due(backend, settings_of(backend)) in (ALL[1:], ALL[2:])  # the second may end before it hears of the cancel


def test_missing_references_are_told(worker: WorkerProcess, backend: SelfTestedBackend, tmp_path: Path) -> None:
    (tmp_path / "selftest" / "references.safetensors").unlink()
    with pytest.raises(UserError, match="cannot be used"):
        run(worker, backend, settings_of(backend))
    assert due(backend, settings_of(backend)) == ALL


def test_a_new_version_makes_it_due_again(backend: SelfTestedBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    Verdicts().put(backend, "float32", "")
    assert "float32" not in due(backend, settings_of(backend))
    monkeypatch.setattr("app.backends.selftest.verdicts.fingerprint", lambda backend: "mlx 99")
    assert "float32" in due(backend, settings_of(backend))


def test_only_what_may_be_used_is_due(backend: SelfTestedBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = settings_of(backend)
    settings.set("precision.mlx", "8bit")
    assert due(backend, settings) == ("8bit", "float32")
    settings.set("precision.mlx", "auto")
    monkeypatch.setattr(backend, "device", "cpu")
    assert due(backend, settings) == ("float32",)


def test_a_failed_precision_shows_in_the_backends_status(backend: SelfTestedBackend) -> None:
    registry = Registry({"mlx": backend}, settings_of(backend))
    backend.device = "cpu"
    assert "self-test" not in str(registry.status(backend).reason)
    Verdicts().put(backend, "float32", "the layer x is off")
    status = registry.status(backend)
    assert status.ready
    assert "self-test failed in full precision" in str(status.reason)
    assert status.remedy


def test_the_engine_tests_a_backend_by_itself_after_its_first_job(
    qtbot: QtBot, home: Path, tmp_path: Path, worker: WorkerProcess, backend: SelfTestedBackend,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv(BEHAVIOUR, "4bit fails")
    settings = settings_of(backend)
    gallery = Gallery(tmp_path / "Pictures", home / "gallery.sqlite")
    registry = Registry({"mlx": backend}, settings)
    engine = Engine(Session(settings, Store(settings), registry, Ledger(), gallery, worker), home / "queue.json")
    engine.start()
    told: list[UserError] = []
    engine.problem.connect(told.append)
    request = GenerationRequest("a cat", seed=1, width=64, height=64, backend="mlx")
    with qtbot.waitSignal(engine.selfTested, timeout=20_000) as signal:
        engine.submit(request)
    assert not signal.args[0].passed
    assert settings.get("precision.mlx") == "8bit"
    qtbot.waitUntil(lambda: bool(told), timeout=5_000)
    assert BROKEN in str(told[0].message)
    with qtbot.waitSignal(engine.jobEnded, timeout=20_000):
        engine.submit(request)
    with qtbot.assertNotEmitted(engine.selfTested, wait=500):
        pass
    engine.shutdown()
