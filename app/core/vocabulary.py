"""The words that a small model knows, and which of a prompt's words it does not know."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_WORD = re.compile(r"(?<!\w)[^\W\d_]+(?:[’'][^\W\d_]+)*")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")
_LONGEST_HAN = 8
"""Characters of the longest Chinese word that is looked for."""

_SMALL_WORDS = """
    a an the this that these those some any no not and or but nor so as if of in on at by to from with without for into
    onto over under above below behind before after near beside between around across through up down out off is are
    was were be been being am has have had do does did it its it's he she they we you i his her their our your my me
    him them us which who whose what where when while there here very quite just only also too then than like
"""
"""English words that carry a sentence and show nothing; nobody needs to hear that a model has not learnt them."""
_SMALL = frozenset(_SMALL_WORDS.split())
_SMALL_HAN = frozenset(
    "的了着过地得在是有和与及跟或也都很就又还并且这那其之于被把对从到向给让上下里外中间内旁边前后左右面处"
    "一二两三四五六七八九十几多些个只条张座棵枚艘辆顶朵头位幅匹片道群大小"
)
"""Chinese particles, places and measure words."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a model that was trained on few words knows.

    Attributes:
        words: every word of its prompts, in small letters; Chinese ones as they are written, without spaces.
        subjects: things it can show, by language ("en", "zh"), the best known first.
        examples: prompts that show what it can make.
    """

    words: frozenset[str]
    subjects: Mapping[str, tuple[str, ...]]
    examples: tuple[str, ...] = ()

    def unknown(self, prompt: str) -> tuple[str, ...]:
        """The prompt's words that are not known, as they are written, each once, in their order.

        Words that only carry the sentence are left out, and so are plurals of known words.
        """
        found: dict[str, str] = {}
        for word in self._words_of(prompt):
            found.setdefault(word.lower(), word)
        return tuple(found.values())

    def instead(self, word: str, count: int = 2) -> tuple[str, ...]:
        """What could be asked for in place of an unknown word, in its language: what is spelt alike, else some of the
        subjects.
        """
        import difflib

        subjects = self.subjects.get("zh" if _HAN.match(word) else "en", ())
        alike = difflib.get_close_matches(word.lower(), subjects, 1, 0.75)
        return tuple(alike or sorted(subjects, key=lambda name: " " in name)[:count])

    def _words_of(self, prompt: str) -> Iterator[str]:
        text = unicodedata.normalize("NFC", prompt)
        place = 0
        for run in _HAN.finditer(text):
            yield from self._unknown_in_latin(text[place : run.start()])
            yield from self._unknown_in_han(run.group())
            place = run.end()
        yield from self._unknown_in_latin(text[place:])

    def _unknown_in_latin(self, text: str) -> Iterator[str]:
        for match in _WORD.finditer(text):
            word = match.group()
            plain = re.sub(r"[’']s$", "", word.lower())
            letter = len(plain) == 1 and plain.isascii()
            if not letter and plain not in _SMALL and not self._knows(plain):
                yield word

    def _knows(self, word: str) -> bool:
        """Whether a word is known, in the singular or in the plural."""
        forms = {word, f"{word}s", word.removesuffix("s"), word.removesuffix("es"), re.sub("ies$", "y", word)}
        return not forms.isdisjoint(self.words)

    def _unknown_in_han(self, run: str) -> Iterator[str]:
        """Take known words out of a run of Chinese characters, the longest first. A known word of one character
        belongs to what stands beside it: what is not known in 花园 is 花园, not 园.
        """
        rest, strange, place = "", False, 0
        while place < len(run):
            length = next((n for n in range(_LONGEST_HAN, 1, -1) if run[place : place + n] in self.words), 0)
            character = run[place]
            if length or character in _SMALL_HAN:
                if strange:
                    yield rest
                rest, strange = "", False
            else:
                rest += character
                strange = strange or character not in self.words
            place += length or 1
        if strange:
            yield rest
