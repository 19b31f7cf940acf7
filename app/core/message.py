"""Messages as values: a template and what is filled in, put into words where they are shown.

This is the deferred form that gettext knows: the text is marked where it is written, `message("...")`, and translated
where it is read. A message survives JSON and the worker's pipe, so that a saved job speaks the language of the day.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Union

Value = Union[str, int, float, "Message"]
"""What may be filled in. A text is a name or somebody else's words, and is never translated; a message is."""

Translate = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Message:
    """Something to tell a person.

    Attributes:
        template: English, with {name} or {name:.1f} for each value.
        values: the values by name, sorted.
    """

    template: str
    values: tuple[tuple[str, Value], ...] = ()

    def render(self, translate: Translate) -> str:
        """The message in words.

        Args:
            translate: gives the template in the reader's language, or as it is.
        """
        template = translate(self.template) if self.template else ""
        values = {name: value.render(translate) if isinstance(value, Message) else value for name, value in self.values}
        try:
            return string.Formatter().vformat(template, (), values)
        except (KeyError, IndexError, ValueError):  # a translation, or a saved message, with another hole
            return template

    def __str__(self) -> str:
        """In English."""
        return self.render(lambda template: template)

    def __bool__(self) -> bool:
        return bool(self.template)

    def to_json(self) -> dict[str, Any]:
        """JSON-ready; `Message.from_json` reads it back."""
        values = {name: value.to_json() if isinstance(value, Message) else value for name, value in self.values}
        return {"template": self.template, "values": values}

    @classmethod
    def from_json(cls, saved: Any) -> Message:
        """Read what `to_json` wrote. A plain text, as older versions saved, is kept as it is."""
        if isinstance(saved, str):
            return plain(saved)
        if not isinstance(saved, Mapping) or not isinstance(saved.get("template"), str):
            return Message("")
        values = saved.get("values")
        read: dict[str, Value] = {}
        for name, value in (values if isinstance(values, Mapping) else {}).items():
            if isinstance(value, Mapping):
                read[str(name)] = cls.from_json(value)
            elif isinstance(value, str | int | float) and not isinstance(value, bool):
                read[str(name)] = value
        return cls(saved["template"], tuple(sorted(read.items())))


NOTHING = Message("")
"""Nothing to tell."""


def message(template: str, **values: Value) -> Message:
    """Mark a text for translation. The template is one literal, which packaging/messages.py finds in the source."""
    return Message(template, tuple(sorted(values.items())))


def plain(text: str) -> Message:
    """Somebody else's words, or a name, as they are."""
    return Message("{text}", (("text", text),)) if text else NOTHING
