"""The button with the earlier prompts, and with examples where the model knows few things."""

from __future__ import annotations

from PySide6.QtWidgets import QMenu, QToolButton

from app.core.capabilities import Capabilities
from app.ui.controls.style.icons import IconButton
from app.ui.panel.prompt.prompt_edit import PromptEdit

EXAMPLES_SHOWN = 8
HISTORY_SHOWN = 12
LONGEST_SHOWN = 60


class HistoryButton(IconButton):
    """A press opens `list`, a menu that is filled at that moment."""

    def __init__(self, prompt: PromptEdit, examples: list[str]) -> None:
        super().__init__("history", lambda: self.tr("Earlier prompts and examples"), side=16)
        self._prompt = prompt
        self._examples = examples
        self._few = False
        self.list = QMenu(self)
        self.list.aboutToShow.connect(self.fill)
        self.setFixedSize(24, 24)
        self.setMenu(self.list)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    def show_capabilities(self, capabilities: Capabilities | None) -> None:
        self._few = capabilities is not None and bool(capabilities.knows)

    def fill(self) -> None:
        menu = self.list
        menu.clear()
        for caption, prompts in (
            (self.tr("Earlier prompts"), self._prompt.history[:HISTORY_SHOWN]),
            (self.tr("Examples"), self._examples[:EXAMPLES_SHOWN] if self._few else []),
        ):
            if prompts:
                menu.addAction(caption).setEnabled(False)
            for text in prompts:
                short = text[: LONGEST_SHOWN * 2].replace("\n", " ").replace("&", "&&")
                action = menu.addAction(short if len(short) < LONGEST_SHOWN else f"{short[: LONGEST_SHOWN - 2]}…")
                action.triggered.connect(lambda _=False, text=text: self._prompt.replace(text))
        if menu.isEmpty():
            menu.addAction(self.tr("No earlier prompts yet")).setEnabled(False)
