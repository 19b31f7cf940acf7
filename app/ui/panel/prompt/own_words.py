"""How a prompt goes on, by the user's own earlier words."""

from __future__ import annotations

import re
from collections.abc import Sequence

SHORTEST = 3
"""So many letters are typed before anything is suggested."""
MOST = 5_000
"""Phrases and words that are remembered at most, the newest first."""
_BREAKS = re.compile(r"[,;.!?\n{}|()<>]+")
_WORD = re.compile(r"[\w'-]+$")


class OwnWords:
    """The phrases between commas, and the words, of some prompts, newest first."""

    def __init__(self, prompts: Sequence[str]) -> None:
        phrases: dict[str, str] = {}
        words: dict[str, str] = {}
        for prompt in prompts:
            for phrase in map(str.strip, _BREAKS.split(prompt)):
                if len(phrase) > SHORTEST:
                    phrases.setdefault(phrase.casefold(), phrase)
                for word in phrase.split():
                    if len(word) > SHORTEST:
                        words.setdefault(word.casefold(), word)
            if len(phrases) > MOST or len(words) > MOST:
                break
        self._phrases = phrases
        self._words = words

    def after(self, typed: str) -> str:
        """What is likely to follow; empty where nothing is known. A phrase goes before a word."""
        phrase = _BREAKS.split(typed)[-1].lstrip()
        word = _WORD.search(phrase)
        return self._rest(phrase, self._phrases) or (self._rest(word[0], self._words) if word else "")

    def _rest(self, begun: str, known: dict[str, str]) -> str:
        if len(begun) < SHORTEST:
            return ""
        folded = begun.casefold()
        for key, text in known.items():
            if len(text) > len(begun) and key.startswith(folded):
                return text[len(begun) :]
        return ""
