"""The buttons under what the inspector shows."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from app.ui.controls.buttons import push_button
from app.ui.words.language import Text, on_language_change, text_of

COLUMNS = 2


class IntentButtons(QWidget):
    """Some of the buttons at a time, two in a row.

    Signals:
        intended(str): what was pressed: "use", "vary", "start", "continue", "whole", "edit", "compare", "reveal",
            "export", "favourite" or "delete".
    """

    intended = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(8)
        self._buttons: dict[str, QPushButton] = {}
        self._tips: dict[str, Text] = {}
        self._of_clip = False
        self._enabled: dict[str, bool] = {}
        self._reasons: Mapping[str, str] = {}
        for intent, words, tip in (
            (
                "use",
                lambda: self.tr("Use settings"),
                lambda: self.tr("Put all of this picture's settings into the panel"),
            ),
            ("vary", lambda: self.tr("Vary"), lambda: self.tr("Make it again with another seed")),
            ("compare", lambda: self.tr("Compare"), lambda: self.tr("Two to four pictures side by side")),
            (
                "start",
                lambda: self.tr("Start from this"),
                lambda: self.tr("Make this the start picture of the next one"),
            ),
            (
                "continue",
                lambda: self.tr("Continue"),
                lambda: self.tr("Let the next clip begin where this one ends"),
            ),
            (
                "whole",
                lambda: self.tr("Make it whole"),
                lambda: self.tr("Make the whole clip of this draft, with the same seed"),
            ),
            (
                "edit",
                lambda: self.tr("Edit part…"),
                lambda: self.tr("Paint over what is to change, or make the picture larger"),
            ),
            ("upscale", lambda: self.tr("Enlarge"), lambda: self.tr("Make a larger copy")),
            ("reveal", lambda: self.tr("Reveal"), lambda: self.tr("Show the file in its folder")),
            ("export", lambda: self.tr("Export…"), lambda: self.tr("Save a copy")),
            ("favourite", lambda: self.tr("Favourite"), lambda: self.tr("Give the star, or take it")),
            ("delete", lambda: self.tr("Delete"), lambda: self.tr("Move to the trash; Undo brings it back")),
        ):
            button = push_button(f"{intent}Button", words)
            button.setParent(self)  # a button without one would be shown as a window
            self._tips[intent] = tip
            button.clicked.connect(lambda _=False, intent=intent: self.intended.emit(intent))
            self._buttons[intent] = button
        on_language_change(self, self._show_state)
        self._show_state()

    def offer(self, intents: tuple[str, ...]) -> None:
        """Show these, in this order."""
        for intent, button in self._buttons.items():
            button.setVisible(intent in intents)
        for place, intent in enumerate(intents):
            self._grid.addWidget(self._buttons[intent], place // COLUMNS, place % COLUMNS)
        self._of_clip = "continue" in intents
        self._show_state()
        self.setVisible(bool(intents))

    def _tip(self, intent: str) -> str:
        if intent == "start" and self._of_clip:
            return self.tr("Make its first frame the start picture of the next one")
        return text_of(self._tips[intent])

    def enable(self, intents: tuple[str, ...], enabled: bool) -> None:
        self._enabled.update(dict.fromkeys(intents, enabled))
        self._show_state()

    def forbid(self, reasons: Mapping[str, str]) -> None:
        """Disable buttons that make no sense now, and say why; an empty reason leaves a button as it is."""
        self._reasons = reasons
        self._show_state()

    def _show_state(self) -> None:
        for intent, button in self._buttons.items():
            button.setEnabled(self._enabled.get(intent, True) and not self._reasons.get(intent))
            button.setToolTip(self._reasons.get(intent) or self._tip(intent))
