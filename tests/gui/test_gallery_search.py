"""A search shows its hits from the top, and what is selected stays so where it is one of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.ui.main_window import MainWindow

LEFT, CONTROL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def full(make_pictures: Callable[[int], list[Path]], make_window: Callable[..., MainWindow]) -> MainWindow:
    """Six pictures, each as wide as the gallery."""
    make_pictures(6)
    window = make_window()
    window.gallery.set_tile_size(600)
    return window


def type_search(qtbot: QtBot, window: MainWindow, text: str, hits: int) -> None:
    qtbot.mouseClick(window.header.search, LEFT)
    window.header.search.selectAll()
    qtbot.keyClicks(window.header.search, text)
    qtbot.waitUntil(lambda: window.model.shown.text == text)
    assert window.model.pictures == hits


def test_a_search_begins_at_the_top(qtbot: QtBot, full: MainWindow) -> None:
    bar = full.gallery.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    bar.setValue(bar.maximum())
    type_search(qtbot, full, "house", 6)
    assert bar.value() == 0
    bar.setValue(bar.maximum())
    full.header.clear()
    qtbot.waitUntil(lambda: full.model.shown.text == "")
    assert bar.value() == 0


def test_what_is_found_stays_selected(qtbot: QtBot, full: MainWindow) -> None:
    full.gallery.set_tile_size(200)
    paths = [full.model.path_at(row) for row in (1, 3)]
    for row, modifier in ((1, Qt.KeyboardModifier.NoModifier), (3, CONTROL)):
        where = full.gallery.visualRect(full.model.index(row)).center()
        qtbot.mouseClick(full.gallery.viewport(), LEFT, modifier, where)
    assert full.selection.paths() == paths
    type_search(qtbot, full, "house", 6)
    assert full.selection.paths() == paths
    type_search(qtbot, full, "two", 1)
    assert full.selection.paths() == [paths[1]]
    qtbot.waitUntil(lambda: full.inspector.path == paths[1])


def test_the_first_hit_is_selected_where_what_was_selected_is_none(qtbot: QtBot, full: MainWindow) -> None:
    full.gallery.select(full.model.path_at(0))
    type_search(qtbot, full, "two", 1)
    assert full.selection.paths() == [full.model.path_at(0)]
    qtbot.waitUntil(lambda: full.inspector.path == full.model.path_at(0))


def test_a_search_selects_nothing_where_nothing_was_selected(qtbot: QtBot, full: MainWindow) -> None:
    type_search(qtbot, full, "two", 1)
    assert full.selection.paths() == []


def test_pictures_that_go_and_come_leave_selection_and_place(qtbot: QtBot, full: MainWindow) -> None:
    full.gallery.select(full.model.path_at(3))
    path, bar = full.gallery.current(), full.gallery.verticalScrollBar()
    top = full.gallery.visualRect(full.gallery.currentIndex()).top()
    assert bar.value() > 0
    for gone in (full.model.path_at(0), full.model.path_at(5)):
        assert gone is not None
        gone.unlink()
    full.model.rescan()
    qtbot.waitUntil(lambda: full.model.pictures == 4)
    assert full.selection.paths() == [path]
    assert full.gallery.visualRect(full.gallery.currentIndex()).top() == pytest.approx(top, abs=2)
