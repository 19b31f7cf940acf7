"""The menu that says in which order pictures are shown."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from app.library.pictures.index.query import Sort
from app.ui.words.language import Text, set_translated

UPWARDS = (Sort.NAME, Sort.MODEL)
"""What is in ascending order, unless the user wants it otherwise."""


class OrderMenu(QMenu):
    """What the order goes by, and which way.

    Signals:
        chosen(Sort, bool): order by this, descending where the second is true.
    """

    chosen = Signal(object, bool)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("sortMenu")
        set_translated(self, lambda: self.tr("Sort By"), self.setTitle)
        words = {
            Sort.DATE: lambda: self.tr("Date"),
            Sort.NAME: lambda: self.tr("Name"),
            Sort.SIZE: lambda: self.tr("Size"),
            Sort.RATING: lambda: self.tr("Rating"),
            Sort.MODEL: lambda: self.tr("Model"),
        }
        by = QActionGroup(self)
        self.sorts = {sort: self._add(f"sort-{sort}", text, by) for sort, text in words.items()}
        self.addSeparator()
        ways = QActionGroup(self)
        self.ascending = self._add("sort-ascending", lambda: self.tr("Ascending"), ways)
        self.descending = self._add("sort-descending", lambda: self.tr("Descending"), ways)
        self.sort, self.down = Sort.DATE, True
        for sort, action in self.sorts.items():
            action.triggered.connect(lambda _=False, sort=sort: self._choose(sort, sort not in UPWARDS))
        self.ascending.triggered.connect(lambda: self._choose(self.sort, False))
        self.descending.triggered.connect(lambda: self._choose(self.sort, True))
        self.show_order(Sort.DATE, True)

    def show_order(self, sort: Sort, descending: bool) -> None:
        """Check what holds."""
        self.sort, self.down = sort, descending
        self.sorts[sort].setChecked(True)
        (self.descending if descending else self.ascending).setChecked(True)

    def _choose(self, sort: Sort, descending: bool) -> None:
        if sort is self.sort and descending == self.down:
            return
        self.show_order(sort, descending)
        self.chosen.emit(sort, descending)

    def _add(self, name: str, text: Text, group: QActionGroup) -> QAction:
        action = QAction(self)
        action.setObjectName(name)
        action.setCheckable(True)
        group.addAction(action)
        set_translated(action, text, action.setText)
        self.addAction(action)
        return action
