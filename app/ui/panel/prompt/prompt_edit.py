"""The field for the prompt: plain text with a history."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit

from app.ui.words.language import Text, set_translated

HISTORY_LENGTH = 50
LONGEST_PROMPT = 10_000
"""Characters that a prompt may have. No model reads that much, and much more would make the field slow."""


class PromptEdit(QPlainTextEdit):
    """Text only: pictures dropped here go to the window, Tab leaves the field, Up and Down at the edges walk back
    and forth through `history` (newest first).

    Signals:
        shortened: what was put in was too long; its end was left out.
    """

    shortened = Signal()

    def __init__(self, name: str, label: Text, placeholder: Text) -> None:
        super().__init__()
        self.setObjectName(name)
        set_translated(self, label, self.setAccessibleName)
        set_translated(self, placeholder, self.setPlaceholderText)
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(3)
        self.document().clearUndoRedoStacks()  # Qt would let the user undo the margin
        self.history: list[str] = []
        self._place = -1
        self._draft = ""

    def set_heights(self, lowest: int, highest: int) -> None:
        """It is as low as this where there is no room, and grows up to the other."""
        self.setMinimumHeight(lowest)
        self.setMaximumHeight(highest)

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), self.minimumHeight())

    def remember(self, text: str) -> None:
        """Put a prompt at the head of the history."""
        text = text.strip()
        if text:
            self.history = [text, *(old for old in self.history if old != text)][:HISTORY_LENGTH]
        self._place = -1

    def replace(self, text: str) -> None:
        """Replace the text so that Undo brings the old one back."""
        cursor = self.textCursor()
        cursor.select(QTextCursor.SelectionType.Document)
        self._insert(cursor, text)

    def _insert(self, cursor: QTextCursor, text: str) -> None:
        """Put a text in place of what is selected, as much of it as there is room for."""
        room = max(0, LONGEST_PROMPT - len(self.toPlainText()) + len(cursor.selectedText()))
        cursor.insertText(text[:room])
        if len(text) > room:
            self.shortened.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        cursor = self.textCursor()
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if plain and event.key() == Qt.Key.Key_Up and cursor.atStart() and self._walk(1):
            return
        if plain and event.key() == Qt.Key.Key_Down and cursor.atEnd() and self._walk(-1):
            return
        super().keyPressEvent(event)

    def _walk(self, direction: int) -> bool:
        place = self._place + direction
        if not -1 <= place < len(self.history):
            return False
        if self._place == -1:
            self._draft = self.toPlainText()
        self._place = place
        self.replace(self._draft if place == -1 else self.history[place])
        end = QTextCursor.MoveOperation.Start if direction > 0 else QTextCursor.MoveOperation.End
        self.moveCursor(end)
        return True

    def insertFromMimeData(self, source: QMimeData) -> None:
        self._insert(self.textCursor(), source.text())
        self.ensureCursorVisible()

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return source.hasText() and not source.hasUrls() and not source.hasImage()
