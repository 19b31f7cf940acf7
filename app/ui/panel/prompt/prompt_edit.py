"""The field for the prompt: plain text with a history."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit

from app.ui.controls.style.theme import colours
from app.ui.panel.prompt.own_words import OwnWords
from app.ui.words.language import Text, set_translated

HISTORY_LENGTH = 500
LONGEST_PROMPT = 10_000
"""Characters that a prompt may have. No model reads that much, and much more would make the field slow."""


class PromptEdit(QPlainTextEdit):
    """Text only: pictures dropped here go to the window, Tab leaves the field, Up and Down at the edges walk back
    and forth through `history` (newest first). Where `suggests` is on, the text shows behind the cursor how the user's
    own earlier words go on, and Tab takes that.

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
        self.suggests = False
        self._own_words: tuple[list[str], OwnWords] = ([], OwnWords([]))
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

    def suggestion(self) -> str:
        """What Tab would add at the cursor; empty for nothing. It is never in the way of what stands behind."""
        cursor = self.textCursor()
        composing = bool(cursor.block().layout().preeditAreaText())
        if not self.suggests or not self.hasFocus() or composing or cursor.hasSelection() or not cursor.atBlockEnd():
            return ""
        if self._own_words[0] is not self.history:
            self._own_words = (self.history, OwnWords(self.history))
        return self._own_words[1].after(cursor.block().text()[: cursor.positionInBlock()])

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        rest = self.suggestion()
        if rest:
            place = self.cursorRect()
            room = self.viewport().width() - place.right() - 2
            painter = QPainter(self.viewport())
            painter.setFont(self.font())
            painter.setPen(colours().color("muted"))
            shown = self.fontMetrics().elidedText(rest, Qt.TextElideMode.ElideRight, room)
            painter.drawText(place.right(), place.top() + self.fontMetrics().ascent(), shown)

    def event(self, event: QEvent) -> bool:
        # Qt moves the focus at Tab before a key press is told.
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_Tab
            and event.modifiers() == Qt.KeyboardModifier.NoModifier
            and (rest := self.suggestion())
        ):
            self._insert(self.textCursor(), rest)
            return True
        return super().event(event)

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
