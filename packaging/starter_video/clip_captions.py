"""Captions of clips, in English and in Chinese: the picture model's captions with what moves in them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace

import captions
from captions import CHINESE_SHARE, POSITION_EN, POSITION_ZH, SUBJECT_ZH, pick
from motions import ORB_MOTIONS, Clip
from scenes import SIDES

UNNAMED_SHARE = 0.08  # of the moving subjects' captions, in which the motion is left to the model
SCORE = " motion score: 30."
SCORE_SHARE = 0.5  # of the captions, that end as a large model's prompts do

# Of every motion: the verb ("it sails to the left") and its participle ("sailing to the left"), both without what
# comes after; the first entry is the plain one.
VERB_EN: dict[str, tuple[tuple[str, str], ...]] = {
    "sailboat": (("sails", "sailing"), ("moves", "moving"), ("goes", "going")),
    "hot air balloon": (("drifts", "drifting"), ("flies", "flying"), ("moves", "moving")),
    "kite": (("flies", "flying"), ("drifts", "drifting"), ("moves", "moving")),
    "car": (("drives", "driving"), ("moves", "moving"), ("goes", "going")),
    "whale": (("swims", "swimming"), ("moves", "moving")),
}
UP_EN = (("rises", "rising"), ("goes up", "going up"), ("flies up", "flying up"))
DOWN_EN = (("sinks", "sinking"), ("goes down", "going down"), ("comes down", "coming down"))
ROCKET_EN = {
    "up": (("flies up", "flying up"), ("takes off", "taking off"), *UP_EN),
    "down": (("lands", "landing"), *DOWN_EN),
}
TURNS_EN = (("turns", "turning"), ("spins", "spinning"))
ORB_EN = {
    "rises": (("rises", "rising"), ("comes up", "coming up")),
    "sets": (("sets", "setting"), ("goes down", "going down")),
}
SIDE_EN = {"left": ("to the left", "left"), "right": ("to the right", "right")}

VERB_ZH = {"sailboat": "航行", "hot air balloon": "飘", "kite": "飞", "car": "行驶", "whale": "游"}
SIDE_ZH = {"left": "向左", "right": "向右"}
MOTION_ZH = {"up": ("升起", "上升", "向上飞"), "down": ("下降", "落下", "向下飞"), "turns": ("转动", "旋转")}
ROCKET_ZH = {"up": ("升空", "起飞", "上升", "向上飞"), "down": ("降落", "下降", "落下")}
ORB_ZH = {"rises": ("升起", "出来"), "sets": ("落下", "下山")}


def forms_en(clip: Clip) -> tuple[tuple[str, str], ...]:
    """The verbs and participles of a clip's motion, with where it goes; the plain one first."""
    subject, motion = clip.scene.subject, clip.motion
    if motion in ORB_MOTIONS:
        return ORB_EN[motion]
    if motion == "turns":
        return TURNS_EN
    if motion in SIDE_EN:
        return tuple((f"{v} {side}", f"{p} {side}") for side in SIDE_EN[motion] for v, p in VERB_EN[subject])
    return ROCKET_EN[motion] if subject == "rocket" else UP_EN if motion == "up" else DOWN_EN


def forms_zh(clip: Clip) -> tuple[str, ...]:
    subject, motion = clip.scene.subject, clip.motion
    if motion in ORB_MOTIONS:
        return ORB_ZH[motion]
    if motion in SIDE_ZH:
        return (f"{SIDE_ZH[motion]}{VERB_ZH[subject]}", f"{SIDE_ZH[motion]}移动")
    return ROCKET_ZH[motion] if subject == "rocket" else MOTION_ZH[motion]


def orb_name(clip: Clip) -> str:
    return "moon" if clip.scene.time == "night" else "sun"


def side_of_orb(clip: Clip) -> str:
    """Of an orb that moves: there is one then."""
    return clip.scene.orb or SIDES[0]


def english_caption(clip: Clip, rng: random.Random) -> str:
    """The motion after the subject ("a boat sails to the left on the sea"), or at the end."""
    scene = clip.scene
    forms = forms_en(clip)
    verb, participle = forms[0] if rng.random() < 0.5 else rng.choice(forms)
    if clip.motion in ORB_MOTIONS:
        still = captions.english_caption(replace(scene, orb=None), rng)
        side = pick(rng, POSITION_EN[side_of_orb(clip)]) if rng.random() < 0.85 else ""
        name = f"the {orb_name(clip)}" if rng.random() < 0.8 else f"a {orb_name(clip)}"
        words = rng.choice((f"{name} {verb} {side}", f"{name} {verb} {side}", f"{name} {participle} {side}")).strip()
        return f"{still}, {words}" if rng.random() < 0.7 else f"{words}, {still}"
    form = rng.random()
    if form < 0.55:
        noun = captions.english_noun(scene, rng, colour=rng.random() < 0.96)
        place = captions.english_place(scene, rng) if rng.random() < 0.93 else ""
        time = pick(rng, captions.TIME_EN[scene.time]) if rng.random() < 0.93 else ""
        words = rng.choice((verb, verb, participle))
        caption = (
            f"{time}, {noun} {words} {place}" if time and rng.random() < 0.15 else f"{noun} {words} {place} {time}"
        )
        extras = captions.english_extras(scene, rng)
        return ", ".join([" ".join(caption.split()), *extras])
    still = captions.english_caption(scene, rng)
    return f"{still}, {rng.choice((participle, participle, f'it {verb}'))}"


def chinese_caption(clip: Clip, rng: random.Random) -> str:
    scene = clip.scene
    forms = forms_zh(clip)
    verb = forms[0] if rng.random() < 0.5 else rng.choice(forms)
    if clip.motion in ORB_MOTIONS:
        still = captions.chinese_caption(replace(scene, orb=None), rng)
        side = rng.choice(POSITION_ZH[side_of_orb(clip)]) if rng.random() < 0.85 else ""
        return f"{still}，{side}{captions.ORB_ZH[orb_name(clip)]}{verb}"
    still = captions.chinese_caption(scene, rng)
    name = SUBJECT_ZH[scene.subject][0]
    if rng.random() < 0.5 and f"{name}在" not in still:
        return still.replace(name, name + verb, 1)
    return f"{still}，{verb}"


def caption(clip: Clip, rng: random.Random) -> str:
    """A caption of the clip in a random language, form and completeness."""
    chinese = rng.random() < CHINESE_SHARE
    unnamed = clip.motion not in ORB_MOTIONS and rng.random() < UNNAMED_SHARE
    if unnamed or not clip.motion:
        words = (captions.chinese_caption if chinese else captions.english_caption)(clip.scene, rng)
    else:
        words = (chinese_caption if chinese else english_caption)(clip, rng)
    return words + SCORE if rng.random() < SCORE_SHARE else words


def full_caption(clip: Clip, language: str) -> str:
    """The plain caption with every attribute of the clip, for measuring."""
    if clip.motion in ORB_MOTIONS:
        still = captions.full_caption(replace(clip.scene, orb=None), language)
        if language == "zh":
            return f"{still}，{POSITION_ZH[side_of_orb(clip)][0]}{captions.ORB_ZH[orb_name(clip)]}{forms_zh(clip)[0]}"
        return f"{still}, the {orb_name(clip)} {forms_en(clip)[0][0]} {POSITION_EN[side_of_orb(clip)][0]}"
    still = captions.full_caption(clip.scene, language)
    if not clip.motion:
        return still
    return f"{still}，{forms_zh(clip)[0]}" if language == "zh" else f"{still}, {forms_en(clip)[0][1]}"


def words() -> Iterator[str]:
    """What the captions of clips add to the words of the picture model's."""
    pairs = [*UP_EN, *DOWN_EN, *TURNS_EN]
    for group in (*VERB_EN.values(), *ROCKET_EN.values(), *ORB_EN.values()):
        pairs += group
    for pair in pairs:
        for phrase in pair:
            yield from phrase.split()
    yield from ("it", "to", "the", "left", "right", "motion", "score", "30")
    yield from (*VERB_ZH.values(), *SIDE_ZH.values(), "移动")
    for table in (MOTION_ZH, ROCKET_ZH, ORB_ZH):
        for verbs in table.values():
            yield from verbs
