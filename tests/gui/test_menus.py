"""The menu bar: what a Mac moves to its own menu, what things are called, and the help that tells of it."""

from __future__ import annotations

import collections
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from app import platform
from app.ui.main_window import MainWindow
from app.ui.menus.bar import Menus
from app.ui.menus.help import HelpDialog

Role = QAction.MenuRole


@pytest.fixture
def menus(qtbot: QtBot) -> Menus:
    window = QMainWindow()
    qtbot.addWidget(window)
    return Menus(window, collections.defaultdict(lambda: lambda: None))


def test_each_command_has_the_role_that_a_mac_knows_it_by(menus: Menus) -> None:
    """A text like "Settings" or "Quit" must not make Qt guess: all others have no role."""
    moved = {name: action.menuRole() for name, action in menus.actions.items() if action.menuRole() != Role.NoRole}
    assert moved == {
        "settings": Role.PreferencesRole,
        "quit": Role.QuitRole,
        "about": Role.AboutRole,
        "updates": Role.ApplicationSpecificRole,
    }


def test_no_two_commands_share_a_shortcut(menus: Menus) -> None:
    keys = [sequence.toString() for action in menus.actions.values() for sequence in action.shortcuts()]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(("system", "title"), [("darwin", "Show in Finder"), ("linux", "Show in Folder")])
def test_file_manager_has_the_name_it_has_there(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, system: str, title: str
) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    monkeypatch.setattr(sys, "platform", system)
    made = Menus(window, collections.defaultdict(lambda: lambda: None))
    monkeypatch.undo()
    assert made.actions["reveal"].text() == title


def test_settings_open_by_their_usual_key_everywhere(menus: Menus) -> None:
    assert [keys.toString() for keys in menus.actions["settings"].shortcuts()] == ["Ctrl+,"]


@pytest.mark.parametrize(("side", "words"), [("panel", "the Panel"), ("inspector", "the Details")])
def test_a_side_is_hidden_or_shown_by_name(qtbot: QtBot, window: MainWindow, side: str, words: str) -> None:
    action = window.menus.actions[side]
    button = window.header.panel_button if side == "panel" else window.header.inspector_button
    assert action.text() == f"Hide {words}"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert action.text() == f"Show {words}"
    assert button.accessibleName().startswith("Show")
    action.trigger()
    assert action.text() == f"Hide {words}"
    assert button.toolTip().startswith("Hide")


def test_favourite_has_a_check_mark_that_follows_the_selection(
    qtbot: QtBot, make_window: Callable[..., MainWindow], make_pictures: Callable[[int], list[Path]]
) -> None:
    first, second = make_pictures(2)
    window = make_window()
    action = window.menus.actions["favourite"]
    window.gallery.select(first)
    qtbot.waitUntil(action.isEnabled)
    assert not action.isChecked()
    action.trigger()
    assert action.isChecked()
    window.gallery.select(second)
    qtbot.waitUntil(lambda: not action.isChecked())
    window.gallery.selectAll()
    qtbot.waitUntil(lambda: len(window.selection.paths()) == 2)
    assert not action.isChecked(), "not all of them"
    action.trigger()
    assert action.isChecked()
    window.gallery.starred.emit(second)
    assert not action.isChecked()


def help_dialog(window: MainWindow) -> HelpDialog:
    found = window.findChild(HelpDialog)
    assert found is not None
    return found


def test_the_help_lists_every_shortcut(qtbot: QtBot, window: MainWindow) -> None:
    window.menus.actions["shortcuts"].trigger()
    dialog = help_dialog(window)
    assert dialog.isVisible()
    assert dialog.tabs.currentWidget() is dialog.shortcuts
    shown = dialog.shortcuts.toPlainText()
    assert "Move the job up or down\nAlt+Up, Alt+Down" in shown, "what no menu has is told too"
    for action in window.menus.actions.values():
        if action.shortcuts():
            assert action.shortcut().toString(QKeySequence.SequenceFormat.NativeText) in shown
            assert action.text().removesuffix("…") in shown


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_help_names_commands_as_the_menus_do(qtbot: QtBot, window: MainWindow, language: str) -> None:
    qtbot.keyClick(window, Qt.Key.Key_F1)
    dialog = help_dialog(window)
    assert dialog.tabs.currentWidget() is dialog.first_steps
    window.engine.settings.set("language", language)
    assert window.menus.actions["use"].text() in dialog.first_steps.toPlainText()
    for page in (dialog.first_steps, dialog.shortcuts):
        assert "{" not in page.toPlainText()


def test_selected_pictures_are_shared_where_the_system_has_a_menu_for_it(
    qtbot: QtBot,
    make_window: Callable[..., MainWindow],
    make_pictures: Callable[[int], list[Path]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert "share" not in make_window().menus.actions or platform.can_share()
    shared: list[list[Path]] = []
    monkeypatch.setattr(platform, "can_share", lambda: True)
    monkeypatch.setattr(platform, "share", lambda files, window: shared.append(files))
    paths = make_pictures(3)
    window = make_window()
    share = window.menus.actions["share"]
    assert share in window.menus.picture.actions()
    assert not share.isEnabled()
    window.gallery.setFocus()
    window.menus.actions["select_all"].trigger()
    share.trigger()
    assert [sorted(files) for files in shared] == [sorted(paths)]
