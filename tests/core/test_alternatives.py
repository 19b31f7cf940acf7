from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from app.core.alternatives import escaped, parse
from app.core.errors import UserError

FILES = {
    "colour": ["red", "blue", "{light|dark} green"],
    "animals/small dog": ["terrier"],
    "loop": ["a __loop__"],
    "many": [str(number) for number in range(1000)],
}


def lines(name: str) -> Sequence[str]:
    return FILES[name]


def prompts(template: str, seed: int = 0) -> list[str]:
    parts = parse(template, lines)
    made = parts.prompts(seed)
    assert len(made) == parts.count
    return made


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("a house", ["a house"]),
        ("a {red|blue} house", ["a red house", "a blue house"]),
        ("{a|b} {c|d}", ["a c", "a d", "b c", "b d"]),
        ("a {red|{light|dark} blue} house", ["a red house", "a light blue house", "a dark blue house"]),
        ("a {big |}house", ["a big house", "a house"]),
        ("a {|red} house", ["a house", "a red house"]),
        ("one | two", ["one | two"]),
        ("{one}", ["one"]),
        (r"a \{red\|blue\} house", ["a {red|blue} house"]),
        (r"{a\|b|c}", ["a|b", "c"]),
        (r"\\{a|b}", ["\\a", "\\b"]),
        (r"C:\new \(best\)", [r"C:\new \(best\)"]),
        ("a __colour__ house", ["a red house", "a blue house", "a light green house", "a dark green house"]),
        ("{a __colour__|no} car", ["a red car", "a blue car", "a light green car", "a dark green car", "no car"]),
        ("a __animals/small dog__", ["a terrier"]),
        (r"a \__colour__ house", ["a __colour__ house"]),
        ("snake_case and __ dots __", ["snake_case and __ dots __"]),
        ("line one\n{a|b}", ["line one\na", "line one\nb"]),
        ("红色的{房子|小船}", ["红色的房子", "红色的小船"]),
        ("{a|b} <lora:my__colour__v1:0.5>", ["a <lora:my__colour__v1:0.5>", "b <lora:my__colour__v1:0.5>"]),
        ("a {<lora:x:1>|<lora:y:1>}", ["a <lora:x:1>", "a <lora:y:1>"]),
        ("", [""]),
    ],
)
def test_each_alternative_gives_a_prompt_in_order(template: str, expected: list[str]) -> None:
    assert prompts(template) == expected


@pytest.mark.parametrize(
    ("template", "text", "escape"),
    [
        ("a {red|blue house", "a {red|blue house", r"\{"),
        ("a red} house", "red} house", r"\}"),
        ("{a|{b}", "{a|{b}", r"\{"),
    ],
)
def test_a_brace_without_a_partner_is_told_with_its_place(template: str, text: str, escape: str) -> None:
    with pytest.raises(UserError) as caught:
        parse(template, lines)
    assert text in str(caught.value.message)
    assert escape in str(caught.value.remedy)


def test_amounts_that_nobody_could_make_are_counted_at_once() -> None:
    assert parse("{a|b}" * 200, lines).count == 2**200
    assert parse("__many__" * 50, lines).count == 1000**50


def test_what_leads_to_itself_or_too_deep_is_refused() -> None:
    with pytest.raises(UserError, match="itself"):
        parse("__loop__", lines)
    with pytest.raises(UserError, match="in each other"):
        parse("{" * 5000, lines)


def test_one_is_picked_at_random_by_the_seed() -> None:
    made = [prompts("a {~red|blue|{very|quite} green} house", seed) for seed in range(40)]
    assert all(len(each) == 1 for each in made)
    assert {each[0] for each in made} == {
        "a red house", "a blue house", "a very green house", "a quite green house",
    }  # fmt: skip
    assert made == [prompts("a {~red|blue|{very|quite} green} house", seed) for seed in range(40)]
    assert prompts("__~many__ {a|b}", 3) != prompts("__~many__ {a|b}", 4)
    assert parse("{a|__~many__}", lines).at_random()
    assert not parse("{a|b} ~ {c|~d}", lines).at_random()
    assert prompts("{c|~d}") == ["c", "~d"]


def test_what_is_escaped_comes_back_as_it_was() -> None:
    """Of random texts made of the characters that matter."""
    letters = random.Random(5)
    for _ in range(3000):
        text = "".join(letters.choice(r"{}|_\~a ") for _ in range(letters.randrange(12)))
        assert parse(escaped(text), lines).prompts(0) == [text]
    assert escaped("a red house, (best) 1girl_x") == "a red house, (best) 1girl_x"
