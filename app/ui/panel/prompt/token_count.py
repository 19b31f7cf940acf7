"""The line under the prompt that warns before it gets too long, and marks in it what the model will not read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6 import QtGui, QtWidgets
from PySide6.QtCore import QTimer
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QLabel

from app.backends.base import Backend
from app.backends.local.token_count import CountsTokens
from app.ui.background import Background
from app.ui.controls.style.theme import colours
from app.ui.controls.text.labels import set_role
from app.ui.panel.prompt.prompt_edit import PromptEdit
from app.ui.words.language import set_translated

if TYPE_CHECKING:
    from app.diffusion.families.sana import PromptTokens

WAIT_MS = 200
"""Without a keystroke, before it counts."""
CROWDED = 0.85
"""The share of the room from which on it warns."""


class TokenCount(QLabel):
    """Counts in the background, with the chosen model's own tokenizer. It hides while there is room,
    and where the backend cannot tell."""

    def __init__(self, prompt: PromptEdit) -> None:
        super().__init__()
        self.setObjectName("tokenLabel")
        set_translated(self, lambda: self.tr("Length of the prompt"), self.setAccessibleName)
        self.setProperty("role", "caption")
        self.setWordWrap(True)
        self.hide()
        self._prompt = prompt
        self._backend: CountsTokens | None = None
        self._model = ""
        self._cut_prompt = ""
        self._background = Background(self)
        self._timer = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._timer.timeout.connect(self._count)
        prompt.textChanged.connect(self._text_changed)

    def show_offer(self, backend: Backend | None, model: str) -> None:
        """Count for this model from now on."""
        self._backend = backend if isinstance(backend, CountsTokens) else None
        self._model = model
        self._text_changed()

    def has_warned(self, prompt: str) -> bool:
        """Whether this prompt was the last of which the end was crossed out."""
        return prompt.strip() == self._cut_prompt

    def close_down(self) -> None:
        """Before the window goes."""
        self._timer.stop()
        self._background.close()

    def _text_changed(self) -> None:
        if self._backend is not None and self._prompt.toPlainText().strip():
            self._timer.start()
        else:
            self._timer.stop()
            self._clear()

    def _count(self) -> None:
        backend, model, text = self._backend, self._model, self._prompt.toPlainText()
        if backend is None:
            return

        def done(tokens: PromptTokens) -> None:
            # It may have been typed on, or another model chosen, in the meantime.
            if (backend, model, text) == (self._backend, self._model, self._prompt.toPlainText()):
                self._show(tokens, text)

        self._background.run(lambda: backend.count_tokens(model, text), done, lambda _: self._clear())

    def _show(self, tokens: PromptTokens, text: str) -> None:
        words = ""
        if tokens.cut:
            self._cut_prompt = text.strip()
            words = self.tr("Too long for this model: what is crossed out has no effect.")
        elif tokens.tokens >= CROWDED * tokens.room:
            words = self.tr("Nearly as long as this model can read.")
        set_role(self, "danger" if tokens.cut else "caption")
        self.setText(words)
        self.setVisible(bool(words))
        self._mark(text, tokens.cut)

    def _clear(self) -> None:
        self.hide()
        self._mark("", "")

    def _mark(self, text: str, cut: str) -> None:
        """Cross out the end of the prompt."""
        marks = []
        if cut:
            start = len(text.rstrip()) - len(cut)
            mark = QtWidgets.QTextEdit.ExtraSelection()
            mark.cursor = QTextCursor(self._prompt.document())
            mark.cursor.setPosition(len(text[: max(0, start)].encode("utf-16-le")) // 2)  # as Qt counts
            mark.cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
            mark.format = QtGui.QTextCharFormat()  # named when it is needed: PySide makes its many enums then
            mark.format.setFontStrikeOut(True)
            mark.format.setForeground(colours().color("muted"))
            marks.append(mark)
        self._prompt.setExtraSelections(marks)
