"""What the starter model can paint: the attributes of a scene, and how scenes are drawn at random.

A combination of colour, subject and place is either for training or held out for measuring.
"""

from __future__ import annotations

import random
import zlib
from dataclasses import dataclass

SIDE = 256  # of a picture, in pixels
Colour = tuple[int, int, int]  # red, green, blue, 0..255
COLOURS: dict[str, Colour] = {
    "red": (214, 48, 44),
    "blue": (44, 92, 210),
    "yellow": (248, 208, 56),
    "green": (48, 152, 76),
    "purple": (132, 66, 186),
    "white": (248, 248, 244),
    "orange": (244, 132, 36),
    "pink": (246, 134, 178),
}
SUBJECTS = (
    "hot air balloon",
    "house",
    "tree",
    "rocket",
    "lighthouse",
    "sailboat",
    "windmill",
    "castle",
    "car",
    "tent",
    "mushroom",
    "flower",
    "whale",
    "kite",
)
FLYING = ("hot air balloon", "rocket", "kite")
AFLOAT = ("sailboat", "whale")
PLACES = ("sea", "hills", "mountains", "desert", "snow", "beach", "forest", "lake", "city", "flower field")
WATER = ("sea", "lake")
TIMES = ("dawn", "noon", "sunset", "night")
POSITIONS = ("left", "center", "right")
SIDES = ("left", "right")


@dataclass(frozen=True)
class Scene:
    """What a picture shows and a caption may say. `orb` is the side of the sun or moon, None without one."""

    colour: str
    subject: str
    place: str
    time: str
    position: str
    orb: str | None = None
    clouds: bool = False
    rainbow: bool = False


def places_for(subject: str) -> tuple[str, ...]:
    """The places a subject is drawn in: boats and whales need water, everything else goes everywhere."""
    return WATER if subject in AFLOAT else PLACES


def sample_scene(rng: random.Random) -> Scene:
    """A random scene, all attributes independent but for the places of floating subjects."""
    subject = rng.choice(SUBJECTS)
    time = rng.choice(TIMES)
    clouds = rng.random() < 0.3
    return Scene(
        colour=rng.choice(tuple(COLOURS)),
        subject=subject,
        place=rng.choice(places_for(subject)),
        time=time,
        position=rng.choice(POSITIONS),
        orb=rng.choice(SIDES) if rng.random() < 0.6 else None,
        clouds=clouds,
        rainbow=time != "night" and not clouds and rng.random() < 0.12,
    )


def is_held_out(scene: Scene) -> bool:
    """Whether the colour, subject and place together are kept out of training, to measure on: one in ten."""
    return zlib.crc32(f"{scene.colour} {scene.subject} {scene.place}".encode()) % 10 == 0


def sample_split(rng: random.Random, held_out: bool) -> Scene:
    """A random scene from the training combinations or from the held-out ones."""
    while True:
        scene = sample_scene(rng)
        if is_held_out(scene) == held_out:
            return scene
