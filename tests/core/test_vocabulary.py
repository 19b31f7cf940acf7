"""Which words of a prompt a small model does not know, with the bundled model's own list."""

from __future__ import annotations

import time

import pytest

from app.core.vocabulary import Vocabulary
from app.library.models.vocabulary import read_vocabulary
from app.library.paths import resources

STARTER = resources() / "starter"


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    read = read_vocabulary(STARTER)
    assert read is not None
    return read


def test_its_own_examples_are_known(vocabulary: Vocabulary) -> None:
    assert len(vocabulary.examples) >= 4
    assert {prompt: vocabulary.unknown(prompt) for prompt in vocabulary.examples} == dict.fromkeys(
        vocabulary.examples, ()
    )


@pytest.mark.parametrize(
    ("prompt", "unknown"),
    [
        ("cat", ("cat",)),
        ("A Cat and a dog, and another cat", ("Cat", "dog", "another")),
        ("It is a red house with trees, near the ocean!", ()),
        ("the sailboat's mountain by two lakes", ()),
        ("8k, 3d, x", ()),
        ("", ()),
        ("кошка in the forest", ("кошка",)),
        ("日落时海上的一艘红色帆船，和一只猫", ("猫",)),
        ("这里有一棵树和一座房子", ()),
        ("花园里的一个机器人", ("花园", "机器人")),
        ("a red 猫 house", ("猫",)),
    ],
)
def test_words_that_it_has_not_learnt_are_named(vocabulary: Vocabulary, prompt: str, unknown: tuple[str, ...]) -> None:
    assert vocabulary.unknown(prompt) == unknown


def test_what_to_ask_for_instead_is_in_the_words_language(vocabulary: Vocabulary) -> None:
    assert vocabulary.instead("cat") == ("house", "tree")
    assert vocabulary.instead("猫") == vocabulary.subjects["zh"][:2]
    assert vocabulary.instead("lighthaus") == ("lighthouse",)


def test_the_longest_prompt_takes_no_time(vocabulary: Vocabulary) -> None:
    start = time.perf_counter()
    vocabulary.unknown("一只猫在花园里，cat " * 700)
    assert time.perf_counter() - start < 0.5
