"""Takes over what a link asks for. Nothing is generated before the user says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.core.errors import UserError
from app.core.links import changes_of
from app.ui.words import wording

if TYPE_CHECKING:
    from app.ui.main_window import MainWindow

SHOWN = 80
"""Characters of the prompt that the question shows."""


class Links(QObject):
    """Fills the panel, and asks."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    def open(self, link: str) -> None:
        """Put what a link asks for into the panel; what it says nothing of stays as it is."""
        window = self._window
        try:
            changes = changes_of(link)
        except UserError as error:
            window.bar.show_error(error)
            return
        window.viewer.dismiss()
        window.comparing.dismiss()
        here = window.panel.apply(window.panel.request().replace(**{"seed": None, **changes}))
        window.show_side("panel", True)
        window.panel.show_prompt()

        def words() -> str:
            prompt = wording.one_line(changes["prompt"], SHOWN)
            if here:
                return self.tr("A link asks for “{prompt}”. Generate it?").format(prompt=prompt)
            text = self.tr("A link asks for “{prompt}” with a model that is not on this machine. Generate it?")
            return text.format(prompt=prompt)

        window.bar.show_notice(words, lambda: self.tr("Generate"), window.panel.generate, stay=True)
