"""Pictures are rated with keys, in the inspector and from the menu; undo takes it back."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QImage
from pytestqt.qtbot import QtBot

from app.ui.controls.fields.rating_box import SIDE, RatingBox
from app.ui.gallery.pictures.model import RATING_ROLE
from app.ui.main_window import MainWindow
from tests.gui.doubles import ScriptedBackend

LEFT = Qt.MouseButton.LeftButton
PLAIN = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def full(make_pictures: Callable[[int], list[Path]], make_window: Callable[..., MainWindow]) -> MainWindow:
    make_pictures(3)
    window = make_window()
    window.activateWindow()
    return window


def stored(window: MainWindow) -> dict[str, int]:
    file = window.engine.gallery.folder / ".ratings.json"
    return json.loads(file.read_bytes()) if file.exists() else {}


def press(qtbot: QtBot, window: MainWindow, row: int, modifier: Qt.KeyboardModifier = PLAIN) -> None:
    where = window.gallery.visualRect(window.model.index(row)).center()
    qtbot.mouseClick(window.gallery.viewport(), LEFT, modifier, where)


def test_keys_rate_what_is_selected_and_undo_takes_it_back(qtbot: QtBot, full: MainWindow) -> None:
    press(qtbot, full, 0)
    qtbot.keyClick(full.gallery, Qt.Key.Key_4)
    name = full.model.path_at(0).name
    qtbot.waitUntil(lambda: stored(full) == {name: 4})
    assert full.model.index(0).data(RATING_ROLE) == 4
    assert full.inspector.rating.value() == 4
    assert "4 of 5 stars" in full.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    press(qtbot, full, 1, Qt.KeyboardModifier.ControlModifier)
    assert full.inspector.rating.value() == 0, "they differ"
    qtbot.keyClick(full.gallery, Qt.Key.Key_2)
    qtbot.waitUntil(lambda: set(stored(full).values()) == {2} and len(stored(full)) == 2)
    assert full.menus.undo_of_pictures() == "Undo Rating"
    full.menus.actions["undo"].trigger()
    qtbot.waitUntil(lambda: stored(full) == {name: 4})
    press(qtbot, full, 0)
    qtbot.keyClick(full.gallery, Qt.Key.Key_0)
    qtbot.waitUntil(lambda: stored(full) == {})
    assert full.model.index(0).data(RATING_ROLE) == 0


def test_the_box_in_the_inspector_takes_mouse_and_keys(qtbot: QtBot, full: MainWindow) -> None:
    press(qtbot, full, 2)
    box = full.findChild(RatingBox, "ratingBox")
    qtbot.waitUntil(box.isVisible)
    name = full.model.path_at(2).name
    qtbot.mouseClick(box, LEFT, pos=QPoint(3 + 2 * SIDE + 8, 12))
    qtbot.waitUntil(lambda: stored(full) == {name: 3})
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: stored(full) == {name: 4})
    qtbot.keyClick(box, Qt.Key.Key_1)
    qtbot.waitUntil(lambda: stored(full) == {name: 1})
    interface = QAccessible.queryAccessibleInterface(box)
    assert (interface.role(), interface.text(QAccessible.Text.Name)) == (QAccessible.Role.Slider, "Rating")
    assert interface.valueInterface().currentValue() == 1
    qtbot.mouseClick(box, LEFT, pos=QPoint(8, 12))
    qtbot.waitUntil(lambda: stored(full) == {})


def test_a_rating_is_seen_on_the_tile(qtbot: QtBot, full: MainWindow) -> None:
    press(qtbot, full, 0)
    tile = full.gallery.visualRect(full.model.index(1))

    def look() -> QImage:
        return full.gallery.viewport().grab(tile).toImage()

    before = look()
    full.model.set_ratings({full.model.path_at(1): 5})
    qtbot.waitUntil(lambda: len(stored(full)) == 1)
    assert look() != before


def test_a_failed_job_leaves_a_picture_selected(qtbot: QtBot, full: MainWindow, backend: ScriptedBackend) -> None:
    backend.fault, backend.fault_at = RuntimeError("broken"), 2
    full.gallery.clearSelection()
    full.panel.prompt.setPlainText("a tree")
    full.panel.generate()
    qtbot.waitUntil(lambda: full.bar.isVisible() and not full.model.in_work().isValid())
    qtbot.waitUntil(lambda: full.selection.paths() == [full.model.path_at(0)])
    qtbot.waitUntil(lambda: full.inspector.path == full.model.path_at(0))
