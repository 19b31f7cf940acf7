"""Draws a scene: `Scene` is what a caption can say, the random generator decides the rest."""

from __future__ import annotations

import random

from canvas import Canvas, shade
from landscape import DRAW_PLACE, draw_sky
from PIL import Image
from scenes import COLOURS, Scene
from subjects import DRAW_SUBJECT, POSITION_X, SUBJECT_LIGHT, draw_standing


def draw_scene(scene: Scene, rng: random.Random, x: float | None = None) -> Image.Image:
    """The picture of a scene, `SIDE` pixels square; the subject's middle at `x` of 0..1, else where the scene says."""
    canvas = Canvas()
    draw_sky(canvas, scene, rng)
    DRAW_PLACE[scene.place](canvas, scene, rng)
    x = POSITION_X[scene.position] + rng.uniform(-0.015, 0.015) if x is None else x
    size = rng.uniform(0.95, 1.06)
    light = SUBJECT_LIGHT[scene.time]
    draw_standing(canvas, scene, x, size)
    DRAW_SUBJECT[scene.subject](canvas, x, size, shade(COLOURS[scene.colour], light), light, scene.time == "night")
    return canvas.finished()
