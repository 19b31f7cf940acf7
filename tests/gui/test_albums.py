"""Albums in the sidebar: pictures are dragged in with the mouse, and albums are made, renamed and deleted."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from app.library.pictures.index.query import Sort
from app.ui.gallery.browsing.album_list import AlbumList
from app.ui.main_window import MainWindow

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def full(make_pictures: Callable[[int], list[Path]], make_window: Callable[..., MainWindow]) -> MainWindow:
    make_pictures(4)
    window = make_window()
    window.activateWindow()
    return window


def stored(window: MainWindow) -> dict[str, list[str]]:
    file = window.engine.gallery.folder / ".albums.json"
    return json.loads(file.read_bytes()) if file.exists() else {}


def albums(window: MainWindow) -> AlbumList:
    found = window.findChild(AlbumList, "albumList")
    assert found is not None
    return found


def rows(window: MainWindow) -> list[str]:
    return [albums(window).item(row).text() for row in range(albums(window).count())]


def choose(qtbot: QtBot, window: MainWindow, row: int) -> None:
    where = albums(window).visualItemRect(albums(window).item(row)).center()
    qtbot.mouseClick(albums(window).viewport(), LEFT, pos=where)


def drop(window: MainWindow, paths: list[Path], where: QPoint) -> bool:
    """What a drag does once the mouse is over the list; the way there is tried under X11."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    none, viewport = Qt.KeyboardModifier.NoModifier, albums(window).viewport()
    enter = QDragEnterEvent(where, Qt.DropAction.CopyAction, data, LEFT, none)
    QApplication.sendEvent(viewport, enter)
    event = QDropEvent(QPointF(where), Qt.DropAction.CopyAction, data, LEFT, none)
    QApplication.sendEvent(viewport, event)
    return event.isAccepted()


def make_album(qtbot: QtBot, window: MainWindow, name: str) -> None:
    qtbot.mouseClick(window.page.sidebar.new_button, LEFT)
    qtbot.waitUntil(lambda: albums(window).findChild(QLineEdit) is not None)
    editor = albums(window).findChild(QLineEdit)
    editor.selectAll()
    qtbot.keyClicks(editor, name)
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: name in stored(window))
    qtbot.waitUntil(lambda: name in rows(window) and window.model.shown.album == name)


def test_an_album_from_its_making_to_its_end(qtbot: QtBot, full: MainWindow) -> None:
    assert rows(full) == ["All pictures", "Favourites"]
    make_album(qtbot, full, "Boats")
    assert full.model.pictures == 0
    choose(qtbot, full, 0)
    qtbot.waitUntil(lambda: full.model.pictures == 4)
    one, two = full.model.path_at(1), full.model.path_at(3)
    assert drop(full, [one, two], albums(full).visualItemRect(albums(full).item(2)).center())
    qtbot.waitUntil(lambda: stored(full) == {"Boats": [one.name, two.name]})
    choose(qtbot, full, 2)
    qtbot.waitUntil(lambda: [full.model.path_at(row) for row in range(full.model.pictures)] == [one, two])
    full.gallery.select(one)
    full.menus.actions["remove_from_album"].trigger()
    qtbot.waitUntil(lambda: full.model.pictures == 1)
    assert one.exists()
    full.menus.actions["undo"].trigger()
    qtbot.waitUntil(lambda: full.model.pictures == 2)
    albums(full).setFocus()
    qtbot.keyClick(albums(full), Qt.Key.Key_F2)
    editor = albums(full).findChild(QLineEdit)
    qtbot.keyClicks(editor, "Ships")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: list(stored(full)) == ["Ships"])
    qtbot.waitUntil(lambda: full.model.shown.album == "Ships" and full.model.pictures == 2)
    qtbot.keyClick(albums(full), Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: stored(full) == {} and full.model.pictures == 4)
    qtbot.waitUntil(lambda: rows(full) == ["All pictures", "Favourites"])
    full.menus.actions["undo"].trigger()
    qtbot.waitUntil(lambda: rows(full) == ["All pictures", "Favourites", "Ships"])
    assert set(stored(full)["Ships"]) == {one.name, two.name}


def test_dropped_on_the_room_beneath_they_make_an_album(qtbot: QtBot, full: MainWindow) -> None:
    path = full.model.path_at(0)
    assert drop(full, [path], QPoint(40, albums(full).viewport().height() - 5))
    qtbot.waitUntil(lambda: stored(full) == {"New album": [path.name]})


def test_dropped_on_favourites_they_get_the_star(qtbot: QtBot, full: MainWindow) -> None:
    path = full.model.path_at(2)
    assert drop(full, [path], albums(full).visualItemRect(albums(full).item(1)).center())
    qtbot.waitUntil(lambda: full.engine.gallery.favourite(path))
    choose(qtbot, full, 1)
    qtbot.waitUntil(lambda: full.model.pictures == 1)
    assert full.header.filter.value() == 1
    full.header.filter.set_value(0)
    qtbot.waitUntil(lambda: full.model.pictures == 4)
    assert albums(full).currentRow() == 0


def test_files_from_elsewhere_and_all_pictures_take_nothing(qtbot: QtBot, full: MainWindow, tmp_path: Path) -> None:
    drop(full, [full.model.path_at(0)], albums(full).visualItemRect(albums(full).item(0)).center())
    drop(full, [tmp_path / "other.png"], QPoint(40, albums(full).viewport().height() - 5))
    qtbot.wait(200)
    assert stored(full) == {}
    assert rows(full) == ["All pictures", "Favourites"]


def test_a_name_that_is_taken_is_refused(qtbot: QtBot, full: MainWindow) -> None:
    make_album(qtbot, full, "Boats")
    make_album(qtbot, full, "Trees")
    albums(full).setFocus()
    qtbot.keyClick(albums(full), Qt.Key.Key_F2)
    editor = albums(full).findChild(QLineEdit)
    qtbot.keyClicks(editor, "boats")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "already" in full.bar.text.text())
    assert rows(full)[2:] == ["Boats", "Trees"]


def test_there_is_room_for_the_pictures_in_a_small_window(qtbot: QtBot, full: MainWindow) -> None:
    assert albums(full).isVisible()
    full.resize(900, 600)
    qtbot.waitUntil(lambda: not albums(full).isVisible())
    qtbot.mouseClick(full.header.sidebar_button, LEFT)
    assert albums(full).isVisible()
    assert full.gallery.width() >= 150
    qtbot.mouseClick(full.header.sidebar_button, LEFT)
    assert not albums(full).isVisible()


def test_the_order_is_chosen_and_remembered(
    qtbot: QtBot, full: MainWindow, make_window: Callable[..., MainWindow]
) -> None:
    order = full.browsing.order
    before = [full.model.path_at(row) for row in range(4)]
    order.ascending.trigger()
    qtbot.waitUntil(lambda: [full.model.path_at(row) for row in range(4)] == before[::-1])
    order.sorts[Sort.NAME].trigger()
    qtbot.waitUntil(lambda: [full.model.path_at(row) for row in range(4)] == sorted(before))
    full._save()
    again = make_window()
    assert [again.model.path_at(row) for row in range(4)] == sorted(before)
    assert again.browsing.order.sorts[Sort.NAME].isChecked()


def test_the_menu_says_whether_it_hides_or_shows_the_albums(qtbot: QtBot, full: MainWindow) -> None:
    action = full.menus.actions["albums"]
    assert albums(full).isVisible()
    assert action.text() == "Hide the Albums"
    qtbot.mouseClick(full.header.sidebar_button, LEFT)
    assert not albums(full).isVisible()
    assert action.text() == "Show the Albums"
    action.trigger()
    assert albums(full).isVisible()
    assert action.text() == "Hide the Albums"


def test_no_message_moves_an_album_from_under_the_mouse(qtbot: QtBot, full: MainWindow) -> None:
    place = albums(full).mapTo(full, QPoint())
    full.bar.show_notice(lambda: "Something to tell")
    full.page.filtered.show()
    qtbot.waitUntil(full.bar.isVisible)
    qtbot.wait(20)
    assert albums(full).isVisible()
    assert albums(full).mapTo(full, QPoint()) == place
    full.resize(900, 600)
    full.page.want_sidebar(True)
    qtbot.wait(20)
    assert full.bar.width() > 0.8 * full.page.width(), "where it is narrow, a message has all of the width"


def test_filters_are_seen_and_taken_away_with_one_click(qtbot: QtBot, full: MainWindow) -> None:
    full.model.set_ratings({full.model.path_at(1): 4})
    assert not full.page.filtered.isVisible()
    qtbot.mouseClick(full.header.filter_button, LEFT)
    popover = full.browsing.filters
    qtbot.waitUntil(popover.isVisible)
    assert popover.model.findData("Sana Starter") > 0
    popover.rating.select(3)
    qtbot.waitUntil(lambda: full.model.pictures == 1)
    popover.hide()
    assert full.page.filtered.isVisible()
    assert full.header.filter_button.isChecked()
    qtbot.keyClicks(full.header.search, "nothing like this")
    qtbot.waitUntil(lambda: full.model.pictures == 0)
    full.header.search.clear()
    qtbot.waitUntil(lambda: full.model.pictures == 1)
    qtbot.mouseClick(full.page.filtered.findChildren(type(full.page.empty.button))[0], LEFT)
    qtbot.waitUntil(lambda: full.model.pictures == 4)
    assert not full.page.filtered.isVisible()
    assert not full.header.filter_button.isChecked()
