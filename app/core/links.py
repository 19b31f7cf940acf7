"""Links that ask for a picture: `sana-studio://generate?prompt=a+red+boat&steps=20`.

Anybody can write a link, so each field is checked, and none names a file, a backend or a cost.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any
from unicodedata import category
from urllib.parse import parse_qsl, urlencode, urlsplit

from app.core.errors import UserError
from app.core.message import message, series
from app.core.request import MAX_SEED

SCHEME = "sana-studio"
MAX_LENGTH = 40_000
"""Characters of a link; Chinese in a prompt takes nine each."""
MAX_TEXT = 10_000
MAX_SIDE = 8192
MAX_STEPS = 200
MAX_GUIDANCE = 50.0
MAX_COUNT = 64
_MODEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,95}(/[A-Za-z0-9][A-Za-z0-9._-]{0,95})?")


def is_link(text: str) -> bool:
    """Whether a start's argument is such a link, right or wrong."""
    return text[: len(SCHEME) + 1].lower() == f"{SCHEME}:"


def link_to(prompt: str) -> str:
    """The link that asks for a picture of this."""
    return f"{SCHEME}://generate?{urlencode({'prompt': prompt})}"


def changes_of(link: str) -> dict[str, Any]:
    """What a link asks for: changes to a `GenerationRequest`, among them always the prompt.

    Raises:
        UserError: it is no such link, or one of its fields makes no sense.
    """
    if len(link) > MAX_LENGTH:
        raise UserError(message("The link is too long."), message("Shorten its prompt."))
    try:
        parts = urlsplit(link.strip())
        pairs = parse_qsl(
            parts.query, keep_blank_values=True, strict_parsing=bool(parts.query), max_num_fields=len(_FIELDS),
            errors="strict",
        )  # fmt: skip
    except ValueError as error:  # half an escape, or too many fields
        raise _wrong() from error
    if parts.scheme != SCHEME or parts.netloc.lower() != "generate" or parts.path not in ("", "/") or parts.fragment:
        raise _wrong()
    changes: dict[str, Any] = {}
    for name, value in pairs:
        if name not in _FIELDS:
            raise UserError(
                message("A link cannot set “{field}”.", field=_short(name)),
                message("Use only these: {names}.", names=series(list(_FIELDS))),
            )
        if name in changes:
            raise UserError(message("The link sets “{field}” twice.", field=name), message("Leave one of them out."))
        try:
            changes[name] = _FIELDS[name](value)
        except ValueError as error:
            raise UserError(
                message("“{value}” is no value for “{field}” in a link.", value=_short(value), field=name),
                message("Ask whoever wrote the link for a right one."),
            ) from error
    if not changes.get("prompt"):
        raise UserError(message("The link has no prompt."), message("Type what you would like to see."))
    return changes


def _wrong() -> UserError:
    return UserError(
        message("The link is not one that Sana Studio understands."),
        message("It begins with {example}.", example=f"{SCHEME}://generate?prompt="),
    )


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"


def _text(value: str) -> str:
    if len(value) > MAX_TEXT or any(category(each) in {"Cc", "Cs"} and each not in "\n\t" for each in value):
        raise ValueError("no text")
    return value.strip()


def _whole(low: int, high: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        if not re.fullmatch(r"[0-9]{1,10}", value):
            raise ValueError("no number")
        number = int(value)
        if not low <= number <= high:
            raise ValueError("out of its limits")
        return number

    return read


def _guidance(value: str) -> float:
    number = float(value) if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,6})?", value) else math.nan
    if not 0 <= number <= MAX_GUIDANCE:
        raise ValueError("out of its limits")
    return number


def _model(value: str) -> str:
    if not _MODEL.fullmatch(value):
        raise ValueError("no model's name")
    return value


_FIELDS: dict[str, Callable[[str], Any]] = {
    "prompt": _text,
    "negative": _text,
    "model": _model,
    "width": _whole(32, MAX_SIDE),
    "height": _whole(32, MAX_SIDE),
    "steps": _whole(1, MAX_STEPS),
    "guidance": _guidance,
    "seed": _whole(0, MAX_SEED),
    "count": _whole(1, MAX_COUNT),
}
