"""A line above the pictures that says that filters hide some, and takes them away."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.library.pictures.index.query import Filters
from app.ui.controls.buttons import push_button
from app.ui.controls.text.labels import label
from app.ui.words import wording
from app.ui.words.language import on_language_change


class FilteredLine(QWidget):
    """Hidden while nothing is filtered.

    Signals:
        cleared: the user wants no filters.
    """

    cleared = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._count = self._clips = 0
        self._text = label("", "muted")
        self._button = push_button("clearFilterButton", lambda: self.tr("Clear the filter"), self.cleared.emit)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 16, 0)
        row.addWidget(self._text, 1)
        row.addWidget(self._button)
        self.hide()
        on_language_change(self, self._say)

    def show_filters(self, filters: Filters, count: int, clips: int) -> None:
        """So many have what these ask for, of which so many are clips."""
        self._count, self._clips = count, clips
        self.setVisible(filters != Filters())
        self._say()

    def _say(self) -> None:
        counted = wording.counted(self._count, self._clips)
        self._text.setText(self.tr("Filtered: {pictures}").format(pictures=counted))
