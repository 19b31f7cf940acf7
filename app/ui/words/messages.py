"""Says in the window's language what the rooms below the window say in English, which know of no other.

A message is known by its form: resources/translations/messages.json lists the sentences, with {0}, {1}, ... where
something is filled in. packaging/messages.py finds them; packaging/translations.py writes the list.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication

from app.core.errors import UserError
from app.library import paths
from app.ui.words.language import language

CONTEXTS = ("Messages", "Settings")
"""Of the translations. What is filled in may be the name of a setting."""
HOLE = re.compile(r"{\d*}")
FEWEST_LETTERS = 4
"""A form with fewer of its own holds only where something is filled in that is known too."""
LONGEST = 1000
DEEPEST = 8
_ENGLISH = ("", "en")
_PLACE = re.compile(r"( ?){(\d+)}( ?)")
_CHINESE = re.compile("[“”（）一-鿿]")
_SENTENCE_END = re.compile(r"(?<=[.!?]) (?=[A-Z“/{])")


class _Form(NamedTuple):
    english: re.Pattern[str]
    words: str
    weak: bool
    foreign: tuple[bool, ...]  # of each hole: whether what fills it is a name, or somebody else's words


def translated(text: str) -> str:
    """A message in the window's language. What is not known stays as it is.

    Args:
        text: some sentences, or a part of one. What is longer than any message stays as it is: it may be foreign.
    """
    if language() in _ENGLISH or len(text) > LONGEST:
        return text
    return _said(text, DEEPEST)


def _said(text: str, depth: int) -> str:
    parts = sentences(text)
    known = [_known(part, language(), depth) for part in parts]
    if not any(known):  # perhaps the end of a sentence was within a name
        return _known(text, language(), depth) or text
    return _joined(*(words or part for words, part in zip(known, parts, strict=True)))


def problem(error: UserError) -> str:
    """What is wrong and what to do about it, in the window's language."""
    return _joined(translated(error.message), translated(error.remedy))


def sentences(text: str) -> list[str]:
    """The sentences of a text, or of a form of one."""
    return _SENTENCE_END.split(text)


def letters(form: str) -> int:
    """How many letters a form has of its own."""
    return sum(map(str.isalpha, HOLE.sub("", form)))


@functools.lru_cache(1000)
def _known(text: str, language: str, depth: int) -> str | None:
    """A sentence or a part of one in the present language, `language`; None where it has no known form.

    Args:
        depth: so many more times what is filled in may be filled in itself.
    """
    for context in CONTEXTS:
        words = QCoreApplication.translate(context, text)
        if words != text:
            return words
    for form in _forms(language):
        if match := form.english.fullmatch(text):
            filled_in = [
                part if foreign or not depth else _said(part, depth - 1)
                for part, foreign in zip(match.groups(), form.foreign, strict=True)
            ]
            if not form.weak or filled_in != list(match.groups()):
                return _filled(form.words, filled_in)
    if text.endswith("."):
        return None
    whole = _known(f"{text}.", language, depth)  # within another sentence it has lost its full stop
    return whole and whole.removesuffix("。")


@functools.cache
def _forms(language: str) -> list[_Form]:
    """The forms that the present language, `language`, has words for, the most telling first."""
    listed = json.loads((paths.resources() / "translations" / "messages.json").read_text(encoding="utf-8"))
    listed.sort(key=lambda form: len(HOLE.sub("", form)), reverse=True)
    return [
        _Form(_expression(form), words, letters(form) < FEWEST_LETTERS, _foreign(form))
        for form in listed
        if HOLE.search(form) and (words := QCoreApplication.translate(CONTEXTS[0], form)) != form
    ]


def _foreign(form: str) -> tuple[bool, ...]:
    """A name stands in quotation marks, but for the names of settings, and what the service says is at the end."""
    service = form.startswith("Replicate ") and form.endswith(": {0}")
    quoted = [form[match.start() - 1 : match.start()] == "“" for match in HOLE.finditer(form)]
    return tuple(service or (is_quoted and " the setting “" not in form) for is_quoted in quoted)


def _expression(form: str) -> re.Pattern[str]:
    return re.compile("(.+?)".join(map(re.escape, HOLE.split(form))), re.DOTALL)


def _filled(words: str, parts: Sequence[str]) -> str:
    """The words with their holes filled in; a space around one parts Chinese from other letters alone."""

    def fill(place: re.Match[str]) -> str:
        before, number, after = place.groups()
        part = parts[int(number)]
        return before * (not _CHINESE.match(part[0])) + part + after * (not _CHINESE.match(part[-1]))

    return _PLACE.sub(fill, words)


def _joined(*parts: str) -> str:
    """Sentences one after another; Chinese ones have no space between them."""
    return re.sub("(?<=。) ", "", " ".join(filter(None, parts)))
