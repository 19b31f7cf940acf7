"""A clip that begins with a picture of the gallery: the model for it is chosen, and the rest is prepared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.core.request import Role
from app.ui.main_window import MainWindow
from app.ui.settings.dialog import SettingsDialog
from tests.gui.clips import MOTION, Cinema
from tests.gui.doubles import ScriptedBackend
from tests.gui.test_clips import save_clip

LEFT = Qt.MouseButton.LeftButton
KEYS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


class Cinemas(Cinema):
    """Has two models for clips; the first one knows few things."""

    def __init__(self) -> None:
        super().__init__()
        self.offered = {"few": replace(MOTION, knows="Boats only."), "motion": MOTION}


@pytest.fixture
def picture(make_pictures: Callable[[int], list[Path]]) -> Path:
    return make_pictures(1)[0]


def pick(qtbot: QtBot, window: MainWindow, path: Path) -> None:
    place = window.gallery.visualRect(window.model.index_of(path)).center()
    qtbot.mouseClick(window.gallery.viewport(), LEFT, pos=place)
    qtbot.waitUntil(lambda: window.selection.picture is not None and window.selection.picture.path == path)


def test_a_clip_begins_with_a_picture_of_the_gallery(
    qtbot: QtBot, make_window: Callable[..., MainWindow], picture: Path
) -> None:
    window = make_window(ScriptedBackend(), Cinemas())
    window.panel.choice.choose("torch", "starter")
    window.panel.prompt.setPlainText("something else")
    pick(qtbot, window, picture)
    qtbot.keyClick(window, Qt.Key.Key_U, KEYS)
    request, known = window.panel.request(), window.selection.request()
    start = request.input(Role.INIT)
    assert start is not None
    assert known is not None
    assert Path(start.path) == picture
    assert (request.model, request.frames, request.prompt) == ("motion", 81, known.prompt)
    assert (request.width, request.height) == (128, 128), "the model's own size, in the picture's shape"
    assert window.panel.prompt.hasFocus(), "what happens is asked for next"


def test_a_chosen_model_that_does_it_stays(qtbot: QtBot, make_window: Callable[..., MainWindow], picture: Path) -> None:
    window = make_window(ScriptedBackend(), Cinemas())
    window.panel.choice.choose("cinema", "few")
    pick(qtbot, window, picture)
    qtbot.keyClick(window, Qt.Key.Key_U, KEYS)
    assert (window.panel.request().model, window.panel.request().backend) == ("few", "cinema")
    assert window.panel.request().input(Role.INIT) is not None


def test_where_no_model_does_it_that_is_said(
    qtbot: QtBot, make_window: Callable[..., MainWindow], picture: Path
) -> None:
    window = make_window(ScriptedBackend(), Cinema(replace(MOTION, inputs=())))
    window.panel.choice.choose("torch", "starter")
    pick(qtbot, window, picture)
    qtbot.keyClick(window, Qt.Key.Key_U, KEYS)
    assert "No model on this machine makes clips from a picture." in window.bar.text.text()
    assert (window.panel.request().model, window.panel.request().inputs) == ("starter", ())
    more = window.bar.action
    assert isinstance(more, QPushButton)
    qtbot.mouseClick(more, LEFT)
    dialog = window.findChild(SettingsDialog)
    assert dialog is not None
    qtbot.waitUntil(dialog.models.isVisible)


def test_it_is_offered_for_one_picture_and_for_no_clip(
    qtbot: QtBot, make_window: Callable[..., MainWindow], picture: Path
) -> None:
    clip = save_clip()
    window = make_window(ScriptedBackend(), Cinema())
    animate = window.menus.actions["animate"]
    qtbot.waitUntil(lambda: window.model.index_of(clip).isValid())
    pick(qtbot, window, clip)
    assert not animate.isVisible()
    pick(qtbot, window, picture)
    assert (animate.isVisible(), animate.isEnabled()) == (True, True)
    qtbot.keyClick(window.gallery, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: not animate.isEnabled())
