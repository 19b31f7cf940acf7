"""The window on the real Replicate backend, against the stand-in."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.backends.cloud.replicate import ReplicateBackend
from app.backends.registry import Registry
from app.engine.engine import Engine
from app.engine.session import Session
from app.library import paths
from app.library.models.store import Models
from app.library.pictures.gallery import Gallery
from app.library.settings import Settings
from app.library.spending import Ledger
from app.ui.main_window import MainWindow
from tests.gui.conftest import close
from tests.servers.replicate import ReplicateServer


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ReplicateServer]:
    with ReplicateServer() as server:
        monkeypatch.setenv("REPLICATE_BASE_URL", server.url)
        yield server
        assert server.leaks == []


@contextmanager
def opened(server: ReplicateServer) -> Iterator[MainWindow]:
    """The window from a start of the app to its end."""
    settings = Settings()
    backend = ReplicateBackend(lambda: server.token, settings, Ledger())
    gallery = Gallery(settings.pictures_folder(), paths.index_file())
    registry = Registry({backend.id: backend}, settings)
    engine = Engine(Session(settings, Models(settings), registry, Ledger(), gallery), paths.queue_file())
    window = MainWindow(engine)
    window.show()
    try:
        yield window
    finally:
        close(window)


def fill_in(window: MainWindow, prompt: str) -> None:
    window.panel.choice.choose("replicate", "nvidia/sana-sprint-1.6b")
    window.panel.prompt.replace(prompt)
    window.panel.size_field.set_size(256, 256)


def test_a_picture_its_cost_and_the_months_sum(qtbot: QtBot, server: ReplicateServer) -> None:
    version = server.models["nvidia/sana-sprint-1.6b"]["latest_version"]
    version["openapi_schema"]["components"]["schemas"]["Input"]["properties"]["inference_steps"]["default"] = 3
    with opened(server) as window:
        window.engine.start()
        fill_in(window, "a red kite")
        panel = window.panel
        assert not panel.negative_part.isVisibleTo(panel), "Sprint has no negative prompt"
        qtbot.waitUntil(lambda: panel.steps_box.value() == 3, timeout=20_000)
        qtbot.waitUntil(lambda: "about $" in panel.estimate.text())
        with qtbot.waitSignal(window.engine.generated, timeout=30_000) as generated:
            panel.generate()
        picture = generated.args[1]
        assert picture.provenance.cost > 0
        assert picture.provenance.prediction in server.predictions
        (sent,) = server.inputs()
        assert (sent["inference_steps"], sent["output_format"]) == (3, "png")
        window.open_settings("Cloud")
        spent = window.findChild(QLabel, "spentLabel")
        assert spent is not None
        qtbot.waitUntil(lambda: "for 1 picture" in spent.text())


def test_a_picture_under_way_at_the_end_is_there_after_the_next_start(qtbot: QtBot, server: ReplicateServer) -> None:
    go_on = threading.Event()
    server.plan(until=go_on.is_set)
    with opened(server) as window:
        window.engine.start()
        fill_in(window, "a blue kite")
        window.panel.generate()
        qtbot.waitUntil(lambda: bool(server.paths("get")), timeout=30_000)
    assert not list(paths.pictures().glob("*.png"))
    go_on.set()
    with opened(server) as window:
        with qtbot.waitSignal(window.engine.generated, timeout=30_000):
            window.engine.start()
        qtbot.waitUntil(lambda: not window.engine.jobs(), timeout=10_000)
    assert len(list(paths.pictures().glob("*.png"))) == 1
    assert len(server.paths("create")) == 1
