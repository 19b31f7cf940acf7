"""Deleting and bringing back: what Undo is called, where its keys work, where the focus goes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from app.ui.controls import message_bar
from app.ui.gallery.files import progress
from app.ui.main_window import MainWindow

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def full(
    qtbot: QtBot, make_pictures: Callable[[int], list[Path]], make_window: Callable[..., MainWindow]
) -> MainWindow:
    make_pictures(4)
    window = make_window()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.gallery.setFocus()
    return window


def delete(qtbot: QtBot, window: MainWindow, count: int) -> None:
    before = window.model.pictures
    window.gallery.select(window.model.path_at(0))
    for _ in range(count - 1):
        qtbot.keyClick(window.gallery, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(window.gallery, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: window.bar.text.text().startswith(f"{count} picture") and window.bar.isVisible())
    assert window.model.pictures == before - count


def undo_title(window: MainWindow) -> str:
    return window.menus.actions["undo"].text()


def test_undo_is_called_by_what_it_takes_back(qtbot: QtBot, full: MainWindow) -> None:
    assert undo_title(full) == "Undo"
    delete(qtbot, full, 1)
    assert undo_title(full) == "Undo Delete of 1 Picture"
    full.bar.dismiss()
    delete(qtbot, full, 2)
    assert undo_title(full) == "Undo Delete of 2 Pictures"
    full.menus.actions["undo"].trigger()
    assert undo_title(full) == "Undo Delete of 1 Picture"
    full.menus.actions["undo"].trigger()
    assert undo_title(full) == "Undo"
    qtbot.waitUntil(lambda: full.model.pictures == 4)


def test_where_text_was_typed_undo_is_that_of_the_text(qtbot: QtBot, full: MainWindow) -> None:
    delete(qtbot, full, 1)
    full.header.search.setFocus()
    qtbot.keyClicks(full.header.search, "a")
    edit = next(
        menu for menu in full.menuBar().findChildren(QMenu) + full.findChildren(QMenu) if menu.title() == "Edit"
    )
    edit.aboutToShow.emit()
    assert undo_title(full) == "Undo"


@pytest.mark.parametrize("name", ["searchEdit", "promptEdit", "stepsBox", "seedBox"])
def test_a_field_without_typing_lets_undo_bring_the_pictures_back(qtbot: QtBot, full: MainWindow, name: str) -> None:
    delete(qtbot, full, 2)
    field = full.findChild(QWidget, name)
    assert field is not None
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: full.model.pictures == 4)


def test_typing_is_taken_back_before_pictures_are(qtbot: QtBot, full: MainWindow) -> None:
    delete(qtbot, full, 1)
    full.header.search.setFocus()
    qtbot.keyClicks(full.header.search, "house")
    qtbot.keyClick(full.header.search, Qt.Key.Key_Z, CONTROL)
    assert full.header.search.text() == ""
    assert full.model.pictures == 3
    qtbot.keyClick(full.header.search, Qt.Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: full.model.pictures == 4)


def test_after_deleting_all_no_key_does_anything_unasked(qtbot: QtBot, full: MainWindow) -> None:
    delete(qtbot, full, 4)
    qtbot.waitUntil(full.page.empty.isVisible)
    focus = QApplication.focusWidget()
    assert focus is full.page.empty
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Delete):
        qtbot.keyClick(focus, key)
    assert not full.engine.jobs()
    qtbot.keyClick(focus, Qt.Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: full.model.pictures == 4)
    assert full.gallery.hasFocus(), "the keys go on where they were"


def test_all_hits_of_a_search_are_deleted_and_come_back_by_the_keys(qtbot: QtBot, full: MainWindow) -> None:
    qtbot.mouseClick(full.header.search, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(full.header.search, "two")
    qtbot.waitUntil(lambda: full.model.pictures == 1)
    full.gallery.setFocus()
    delete(qtbot, full, 1)
    qtbot.waitUntil(full.page.empty.isVisible)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: full.model.pictures == 1)
    assert full.header.search.text() == "two"


def test_what_takes_long_tells_how_far_it_is(qtbot: QtBot, full: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    monkeypatch.setattr(progress, "INTERVAL", 0.0)
    told: list[str] = []
    show = message_bar.MessageBar.show_notice

    def note(bar: message_bar.MessageBar, text: Callable[[], str], *rest: object, **more: object) -> None:
        told.append(text())
        show(bar, text, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(message_bar.MessageBar, "show_notice", note)
    delete(qtbot, full, 4)
    assert told == [*(f"Deleting 4 pictures: {n} %" for n in (0, 25, 50, 75)), "4 pictures deleted"]
    told.clear()
    full.menus.actions["undo"].trigger()
    qtbot.waitUntil(lambda: full.model.pictures == 4)
    assert told == [f"Bringing back 4 pictures: {n} %" for n in (0, 25, 50, 75)]
    assert not full.bar.isVisible()


def test_what_is_being_deleted_is_not_found_again(qtbot: QtBot, full: MainWindow) -> None:
    paths = [full.model.path_at(0), full.model.path_at(2)]
    full.model.hide([path for path in paths if path])
    full.model.search(text="house")
    qtbot.waitUntil(lambda: full.model.shown.text == "house")
    assert full.model.pictures == 2
    full.model.unhide([path for path in paths if path])
    full.model.search(text="")
    qtbot.waitUntil(lambda: full.model.pictures == 4)


def test_undo_while_the_files_are_still_being_moved(
    qtbot: QtBot, full: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    gallery, go_on = full.engine.gallery, threading.Event()
    trash_all = gallery.trash_all

    def slow(*arguments: Any) -> Any:
        go_on.wait(10)
        return trash_all(*arguments)

    monkeypatch.setattr(gallery, "trash_all", slow)
    full.gallery.selectAll()
    qtbot.keyClick(full.gallery, Qt.Key.Key_Delete)
    assert full.model.pictures == 0
    assert undo_title(full) == "Undo Delete of 4 Pictures"
    qtbot.keyClick(full.page.empty, Qt.Key.Key_Z, CONTROL)
    assert undo_title(full) == "Undo"
    go_on.set()
    qtbot.waitUntil(lambda: full.model.pictures == 4)
    assert all(path.exists() for path in gallery.search())


def test_what_cannot_be_brought_back_is_called_by_name(qtbot: QtBot, full: MainWindow) -> None:
    paths = [full.model.path_at(row) for row in range(4)]
    delete(qtbot, full, 3)
    folder = full.engine.gallery.folder
    for path in paths[:2]:
        assert path is not None
        next((folder / ".trash").rglob(path.name)).unlink()
    full.menus.actions["undo"].trigger()
    qtbot.waitUntil(lambda: full.bar.remedy.isVisible())
    qtbot.waitUntil(lambda: full.model.index_of(paths[2]).isValid())  # the others are back
    assert full.model.pictures == 2
    told = f"{full.bar.text.text()} {full.bar.remedy.text()}"
    assert all(path is not None and path.name in told for path in paths[:2])


def test_what_cannot_be_deleted_stays_and_is_called_by_name(qtbot: QtBot, full: MainWindow) -> None:
    gone = full.model.path_at(1)
    assert gone is not None
    full.watch.close()
    gone.unlink()
    full.gallery.select(full.model.path_at(0))
    qtbot.keyClick(full.gallery, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(full.gallery, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: full.bar.remedy.isVisible())
    assert gone.name in full.bar.text.text()
    assert undo_title(full) == "Undo Delete of 1 Picture", "the other one is deleted"
