"""The button with the earlier prompts, and with examples where the model knows few things."""

from __future__ import annotations

from PySide6.QtCore import QPoint

from app.core.capabilities import Capabilities
from app.core.vocabulary import Vocabulary
from app.ui.controls.style.icons import IconButton
from app.ui.panel.prompt.examples import examples_of
from app.ui.panel.prompt.history_popup import HistoryPopup
from app.ui.panel.prompt.prompt_edit import PromptEdit

EXAMPLES_SHOWN = 8


class HistoryButton(IconButton):
    """A press opens `popup`, which is filled at that moment."""

    def __init__(self, prompt: PromptEdit) -> None:
        super().__init__("history", lambda: self.tr("Earlier prompts and examples"), side=16)
        self._prompt = prompt
        self._vocabulary: Vocabulary | None = None
        self.popup = HistoryPopup(self)
        self.popup.chosen.connect(prompt.replace)
        self.setFixedSize(24, 24)
        self.clicked.connect(self._open)

    def show_capabilities(self, capabilities: Capabilities | None) -> None:
        self._vocabulary = capabilities.vocabulary if capabilities is not None else None

    def fill(self) -> None:
        self.popup.show_prompts(
            (
                (self.tr("Earlier prompts"), self._prompt.history),
                (self.tr("Examples"), examples_of(self._vocabulary)[:EXAMPLES_SHOWN]),
            )
        )

    def _open(self) -> None:
        self.fill()
        self.popup.move(self.mapToGlobal(QPoint(0, self.height() + 2)))
        self.popup.show()
        self.popup.search.setFocus()
