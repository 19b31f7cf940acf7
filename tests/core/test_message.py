"""Messages: values with words for later, whatever a file says they are."""

from __future__ import annotations

import json
import pickle
import time
from pathlib import Path

import pytest

from app.core.errors import NotFiniteError, UserError
from app.core.message import (
    LONGEST,
    NOTHING,
    Message,
    all_of,
    any_of,
    message,
    plain,
    quoted,
    sentences,
    series,
)

CHINESE = {"{a} or {b}": "{a} 或 {b}", "the {what}": "这个", "Choose {what}.": "请选择 {what}。"}

NESTED = message("Choose {what}, {n:.1f} of {all:,}.", what=message("the “{name}”", name="x"), n=1.25, all=1234567)


def test_a_message_is_its_english() -> None:
    assert str(NESTED) == "Choose the “x”, 1.2 of 1,234,567."
    assert str(message("{{braces}} and {path}", path=Path("/a/b"))) == "{braces} and /a/b"
    assert str(plain("{name} as it is")) == "{name} as it is"


def test_it_is_a_value() -> None:
    assert hash(NESTED) == hash(pickle.loads(pickle.dumps(NESTED)))
    assert Message.from_json(json.loads(json.dumps(NESTED.to_json()))) == NESTED
    assert message("{a}{b}", a=1, b=2) == message("{a}{b}", b=2, a=1)
    assert message("{a}", a=1) != message("{a}", a=2)
    assert not NOTHING
    assert plain("") == NOTHING
    assert Message.from_json(NOTHING.to_json()) == NOTHING


@pytest.mark.parametrize(
    "error", [UserError(NESTED, plain("b")), NotFiniteError(message("the {what}", what="x"), "4bit")]
)
def test_errors_keep_them_through_the_pipe(error: UserError) -> None:
    back = pickle.loads(pickle.dumps(error))
    assert (str(back.message), str(back.remedy), str(back)) == (str(error.message), str(error.remedy), str(error))


def test_lists_and_sentences() -> None:
    assert str(any_of(["a"])) == "a"
    assert str(any_of([quoted(name) for name in ("a", "b", "c")])) == "“a”, “b” or “c”"
    assert str(all_of(["a", "b"])) == "a and b"
    assert str(series([*"abcde"])) == "a, b, c, d, e"
    assert series([]) == any_of([]) == sentences() == NOTHING
    assert str(sentences(plain("It is."), NOTHING, plain("Do that."), plain("Or not."))) == "It is. Do that. Or not."
    many = [str(number) for number in range(200)]
    assert str(any_of(many)) == f"{', '.join(many[:-1])} or 199", "a long list is no deep one"


def test_parts_are_translated_and_names_are_not() -> None:
    def chinese(template: str) -> str:
        return CHINESE.get(template, template)

    assert message("Choose {what}.", what=message("the {what}", what="x")).render(chinese) == "请选择这个。"
    assert message("Choose {what}.", what="the {what}").render(chinese) == "请选择 the {what}。"
    assert message("Choose {what}.", what="猫").render(chinese) == "请选择猫。", "no space between Chinese"
    assert message("{a} or {b}", a="x", b=quoted("y")).render(chinese) == "x 或“y”"


@pytest.mark.parametrize(
    "template",
    [
        "{a.__class__}",
        "{a[0]}",
        "{a!r}",
        "{a:>1000000000}",
        "{a:{a}}",
        "{a:0999999d}",
        "{0}",
        "{}",
        "{",
        "}",
        "{a",
        "{b}",
    ],
)
@pytest.mark.parametrize("value", ["x", 3, 1.5])
def test_a_template_from_a_file_reaches_nothing_and_fails_never(template: str, value: str | float) -> None:
    saved = {"template": template, "values": {"a": value}}
    assert str(Message.from_json(saved)) in (template, template.replace("{a}", str(value)))


@pytest.mark.parametrize("form", ["d", "g", ".3f", ",", "%", ".99f", ",.2e"])
@pytest.mark.parametrize("value", ["x", "", 10**29, -(10**4000), 1e308, float("nan"), float("-inf"), True])
def test_any_value_takes_any_form(form: str, value: str | float) -> None:
    for made in (
        message(f"{{a:{form}}}", a=value),
        Message.from_json({"template": f"{{a:{form}}}", "values": {"a": value}}),
    ):
        assert len(str(made)) < 500
        json.loads(json.dumps(made.to_json(), allow_nan=False))


def test_half_a_surrogate_pair_is_borne() -> None:
    made = message("{name} \ud800", name="\udcff.png")
    str(made).encode()
    json.dumps(made.to_json(), ensure_ascii=False).encode()


@pytest.mark.parametrize("saved", [None, 3, [], {}, {"template": 3}, {"template": "x", "values": []}, {"values": {}}])
def test_what_is_no_saved_message_is_nothing_or_its_template(saved: object) -> None:
    assert str(Message.from_json(saved)) in ("", "x")


def test_a_text_of_an_older_version_is_kept() -> None:
    assert str(Message.from_json("Painted again {in} full precision.")) == "Painted again {in} full precision."


def deep(levels: int) -> dict[str, object]:
    made: dict[str, object] = {"template": "end"}
    for _ in range(levels):
        made = {"template": "{a}{a}{a}{a}", "values": {"a": made}}
    return made


@pytest.mark.parametrize(
    "saved",
    [
        deep(3),
        deep(200),
        {"template": "{a}" * 100_000, "values": {"a": "x" * 100_000}},
        {"template": "x", "values": {str(number): {"template": "y"} for number in range(100_000)}},
        {"template": "{a}", "values": {"a": deep(7), "b": [deep(7)] * 50}},
        "z" * 5_000_000,
    ],
)
def test_depth_length_and_time_are_bounded(saved: object) -> None:
    began = time.thread_time()
    read = Message.from_json(saved)
    assert len(str(read)) <= LONGEST
    assert len(json.dumps(read.to_json())) < 500_000
    assert time.thread_time() - began < 0.2


def test_the_longest_text_is_cut_when_the_message_is_made() -> None:
    made = message("It says: {words}", words="w" * 10_000_000)
    assert len(str(made)) == LONGEST
    assert str(made).endswith("…")
    assert len(pickle.dumps(made)) < 2 * LONGEST
