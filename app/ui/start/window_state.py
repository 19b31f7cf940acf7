"""What the window remembers until the next start: one JSON file in the app's folder."""

from __future__ import annotations

import base64
import json
import logging
from pathlib import Path
from typing import Any

from app.library import paths
from app.library.files import replace_file

log = logging.getLogger(__name__)

MAX_BYTES = 4_000_000
ENCODED = ("geometry", "splitter")
"""What Qt gives as bytes; kept as base64."""


def state_file() -> Path:
    return paths.home() / "window.json"


def load_state() -> dict[str, Any]:
    """The last state, without what makes no sense in it; empty where there is none."""
    file = state_file()
    try:
        if file.stat().st_size > MAX_BYTES:
            return {}
        state = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        log.warning("The window's state in %s cannot be read: %s", file, error)
        return {}
    if not isinstance(state, dict):
        return {}
    return {name: value for name, value in state.items() if name not in ENCODED or _is_base64(value)}


def _is_base64(value: Any) -> bool:
    try:
        base64.b64decode(value, validate=True)
    except (ValueError, TypeError):
        return False
    return True


def save_state(state: dict[str, Any]) -> None:
    """Keep the state. A full or read-only disk is no reason to bother anybody with it."""
    try:
        text = json.dumps(state, ensure_ascii=False, indent=1)
        replace_file(state_file(), text.encode("utf-8", "backslashreplace"), durable=False)
    except OSError as error:
        log.warning("The window's state could not be saved: %s", error)
