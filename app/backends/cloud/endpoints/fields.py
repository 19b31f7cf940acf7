"""The fields of a request that not every server knows, under the names that a server takes.

A server that refuses a field makes no picture, so what it refuses is left out, or spelled otherwise, and asked again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from app.backends.cloud.answers import Refused

T = TypeVar("T")

_UNKNOWN = re.compile(
    r"unknown|unrecogni[sz]ed|unexpected|not permitted|not allowed|extra|additional|unsupported|not supported"
    r"|(does|do)(n.t| not) (support|accept|take|have)",
    re.IGNORECASE,
)
_KNOWN = re.compile(
    r"\bexpected\b|\b(?:supported|allowed|valid|known|available|accepted)\s+(?:\w+\s+)?"
    r"(?:fields|param|argument|keys|properties)",
    re.IGNORECASE,
)
"""What begins a list of the fields that a server does know."""
_MOST_TRIES = 12


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to say, in the spellings that there are for it, each a set of names; without one that a server takes it
    is left out, unless it is `needed`.
    """

    spellings: tuple[tuple[str, ...], ...]
    needed: bool = False

    def spelled(self, refused: frozenset[str]) -> tuple[str, ...]:
        open_ones = [names for names in self.spellings if not refused & set(names)]
        return open_ones[0] if open_ones else self.spellings[-1] if self.needed else ()


def chosen(fields: Sequence[Field], values: Mapping[str, Any], refused: frozenset[str]) -> dict[str, Any]:
    """Of all values, by every name that they may have, those to send."""
    names = [name for field in fields for name in field.spelled(refused)]
    return {name: values[name] for name in names if values.get(name) is not None}


def send(
    ask: Callable[[dict[str, Any]], T], fields: Sequence[Field], values: Mapping[str, Any], refused: frozenset[str]
) -> tuple[T, frozenset[str]]:
    """Ask with the fields that were not refused, again without those that are now; the answer, and all refused ones.

    Raises:
        Refused: for another reason.
    """
    for _ in range(_MOST_TRIES):
        body = chosen(fields, values, refused)
        try:
            return ask(body), refused
        except Refused as error:
            known = refused | _refused_by(error, body)
            if chosen(fields, values, known) == body:
                raise
            refused = known
    return ask(chosen(fields, values, refused)), refused


def _refused_by(error: Refused, sent: Mapping[str, Any]) -> frozenset[str]:
    """The fields that a server names as unknown; all where it names none."""
    told = f"{_KNOWN.split(error.detail, maxsplit=1)[0]} {error.code}"
    if error.status not in (400, 422) or error.filtered or not _UNKNOWN.search(told):
        return frozenset()
    named = frozenset(name for name in sent if re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", told))
    return named or frozenset(sent)
