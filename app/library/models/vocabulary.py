"""Reads the list of words that comes with a model which knows few: `vocabulary.json` in its folder."""

from __future__ import annotations

import json
import logging
from functools import lru_cache
from pathlib import Path

from app.core.vocabulary import Vocabulary

log = logging.getLogger(__name__)

NAME = "vocabulary.json"
_LARGEST = 1_000_000
"""Bytes; more is no list of few words."""


@lru_cache(maxsize=16)
def read_vocabulary(folder: Path) -> Vocabulary | None:
    """The words that the model in this folder knows; None where it has no such list, as nearly all have none."""
    path = folder / NAME
    try:
        if path.stat().st_size > _LARGEST:
            return None
        read = json.loads(path.read_text(encoding="utf-8"))
        subjects = {str(code): tuple(map(str, names)) for code, names in read["subjects_by_language"].items()}
        words = frozenset(str(word).lower() for word in read["words"])
        return Vocabulary(words, subjects, tuple(map(str, read.get("examples", ()))))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        log.warning("%s is not used: %r", path, error)
        return None
