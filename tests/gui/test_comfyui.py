"""The window with a ComfyUI server: found while it runs, chosen, used, paused and gone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QPushButton
from pytestqt.qtbot import QtBot

from app.backends.base import Group
from app.backends.comfyui.backend import ComfyUIBackend
from app.backends.comfyui.workflow.folder import Workflows
from app.engine.jobs import JobState
from app.library.pictures import images
from app.library.settings import Settings
from app.ui.main_window import MainWindow
from app.ui.panel.model import servers
from tests.backends.comfyui.conftest import QUICK
from tests.gui.doubles import ScriptedBackend
from tests.servers.comfyui import ComfyServer


@pytest.fixture
def server() -> Iterator[ComfyServer]:
    with ComfyServer() as server:
        yield server


@pytest.fixture
def window(
    server: ComfyServer, make_window: Callable[..., MainWindow], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> MainWindow:
    monkeypatch.setattr(servers, "EVERY_MS", 100)
    monkeypatch.setattr(servers, "START_MS", 0)
    monkeypatch.setattr(servers, "_PAUSE", 0.05)
    settings = Settings()
    backend = ComfyUIBackend(settings, workflows=Workflows(tmp_path / "workflows"), timing=QUICK)
    settings.declare(*backend.settings)
    settings.set("comfyui_address", server.url)
    return make_window(ScriptedBackend(), backend)


def box(window: MainWindow, name: str) -> QComboBox:
    found = window.findChild(QComboBox, name)
    assert found is not None
    return found


def ready(window: MainWindow) -> bool:
    return window.engine.registry.backends["comfyui"].check().ready


def at_work(window: MainWindow) -> bool:
    """Whether the server has told of a step of the first job."""
    return any(job.progress is not None and job.progress.step > 0 for job in window.engine.jobs())


def generate(qtbot: QtBot, window: MainWindow, prompt: str = "a cat") -> Any:
    window.panel.choice.choose("comfyui", "")
    qtbot.waitUntil(lambda: box(window, "modelBox").currentText() == "tiny_sd15")
    window.panel.size_field.width_box.setValue(64)
    window.panel.size_field.height_box.setValue(64)
    qtbot.mouseClick(window.panel.prompt, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(window.panel.prompt, prompt)
    button = window.findChild(QPushButton, "generateButton")
    qtbot.waitUntil(button.isEnabled)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_server_that_runs_is_found_and_makes_a_picture(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: ready(window))
    assert window.engine.registry.backends["comfyui"].group is Group.MACHINE
    with qtbot.waitSignal(window.engine.generated, timeout=15_000) as made:
        generate(qtbot, window)
    saved = images.read(made.args[1].path)
    assert saved.request is not None
    assert (saved.request.backend, saved.request.model) == ("comfyui", "tiny_sd15.safetensors")


def test_what_the_server_has_is_seen_while_it_is_chosen(qtbot: QtBot, window: MainWindow, server: ComfyServer) -> None:
    window.panel.choice.choose("comfyui", "")
    models = box(window, "modelBox")
    qtbot.waitUntil(lambda: models.findText("tiny_sd15") >= 0)
    server.folders["checkpoints"].append("new.safetensors")
    qtbot.waitUntil(lambda: models.findText("new") >= 0)
    server.kill()
    qtbot.waitUntil(lambda: "not running" in window.panel.choice.note.text())
    server.restart()
    qtbot.waitUntil(lambda: models.findText("new") >= 0)


def test_a_pause_lets_the_picture_in_work_end(qtbot: QtBot, window: MainWindow, server: ComfyServer) -> None:
    qtbot.waitUntil(lambda: ready(window))
    window.panel.count.box.setValue(3)
    go: list[bool] = []
    server.plan(until=lambda: bool(go))
    generate(qtbot, window)
    qtbot.waitUntil(lambda: at_work(window), timeout=15_000)
    window.engine.pause()
    with qtbot.waitSignal(window.engine.generated, timeout=15_000):
        go.append(True)
    (job,) = window.engine.jobs()
    qtbot.waitUntil(lambda: window.engine.jobs()[0].state is JobState.WAITING)
    assert len(window.engine.jobs()[0].done) == 1, job
    assert len(server.orders) <= 2


def test_quitting_stops_the_job_there(qtbot: QtBot, window: MainWindow, server: ComfyServer) -> None:
    qtbot.waitUntil(lambda: ready(window))
    server.plan(until=lambda: False)
    generate(qtbot, window)
    qtbot.waitUntil(lambda: at_work(window), timeout=15_000)
    window.engine.shutdown()
    qtbot.waitUntil(lambda: server._running is None)
    assert server.interrupted[0] == server.orders[0]["prompt_id"]
