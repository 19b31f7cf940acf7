"""Every test has a home of its own, no display and no network credentials of the user."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.kept_worker import KeptWorker

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Two test processes with two threads each on two cores wait for each other spinning: seen to take twenty times as long.
os.environ["OMP_NUM_THREADS"] = "1" if "PYTEST_XDIST_WORKER" in os.environ else "2"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"


def pytest_collection_finish() -> None:
    """What was imported stays: the collector looks at it no more, which takes it 0.2 s each time with torch."""
    gc.freeze()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh SANA_STUDIO_HOME; keys of the user's environment are hidden."""
    folder = tmp_path / "home"
    monkeypatch.setenv("SANA_STUDIO_HOME", str(folder))
    monkeypatch.setenv("HF_HOME", str(tmp_path / "huggingface"))
    for name in (
        "REPLICATE_API_TOKEN",
        "REPLICATE_BASE_URL",
        "HF_TOKEN",
        "HF_ENDPOINT",
        "HF_HUB_OFFLINE",
        "COMFYUI_HEADERS",
    ):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture(scope="session")
def qapp_cls() -> type:
    """The class of the Qt application that pytest-qt makes."""
    from app.platform.application import Application

    return Application


@pytest.fixture(scope="session")
def kept_worker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeptWorker]:
    """One worker process for many commands, with a home of its own: to start one takes longer than what they test."""
    from app.engine.worker_process import WorkerProcess
    from tests.kept_worker import KeptWorker

    worker = KeptWorker()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SANA_STUDIO_HOME", str(tmp_path_factory.mktemp("worker")))
        worker.prepare("torch")
    yield worker
    WorkerProcess.stop(worker)


@pytest.fixture
def warm(kept_worker: KeptWorker, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands of this test share a worker with others. It does not see the settings of the test's own home."""
    monkeypatch.setattr("app.composition.WorkerProcess", lambda **_: kept_worker)
