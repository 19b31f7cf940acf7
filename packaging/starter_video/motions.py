"""What the starter model for video shows: the scenes of the picture model, each with one thing that moves."""

from __future__ import annotations

import random
import zlib
from dataclasses import dataclass, replace

from scenes import SIDES, WATER, Scene, sample_scene

SIDE, FRAMES, FPS = 96, 17, 16
"""Pixels along a side of a clip, its frames, and how many of them make a second."""

DIRECTIONS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}
"""Where a subject goes: x to the right and y down."""

MOTIONS: dict[str, tuple[str, ...]] = {
    "sailboat": ("left", "right"),
    "hot air balloon": ("left", "right", "up", "down"),
    "kite": ("left", "right", "up", "down"),
    "rocket": ("up", "down"),
    "car": ("left", "right"),
    "whale": ("left",),  # where its head is
    "windmill": ("turns",),
}
"""How the subjects that move can move. Whatever the subject, the sun or moon may rise or set instead."""

ORB_MOTIONS = ("rises", "sets")
MOVERS_SHARE, ORB_SHARE = 0.65, 0.25  # of the clips; in the others nothing moves


@dataclass(frozen=True)
class Clip:
    """What a clip shows and a caption may say.

    Attributes:
        scene: its first frame; the side of an orb that is still below the horizon is in it too.
        motion: of the subject ("left", "right", "up", "down", "turns"), of the orb ("rises", "sets"), or "" for none.
    """

    scene: Scene
    motion: str


def sample_clip(rng: random.Random) -> Clip:
    """A random clip; subjects that move are drawn more often than the others."""
    scene = sample_scene(rng)
    kind = rng.random()
    if kind < MOVERS_SHARE:
        while scene.subject not in MOTIONS or (scene.subject == "car" and scene.place in WATER):
            scene = sample_scene(rng)
        return Clip(scene, rng.choice(MOTIONS[scene.subject]))
    if kind < MOVERS_SHARE + ORB_SHARE:
        orb = rng.choice(SIDES)
        return Clip(replace(scene, orb=orb, clouds=False, rainbow=False), rng.choice(ORB_MOTIONS))
    while scene.subject in MOTIONS:
        scene = sample_scene(rng)
    return Clip(scene, "")


def is_held_out(clip: Clip) -> bool:
    """Whether the colour, subject and motion together are kept out of training, to measure on: one in ten."""
    return zlib.crc32(f"{clip.scene.colour} {clip.scene.subject} {clip.motion}".encode()) % 10 == 0


def sample_split(rng: random.Random, held_out: bool) -> Clip:
    """A random clip from the training combinations or from the held-out ones."""
    while True:
        clip = sample_clip(rng)
        if is_held_out(clip) == held_out:
            return clip
