"""A text of which a few lines are shown, with a button for all of it."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.ui.controls.buttons import push_button
from app.ui.words.language import on_language_change
from app.ui.words.wording import shortened

LINES = 8
BEGINNING = 2000
"""Characters that are enough for the first lines."""
LONGEST_SHOWN = 10_000
"""Characters that are shown at most, as many as the prompt's own field takes; more would stop the window."""
_LINE_END = "\u2028"
_NO_LIMIT = 16_777_215


class LongText(QWidget):
    """Shows a text in a wrapped label, which is given no more of it than it shows."""

    def __init__(self, text: QLabel) -> None:
        super().__init__()
        self._text = text
        self._all = text.text()
        self._whole = False
        text.setAlignment(Qt.AlignmentFlag.AlignTop)
        text.setMinimumWidth(1)  # a word without end does not widen the panel
        self.button = push_button("showAllButton", "", self._turn)
        self.button.setProperty("role", "link")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(text)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        on_language_change(self, self._show)
        self._show()

    def set_text(self, text: str) -> None:
        """Show the beginning of a text."""
        self._all = text
        self._whole = False
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show()

    def _turn(self) -> None:
        self._whole = not self._whole
        self._show()

    def _show(self) -> None:
        shown = shortened(self._all, LONGEST_SHOWN if self._whole else BEGINNING)
        if shown != self._text.text():
            self._text.setText(shown)
        limit = self._height_of_lines()
        fits = len(self._all) <= BEGINNING and self._text.heightForWidth(self.width()) <= limit
        self._text.setMaximumHeight(_NO_LIMIT if fits or self._whole else limit)
        self.button.setText(self.tr("Show less") if self._whole else self.tr("Show all"))
        self.button.setVisible(not fits)

    def _height_of_lines(self) -> int:
        """How high the first lines are; those with Chinese letters are higher than others."""
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout = QTextLayout(self._text.text()[:BEGINNING].replace("\n", _LINE_END), self._text.font())
        layout.setTextOption(option)
        layout.beginLayout()
        height = 0
        while layout.lineCount() < LINES and (line := layout.createLine()).isValid():
            line.setLineWidth(self.width())
            height += ceil(line.height())
        layout.endLayout()
        return height
