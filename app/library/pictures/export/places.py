"""Places on this machine, which older versions wrote into pictures, taken out again: only names go out."""

from __future__ import annotations

import json
import re
from typing import Any

_WORDS = {"prompt", "negative", "prompt_cut", "template", "style"}
"""What the user wrote is left as it is."""
_PLACE = re.compile(r"(?:/|~|\\\\|[A-Za-z]:[/\\]|file://|\.{1,2}[/\\])")
_QUOTED = re.compile(r"“([^“”]+)”")
_IN_TEXT = re.compile(r"(?<![\w:/.])(?:~\w*|[A-Za-z]:)?(?:[/\\][^\s/\\\"“”'():,;]+){2,}")
_MODEL = re.compile(r'(?<=\bModel: )("(?:[^"\\]|\\.)*"|[^,\n]*)')


def without_places(own: str) -> str:
    """Our own JSON with the last name of each path in its stead; as it is where it holds none."""
    try:
        content = json.loads(own)
    except (ValueError, RecursionError):
        return "{}"  # nothing could be read from it anyway
    cleaned = _cleaned(content)
    return own if cleaned == content else json.dumps(cleaned, separators=(",", ":"))


def without_model_place(parameters: str) -> str:
    """AUTOMATIC1111's text, as we write it, with the model's name where its path was."""
    lines, separator, last = parameters.rpartition("\n")
    return lines + separator + _MODEL.sub(lambda found: _named_model(found[0]), last)


def _named_model(value: str) -> str:
    plain = value.strip('"')
    name = _last_name(plain)
    if not _PLACE.match(plain):
        return value
    return json.dumps(name, ensure_ascii=False) if value.startswith('"') else name


def _cleaned(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: each if key in _WORDS else _cleaned(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_cleaned(each) for each in value]
    return _without(value) if isinstance(value, str) else value


def _without(text: str) -> str:
    if _PLACE.match(text) and " “" not in text:
        return _last_name(text)
    text = _QUOTED.sub(lambda found: f"“{_without(found[1])}”" if _PLACE.match(found[1]) else found[0], text)
    return _IN_TEXT.sub(lambda found: _last_name(found[0]), text)


def _last_name(path: str) -> str:
    return re.split(r"[/\\]", path.rstrip("/\\"))[-1]
