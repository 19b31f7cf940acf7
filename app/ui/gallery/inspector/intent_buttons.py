"""The buttons under what the inspector shows."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from app.ui.controls.buttons import push_button
from app.ui.words.language import set_translated

COLUMNS = 2


class IntentButtons(QWidget):
    """Some of the buttons at a time, two in a row.

    Signals:
        intended(str): what was pressed: "use", "vary", "start", "edit", "compare", "reveal", "export", "favourite" or
            "delete".
    """

    intended = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(8)
        self._buttons: dict[str, QPushButton] = {}
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
            set_translated(button, tip, button.setToolTip)
            button.clicked.connect(lambda _=False, intent=intent: self.intended.emit(intent))
            self._buttons[intent] = button

    def offer(self, intents: tuple[str, ...]) -> None:
        """Show these, in this order."""
        for intent, button in self._buttons.items():
            button.setVisible(intent in intents)
        for place, intent in enumerate(intents):
            self._grid.addWidget(self._buttons[intent], place // COLUMNS, place % COLUMNS)
        self.setVisible(bool(intents))

    def enable(self, intents: tuple[str, ...], enabled: bool) -> None:
        for intent in intents:
            self._buttons[intent].setEnabled(enabled)
