"""Prompts that show what a small model can make."""

from __future__ import annotations

from PySide6.QtGui import QFontDatabase

from app.core.vocabulary import Vocabulary
from app.library import paths
from app.library.models.vocabulary import read_vocabulary


def bundled_examples() -> list[str]:
    """Those of the bundled model for pictures; none where its list is missing."""
    return examples_of(read_vocabulary(paths.resources() / "starter"))


def examples_of(vocabulary: Vocabulary | None) -> list[str]:
    """The prompts, as far as there are fonts for them."""
    prompts = vocabulary.examples if vocabulary is not None else ()
    chinese = bool(QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese))
    return [prompt for prompt in prompts if chinese or prompt.isascii()]
