"""The line under the prompt that says what a model with few words can show, and which of the words it does not know."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel

from app.core.capabilities import Capabilities
from app.ui.panel.prompt.prompt_edit import PromptEdit
from app.ui.words import wording
from app.ui.words.language import on_language_change

WAIT_MS = 500
"""Without a keystroke, before it judges: no word is unknown while it is typed."""
WORDS_SHOWN = 3


class WordNotes(QLabel):
    """Hidden for models that know a whole language."""

    def __init__(self, prompt: PromptEdit) -> None:
        super().__init__()
        self.setObjectName("wordNotes")
        self.setProperty("role", "caption")
        self.setWordWrap(True)
        self._prompt = prompt
        self._capabilities: Capabilities | None = None
        self._timer = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._timer.timeout.connect(self._show)
        prompt.textChanged.connect(self._timer.start)
        on_language_change(self, self._show)
        self._show()

    def show_capabilities(self, capabilities: Capabilities | None) -> None:
        self._capabilities = capabilities
        self._show()

    def _show(self) -> None:
        known = self._capabilities
        if known is None:
            self.hide()
            return
        text = wording.of_catalog(known.knows)
        if known.vocabulary is not None:
            strange = known.vocabulary.unknown(self._prompt.toPlainText())
            if strange:
                text = wording.unknown_words(
                    known.model, strange[:WORDS_SHOWN], known.vocabulary.instead(strange[0]), len(strange) > WORDS_SHOWN
                )
        more = wording.of_catalog(known.knows_more)
        self.setText(text)
        self.setToolTip(wording.tip(more) if more else "")
        self.setAccessibleDescription(more)
        self.setVisible(bool(text))
