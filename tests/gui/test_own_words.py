from __future__ import annotations

import time

import pytest

from app.ui.panel.prompt.own_words import OwnWords

HISTORY = ["a red house, soft evening light", "Soft focus, a lighthouse at the sea", "红色的房子在湖边"]


@pytest.mark.parametrize(
    ("typed", "rest"),
    [
        ("sof", "t evening light"), ("a boat, SOFT F", "ocus"), ("so", ""), ("a big light", "house"),
        ("{red|a red", " house"), ("nothing of it", ""), ("", ""), ("a boat at the lighthouse", ""),
        ("红色的", "房子在湖边"),
        ("a red house", ""),
    ],
)  # fmt: skip
def test_a_phrase_goes_on_then_a_word_and_the_newest_first(typed: str, rest: str) -> None:
    assert OwnWords(HISTORY).after(typed) == rest


def test_a_long_history_answers_while_one_types() -> None:
    words = OwnWords([f"prompt number {number} with words{number}, and phrase {number}" * 20 for number in range(500)])
    started = time.perf_counter()
    for _ in range(20):
        words.after("an entirely other text")
    assert time.perf_counter() - started < 0.5
