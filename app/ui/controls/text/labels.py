"""Labels in the roles of the style sheet."""

from __future__ import annotations

import html
from urllib.parse import urlsplit

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QLabel, QWidget

from app.ui.words.language import Text, on_language_change, set_translated, text_of


def label(words: Text = "", role: str = "", *, wrap: bool = False) -> QLabel:
    """A label in one of the style sheet's roles: caption, muted, danger, heading, title. Its text, which may hold the
    name of a file, is never read as HTML.
    """
    made = QLabel()
    made.setTextFormat(Qt.TextFormat.PlainText)
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
    """A line on how something went or stands, in the window's language. What it says is never read as HTML."""

    def __init__(self) -> None:
        super().__init__()
        self._words: Text = ""
        self._link = ""
        on_language_change(self, self._retranslate)

    def show_text(self, words: Text, role: str, link: str = "") -> None:
        """Say this from now on, in this role of the style sheet.

        Args:
            link: an address, which opens from its host's name in the words.
        """
        self._words, self._link = words, link
        set_role(self, role)
        self._retranslate()

    def _retranslate(self) -> None:
        text = text_of(self._words)
        if self._link:
            host = html.escape(urlsplit(self._link).netloc)
            anchor = f'<a href="{html.escape(self._link)}" style="text-decoration: none">{host}</a>'
            text = html.escape(text).replace(host, anchor)
        self.setTextFormat(Qt.TextFormat.RichText if self._link else Qt.TextFormat.PlainText)
        self.setText(text)


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
