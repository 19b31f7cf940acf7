"""The viewer: open, walk, zoom, pan, close."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from app.ui.main_window import MainWindow
from app.ui.viewer import Viewer


@pytest.fixture
def viewer(qtbot: QtBot, make_pictures: Callable[[int], list[Path]], make_window: Callable[..., MainWindow]) -> Viewer:
    """The viewer, opened by the space bar on the second of three pictures."""
    make_pictures(3)
    window = make_window()
    window.gallery.setFocus()
    window.gallery.select(window.model.path_at(1))
    qtbot.keyClick(window.gallery, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: window.viewer.zoom_factor() > 1)  # 64 pixels, made larger to fit
    return window.viewer


def window_of(viewer: Viewer) -> MainWindow:
    window = viewer.window()
    assert isinstance(window, MainWindow)
    return window


def test_it_covers_the_window_and_takes_the_keys(qtbot: QtBot, viewer: Viewer) -> None:
    window = window_of(viewer)
    assert viewer.isVisible()
    assert viewer.hasFocus()
    assert viewer.path() == window.model.path_at(1)
    assert viewer.width() == window.width()
    qtbot.keyClick(viewer, Qt.Key.Key_Tab)
    assert viewer.hasFocus()
    window.resize(1000, 700)
    qtbot.waitUntil(lambda: viewer.width() == 1000)


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Escape])
def test_it_closes_and_gives_the_focus_back(qtbot: QtBot, viewer: Viewer, key: Qt.Key) -> None:
    qtbot.keyClick(viewer, key)
    assert not viewer.isVisible()
    assert window_of(viewer).gallery.hasFocus()


def test_arrow_keys_walk_and_stop_at_the_ends(qtbot: QtBot, viewer: Viewer) -> None:
    window = window_of(viewer)
    qtbot.keyClick(viewer, Qt.Key.Key_Right)
    assert viewer.path() == window.model.path_at(2)
    qtbot.keyClick(viewer, Qt.Key.Key_Right)
    assert viewer.path() == window.model.path_at(2)
    for _ in range(4):
        qtbot.keyClick(viewer, Qt.Key.Key_Left)
    assert viewer.path() == window.model.path_at(0)
    assert window.gallery.current() == window.model.path_at(0)


def test_zoom_and_pan(qtbot: QtBot, viewer: Viewer) -> None:
    fit = viewer.zoom_factor()
    qtbot.keyClick(viewer, Qt.Key.Key_1)
    assert viewer.zoom_factor() == 1
    qtbot.keyClick(viewer, Qt.Key.Key_0)
    assert viewer.zoom_factor() == fit
    for _ in range(20):
        qtbot.keyClick(viewer, Qt.Key.Key_Plus)
    assert viewer.zoom_factor() > fit
    largest = viewer.zoom_factor()
    before = viewer.grab().toImage()
    qtbot.mousePress(viewer, Qt.MouseButton.LeftButton, pos=QPoint(400, 300))
    qtbot.mouseMove(viewer, QPoint(300, 250))
    qtbot.mouseRelease(viewer, Qt.MouseButton.LeftButton, pos=QPoint(300, 250))
    assert viewer.zoom_factor() == largest
    assert before.size() == viewer.grab().toImage().size()
    qtbot.mouseDClick(viewer, Qt.MouseButton.LeftButton, pos=QPoint(300, 250))
    assert viewer.zoom_factor() == fit


def test_a_picture_that_is_gone_closes_it_with_a_message(qtbot: QtBot, viewer: Viewer) -> None:
    window = window_of(viewer)
    path = window.model.path_at(2)
    assert path is not None
    path.unlink()
    qtbot.keyClick(viewer, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: not viewer.isVisible())
    assert window.bar.isVisible()
