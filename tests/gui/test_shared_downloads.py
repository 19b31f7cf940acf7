"""Two models of the hub that have parts in common, downloaded through the window from a stand-in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.library.models.model import ModelState
from app.ui.main_window import MainWindow
from app.ui.settings.models.model_row import ModelRow
from tests.checkpoints import write_checkpoint
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
        button = row.findChild(QPushButton, name)
        assert button is not None
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
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
