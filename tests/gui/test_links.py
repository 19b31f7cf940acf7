"""Links of the app's own scheme: they fill the panel and ask."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app import main as start
from app.ui.main_window import MainWindow
from tests.gui.doubles import ScriptedBackend

LINK = "sana-studio://generate?prompt=a%20red%20boat&steps=7&seed=12&width=256&height=512&count=2"


def test_a_link_fills_the_panel_and_asks_before_it_generates(
    qtbot: QtBot, window: MainWindow, backend: ScriptedBackend
) -> None:
    window.panel.negative.replace("fog")
    window.links.open(LINK)
    request = window.panel.request()
    assert (request.prompt, request.steps, request.seed, request.count) == ("a red boat", 7, 12, 2)
    assert (request.width, request.height) == (256, 512)
    assert request.negative == "fog", "what the link says nothing of stays"
    assert "a red boat" in window.bar.text.text()
    qtbot.wait(50)
    assert window.engine.jobs() == ()
    assert not backend.generated
    qtbot.mouseClick(window.bar.action, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.model.pictures == 2)
    assert backend.generated[0].prompt == "a red boat"


def test_a_link_that_makes_no_sense_changes_nothing(window: MainWindow) -> None:
    window.panel.prompt.replace("mine")
    before = window.panel.request()
    window.links.open("sana-studio://generate?prompt=other&steps=9999")
    assert window.panel.request() == before
    assert "9999" in window.bar.text.text()
    assert window.bar.remedy.text()


def test_a_model_that_is_not_here_is_told(window: MainWindow) -> None:
    window.links.open("sana-studio://generate?prompt=a%20boat&model=someone/else")
    assert "not on this machine" in window.bar.text.text()


def test_the_systems_event_brings_the_link() -> None:
    """In a process of its own: there is one application object only."""
    script = f"""
from PySide6.QtCore import QUrl
from PySide6.QtGui import QFileOpenEvent
from app.platform.application import Application
app = Application([])
links, files = [], []
app.linkOpened.connect(links.append)
app.fileOpened.connect(files.append)
app.event(QFileOpenEvent(QUrl({LINK!r})))
app.event(QFileOpenEvent(QUrl.fromLocalFile("/tmp/a b.png")))
assert links == [{LINK!r}], links
assert [str(file) for file in files] == ["/tmp/a b.png"], files
"""
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


def test_an_argument_may_be_a_link_or_the_address_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = tmp_path / "a b.png"
    picture.write_bytes(b"")
    opened: list[list[str]] = []
    monkeypatch.setattr(start, "has_display", lambda: True)
    monkeypatch.setattr("app.window.main", lambda files: opened.append(list(files)) or 0)
    assert start.main([LINK, picture.as_uri(), str(picture)]) == 0
    assert opened == [[LINK, str(picture), str(picture)]]
