"""The menu bar by itself: what a Mac moves to its own menu, and what it calls things."""

from __future__ import annotations

import collections
import sys

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from app.ui.menus import Menus

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
