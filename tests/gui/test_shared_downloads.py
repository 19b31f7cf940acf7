"""Two models of the hub that have parts in common, downloaded through the window from a stand-in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.core.events import CancelCheck
from app.library.models.checkpoint.checkpoint import Checkpoint
from app.library.models.model import ModelState
from app.ui.main_window import MainWindow
from app.ui.settings.models.model_row import ModelRow
from tests.backends.random_checkpoint import write_checkpoint as random_checkpoint
from tests.checkpoints import write_checkpoint
from tests.gui.doubles import STARTER, ScriptedBackend
from tests.servers.hub import HubServer

MODELS = {
    "sana-0.6b-512": "Efficient-Large-Model/Sana_600M_512px_diffusers",
    "sana-0.6b-1024": "Efficient-Large-Model/Sana_600M_1024px_diffusers",
}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[HubServer]:
    with HubServer() as server:
        monkeypatch.setenv("HF_ENDPOINT", server.url)
        for repo in MODELS.values():
            server.serve(repo, write_checkpoint(tmp_path / "source", variants=("fp16",), size=400))
        yield server


def download(qtbot: QtBot, window: MainWindow, row: ModelRow, model: str) -> None:
    for name in ("downloadButton", "agreeButton"):
        press(qtbot, row, name)
    qtbot.waitUntil(lambda: window.models.state(model) is ModelState.READY, timeout=30_000)
    qtbot.waitUntil(lambda: window.downloads.state(model) is None)


def test_the_page_says_what_models_share(qtbot: QtBot, server: HubServer, window: MainWindow) -> None:
    window.open_settings("Models")
    assert window._settings_dialog is not None
    page = window._settings_dialog.models
    shared = page.findChild(QLabel, "sharedPartsLabel")
    assert isinstance(shared, QLabel)
    assert not shared.isVisible()
    for model in MODELS:
        download(qtbot, window, page.rows[model], model)
    qtbot.waitUntil(shared.isVisible)
    assert "Text encoder shared by 2 models" in shared.text()
    assert "Sana 0.6B, 512 px, Sana 0.6B, 1024 px" in shared.toolTip()


class PackingBackend(ScriptedBackend):
    """Has few bits; the work itself is done by the real one, in a process of its own."""

    packing = ("4bit",)

    def pack(self, checkpoint: Checkpoint, precision: str, folder: Path, cancel: CancelCheck) -> None:
        pytest.fail("the window's process must not do it")


def test_a_model_is_kept_in_few_bits_after_a_question(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, make_window: Callable[..., MainWindow]
) -> None:
    model, other = MODELS
    window = make_window(PackingBackend(models={model: STARTER}))
    with HubServer() as server:
        monkeypatch.setenv("HF_ENDPOINT", server.url)
        server.serve(MODELS[model], random_checkpoint(tmp_path / "source"))
        window.open_settings("Models")
        assert window._settings_dialog is not None
        page = window._settings_dialog.models
        row = page.rows[model]
        download(qtbot, window, row, model)
        server.serve(MODELS[other], tmp_path / "source")
        download(qtbot, window, page.rows[other], other)
    qtbot.waitUntil(lambda: child(row, "compactButton").isVisible())
    assert not child(page.rows[other], "compactButton").isVisible(), "no backend that packs has it"
    press(qtbot, row, "compactButton")
    press(qtbot, row, "keep4bitButton")
    qtbot.waitUntil(lambda: bool(page.compacting.running))
    assert not child(row, "compactButton").isVisible()
    qtbot.waitUntil(lambda: not page.compacting.running, timeout=60_000)
    assert window.models.resolve(model)[1].packed == "4bit"
    state = row.findChild(QLabel, "modelStateLabel")
    assert isinstance(state, QLabel)
    assert state.text() == "Ready, kept in 4 bits for MLX"
    assert child(row, "downloadButton").text() == "Download the whole"
    assert not child(row, "compactButton").isVisible()


def child(row: ModelRow, name: str) -> QPushButton:
    button = row.findChild(QPushButton, name)
    assert isinstance(button, QPushButton)
    return button


def press(qtbot: QtBot, row: ModelRow, name: str) -> None:
    qtbot.mouseClick(child(row, name), Qt.MouseButton.LeftButton)
