"""Labels in the roles of the style sheet."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QLabel, QWidget

from app.ui.words.language import Text, on_language_change, set_translated, text_of


def label(words: Text = "", role: str = "", *, wrap: bool = False) -> QLabel:
    """A label in one of the style sheet's roles: caption, muted, danger, heading, title."""
    made = QLabel()
    set_translated(made, words, made.setText)
    made.setWordWrap(wrap)
    if role:
        made.setProperty("role", role)
    return made


class LinkLabel(QLabel):
    """A wrapped label with links to the web. Qt gives links their colour when the text is set, so it is set again when
    the colours change.
    """

    def __init__(self, role: str = "") -> None:
        super().__init__()
        self.setWordWrap(True)
        self.setOpenExternalLinks(True)
        self.setProperty("role", role)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self.text():
            text = self.text()
            self.clear()
            self.setText(text)


class StatusLabel(LinkLabel):
    """A line on how something went or stands, in the window's language."""

    def __init__(self) -> None:
        super().__init__()
        self._words: Text = ""
        on_language_change(self, self._retranslate)

    def show_text(self, words: Text, role: str) -> None:
        """Say this from now on, in this role of the style sheet."""
        self._words = words
        set_role(self, role)
        self._retranslate()

    def _retranslate(self) -> None:
        self.setText(text_of(self._words))


def buddy(words: Text, editor: QWidget, role: str = "") -> QLabel:
    """The caption of an editor."""
    made = label(words, role)
    made.setBuddy(editor)
    return made


def set_role(widget: QWidget, role: str) -> None:
    """Give a widget another role of the style sheet."""
    if widget.property("role") == role:
        return
    widget.setProperty("role", role)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
