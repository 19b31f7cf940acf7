"""Prompts that show what the bundled model can make."""

from __future__ import annotations

import json

from PySide6.QtGui import QFontDatabase

from app.library import paths


def load_examples() -> list[str]:
    """The prompts, as far as there are fonts for them; none where the file is missing."""
    try:
        text = (paths.resources() / "starter" / "vocabulary.json").read_text(encoding="utf-8")
        prompts = [str(prompt) for prompt in json.loads(text)["examples"]]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    chinese = bool(QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese))
    return [prompt for prompt in prompts if chinese or prompt.isascii()]
