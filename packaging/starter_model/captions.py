"""Captions of drawn scenes, in English and in Chinese, in several word orders and with attributes left out.

A position always stands next to the noun it belongs to ("a red house on the left, a sun on the right"); a position
that stands alone belongs to the subject.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from scenes import AFLOAT, FLYING, Scene

CHINESE_SHARE = 0.3

# The first entry of every tuple is the plain word, used most of the time; the others are synonyms.
SUBJECT_EN: dict[str, tuple[str, ...]] = {
    "hot air balloon": ("hot air balloon", "balloon"),
    "house": ("house", "cottage"),
    "tree": ("tree",),
    "rocket": ("rocket", "space rocket"),
    "lighthouse": ("lighthouse",),
    "sailboat": ("sailboat", "sailing boat", "boat"),
    "windmill": ("windmill",),
    "castle": ("castle",),
    "car": ("car",),
    "tent": ("tent",),
    "mushroom": ("mushroom",),
    "flower": ("flower",),
    "whale": ("whale",),
    "kite": ("kite",),
}
SUBJECT_ZH: dict[str, tuple[str, str]] = {  # noun and its measure word
    "hot air balloon": ("热气球", "个"),
    "house": ("房子", "座"),
    "tree": ("树", "棵"),
    "rocket": ("火箭", "枚"),
    "lighthouse": ("灯塔", "座"),
    "sailboat": ("帆船", "艘"),
    "windmill": ("风车", "座"),
    "castle": ("城堡", "座"),
    "car": ("汽车", "辆"),
    "tent": ("帐篷", "顶"),
    "mushroom": ("蘑菇", "个"),
    "flower": ("花", "朵"),
    "whale": ("鲸鱼", "头"),
    "kite": ("风筝", "只"),
}
COLOUR_ZH = {
    "red": "红色",
    "blue": "蓝色",
    "yellow": "黄色",
    "green": "绿色",
    "purple": "紫色",
    "white": "白色",
    "orange": "橙色",
    "pink": "粉色",
}
PLACE_EN: dict[str, tuple[str, ...]] = {  # without a preposition
    "sea": ("the sea", "the ocean"),
    "hills": ("green hills", "the hills", "the green hills"),
    "mountains": ("the mountains", "mountains"),
    "desert": ("the desert",),
    "snow": ("the snow", "a snowy field"),
    "beach": ("the beach", "a sandy beach"),
    "forest": ("the forest", "a pine forest"),
    "lake": ("the lake", "a lake"),
    "city": ("the city", "a city street"),
    "flower field": ("a field of flowers", "a flower field"),
}
ON_LAND_EN: dict[str, tuple[str, ...]] = {  # preposition of a standing subject
    "sea": ("by", "by", "on an island in"),
    "hills": ("in", "in", "on"),
    "beach": ("on",),
    "lake": ("by", "by", "on an island in"),
}
PLACE_ZH: dict[str, tuple[str, ...]] = {  # where a standing subject is
    "sea": ("海边", "海上", "海中的小岛上"),
    "hills": ("绿色的山丘上", "山丘上"),
    "mountains": ("山里", "群山中"),
    "desert": ("沙漠里", "沙漠中"),
    "snow": ("雪地里", "雪地上"),
    "beach": ("沙滩上", "海滩上"),
    "forest": ("森林里", "森林中"),
    "lake": ("湖边", "湖上"),
    "city": ("城市里", "城市的街道上"),
    "flower field": ("花田里", "花海中"),
}
OVER_ZH = {
    "sea": "大海",
    "hills": "山丘",
    "mountains": "群山",
    "desert": "沙漠",
    "snow": "雪地",
    "beach": "沙滩",
    "forest": "森林",
    "lake": "湖",
    "city": "城市",
    "flower field": "花田",
}
AFLOAT_ZH = {"sea": "海上", "lake": "湖上"}
ORB_ZH = {"sun": "太阳", "moon": "月亮"}
TIME_EN: dict[str, tuple[str, ...]] = {
    "dawn": ("at dawn", "at sunrise", "in the early morning"),
    "noon": ("at noon", "at midday", "during the day"),
    "sunset": ("at sunset", "at dusk", "in the evening"),
    "night": ("at night", "at night under the stars", "by night"),
}
TIME_ZH: dict[str, tuple[str, ...]] = {
    "dawn": ("黎明时", "清晨", "黎明"),
    "noon": ("正午", "中午", "白天"),
    "sunset": ("日落时", "黄昏", "日落"),
    "night": ("夜晚", "夜里", "晚上"),
}
POSITION_EN: dict[str, tuple[str, ...]] = {
    "left": ("on the left", "on the left side"),
    "center": ("in the center", "in the middle", "in the centre"),
    "right": ("on the right", "on the right side"),
}
POSITION_ZH: dict[str, tuple[str, ...]] = {
    "left": ("左边", "左侧"),
    "center": ("中间", "中央"),
    "right": ("右边", "右侧"),
}
PREFIX_EN = ("a picture of ", "an illustration of ", "a painting of ")

# Pieces of captions that are not in the tables; the tokenizer is trained on these and on the tables.
GLUE_EN = (
    "a an the of with and in over above by on is there are two sky in the sky sun moon clouds rainbow "
    "picture illustration painting"
)
GLUE_ZH = (
    "一座",
    "一个",
    "一棵",
    "一枚",
    "一艘",
    "一辆",
    "一顶",
    "一朵",
    "一头",
    "一只",
    "的",
    "在",
    "有",
    "，",
    "。",
    "、",
    "和",
    "上空",
    "天上",
)
EXTRA_ZH = ("太阳", "月亮", "云", "白云", "彩虹", "一道", "星星", "天空", "图画")


def pick(rng: random.Random, words: tuple[str, ...]) -> str:
    """Mostly the plain word, sometimes a synonym."""
    return words[0] if rng.random() < 0.6 else rng.choice(words)


def english_noun(scene: Scene, rng: random.Random, colour: bool) -> str:
    words = f"{scene.colour} " if colour else ""
    words += pick(rng, SUBJECT_EN[scene.subject])
    article = "an" if words[0] in "aeiou" else "a"
    return f"{article} {words}"


def english_place(scene: Scene, rng: random.Random) -> str:
    place = pick(rng, PLACE_EN[scene.place])
    if scene.subject in FLYING:
        return f"{'over' if rng.random() < 0.8 else 'above'} {place}"
    if scene.subject in AFLOAT:
        return f"{'on' if rng.random() < 0.75 else 'in'} {place}"
    return f"{rng.choice(ON_LAND_EN.get(scene.place, ('in',)))} {place}"


def english_extras(scene: Scene, rng: random.Random) -> list[str]:
    """What else is to be seen; each is left out now and then."""
    extras = []
    if scene.orb and rng.random() < 0.88:
        orb = "moon" if scene.time == "night" else "sun"
        side = f" {pick(rng, POSITION_EN[scene.orb])}" if rng.random() < 0.88 else ""
        extras.append(f"{'a' if rng.random() < 0.7 else 'the'} {orb}{side}")
    if scene.clouds and rng.random() < 0.9:
        extras.append("clouds" if rng.random() < 0.75 else "clouds in the sky")
    if scene.rainbow and rng.random() < 0.95:
        extras.append("a rainbow")
    rng.shuffle(extras)
    return extras


def english_caption(scene: Scene, rng: random.Random) -> str:
    noun = english_noun(scene, rng, colour=rng.random() < 0.96)
    place = english_place(scene, rng) if rng.random() < 0.93 else ""
    time = pick(rng, TIME_EN[scene.time]) if rng.random() < 0.93 else ""
    position = pick(rng, POSITION_EN[scene.position]) if rng.random() < 0.75 else ""
    extras = english_extras(scene, rng)
    subject = f"{noun} {position}".strip()
    form = rng.random()
    if form < 0.4:
        caption = f"{subject} {place} {time}"
    elif form < 0.58 and position:
        caption = f"{noun} {place} {time}"
        extras.insert(0, position)
    elif form < 0.7 and position:
        caption = f"{position}, {noun} {place} {time}"
    elif form < 0.8 and time:
        caption = f"{time}, {subject} {place}"
    elif form < 0.9 and place:
        caption = f"{place} {time}, {subject}" if rng.random() < 0.5 else f"{subject} {time} {place}"
    else:
        caption = f"{noun} {place} {time} {position}"
    joiner = ", " if rng.random() < 0.65 else " with "
    if extras and extras[0] == position:
        joiner = ", "
    if extras:
        caption += joiner + (" and " if joiner == " with " else ", ").join(extras)
    caption = " ".join(caption.split()).replace(" ,", ",")
    if caption.startswith("a") and rng.random() < 0.04:
        caption = rng.choice(PREFIX_EN) + caption
    return caption


def chinese_place(scene: Scene, rng: random.Random) -> str:
    if scene.subject in FLYING:
        return f"{OVER_ZH[scene.place]}上空"
    if scene.subject in AFLOAT:
        return AFLOAT_ZH[scene.place]
    return pick(rng, PLACE_ZH[scene.place])


def chinese_extras(scene: Scene, rng: random.Random) -> list[str]:
    extras = []
    if scene.orb and rng.random() < 0.88:
        orb = ORB_ZH["moon" if scene.time == "night" else "sun"]
        side = rng.choice(POSITION_ZH[scene.orb])
        forms = (f"{orb}在{side}", f"{side}有{orb}", f"有{orb}")
        extras.append(rng.choices(forms, (0.5, 0.38, 0.12))[0])
    if scene.clouds and rng.random() < 0.9:
        extras.append(rng.choice(("有云", "天上有云", "有白云")))
    if scene.rainbow and rng.random() < 0.95:
        extras.append(rng.choice(("有彩虹", "天上有一道彩虹")))
    rng.shuffle(extras)
    return extras


def chinese_caption(scene: Scene, rng: random.Random) -> str:
    name, measure = SUBJECT_ZH[scene.subject]
    colour = COLOUR_ZH[scene.colour] + rng.choice(("", "的")) if rng.random() < 0.96 else ""
    noun = f"一{measure}{colour}{name}"
    place = chinese_place(scene, rng) if rng.random() < 0.93 else ""
    time = pick(rng, TIME_ZH[scene.time]) if rng.random() < 0.93 else ""
    position = rng.choice(POSITION_ZH[scene.position]) if rng.random() < 0.75 else ""
    form = rng.random()
    if form < 0.4 and (time or place):
        parts = [f"{time}{place}的{noun}", f"在{position}" if position else ""]
    elif form < 0.7:
        parts = [time, f"{place}{position}有{noun}"]
    else:
        parts = [f"{noun}在{position}" if position else noun, place, time]
    return "，".join(part for part in [*parts, *chinese_extras(scene, rng)] if part)


def caption(scene: Scene, rng: random.Random) -> str:
    """A caption of the scene in a random language, form and completeness."""
    return chinese_caption(scene, rng) if rng.random() < CHINESE_SHARE else english_caption(scene, rng)


def full_caption(scene: Scene, language: str) -> str:
    """The plain caption with every attribute of the scene, for measuring."""
    orb = "moon" if scene.time == "night" else "sun"
    flying, afloat = scene.subject in FLYING, scene.subject in AFLOAT
    if language == "zh":
        name, measure = SUBJECT_ZH[scene.subject]
        place = (
            f"{OVER_ZH[scene.place]}上空" if flying else AFLOAT_ZH[scene.place] if afloat else PLACE_ZH[scene.place][0]
        )
        parts = [
            f"{TIME_ZH[scene.time][0]}{place}的一{measure}{COLOUR_ZH[scene.colour]}{name}",
            f"在{POSITION_ZH[scene.position][0]}",
        ]
        parts += [f"{ORB_ZH[orb]}在{POSITION_ZH[scene.orb][0]}"] if scene.orb else []
        parts += ["有云"] if scene.clouds else []
        return "，".join(parts + (["有彩虹"] if scene.rainbow else []))
    article = "an" if scene.colour[0] in "aeiou" else "a"
    preposition = "over" if flying else "on" if afloat else ON_LAND_EN.get(scene.place, ("in",))[0]
    noun = f"{article} {scene.colour} {scene.subject} {POSITION_EN[scene.position][0]}"
    parts = [f"{noun} {preposition} {PLACE_EN[scene.place][0]} {TIME_EN[scene.time][0]}"]
    parts += [f"a {orb} {POSITION_EN[scene.orb][0]}"] if scene.orb else []
    parts += ["clouds"] if scene.clouds else []
    return ", ".join(parts + (["a rainbow"] if scene.rainbow else []))


def lexicon() -> Iterator[str]:
    """Every word a caption can contain, one at a time: the tokenizer may merge letters within them, never across."""
    english = [*SUBJECT_EN.values(), *PLACE_EN.values(), *TIME_EN.values(), *POSITION_EN.values(), *ON_LAND_EN.values()]
    phrases = [phrase for group in english for phrase in group]
    for phrase in [*phrases, *COLOUR_ZH, *PREFIX_EN, GLUE_EN]:
        yield from phrase.split()
    chinese = [*PLACE_ZH.values(), *TIME_ZH.values(), *POSITION_ZH.values()]
    yield from (word for group in chinese for word in group)
    yield from (*COLOUR_ZH.values(), *OVER_ZH.values(), *(name for name, _ in SUBJECT_ZH.values()), *GLUE_ZH, *EXTRA_ZH)
