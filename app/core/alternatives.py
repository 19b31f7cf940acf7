r"""`{red|blue}` in a prompt: one prompt for each alternative, in the order in which they stand.

`__name__` is a wildcard: an alternative for each line of a file. `{~red|blue}` and `__~name__` pick one at random, by
the seed. Alternatives may hold alternatives. A backslash before one of `{ } | _ \` makes it a plain character.
"""

from __future__ import annotations

import itertools
import math
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from app.core.errors import UserError
from app.core.message import message

Lines = Callable[[str], Sequence[str]]
"""The lines of a wildcard by its name. Raises UserError where there is none."""

DEEPEST = 20
"""So many alternatives may stand in each other."""
_SHOWN = 24
"""Characters of the prompt that a message about a brace shows."""
_TOKEN = re.compile(r"<lora:[^<>{}|\n]*>|\\[{}|_\\]|[{}|]|__(~?)([^\W_](?:[\w/. -]*?[^\W_])?)__")
_SPECIAL = re.compile(r"\\(?=[{}|_\\])|[{}]|__(?=~?[^\W_])")
_SPACES = re.compile(r" {2,}")


@dataclass(frozen=True, slots=True)
class Choice:
    """Alternatives. `count` is how many prompts they make: one where they are picked at random."""

    options: tuple[Parts, ...]
    at_random: bool
    count: int


@dataclass(frozen=True, slots=True)
class Parts:
    """A text with choices in it."""

    parts: tuple[str | Choice, ...]
    count: int

    def at_random(self) -> bool:
        """Whether anything of it depends on the seed."""
        choices = (part for part in self.parts if isinstance(part, Choice))
        return any(choice.at_random or any(map(Parts.at_random, choice.options)) for choice in choices)

    def prompts(self, seed: int) -> list[str]:
        """All prompts that it stands for, `count` of them; `seed` decides what is picked at random."""
        expanded = _expanded(self, random.Random(seed), pick=False)
        return expanded if len(self.parts) < 2 else [_SPACES.sub(" ", text).strip() for text in expanded]


def parse(template: str, lines: Lines) -> Parts:
    """Read what was typed. Nothing is multiplied out yet, so this is cheap however many prompts it makes.

    Raises:
        UserError: a brace has no partner, or there is no such wildcard.
    """
    return _Reader(lines).read(template, DEEPEST)


def escaped(prompt: str) -> str:
    """What to type for exactly this prompt: `parse` gives it back."""
    return _SPECIAL.sub(lambda found: "\\" + found[0], prompt)


@dataclass
class _Level:
    """An open brace: what was read since, and the alternatives before."""

    start: int
    at_random: bool = False
    options: list[Parts] = field(default_factory=list)
    parts: list[str | Choice] = field(default_factory=list)

    def end_option(self) -> None:
        self.options.append(_parts(self.parts))
        self.parts = []


class _Reader:
    """Reads a template, and each wildcard in it once."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._known: dict[tuple[str, bool], Choice] = {}

    def read(self, template: str, depth: int) -> Parts:
        levels = [_Level(-1)]
        place = 0
        for token in _TOKEN.finditer(template):
            levels[-1].parts.append(template[place : token.start()])
            place = token.end()
            self._take(token, levels, template, depth)
            if levels[-1].parts == [] and template.startswith("~", place) and token[0] == "{":
                levels[-1].at_random = True
                place += 1
        levels[-1].parts.append(template[place:])
        if len(levels) > 1:
            raise _alone(template, levels[-1].start)
        return _parts(levels[0].parts)

    def _take(self, token: re.Match[str], levels: list[_Level], template: str, depth: int) -> None:
        level, text = levels[-1], token[0]
        if text == "{":
            if len(levels) > depth:
                raise UserError(message("Too many alternatives stand in each other."), message("Use fewer braces."))
            levels.append(_Level(token.start()))
        elif text == "}":
            if len(levels) == 1:
                raise _alone(template, token.start())
            level.end_option()
            levels.pop()
            levels[-1].parts.append(_choice(level.options, level.at_random))
        elif text == "|" and len(levels) > 1:
            level.end_option()
        elif text.startswith("__"):
            level.parts.append(self._wildcard(token[2], token[1] == "~", depth))
        else:
            level.parts.append(text if text.startswith("<") else text[-1])

    def _wildcard(self, name: str, at_random: bool, depth: int) -> Choice:
        key = (name, at_random)
        if key not in self._known:
            if depth < 1:
                raise UserError(
                    message("The wildcard “{name}” leads back to itself.", name=name), message("Change its file.")
                )
            self._known[key] = _choice([self.read(line, depth - 1) for line in self._lines(name)], at_random)
        return self._known[key]


def _parts(parts: Sequence[str | Choice]) -> Parts:
    """Texts side by side become one."""
    joined: list[str | Choice] = []
    for is_text, group in itertools.groupby(parts, lambda part: isinstance(part, str)):
        items = list(group)
        joined += ["".join(map(str, items))] if is_text else items
    kept = tuple(part for part in joined if part != "")
    return Parts(kept, math.prod(part.count for part in kept if isinstance(part, Choice)))


def _choice(options: Sequence[Parts], at_random: bool) -> Choice:
    return Choice(tuple(options), at_random, 1 if at_random else sum(option.count for option in options))


def _expanded(parts: Parts, pick_by: random.Random, *, pick: bool) -> list[str]:
    """With `pick` one of each choice alone: within what is picked at random, everything is."""
    columns: list[list[str]] = []
    for part in parts.parts:
        if isinstance(part, str):
            columns.append([part])
        elif pick or part.at_random:
            option = part.options[int(pick_by.random() * len(part.options))]
            columns.append(_expanded(option, pick_by, pick=True))
        else:
            columns.append([text for option in part.options for text in _expanded(option, pick_by, pick=False)])
    return ["".join(row) for row in itertools.product(*columns)]


def _alone(template: str, place: int) -> UserError:
    mark = template[place]
    return UserError(
        message("A brace in the prompt has no partner: “{text}”", text=template[max(0, place - 4) : place + _SHOWN]),
        message("Add the other brace, or type {escaped} for the character itself.", escaped="\\" + mark),
    )
