"""Drawn scenes and their captions agree, and the held-out combinations stay out."""

import random
import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from captions import (
    COLOUR_ZH,
    POSITION_EN,
    SUBJECT_EN,
    SUBJECT_ZH,
    caption,
    chinese_caption,
    english_caption,
    full_caption,
)
from drawing import draw_scene
from reader import agreement, draw_held_out, load_reader
from scenes import (
    COLOURS,
    PLACES,
    SIDE,
    SUBJECTS,
    Scene,
    is_held_out,
    places_for,
    sample_scene,
    sample_split,
)


def scenes(count: int) -> list[Scene]:
    rng = random.Random(3)
    return [sample_scene(rng) for _ in range(count)]


def test_every_subject_is_drawn_in_all_its_places() -> None:
    rng = random.Random(0)
    for subject in SUBJECTS:
        for place in places_for(subject):
            picture = draw_scene(Scene("red", subject, place, "noon", "left"), rng)
            assert picture.size == (SIDE, SIDE)
            assert picture.mode == "RGB"


def test_a_scene_drawn_twice_with_the_same_randomness_is_the_same() -> None:
    scene = Scene("blue", "castle", "city", "night", "center", orb="right", clouds=True)
    first, second = (np.asarray(draw_scene(scene, random.Random(1))) for _ in range(2))
    assert np.array_equal(first, second)


@pytest.mark.parametrize("attribute", [{"colour": "green"}, {"position": "right"}, {"time": "night"}, {"orb": "right"}])
def test_every_attribute_changes_the_picture(attribute: dict[str, Any]) -> None:
    scene = Scene("red", "house", "hills", "noon", "left")
    first, second = (np.asarray(draw_scene(s, random.Random(1)), float) for s in (scene, replace(scene, **attribute)))
    assert np.abs(first - second).mean() > 0.5


def test_about_one_combination_in_ten_is_held_out() -> None:
    combinations = [Scene(c, s, p, "noon", "left") for c in COLOURS for s in SUBJECTS for p in places_for(s)]
    assert 0.07 < sum(map(is_held_out, combinations)) / len(combinations) < 0.13
    rng = random.Random(0)
    assert not any(is_held_out(sample_split(rng, held_out=False)) for _ in range(300))
    assert all(is_held_out(sample_split(rng, held_out=True)) for _ in range(50))


def test_english_captions_name_only_what_is_there() -> None:
    rng = random.Random(4)
    for scene in scenes(500):
        words = english_caption(scene, rng)
        named = {colour for colour in COLOURS if re.search(rf"\b{colour}\b", words)}
        assert named <= {scene.colour, "green"}  # "green hills"
        assert any(noun in words for noun in SUBJECT_EN[scene.subject])
        assert ("sun " in words + " " or "moon" in words) <= (scene.orb is not None or "under the stars" in words)
        assert ("rainbow" in words) <= scene.rainbow
        assert "  " not in words
        assert not words.endswith((",", " "))


def test_english_positions_stand_next_to_their_noun() -> None:
    rng = random.Random(5)
    for scene in scenes(500):
        for orb_position in re.findall(r"(?:sun|moon) ((?:on|in) the \w+)", english_caption(scene, rng)):
            assert scene.orb is not None
            assert any(position.startswith(orb_position) for position in POSITION_EN[scene.orb])


def test_chinese_captions_name_the_subject_and_at_most_its_colour() -> None:
    rng = random.Random(6)
    for scene in scenes(500):
        words = chinese_caption(scene, rng)
        assert SUBJECT_ZH[scene.subject][0] in words
        assert {c for c, name in COLOUR_ZH.items() if name in words.replace("绿色的山丘", "")} <= {scene.colour}


def test_full_captions_read_as_expected() -> None:
    scene = Scene("orange", "hot air balloon", "sea", "night", "left", orb="right", clouds=True)
    assert (
        full_caption(scene, "en")
        == "an orange hot air balloon on the left over the sea at night, a moon on the right, clouds"
    )
    assert full_caption(scene, "zh") == "夜晚大海上空的一个橙色热气球，在左边，月亮在右边，有云"


def test_captions_come_in_both_languages_and_many_forms() -> None:
    rng = random.Random(7)
    scene = Scene("red", "sailboat", "sea", "sunset", "left", orb="right")
    drawn = {caption(scene, rng) for _ in range(200)}
    assert len(drawn) > 80
    assert 0.15 < sum(not words.isascii() for words in drawn) / len(drawn) < 0.6


def test_places_are_all_reachable() -> None:
    assert {scene.place for scene in scenes(500)} == set(PLACES)


def test_the_reader_reads_drawn_scenes() -> None:
    wanted, pictures = draw_held_out(100)
    shares = agreement(wanted, load_reader().read(pictures))
    assert min(shares.values()) >= 0.95, shares
