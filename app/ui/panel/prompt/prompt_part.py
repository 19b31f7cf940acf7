"""The upper part of the panel: the prompt, what the model makes of it, and the negative prompt."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.backends.base import Backend
from app.core.capabilities import Capabilities
from app.ui.controls.disclosure import Disclosure
from app.ui.controls.text.labels import buddy
from app.ui.panel.exploring.style_button import StyleButton
from app.ui.panel.prompt.history_button import HistoryButton
from app.ui.panel.prompt.prompt_edit import PromptEdit
from app.ui.panel.prompt.token_count import TokenCount
from app.ui.panel.prompt.wildcards_button import WildcardsButton
from app.ui.panel.prompt.word_notes import WordNotes

LOWEST, HIGHEST = 54, 200
"""Of the prompt field, in points: two lines where the window is low, eleven where there is room."""


class PromptPart(QObject):
    """The fields are `prompt` and `negative`. They stand directly in the panel's column, so that the prompt takes the
    room that is left in it.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._clips = False
        self.prompt = PromptEdit("promptEdit", lambda: self.tr("Prompt"), self._describe_words)
        self.prompt.set_heights(LOWEST, HIGHEST)
        self.tokens = TokenCount(self.prompt)
        self.words = WordNotes(self.prompt)
        self.history = HistoryButton(self.prompt)
        self.style = StyleButton()
        self.wildcards = WildcardsButton(self.prompt)
        self.negative = PromptEdit("negativeEdit", lambda: self.tr("Negative prompt"), self._avoid_words)
        self.negative.set_heights(LOWEST, LOWEST)
        self.negative_part = Disclosure(lambda: self.tr("Negative prompt"), self.negative)

    def add_to(self, column: QVBoxLayout) -> None:
        heading = QHBoxLayout()
        heading.addWidget(buddy(lambda: self.tr("Prompt"), self.prompt))
        heading.addStretch()
        heading.addWidget(self.style)
        heading.addWidget(self.wildcards)
        heading.addWidget(self.history)
        field = QVBoxLayout()
        field.setSpacing(3)
        field.addLayout(heading)
        field.addWidget(self.prompt, 1)
        for widget in (self.tokens, self.words, self.negative_part):
            field.addWidget(widget)
        column.addLayout(field, 4)

    def in_tab_order(self) -> list[QWidget]:
        return [self.style, self.wildcards, self.prompt, self.history, self.negative_part]

    def show_offer(self, backend: Backend | None, model: str, capabilities: Capabilities | None) -> None:
        """Show what a backend with a model makes of the prompt; None where no model is there."""
        self.tokens.show_offer(backend, model)
        self.words.show_capabilities(capabilities)
        self.history.show_capabilities(capabilities)
        self.negative_part.setVisible(capabilities is not None and capabilities.negative)
        if capabilities is not None:
            self._clips = capabilities.clip is not None
            self.prompt.setPlaceholderText(self._describe_words())
            self.negative.setPlaceholderText(self._avoid_words())

    def _describe_words(self) -> str:
        return self.tr("Describe the clip") if self._clips else self.tr("Describe the picture")

    def _avoid_words(self) -> str:
        return self.tr("What to keep out of the clip") if self._clips else self.tr("What to keep out of the picture")
