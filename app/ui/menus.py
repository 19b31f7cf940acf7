"""The menu bar: every command with its shortcut and, for the Mac, its role."""

from __future__ import annotations

import sys
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow, QMenu, QPlainTextEdit, QWidget

Role = QAction.MenuRole
Keys = QKeySequence.StandardKey
Shortcut = str | QKeySequence.StandardKey | list[str] | None


class Menus(QObject):
    """Builds the menus. `actions` holds each action by the name of its command, which is its object name too.

    Args:
        commands: what each command does; the names are those of `_fill`.
    """

    def __init__(self, window: QMainWindow, commands: dict[str, Callable[[], object]]) -> None:
        super().__init__(window)
        self._window = window
        self._commands = commands
        self.actions: dict[str, QAction] = {}
        self._fill()

    def set_enabled(self, names: tuple[str, ...], enabled: bool) -> None:
        for name in names:
            self.actions[name].setEnabled(enabled)

    def _fill(self) -> None:
        file = self._menu(self.tr("File"))
        self._add(file, "open", self.tr("Read Settings from a Picture…"), Keys.Open)
        self._add(file, "export", self.tr("Export…"), "Ctrl+Shift+E")
        show = self.tr("Show in Finder") if sys.platform == "darwin" else self.tr("Show in Folder")
        self._add(file, "reveal", show, "Ctrl+Shift+R")
        file.addSeparator()
        self._add(file, "folder", self.tr("Open the Pictures Folder"))
        file.addSeparator()
        self._add(file, "settings", self.tr("Settings…"), Keys.Preferences, Role.PreferencesRole)
        self._add(file, "close", self.tr("Close Window"), Keys.Close)
        self._add(file, "quit", self.tr("Quit"), Keys.Quit, Role.QuitRole)
        edit = self._menu(self.tr("Edit"))
        self._add(edit, "undo", self.tr("Undo"), Keys.Undo)
        self._add(edit, "redo", self.tr("Redo"), Keys.Redo)
        edit.addSeparator()
        self._add(edit, "cut", self.tr("Cut"), Keys.Cut)
        self._add(edit, "copy", self.tr("Copy"), Keys.Copy)
        self._add(edit, "paste", self.tr("Paste"), Keys.Paste)
        self._add(edit, "select_all", self.tr("Select All"), Keys.SelectAll)
        self._add(edit, "delete", self.tr("Delete"), ["Ctrl+Backspace", "Del", "Backspace"])
        edit.addSeparator()
        self._add(edit, "find", self.tr("Find"), Keys.Find)
        view = self._menu(self.tr("View"))
        self._add(view, "all", self.tr("All Pictures"), "Ctrl+1")
        self._add(view, "favourites", self.tr("Favourites"), "Ctrl+2")
        view.addSeparator()
        self._add(view, "larger", self.tr("Larger Thumbnails"), ["Ctrl++", "Ctrl+="])
        self._add(view, "smaller", self.tr("Smaller Thumbnails"), "Ctrl+-")
        view.addSeparator()
        self._add(view, "panel", self.tr("Show or Hide the Prompt"), "Ctrl+Alt+P")
        self._add(view, "inspector", self.tr("Show or Hide the Details"), "Ctrl+I")
        self._add(view, "jobs", self.tr("Show the Queue"), "Ctrl+J")
        view.addSeparator()
        self._add(view, "full_screen", self.tr("Full Screen"), Keys.FullScreen)
        picture = self._menu(self.tr("Picture"))
        self._add(picture, "generate", self.tr("Generate"), ["Ctrl+Return", "Ctrl+Enter"])
        self._add(picture, "cancel", self.tr("Cancel the Running Job"), "Ctrl+.")
        picture.addSeparator()
        self._add(picture, "view", self.tr("View Large"), "Ctrl+Down")
        self._add(picture, "use", self.tr("Use Its Settings"), "Ctrl+U")
        self._add(picture, "vary", self.tr("Vary"), "Ctrl+R")
        self._add(picture, "favourite", self.tr("Favourite"), "Ctrl+D")
        picture.addSeparator()
        self._add(picture, "copy_prompt", self.tr("Copy Its Prompt"), "Ctrl+Shift+C")
        self._add(picture, "copy_settings", self.tr("Copy Its Settings"))
        window = self._menu(self.tr("Window"))
        self._add(window, "minimize", self.tr("Minimize"), "Ctrl+M")
        self._add(window, "maximize", self.tr("Zoom"))
        help_menu = self._menu(self.tr("Help"))
        self._add(help_menu, "logs", self.tr("Open the Log Folder"))
        self._add(help_menu, "updates", self.tr("Check for Updates…"), None, Role.ApplicationSpecificRole)
        self._add(help_menu, "about", self.tr("About Sana Studio"), None, Role.AboutRole)

    def _menu(self, title: str) -> QMenu:
        return self._window.menuBar().addMenu(title)

    def _add(self, menu: QMenu, name: str, title: str, keys: Shortcut = None, role: Role = Role.NoRole) -> None:
        action = QAction(title, self._window)
        action.setObjectName(f"{name}Action")
        action.setMenuRole(role)
        if isinstance(keys, list):
            action.setShortcuts([QKeySequence(each) for each in keys])
        elif isinstance(keys, str):
            action.setShortcut(QKeySequence(keys))
        elif keys is not None:
            action.setShortcuts(keys)
        action.triggered.connect(lambda _=False: self._commands[name]())
        menu.addAction(action)
        self.actions[name] = action


def edit_text(command: str, otherwise: Callable[[], object] = lambda: None) -> None:
    """Let the text field that has the focus undo, redo, cut, copy, paste or select all. Where no text field has the
    focus, or it has nothing to undo or copy, do `otherwise`.
    """
    field: QWidget | None = QApplication.focusWidget()
    if isinstance(field, QPlainTextEdit):
        able = {"undo": field.document().isUndoAvailable(), "copy": field.textCursor().hasSelection()}
    elif isinstance(field, QLineEdit):
        able = {"undo": field.isUndoAvailable(), "copy": field.hasSelectedText()}
    else:
        otherwise()
        return
    if not able.get(command, True):
        otherwise()
        return
    {
        "undo": field.undo, "redo": field.redo, "cut": field.cut, "copy": field.copy, "paste": field.paste,
        "select_all": field.selectAll,
    }[command]()  # fmt: skip


def bind_to(widget: QWidget, action: QAction) -> None:
    """Let an action's shortcut work only while `widget` has the focus."""
    action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
    widget.addAction(action)
