from __future__ import annotations

from urllib.parse import quote

import pytest

from app.core.errors import UserError
from app.core.links import MAX_LENGTH, changes_of, is_link, link_to
from app.core.request import GenerationRequest

GENERATE = "sana-studio://generate?"


def test_a_link_sets_what_it_names() -> None:
    link = (
        f"{GENERATE}prompt=a%20red+boat&negative=fog&model=org/name-1.5&width=512&height=768&steps=20"
        "&guidance=4.5&seed=4294967295&count=4"
    )
    changes = changes_of(link)
    assert changes == {
        "prompt": "a red boat", "negative": "fog", "model": "org/name-1.5", "width": 512, "height": 768, "steps": 20,
        "guidance": 4.5, "seed": 2**32 - 1, "count": 4,
    }  # fmt: skip
    assert GenerationRequest("").replace(**changes).prompt == "a red boat"


def test_a_prompt_in_any_language_and_with_any_sign() -> None:
    prompt = "湖边的小屋 & 100 % “rain” <lora:x:1> {a|b}"
    assert changes_of(f"{GENERATE}prompt={quote(prompt)}") == {"prompt": prompt}
    assert changes_of(f"{GENERATE}prompt={quote('屋' * 4000)}")["prompt"] == "屋" * 4000


@pytest.mark.parametrize(
    "rest",
    [
        "", "prompt=", "prompt=%20", "prompt", "steps=20", "prompt=a&steps=0", "prompt=a&steps=201",
        "prompt=a&steps=-1", "prompt=a&steps=1e2", "prompt=a&steps=٣", "prompt=a&steps=" + "9" * 400,
        "prompt=a&width=31", "prompt=a&width=8193", "prompt=a&guidance=nan", "prompt=a&guidance=51",
        "prompt=a&guidance=inf",
        "prompt=a&seed=4294967296", "prompt=a&count=65", "prompt=a&count=0", "prompt=a&count=1.5",
        "prompt=a&model=/etc/passwd", "prompt=a&model=~/x", "prompt=a&model=../x", "prompt=a&model=a/../b",
        "prompt=a&model=", "prompt=a&backend=replicate", "prompt=a&init=/etc/passwd", "prompt=a&out=x",
        "prompt=a&prompt=b", "prompt=a%00b", "prompt=%1B[31m", "prompt=%ff", "prompt=" + "a" * 10_001,
        "prompt=a#fragment", "&".join(f"a{n}=1" for n in range(1000)),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_with_a_remedy(rest: str) -> None:
    with pytest.raises(UserError) as error:
        changes_of(GENERATE + rest)
    assert str(error.value.message)
    assert str(error.value.remedy)


@pytest.mark.parametrize(
    "link",
    [
        "https://generate?prompt=a", "sana-studio://delete?prompt=a", "sana-studio:generate?prompt=a",
        "sana-studio://generate/x?prompt=a", "sana-studio://[?prompt=a", "x" * (MAX_LENGTH + 1), "",
    ],
)  # fmt: skip
def test_other_links_are_refused(link: str) -> None:
    with pytest.raises(UserError):
        changes_of(link)


def test_links_are_told_from_files() -> None:
    assert is_link("sana-studio://generate?prompt=a")
    assert is_link("SANA-STUDIO:x")
    assert not is_link("/home/me/sana-studio.png")


def test_a_link_is_made_of_a_prompt() -> None:
    prompt = "a red boat & 50 % more\n红船?"
    assert is_link(link_to(prompt))
    assert changes_of(link_to(prompt)) == {"prompt": prompt}
