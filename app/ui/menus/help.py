"""The help: first steps, and the list of shortcuts as the menus have them."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QDialog, QMenu, QTabWidget, QTextBrowser, QVBoxLayout, QWidget

from app.ui.controls.style.theme import colours
from app.ui.words.language import Text, on_language_change, set_translated


class HelpDialog(QDialog):
    """Two pages that may stay open beside the window. What they say of commands is read from the commands themselves.

    Args:
        menus: the menus of the bar, in their order.
        actions: each command by its name.
    """

    def __init__(self, menus: list[QMenu], actions: Mapping[str, QAction], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("helpDialog")
        self.setWindowModality(Qt.WindowModality.NonModal)
        self.resize(560, 620)
        set_translated(self, lambda: self.tr("Help"), self.setWindowTitle, self.setAccessibleName)
        self._menus = menus
        self._actions = actions
        self.tabs = QTabWidget()
        self.tabs.setObjectName("helpTabs")
        self.tabs.tabBar().setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.first_steps = self._page("firstSteps", lambda: self.tr("First Steps"))
        self.shortcuts = self._page("shortcutsList", lambda: self.tr("Keyboard Shortcuts"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.addWidget(self.tabs)
        on_language_change(self, self._fill)
        self._fill()

    def open_at(self, page: str) -> None:
        """Show the help, or bring it to the front, on the page for this command: "help" or "shortcuts"."""
        self._fill()
        self.tabs.setCurrentWidget(self.shortcuts if page == "shortcuts" else self.first_steps)
        self.show()
        self.raise_()
        self.activateWindow()

    def _page(self, name: str, title: Text) -> QTextBrowser:
        page = QTextBrowser()
        page.setObjectName(name)
        page.setProperty("role", "help")
        page.setFrameShape(QTextBrowser.Shape.NoFrame)
        page.document().setDocumentMargin(20)
        index = self.tabs.addTab(page, "")
        set_translated(self, title, page.setAccessibleName, lambda text: self.tabs.setTabText(index, text))
        return page

    def _fill(self) -> None:
        self.first_steps.setHtml(self._steps())
        self.shortcuts.setHtml(self._list())

    def _steps(self) -> str:
        named = {name: f"<b>{_title(action)}</b>" for name, action in self._actions.items()}
        generate = keys_of(self._actions["generate"])
        parts: list[tuple[Callable[[], str], Callable[[], str]]] = [
            (
                lambda: self.tr("1. Say what you would like to see"),
                lambda: self.tr(
                    "Type it into Prompt: what it is, where it is, in what light and in which style. English works "
                    "with every model, Chinese with most."
                ),
            ),
            (
                lambda: self.tr("2. Choose a model"),
                lambda: self.tr(
                    "Starter comes with the app and makes small, simple scenes from a few words that it knows. The "
                    "Models page of {settings} has others that make anything you describe; each is downloaded once."
                ).format(settings=named["settings"]),
            ),
            (
                lambda: self.tr("3. Generate"),
                lambda: self.tr(
                    "Press Generate, or {keys}. You see the picture while it is made. Go on typing: what you ask for "
                    "meanwhile waits its turn."
                ).format(keys=generate),
            ),
            (
                lambda: self.tr("4. Keep what you like"),
                lambda: self.tr(
                    "Double-click a picture to see it large; its star makes it a favourite. Each picture remembers its "
                    "prompt and settings: {use} brings them back, {vary} makes another one like it. Drop a picture "
                    "file on the window to read its settings."
                ).format(use=named["use"], vary=named["vary"]),
            ),
            (
                lambda: self.tr("5. Find them again"),
                lambda: self.tr(
                    "Pictures are ordinary files: {folder} shows them. They are made on this computer, and nothing "
                    "leaves it unless you choose a cloud or another server in “Runs on”."
                ).format(folder=named["folder"]),
            ),
        ]
        intro = self.tr("Sana Studio makes pictures from words.")
        body = "".join(f"<h3>{title()}</h3><p>{text()}</p>" for title, text in parts)
        return f"<h2>{intro}</h2>{body}"

    def _list(self) -> str:
        """A table for each menu; commands without a shortcut are left out."""
        tables = []
        for menu in self._menus:
            rows = [(_title(action), keys_of(action)) for action in _commands(menu) if action.shortcuts()]
            if rows:
                tables.append(_table(html.escape(menu.title()), rows))
        return "".join([*tables, *(_table(title, rows) for title, rows in self._elsewhere())])

    def _elsewhere(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """What keys do where no menu has them: headings, each with commands and their keys."""
        walk = _keys("Up", "Down")
        zoom = [
            (self.tr("Zoom in or out"), _keys("+", "-")),
            (self.tr("Fit the window, or its own pixels"), _keys("0", "1")),
        ]
        close = (self.tr("Close"), _keys("Esc", "Space"))
        large = [(self.tr("View it large"), _keys("Return", "Space"))]
        if "quick_look" in self._actions:
            large = [(self.tr("View it large"), _keys("Return")), (self.tr("Quick Look"), _keys("Space"))]
        return [
            (self.tr("Among the pictures"), large),
            (
                self.tr("In the queue"),
                [
                    (self.tr("Next or previous job"), walk),
                    (self.tr("Move the job up or down"), _keys("Alt+Up", "Alt+Down")),
                    (self.tr("Remove the job"), _keys("Del")),
                ],
            ),
            (self.tr("In the viewer"), [(self.tr("Next or previous picture"), _keys("Left", "Right")), *zoom, close]),
            (
                self.tr("A clip in the viewer"),
                [
                    (self.tr("Play or pause"), _keys("Space")),
                    (self.tr("Previous or next frame"), html.escape(",  .")),
                    (self.tr("First or last frame"), _keys("Home", "End")),
                    (self.tr("Slower or faster"), html.escape("<  >")),
                    (self.tr("Play it again and again"), _keys("L")),
                ],
            ),
            (
                self.tr("Comparing side by side"),
                [(self.tr("Move all of them"), _keys("Left", "Right", "Up", "Down")), *zoom, close],
            ),
            (
                self.tr("Comparing before and after"),
                [
                    (self.tr("Move the divider"), _keys("Left", "Right")),
                    (self.tr("Show only one of them"), _keys("Home", "End")),
                    *zoom,
                    close,
                ],
            ),
            (
                self.tr("Editing part of a picture"),
                [
                    (self.tr("Brush, eraser, lasso, rectangle"), _keys("B", "E", "L", "R")),
                    (self.tr("Smaller or larger brush"), _keys("[", "]")),
                    (self.tr("Swap what changes and what stays"), _keys("I")),
                    (self.tr("Move the picture while it is held"), _keys("Space")),
                    *zoom,
                    (self.tr("Use this mask"), _keys("Return")),
                    (self.tr("Leave"), _keys("Esc")),
                ],
            ),
            (self.tr("In the timeline"), [(self.tr("Next or previous month"), walk)]),
        ]


def _commands(menu: QMenu) -> Iterator[QAction]:
    """A menu's commands, with those of the menus in it."""
    for action in menu.actions():
        within = action.menu()
        if isinstance(within, QMenu):
            yield from _commands(within)
        else:
            yield action


def keys_of(action: QAction) -> str:
    """The main shortcut of a command as this system writes it, as HTML."""
    return html.escape(action.shortcut().toString(QKeySequence.SequenceFormat.NativeText))


def _keys(*keys: str) -> str:
    """Keys as this system writes them, as HTML."""
    names = (QKeySequence(each).toString(QKeySequence.SequenceFormat.NativeText) for each in keys)
    return html.escape(", ".join(names))


def _table(title: str, rows: list[tuple[str, str]]) -> str:
    """A heading and a table of commands with their keys; all of it is HTML already."""
    """A heading and a table of commands with their keys; all of it is HTML already."""
    """A heading and a table of commands with their keys; all of it is HTML already."""
    lines = "".join(
        f'<tr><td width="330" style="padding: 3px 0;">{name}</td>'
        f'<td style="padding: 3px 0; color: {colours().muted};">{keys}</td></tr>'
        for name, keys in rows
    )
    return f"<h3>{title}</h3><table>{lines}</table>"


def _title(action: QAction) -> str:
    """What a command is called, as HTML, without the dots of those that ask for more."""
    return html.escape(action.text().replace("&", "").removesuffix("…"))
