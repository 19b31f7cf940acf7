"""Messages in the window's language."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.core.message import Message

CONTEXT = "Messages"
"""Of all templates in the translations."""


def translated(message: Message) -> str:
    """A message in the window's language; in English where it has no translation."""
    return message.render(lambda template: QCoreApplication.translate(CONTEXT, template))
