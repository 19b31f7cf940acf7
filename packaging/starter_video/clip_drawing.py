"""Draws a clip: its first frame is a picture as the picture model paints it, then one thing moves evenly."""

from __future__ import annotations

import random

import numpy as np
from canvas import Canvas, shade
from landscape import DRAW_PLACE, ORB_Y, draw_sky
from motions import DIRECTIONS, FRAMES, SIDE, Clip
from PIL import Image
from scenes import COLOURS
from subjects import DRAW_SUBJECT, POSITION_X, SUBJECT_LIGHT, draw_standing, draw_windmill

SUPERSAMPLE = 4  # finer than a picture's: steps of half a pixel would make slow motion judder
DISTANCE = 0.28, 0.36  # how far a subject goes in a clip, of the side
TURN = 1.0  # how far a windmill turns in a clip, in quarters of a circle, at which its sails look the same again
ORB_LOW = 0.74  # y of an orb that is below every horizon but the highest waves of the sea
GLITTER = 0.30, 0.62  # y of an orb at which its light on the water begins to fade, and is gone


def draw_background(clip: Clip, seed: str, orb_y: float) -> Image.Image:
    """Sky and place; water glitters less, the lower the orb is."""

    def drawn(scene_without_glitter: bool) -> Image.Image:
        canvas, rng = Canvas(SIDE, SUPERSAMPLE), random.Random(seed)
        draw_sky(canvas, clip.scene, rng, orb_y)
        scene = clip.scene
        if scene_without_glitter:
            scene = type(scene)(**{**vars(scene), "orb": None})
        DRAW_PLACE[clip.scene.place](canvas, scene, rng)
        return canvas.image

    first, last = GLITTER
    gone = min(1.0, max(0.0, (orb_y - first) / (last - first)))
    if gone == 0 or clip.scene.place not in ("sea", "lake", "beach"):
        return drawn(False)
    return Image.blend(drawn(False), drawn(True), gone)


def draw_clip(clip: Clip, rng: random.Random) -> np.ndarray:
    """uint8 [FRAMES, SIDE, SIDE, 3]; the random generator decides what the clip does not say."""
    scene, seed = clip.scene, f"background {rng.random()}"
    x, size = POSITION_X[scene.position] + rng.uniform(-0.015, 0.015), rng.uniform(0.95, 1.06)
    distance = rng.uniform(*DISTANCE)
    right, down = DIRECTIONS.get(clip.motion, (0, 0))
    light = SUBJECT_LIGHT[scene.time]
    colour, night = shade(COLOURS[scene.colour], light), scene.time == "night"
    backgrounds: dict[float, Image.Image] = {}
    frames = np.empty((FRAMES, SIDE, SIDE, 3), np.uint8)
    for k in range(FRAMES):
        share = k / (FRAMES - 1)
        low = {"sets": share, "rises": 1 - share}.get(clip.motion, 0.0)
        orb_y = ORB_Y + low * (ORB_LOW - ORB_Y)
        if orb_y not in backgrounds:
            backgrounds[orb_y] = draw_background(clip, seed, orb_y)
        canvas = Canvas(SIDE, SUPERSAMPLE)
        canvas.image.paste(backgrounds[orb_y])
        canvas.origin = (share * distance * right, share * distance * down)
        draw_standing(canvas, scene, x, size)
        if clip.motion == "turns":
            draw_windmill(canvas, x, size, colour, light, night, share * TURN)
        else:
            DRAW_SUBJECT[scene.subject](canvas, x, size, colour, light, night)
        frames[k] = np.asarray(canvas.finished())
    return frames
