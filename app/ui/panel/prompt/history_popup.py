"""The list of earlier prompts, with a search."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from app.ui.controls.style.theme import colours
from app.ui.words.language import set_translated

WIDTH, HEIGHT = 420, 360
LONGEST_SHOWN = 400
"""Characters of a prompt that the list shows."""
SHOWN = 200
"""Prompts that the list shows at most."""
_PROMPT = Qt.ItemDataRole.UserRole


class HistoryPopup(QFrame):
    """What is typed narrows the list; Up, Down and Return choose in it.

    Signals:
        chosen(str): the user wants this prompt.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("historyPopup")
        self.setFixedSize(WIDTH, HEIGHT)
        self._groups: Sequence[tuple[str, Sequence[str]]] = ()
        self.search = QLineEdit()
        self.search.setObjectName("historySearch")
        self.search.setClearButtonEnabled(True)
        set_translated(self, lambda: self.tr("Search earlier prompts"), self.search.setPlaceholderText)
        set_translated(self, lambda: self.tr("Search earlier prompts"), self.search.setAccessibleName)
        self.list = QListWidget()
        self.list.setObjectName("historyList")
        self.list.setWordWrap(True)
        self.list.setSpacing(3)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        set_translated(self, lambda: self.tr("Earlier prompts"), self.list.setAccessibleName)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        column.addWidget(self.search)
        column.addWidget(self.list, 1)
        self.search.textChanged.connect(self._fill)
        self.search.installEventFilter(self)
        self.list.itemClicked.connect(self._choose)

    def show_prompts(self, groups: Sequence[tuple[str, Sequence[str]]]) -> None:
        """Fill the list with groups of prompts, each under its caption."""
        self._groups = groups
        self.search.clear()
        self._fill()

    def _fill(self) -> None:
        words = self.search.text().casefold().split()
        self.list.clear()
        for caption, prompts in self._groups:
            found = [each for each in prompts if all(word in each.casefold() for word in words)][:SHOWN]
            if found:
                self._add_caption(caption)
            for prompt in found:
                shown = prompt if len(prompt) <= LONGEST_SHOWN else f"{prompt[: LONGEST_SHOWN - 1]}…"
                item = QListWidgetItem(shown)
                item.setData(_PROMPT, prompt)
                self.list.addItem(item)
        if not self.list.count():
            self._add_caption(self.tr("No prompt has these words") if words else self.tr("No earlier prompts yet"))
        self._move(1, -1)

    def _add_caption(self, text: str) -> None:
        item = QListWidgetItem(text)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        item.setForeground(colours().color("muted"))
        font = self.list.font()
        font.setPixelSize(11)
        item.setFont(font)
        self.list.addItem(item)

    def _move(self, step: int, row: int | None = None) -> None:
        """Go on to the next prompt in this direction, past the captions."""
        row = (self.list.currentRow() if row is None else row) + step
        while 0 <= row < self.list.count():
            if self.list.item(row).flags() & Qt.ItemFlag.ItemIsEnabled:
                self.list.setCurrentRow(row)
                return
            row += step

    def _choose(self, item: QListWidgetItem | None) -> None:
        prompt = item.data(_PROMPT) if item is not None else None
        if prompt is not None:
            self.close()
            self.chosen.emit(prompt)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            match event.key():
                case Qt.Key.Key_Down:
                    self._move(1)
                case Qt.Key.Key_Up:
                    self._move(-1)
                case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                    self._choose(self.list.currentItem())
                case _:
                    return False
            return True
        return super().eventFilter(watched, event)
