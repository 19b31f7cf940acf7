"""Messages as values: a template and what is filled in, put into words where they are shown.

This is the deferred form that gettext knows: the text is marked where it is written, `message("...")`, and translated
where it is read. A message survives JSON and the worker's pipe, so that a saved job speaks the language of the day.

A template may come from a file (a saved job, somebody else's picture). So a hole is a plain name with at most a short
numeric format, and depth, length and number of parts are bounded: whatever is in it, rendering is quick and never
fails.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Union

Value = Union[str, int, float, "Message"]
"""What may be filled in. A text is a name or somebody else's words, and is never translated; a message is."""

Translate = Callable[[str], str]

LONGEST = 2000
"""Characters of a text that is filled in, and of a whole message. What is longer is cut."""
DEEPEST = 12
"""Levels of messages within messages."""
MOST_PARTS = 1000
"""Values of a message that is read from a file, those of the messages in it included."""

_HOLE = re.compile(r"( ?)\{([A-Za-z]\w*)(?::(,?(?:\.\d{1,2})?[defg%]?))?\}( ?)|\{\{|\}\}", re.ASCII)
_CHINESE_MARKS = frozenset("“”（）、。，：；")
_LARGEST = 10**30


def _formatted(value: Value, form: str) -> str:
    try:
        return format(value, form)
    except (ValueError, OverflowError):  # a text where a number belongs, in a saved message
        return str(value)


def _fitting(value: Any) -> Any:
    """A value that JSON, UTF-8 and a line on the screen can take."""
    if isinstance(value, Message) or (isinstance(value, int | float) and abs(value) < _LARGEST):
        return value
    if isinstance(value, int):
        value = "…"  # with thousands of digits it could not even be put into words
    return _cut(str(value)).encode(errors="replace").decode()


def _chinese(character: str) -> bool:
    """Between two such there is no space, whatever a template has around what is filled in."""
    return "一" <= character <= "鿿" or character in _CHINESE_MARKS


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


@dataclass(frozen=True, slots=True)
class Message:
    """Something to tell a person.

    Attributes:
        template: English, with {name} or a format such as {name:.1f} for each value; {{ and }} are braces.
        values: the values by name, sorted.
    """

    template: str
    values: tuple[tuple[str, Value], ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "template", _fitting(self.template))
        object.__setattr__(self, "values", tuple(sorted((name, _fitting(value)) for name, value in self.values)))

    def render(self, translate: Translate) -> str:
        """The message in words.

        Args:
            translate: gives the template in the reader's language, or as it is.
        """
        return self._render(translate, DEEPEST)

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
        return plain(saved) if isinstance(saved, str) else _read(saved, DEEPEST, iter(range(MOST_PARTS)))

    def _render(self, translate: Translate, depth: int) -> str:
        if not self.template or not depth:
            return ""
        values = {
            name: value._render(translate, depth - 1) if isinstance(value, Message) else value
            for name, value in self.values
        }
        room = LONGEST

        def fill(hole: re.Match[str]) -> str:
            nonlocal room
            before, name, form, after = hole.groups()
            if not name or name not in values:  # a brace, or a saved message with another hole
                return hole[0].replace("{{", "{").replace("}}", "}")
            text = _formatted(values[name], form or "") if room > 0 else ""
            room -= len(text)
            around = hole.string[: hole.start()][-1:], hole.string[hole.end() :][:1]
            before *= not (_chinese(around[0]) and _chinese(text[:1]))
            after *= not (_chinese(around[1]) and _chinese(text[-1:]))
            return before + text + after

        return _cut(_HOLE.sub(fill, translate(self.template)))


NOTHING = Message("")
"""Nothing to tell."""


def message(template: str, **values: Value | PurePath) -> Message:
    """Mark a text for translation. The template is one literal, which packaging/messages.py finds in the source."""
    return Message(template, tuple((name, _fitting(value)) for name, value in values.items()))


def plain(text: str) -> Message:
    """Somebody else's words, or a name, as they are."""
    return Message("{text}", (("text", text),)) if text else NOTHING


def quoted(name: str) -> Message:
    """A name in quotation marks."""
    return message("“{name}”", name=name)


def gigabytes(size: float) -> Message:
    """An amount of bytes, roughly: "12.4 GB", "0.5 GB", "under 0.1 GB"; never "0 GB"."""
    amount = size / 1e9
    if amount < 0.095:
        return message("under {n} GB", n="0.1")
    return message("{n} GB", n=f"{amount:.0f}" if amount >= 99.5 else f"{amount:.1f}".removesuffix(".0"))


def sentences(*parts: Message) -> Message:
    """Some sentences, one after another; what is empty is left out."""
    return _joined([part for part in parts if part], lambda a, b: message("{first} {second}", first=a, second=b))


def series(items: Sequence[Value]) -> Message:
    """ "a, b, c"."""
    return _joined(items, lambda a, b: message("{first}, {second}", first=a, second=b))


def any_of(items: Sequence[Value]) -> Message:
    """ "a, b or c"."""
    return _with_last(items, lambda a, b: message("{first} or {second}", first=a, second=b))


def all_of(items: Sequence[Value]) -> Message:
    """ "a, b and c"."""
    return _with_last(items, lambda a, b: message("{first} and {second}", first=a, second=b))


_Join = Callable[[Message, Message], Message]


def _with_last(items: Sequence[Value], join: _Join) -> Message:
    return join(series(items[:-1]), _message(items[-1])) if len(items) > 1 else series(items)


def _joined(items: Sequence[Value], join: _Join) -> Message:
    """All items as one message, by halves: a long list is not a deep one."""
    if len(items) < 2:
        return _message(items[0]) if items else NOTHING
    middle = (len(items) + 1) // 2
    return join(_joined(items[:middle], join), _joined(items[middle:], join))


def _message(value: Value) -> Message:
    return value if isinstance(value, Message) else plain(str(value))


def _read(saved: Any, depth: int, parts: Iterator[int]) -> Message:
    """A message from JSON, of at most `depth` levels and as many messages as `parts` has entries."""
    if not isinstance(saved, Mapping) or not isinstance(saved.get("template"), str) or not depth:
        return NOTHING
    values: dict[str, Value] = {}
    given = saved.get("values")
    for name, value in given.items() if isinstance(given, Mapping) else ():
        if next(parts, None) is None:
            break
        if isinstance(value, Mapping):
            values[name] = _read(value, depth - 1, parts)
        elif isinstance(value, str | int | float):
            values[name] = value
    return Message(saved["template"], tuple(values.items()))
