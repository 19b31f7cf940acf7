"""The window with endpoints of one's own that come and go, against the stand-ins."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from app.backends.cloud.endpoints import EndpointBackend
from app.backends.cloud.pending import Entry
from app.composition import open_session
from app.core.request import GenerationRequest
from app.engine.engine import Engine
from app.library import paths, secrets
from app.library.endpoints import Endpoint, Kind
from app.ui.main_window import MainWindow
from app.ui.settings.dialog import SettingsDialog
from tests.gui.conftest import close
from tests.servers.endpoints import EndpointServer

KEY = "a-secret-key-123"


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(secrets, "_memory", secrets._Memory())
    monkeypatch.setattr(secrets, "_keychain", lambda: None)
    monkeypatch.setenv("MY_KEY", KEY)
    yield
    for name in [name for name in secrets.VARIABLES if "@" in name]:
        secrets.undeclare(name)


@pytest.fixture
def server() -> Iterator[EndpointServer]:
    with EndpointServer("fal", KEY) as server:
        yield server
        assert server.leaks == []


@contextmanager
def opened() -> Iterator[MainWindow]:
    """The window from a start of the app to its end."""
    engine = Engine(open_session(in_window=True), paths.queue_file())
    window = MainWindow(engine)
    window.show()
    try:
        yield window
    finally:
        close(window)


def choices(window: MainWindow) -> list[str]:
    box = window.findChild(QComboBox, "backendBox")
    assert box is not None
    return [str(box.itemData(row)) for row in range(box.count())]


def generate(qtbot: QtBot, window: MainWindow, prompt: str) -> None:
    window.panel.choice.choose("mine", "fal-ai/sana")
    edit = window.findChild(QPlainTextEdit, "promptEdit")
    button = window.findChild(QPushButton, "generateButton")
    assert edit is not None
    assert button is not None
    qtbot.keyClicks(edit, prompt)
    qtbot.waitUntil(button.isEnabled, timeout=10_000)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_an_endpoint_with_pictures_under_way_keeps_its_host(qtbot: QtBot, server: EndpointServer) -> None:
    with opened() as window:
        endpoints = window.engine.session.endpoints
        endpoints.add(Endpoint("mine", Kind.FAL, server.url, "MY_KEY"))
        backend = window.engine.registry.backends["mine"]
        assert isinstance(backend, EndpointBackend)
        request = GenerationRequest("a kite", model="fal-ai/sana", seed=1, backend="mine")
        entry = backend._pending.add(Entry(request, "", {}, prediction="one"))
        window.open_settings("Endpoints")
        dialog = window.findChild(SettingsDialog, "settingsDialog")
        assert dialog is not None
        form = dialog.endpoints.form
        edit = dialog.findChild(QPushButton, "editEndpointButton")
        assert edit is not None
        qtbot.mouseClick(edit, Qt.MouseButton.LeftButton)
        form.url.selectAll()
        qtbot.keyClicks(form.url, "https://queue.fal.run")
        qtbot.mouseClick(form.save, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: "still under way" in form.status.text())
        assert endpoints.get("mine").url == server.url
        backend._pending.remove(entry)
        qtbot.mouseClick(form.save, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: endpoints.get("mine").url == "https://queue.fal.run")


def test_an_endpoint_that_is_added_makes_a_picture_and_goes_when_it_is_removed(
    qtbot: QtBot, server: EndpointServer
) -> None:
    with opened() as window:
        endpoints = window.engine.session.endpoints
        window.engine.start()
        window.open_settings("Backends")  # an open page must not mind
        assert "mine" not in choices(window)
        window.panel.choice.choose("torch", "starter")
        endpoints.add(Endpoint("mine", Kind.FAL, server.url, "MY_KEY"))
        qtbot.waitUntil(lambda: "mine" in choices(window))
        assert window.panel.choice.backend() == "torch", "what is chosen stays"
        default = window.findChild(QComboBox, "default_backendSetting")
        assert default is not None
        qtbot.waitUntil(lambda: default.findData("mine") > 0)
        window.engine.settings.set("default_backend", "mine")
        assert default.currentData() == "mine"
        with qtbot.waitSignal(window.engine.generated, timeout=30_000) as generated:
            generate(qtbot, window, "a red kite")
        assert generated.args[1].provenance.backend == "mine"
        assert server.bodies()[0]["prompt"] == "a red kite"
        qtbot.waitUntil(lambda: not window.engine.jobs(), timeout=10_000)
        endpoints.remove("mine")
        qtbot.waitUntil(lambda: "mine" not in choices(window))
        assert window.panel.choice.backend() == "auto"
        assert (default.currentData(), default.findData("mine")) == ("auto", -1)
        first, *_ = window.engine.settings.declared("Backends")
        assert first.key == "default_backend"


def test_a_picture_under_way_at_the_end_is_there_after_the_next_start(qtbot: QtBot, server: EndpointServer) -> None:
    server.takes = 3.0
    with opened() as window:
        window.engine.start()
        window.engine.session.endpoints.add(Endpoint("mine", Kind.FAL, server.url, "MY_KEY"))
        generate(qtbot, window, "a blue kite")
        qtbot.waitUntil(lambda: bool(server.paths("status")), timeout=30_000)
    assert not list(paths.pictures().glob("*.png"))
    server.takes = 0
    with opened() as window:
        with qtbot.waitSignal(window.engine.generated, timeout=30_000):
            window.engine.start()
        qtbot.waitUntil(lambda: not window.engine.jobs(), timeout=10_000)
    assert len(list(paths.pictures().glob("*.png"))) == 1
    assert len(server.paths()) == 1
