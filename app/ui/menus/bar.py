"""The menu bar: every command with its shortcut and, for the Mac, its role."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QHelpEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu, QToolTip, QWidget

from app import platform
from app.ui.controls.fields.text_editing import can_undo, text_field
from app.ui.words.language import Text, set_translated, text_of

if TYPE_CHECKING:
    from app.ui.menus.help import HelpDialog

Role = QAction.MenuRole
Keys = QKeySequence.StandardKey
PICTURE_MENU = (
    ("view", "quick_look", "compare", "before_after"), ("use", "vary"), ("variations", "between", "use_template"),
    ("start", "animate", "continue", "whole", "edit", "upscale"), ("favourite",), ("copy", "copy_prompt"),
    ("reveal", "export", "share"), ("delete",),
)  # fmt: skip
"""The commands that a picture's own menu offers, in groups, as far as the system has them."""
Shortcut = str | QKeySequence.StandardKey | list[str] | None


class Menus(QObject):
    """Builds the menus. `actions` holds each action by the name of its command, which is its object name too;
    `picture` is the menu of the selected pictures; `undo_of_pictures` says what Undo would do of theirs.

    Args:
        commands: what each command does; the names are those of `_fill`.
    """

    def __init__(self, window: QMainWindow, commands: dict[str, Callable[[], object]]) -> None:
        super().__init__(window)
        self._window = window
        self._commands = dict(commands)
        self.actions: dict[str, QAction] = {}
        self._titles: dict[str, Text] = {}
        self._shown = {"panel": True, "inspector": True, "albums": False}
        self._paused = False
        self._frame = ""
        self._menus: list[QMenu] = []
        self._help: HelpDialog | None = None
        self.undo_of_pictures: Callable[[], str] = str
        self._fill()
        self.picture = QMenu(window)
        self.picture.setObjectName("pictureMenu")
        self.picture.installEventFilter(self)
        for group in PICTURE_MENU:
            self.picture.addActions([self.actions[name] for name in group if name in self.actions])
            if "favourite" in group:
                self.picture.addMenu(self.rating)
                self.picture.addMenu(self.add_to_album)
                self.picture.addAction(self.actions["remove_from_album"])
            self.picture.addSeparator()

    def set_enabled(self, names: tuple[str, ...], enabled: bool) -> None:
        for name in names:
            self.actions[name].setEnabled(enabled)

    def forbid(self, reasons: Mapping[str, str]) -> None:
        """Disable commands that make no sense now, and say why; an empty reason leaves a command as it is."""
        for name, reason in reasons.items():
            action = self.actions[name]
            action.setWhatsThis(reason)
            if reason:
                action.setEnabled(False)

    def set_frame(self, frame: str) -> None:
        """Name what to start from: "this" frame or the "first" one of a clip, or nothing of the kind."""
        if frame != self._frame:
            self._frame = frame
            self.actions["start"].setText(self._start_title())

    def set_shown(self, name: str, shown: bool) -> None:
        """Name the command of a side of the window by what it does now: hide it or show it."""
        self._shown[name] = shown
        self.actions[name].setText(text_of(self._titles[name]))

    def set_paused(self, paused: bool) -> None:
        """Name the command of the queue by what it does now: pause it or let it go on."""
        self._paused = paused
        self.actions["pause"].setText(text_of(self._titles["pause"]))

    def show_help(self, page: str) -> None:
        """Open the help at "help" or at "shortcuts"."""
        if self._help is None:
            from app.ui.menus.help import HelpDialog  # most starts never need it

            self._help = HelpDialog(self._menus, self.actions, self._window)
        self._help.open_at(page)

    def name_undo(self) -> None:
        """Say what Undo takes back now."""
        self.actions["undo"].setText(self._undo_title())

    def _undo_title(self) -> str:
        typed = can_undo(text_field(QApplication.focusWidget()))
        return (not typed and self.undo_of_pictures()) or self.tr("Undo")

    def _fill(self) -> None:
        file = self._menu(lambda: self.tr("File"))
        self._add(file, "open", lambda: self.tr("Read Settings from a Picture…"), Keys.Open)
        self._add(file, "export", lambda: self.tr("Export…"), "Ctrl+Shift+E")
        self._add(file, "reveal", self._show_title, "Ctrl+Shift+R")
        if platform.preview_command(()):
            self._add(file, "quick_look", lambda: self.tr("Quick Look"), "Ctrl+Y")
        if platform.can_share():
            self._add(file, "share", lambda: self.tr("Share…"))
        file.addSeparator()
        self._add(file, "folder", lambda: self.tr("Open the Pictures Folder"))
        file.addSeparator()
        self._add(file, "settings", lambda: self.tr("Settings…"), "Ctrl+,", Role.PreferencesRole)
        self._add(file, "close", lambda: self.tr("Close Window"), Keys.Close)
        self._add(file, "quit", lambda: self.tr("Quit"), Keys.Quit, Role.QuitRole)
        edit = self._menu(lambda: self.tr("Edit"))
        self._add(edit, "undo", self._undo_title, Keys.Undo)
        edit.aboutToShow.connect(self.name_undo)
        self._add(edit, "redo", lambda: self.tr("Redo"), Keys.Redo)
        edit.addSeparator()
        self._add(edit, "cut", lambda: self.tr("Cut"), Keys.Cut)
        self._add(edit, "copy", lambda: self.tr("Copy"), Keys.Copy)
        self._add(edit, "paste", lambda: self.tr("Paste"), Keys.Paste)
        self._add(edit, "select_all", lambda: self.tr("Select All"), Keys.SelectAll)
        self._add(edit, "delete", lambda: self.tr("Delete"), ["Ctrl+Backspace", "Del", "Backspace"])
        edit.addSeparator()
        self._add(edit, "find", lambda: self.tr("Find"), Keys.Find)
        view = self._menu(lambda: self.tr("View"))
        self._add(view, "all", lambda: self.tr("All Pictures"), "Ctrl+1")
        self._add(view, "favourites", lambda: self.tr("Favourites"), "Ctrl+2")
        view.addSeparator()
        self._add(view, "new_album", lambda: self.tr("New Album"), "Ctrl+Shift+N")
        self._add(
            view, "albums",
            lambda: self.tr("Hide the Albums") if self._shown["albums"] else self.tr("Show the Albums"), "Ctrl+Alt+A",
        )  # fmt: skip
        self._add(view, "subfolders", lambda: self.tr("Show Subfolders"))
        self.actions["subfolders"].setCheckable(True)
        self._add(view, "clear_filters", lambda: self.tr("Clear All Filters"))
        view.addSeparator()
        self._add(view, "larger", lambda: self.tr("Larger Thumbnails"), ["Ctrl++", "Ctrl+="])
        self._add(view, "smaller", lambda: self.tr("Smaller Thumbnails"), "Ctrl+-")
        view.addSeparator()
        self._add(
            view, "panel",
            lambda: self.tr("Hide the Panel") if self._shown["panel"] else self.tr("Show the Panel"), "Ctrl+Alt+P",
        )  # fmt: skip
        self._add(
            view, "inspector",
            lambda: self.tr("Hide the Details") if self._shown["inspector"] else self.tr("Show the Details"), "Ctrl+I",
        )  # fmt: skip
        self._add(view, "jobs", lambda: self.tr("Show the Queue"), "Ctrl+J")
        view.addSeparator()
        self._add(view, "full_screen", lambda: self.tr("Full Screen"), Keys.FullScreen)
        picture = self._menu(lambda: self.tr("Picture"))
        self._add(picture, "generate", lambda: self.tr("Generate"), ["Ctrl+Return", "Ctrl+Enter"])
        self._add(picture, "grid", lambda: self.tr("Make a Grid…"), "Ctrl+Shift+G")
        self._add(picture, "cancel", lambda: self.tr("Cancel the Running Job"), "Ctrl+.")
        self._add(
            picture, "pause",
            lambda: self.tr("Resume the Queue") if self._paused else self.tr("Pause the Queue"), "Ctrl+Shift+J",
        )  # fmt: skip
        self._add(picture, "clear_queue", lambda: self.tr("Clear the Queue"))
        picture.addSeparator()
        self._add(picture, "view", lambda: self.tr("View Large"), "Ctrl+Down")
        self._add(picture, "compare", lambda: self.tr("Compare Side by Side"), "Ctrl+K")
        self._add(picture, "before_after", lambda: self.tr("Compare Before and After"), "Ctrl+Shift+K")
        self._add(picture, "use", lambda: self.tr("Use Its Settings"), "Ctrl+U")
        self._add(picture, "vary", lambda: self.tr("Vary"), "Ctrl+R")
        self._add(picture, "variations", lambda: self.tr("Make Variations"), "Ctrl+Shift+V")
        self._add(picture, "between", lambda: self.tr("Pictures Between Two…"))
        self._add(picture, "use_template", lambda: self.tr("Use What Was Typed"))
        self._add(picture, "start", self._start_title, "Ctrl+Shift+U")
        self._add(picture, "animate", lambda: self.tr("Make a Clip from It"), "Ctrl+Alt+U")
        self._add(picture, "continue", lambda: self.tr("Continue from Its Last Frame"))
        self._add(picture, "whole", lambda: self.tr("Make It Whole"))
        self._add(picture, "edit", lambda: self.tr("Edit Part of It…"), "Ctrl+E")
        self._add_enlarge(picture)
        self._add(picture, "favourite", lambda: self.tr("Favourite"), "Ctrl+D")
        self.actions["favourite"].setCheckable(True)
        self.rating = self._menu(lambda: self.tr("Rating"), picture)
        self.add_to_album = self._menu(lambda: self.tr("Add to Album"), picture)
        self._add(picture, "remove_from_album", lambda: self.tr("Remove from Album"))
        for stars in range(6):
            self._add(self.rating, f"rate{stars}", partial(self._rating_title, stars), str(stars))
        picture.addSeparator()
        self._add(picture, "copy_prompt", lambda: self.tr("Copy Its Prompt"), "Ctrl+Shift+C")
        self._add(picture, "copy_settings", lambda: self.tr("Copy Its Settings"))
        window = self._menu(lambda: self.tr("Window"))
        self._add(window, "minimize", lambda: self.tr("Minimize"), "Ctrl+M")
        self._add(window, "maximize", lambda: self.tr("Zoom"))
        help_menu = self._menu(lambda: self.tr("Help"))
        self._commands |= {name: partial(self.show_help, name) for name in ("help", "shortcuts")}
        self._add(help_menu, "help", lambda: self.tr("Sana Studio Help"), Keys.HelpContents)
        self._add(help_menu, "shortcuts", lambda: self.tr("Keyboard Shortcuts"), "Ctrl+/")
        help_menu.addSeparator()
        self._add(help_menu, "logs", lambda: self.tr("Open the Log Folder"))
        self._add(help_menu, "updates", lambda: self.tr("Check for Updates…"), None, Role.ApplicationSpecificRole)
        self._add(help_menu, "about", lambda: self.tr("About Sana Studio"), None, Role.AboutRole)

    def _add_enlarge(self, picture: QMenu) -> None:
        """The ways to enlarge, in a menu of their own."""
        self.enlarge = QMenu(self._window)
        self.enlarge.setObjectName("upscaleMenu")
        set_translated(self.enlarge, lambda: self.tr("Enlarge"), self.enlarge.setTitle)
        self._add(self.enlarge, "enlarge_2", lambda: self.tr("2×, Faithful"))
        self._add(self.enlarge, "enlarge_4", lambda: self.tr("4×, Faithful"))
        self.enlarge.addSeparator()
        self._add(self.enlarge, "enlarge_2_detail", lambda: self.tr("2×, More Detail"))
        self._add(self.enlarge, "enlarge_4_detail", lambda: self.tr("4×, More Detail"))
        self.enlarge.addSeparator()
        self._add(self.enlarge, "enlarge_2_refine", lambda: self.tr("2×, Refined by the Model"))
        self._add(self.enlarge, "enlarge_4_refine", lambda: self.tr("4×, Refined by the Model"))
        action = self.enlarge.menuAction()
        action.setObjectName("upscaleAction")
        action.setMenuRole(Role.NoRole)
        action.triggered.connect(lambda _=False: self._commands["upscale"]())
        picture.addAction(action)
        self.actions["upscale"] = action

    def _start_title(self) -> str:
        frames = {"this": self.tr("Start from This Frame"), "first": self.tr("Start from Its First Frame")}
        return frames.get(self._frame) or self.tr("Start from It")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """In the menus, what cannot be done says why."""
        if isinstance(watched, QMenu) and isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            action = watched.actionAt(event.pos())
            QToolTip.showText(event.globalPos(), action.whatsThis() if action is not None else "", watched)
            return True
        return False

    def _show_title(self) -> str:
        return self.tr("Show in Finder") if sys.platform == "darwin" else self.tr("Show in Folder")

    def _rating_title(self, stars: int) -> str:
        return self.tr("{n} of 5 Stars").format(n=stars) if stars else self.tr("No Rating")

    def _menu(self, title: Text, within: QMenu | None = None) -> QMenu:
        menu = QMenu(self._window)
        set_translated(menu, title, menu.setTitle)
        if within is not None:
            within.addMenu(menu)
            return menu
        menu.installEventFilter(self)
        self._window.menuBar().addMenu(menu)
        self._menus.append(menu)
        return menu

    def _add(self, menu: QMenu, name: str, title: Text, keys: Shortcut = None, role: Role = Role.NoRole) -> None:
        action = QAction(self._window)
        set_translated(action, title, action.setText)
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
        self._titles[name] = title


def bind_to(widget: QWidget, action: QAction) -> None:
    """Let an action's shortcut work only while `widget` has the focus."""
    action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
    widget.addAction(action)
