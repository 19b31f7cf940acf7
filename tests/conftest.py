"""Every test has a home of its own, no display and no network credentials of the user."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Two test processes with two threads each on two cores wait for each other spinning: seen to take twenty times as long.
os.environ["OMP_NUM_THREADS"] = "1" if "PYTEST_XDIST_WORKER" in os.environ else "2"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh SANA_STUDIO_HOME; keys of the user's environment are hidden."""
    folder = tmp_path / "home"
    monkeypatch.setenv("SANA_STUDIO_HOME", str(folder))
    monkeypatch.setenv("HF_HOME", str(tmp_path / "huggingface"))
    for name in ("REPLICATE_API_TOKEN", "REPLICATE_BASE_URL", "HF_TOKEN", "HF_ENDPOINT", "HF_HUB_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture(scope="session")
def qapp_cls() -> type:
    """The class of the Qt application that pytest-qt makes."""
    from app.platform.application import Application

    return Application
