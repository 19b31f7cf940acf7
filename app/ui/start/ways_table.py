"""Every way to make pictures, and how it stands on this machine: the table that helps to choose."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.backends.base import Group
from app.backends.registry import Registry
from app.backends.ways import Way, this_machine, ways
from app.core.message import NOTHING
from app.ui.controls.buttons import push_button
from app.ui.controls.status_dot import StatusDot
from app.ui.controls.style.frames import line
from app.ui.controls.text.labels import label
from app.ui.words import ways as words
from app.ui.words import wording
from app.ui.words.language import on_language_change, set_translated
from app.ui.words.messages import translated


class WaysTable(QFrame):
    """A card with this machine's facts and a row for each way, by group. It is empty until the first `refresh`,
    which can wait until the window is seen.

    Signals:
        settingsAsked(str): the user wants to mend what is in the way, on this page of the settings.
    """

    settingsAsked = Signal(str)

    def __init__(self, registry: Registry, memory_limit_gb: float) -> None:
        super().__init__()
        self.setObjectName("waysTable")
        self.setProperty("role", "card")
        set_translated(self, lambda: self.tr("All ways to make pictures"), self.setAccessibleName)
        self._registry = registry
        self._limit = memory_limit_gb
        self._machine = NOTHING
        self._facts = label("", "muted", wrap=True)
        self._facts.setObjectName("machineFacts")
        self._rows: dict[str, WayRow] = {}
        self._list = QVBoxLayout()
        self._list.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 14)
        column.setSpacing(4)
        column.addWidget(label(lambda: self.tr("All ways, and how they stand here"), "heading", wrap=True))
        column.addWidget(self._facts)
        column.addSpacing(6)
        column.addLayout(self._list)
        on_language_change(self, self.refresh)

    def refresh(self) -> None:
        """Read again which ways there are, and how they stand. It connects nowhere."""
        self._machine = self._machine or this_machine(self._limit)  # which takes a moment on a Mac
        self._facts.setText(translated(self._machine))
        now = {way.id: way for way in ways(self._registry)}
        if list(now) != list(self._rows):
            self._fill(now)
        for key, way in now.items():
            self._rows[key].show_way(way)

    def _fill(self, now: dict[str, Way]) -> None:
        while item := self._list.takeAt(0):
            if old := item.widget():
                old.hide()
                old.setParent(None)
                old.deleteLater()
        self._rows.clear()
        group: Group | None = None
        for key, way in now.items():
            if way.group is not group:
                group = way.group
                self._list.addWidget(line())
                self._list.addWidget(label(partial(words.group, group), "caption"))
            row = self._rows[key] = WayRow(key)
            row.settingsAsked.connect(self.settingsAsked)
            self._list.addWidget(row)


class WayRow(QWidget):
    """One way: how it stands, whom it suits, what it costs, and what to do where something is missing.

    Signals:
        settingsAsked(str): see `WaysTable`.
    """

    settingsAsked = Signal(str)

    def __init__(self, key: str) -> None:
        super().__init__()
        self.setObjectName(f"way:{key}")
        self._page = ""
        self._dot = StatusDot()
        self._name = label("", "heading", wrap=True)
        self._name.setMinimumWidth(1)  # a name without a space does not widen the card
        self._state = label("", "muted")
        self._text = label("", "caption", wrap=True)
        self._mend = push_button("wayButton", "", lambda: self.settingsAsked.emit(self._page))
        self._mend.setProperty("role", "link")
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self._dot)
        top.addWidget(self._name, 1)
        top.addWidget(self._state)
        top.addWidget(self._mend)
        self._text.setContentsMargins(20, 0, 0, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self._text)

    def show_way(self, way: Way) -> None:
        status = way.status
        name, state = translated(way.name), words.state(status.state)
        self._page = way.page
        self._dot.show_state(words.DOTS[status.state], state)
        self._name.setText(name)
        self._state.setText(words.here(status))
        why = "" if way.usable else " ".join(filter(None, map(translated, (status.reason, status.remedy))))
        self._text.setText("\n".join(filter(None, (why, words.suits(way.suits)))))
        button = words.mend(status.state)
        self._mend.setText(button)
        self._mend.setAccessibleName(wording.listed([name, button]))
        self._mend.setVisible(bool(button))
