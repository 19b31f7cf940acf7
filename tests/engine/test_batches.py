from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.core.errors import UserError
from app.core.request import GenerationRequest, Variation
from app.engine.batches import MOST_PICTURES, requests_of
from app.library.styles import Style, Styles
from app.library.wildcards import Wildcards

Expand = Callable[[GenerationRequest], tuple[GenerationRequest, ...]]


@pytest.fixture
def expand(tmp_path: Path) -> Expand:
    (tmp_path / "colour.txt").write_text("# of houses\nred\n\n  blue\n", encoding="utf-8")
    (tmp_path / "many.txt").write_text("\n".join(map(str, range(MOST_PICTURES + 1))), encoding="utf-8")
    styles = Styles(tmp_path / "styles.json")
    styles.save([Style("Ink", "ink drawing of {prompt}", "photo"), Style("Plain", "on white")])
    return lambda wish: requests_of(wish, Wildcards(tmp_path), styles)


def test_a_plain_prompt_is_one_request_as_it_stands(expand: Expand) -> None:
    wish = GenerationRequest("a red house", "fog", count=4)
    assert expand(wish) == (wish,)


def test_alternatives_have_the_same_seeds_and_remember_what_was_typed(expand: Expand) -> None:
    made = expand(GenerationRequest("a __colour__ {house|boat}", count=3, seed=5))
    assert [each.prompt for each in made] == ["a red house", "a red boat", "a blue house", "a blue boat"]
    assert {(each.seed, each.count, each.template) for each in made} == {(5, 3, "a __colour__ {house|boat}")}
    unseeded = expand(GenerationRequest("a {red|blue} house"))
    assert len({each.seed for each in unseeded}) == 1
    assert unseeded[0].seed is not None


def test_what_is_picked_at_random_is_picked_for_each_picture(expand: Expand) -> None:
    made = expand(GenerationRequest("a house __~many__", count=4, seed=5))
    assert [(each.seed, each.count) for each in made] == [(5, 1), (6, 1), (7, 1), (8, 1)]
    assert len({each.prompt for each in made}) > 1
    assert made == expand(GenerationRequest("a house __~many__", count=4, seed=5))


def test_several_variations_of_one_picture_keep_its_seed(expand: Expand) -> None:
    made = expand(GenerationRequest("a house", seed=5, count=3, variations=(Variation(1, 0.5), Variation(20, 0.1))))
    assert [(each.seed, each.count, each.variations[-1]) for each in made] == [
        (5, 1, Variation(20 + number, 0.1)) for number in range(3)
    ]
    assert {each.variations[0] for each in made} == {Variation(1, 0.5)}


def test_a_style_is_applied_to_each_prompt_and_named(expand: Expand) -> None:
    made = expand(GenerationRequest("a {red|blue} house", "fog", style="ink", seed=1))
    assert [(each.prompt, each.negative) for each in made] == [
        ("ink drawing of a red house", "fog, photo"), ("ink drawing of a blue house", "fog, photo"),
    ]  # fmt: skip
    assert {(each.template, each.style) for each in made} == {("a {red|blue} house", "Ink")}
    again = expand(GenerationRequest(made[0].template, made[0].negative, style="ink", seed=1))
    assert again == made
    assert expand(GenerationRequest("a boat", style="Plain"))[0].prompt == "a boat, on white"
    assert expand(GenerationRequest(" ", style="Ink"))[0].prompt == " ", "an empty prompt is still told as one"
    with pytest.raises(UserError, match="no style"):
        expand(GenerationRequest("a boat", style="Gone"))


@pytest.mark.parametrize(
    ("prompt", "count"), [("__many__", 1), ("{a|b}" * 40, 1), ("{a|b}", MOST_PICTURES // 2 + 1), ("a __none__", 1)]
)
def test_too_many_and_what_is_missing_is_told(expand: Expand, prompt: str, count: int) -> None:
    with pytest.raises(UserError) as caught:
        expand(GenerationRequest(prompt, count=count))
    assert str(caught.value.remedy)
