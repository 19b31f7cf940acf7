"""The subjects, simple strong silhouettes in the colour the caption names, and what lies beneath them.

Every drawing takes the canvas, the x of its middle, a size around 1, its colour as lit, the light (for its other
parts), and whether it is night (for lit windows).
"""

from __future__ import annotations

import math

from canvas import Canvas, Point, mix, shade
from landscape import land
from scenes import AFLOAT, FLYING, WATER, Colour, Scene

SUBJECT_LIGHT: dict[
    str, Colour
] = {  # the subject is lit a little more than the land, so that its colour can be told at night
    "dawn": (255, 248, 246),
    "noon": (255, 255, 255),
    "sunset": (252, 236, 228),
    "night": (204, 204, 222),
}
POSITION_X = {"left": 0.25, "center": 0.5, "right": 0.75}
GROUND = 0.81  # y of the feet of a standing subject


def draw_standing(canvas: Canvas, scene: Scene, x: float, size: float) -> None:
    """What is under the subject: an islet in water, a shadow on land, ripples under a boat."""
    if scene.subject in FLYING:
        return
    if scene.subject in AFLOAT:
        canvas.glow(x, GROUND + 0.01, 0.2 * size, 0.035, shade(land(scene, (20, 70, 120)), 0.7), 0.8)
        return
    if scene.place in WATER:
        canvas.ellipse(x, GROUND + 0.03, 0.235 * size, 0.05, land(scene, (170, 214, 226)))
        canvas.ellipse(x, GROUND + 0.022, 0.215 * size, 0.045, land(scene, (232, 204, 148)))
        canvas.ellipse(x, GROUND + 0.008, 0.185 * size, 0.032, land(scene, (112, 176, 88)))
    canvas.glow(x + 0.01, GROUND + 0.004, 0.19 * size, 0.04, shade(land(scene, (60, 70, 80)), 0.6), 0.8)


def lit_from_left(canvas: Canvas, points: list[Point], colour: Colour, x: float, right: float) -> None:
    """A polygon, and its right part once more in shadow."""
    canvas.polygon(points, colour)
    shadow = [(max(px, x), py) for px, py in points]
    if right > x:
        canvas.polygon(shadow, shade(colour, 0.86))


def draw_balloon(canvas: Canvas, x: float, size: float, colour: Colour, light: Colour, night: bool) -> None:
    y, r = 0.38, 0.15 * size
    dark = shade((104, 72, 48), light)
    canvas.line([(x - r * 0.62, y + r * 0.8), (x - r * 0.2, y + r * 1.66)], dark, 0.009)
    canvas.line([(x + r * 0.62, y + r * 0.8), (x + r * 0.2, y + r * 1.66)], dark, 0.009)
    canvas.polygon(
        [
            (x - r * 0.82, y + r * 0.62),
            (x + r * 0.82, y + r * 0.62),
            (x + r * 0.26, y + r * 1.36),
            (x - r * 0.26, y + r * 1.36),
        ],
        shade(colour, 0.9),
    )
    canvas.ellipse(x, y, r, r * 1.06, colour)
    canvas.ellipse(x, y, r * 0.66, r * 1.06, mix(colour, shade((255, 255, 255), light), 0.22))
    canvas.ellipse(x, y, r * 0.26, r * 1.06, mix(colour, shade((255, 255, 255), light), 0.5))
    canvas.rectangle(x - r * 0.26, y + r * 1.62, x + r * 0.26, y + r * 2.0, dark)


def draw_house(canvas: Canvas, x: float, size: float, colour: Colour, light: Colour, night: bool) -> None:
    w = 0.13 * size
    wall = shade((246, 232, 208), light)
    canvas.rectangle(x + w * 0.5, GROUND - w * 2.35, x + w * 0.8, GROUND - w * 1.5, shade((150, 100, 80), light))
    canvas.rectangle(x - w, GROUND - w * 1.25, x + w, GROUND, wall)
    canvas.rectangle(x + w * 0.62, GROUND - w * 1.25, x + w, GROUND, shade(wall, 0.88))
    canvas.polygon([(x - w * 1.3, GROUND - w * 1.15), (x, GROUND - w * 2.45), (x + w * 1.3, GROUND - w * 1.15)], colour)
    canvas.polygon(
        [(x + w * 0.1, GROUND - w * 1.15), (x, GROUND - w * 2.45), (x + w * 1.3, GROUND - w * 1.15)],
        shade(colour, 0.88),
    )
    canvas.rectangle(x - w * 0.2, GROUND - w * 0.72, x + w * 0.2, GROUND, colour)
    glass = (255, 220, 120) if night else shade((140, 196, 232), light)
    for side in (-0.6, 0.6):
        canvas.rectangle(x + w * (side - 0.2), GROUND - w * 0.9, x + w * (side + 0.2), GROUND - w * 0.48, glass)


def draw_tree(canvas: Canvas, x: float, size: float, colour: Colour, light: Colour, night: bool) -> None:
    w = 0.125 * size
    trunk = shade((112, 76, 50), light)
    canvas.polygon(
        [
            (x - w * 0.24, GROUND),
            (x - w * 0.13, GROUND - w * 1.4),
            (x + w * 0.13, GROUND - w * 1.4),
            (x + w * 0.24, GROUND),
        ],
        trunk,
    )
    for dx, dy, r, tone in ((0.52, -1.55, 0.72, 0.86), (-0.52, -1.55, 0.72, 0.94), (0, -2.15, 0.85, 1.0)):
        canvas.ellipse(x + dx * w, GROUND + dy * w, r * w, r * w, shade(colour, tone))
    canvas.ellipse(x - 0.2 * w, GROUND - 2.35 * w, 0.42 * w, 0.42 * w, mix(colour, shade((255, 255, 255), light), 0.22))


def draw_rocket(canvas: Canvas, x: float, size: float, colour: Colour, light: Colour, night: bool) -> None:
    w, top = 0.06 * size, 0.2
    body = shade((240, 242, 248), light)
    canvas.glow(x, top + w * 7.4, w * 2.2, w * 2.6, (255, 190, 90), 0.9)
    canvas.polygon([(x - w * 0.6, top + w * 6), (x, top + w * 8.6), (x + w * 0.6, top + w * 6)], (255, 150, 50))
    canvas.polygon([(x - w * 0.3, top + w * 6), (x, top + w * 7.6), (x + w * 0.3, top + w * 6)], (255, 232, 130))
    for side in (-1, 1):
        canvas.polygon(
            [
                (x + side * w * 0.8, top + w * 3.9),
                (x + side * w * 2.1, top + w * 6.5),
                (x + side * w * 0.8, top + w * 5.9),
            ],
            colour,
        )
    canvas.rectangle(x - w, top + w * 2, x + w, top + w * 6, body)
    canvas.rectangle(x + w * 0.45, top + w * 2, x + w, top + w * 6, shade(body, 0.86))
    canvas.polygon(
        [
            (x - w, top + w * 2.1),
            (x - w * 0.7, top + w * 0.9),
            (x, top - w * 0.1),
            (x + w * 0.7, top + w * 0.9),
            (x + w, top + w * 2.1),
        ],
        colour,
    )
    canvas.rectangle(x - w, top + w * 4.9, x + w, top + w * 5.6, colour)
    canvas.ellipse(x, top + w * 3.3, w * 0.55, w * 0.55, colour)
    canvas.ellipse(x, top + w * 3.3, w * 0.36, w * 0.36, shade((150, 214, 242), light))


def draw_lighthouse(canvas: Canvas, x: float, size: float, colour: Colour, light: Colour, night: bool) -> None:
    w = 0.064 * size

    def edge(k: float) -> float:  # half width of the tower at height k * w
        return w * (1.25 - 0.45 * k / 5.6)

    pale = shade((250, 248, 240), light)
    for k in range(5):
        low, high = k * 1.12, (k + 1) * 1.12
        tone = colour if k % 2 == 0 else pale
        band = [
            (x - edge(low), GROUND - w * low),
            (x - edge(high), GROUND - w * high),
            (x + edge(high), GROUND - w * high),
            (x + edge(low), GROUND - w * low),
        ]
        lit_from_left(canvas, band, tone, x + w * 0.3, x + w)
    if night:
        canvas.glow(x, GROUND - w * 6.2, w * 3.6, w * 3.0, (255, 236, 150), 0.8)
    canvas.rectangle(x - w * 0.6, GROUND - w * 6.7, x + w * 0.6, GROUND - w * 5.6, (255, 234, 140))
    canvas.rectangle(x - w * 1.05, GROUND - w * 5.85, x + w * 1.05, GROUND - w * 5.55, shade((84, 84, 96), light))
    canvas.polygon([(x - w * 0.95, GROUND - w * 6.6), (x, GROUND - w * 7.7), (x + w * 0.95, GROUND - w * 6.6)], colour)


def draw_sailboat(canvas: Canvas, x: float, size: float, colour: Colour, light: Colour, night: bool) -> None:
    w = 0.16 * size
    wood = shade((124, 80, 52), light)
    canvas.line([(x, GROUND - w * 0.3), (x, GROUND - w * 2.35)], shade((90, 64, 48), light), 0.012)
    canvas.polygon(
        [(x + w * 0.07, GROUND - w * 2.3), (x + w * 0.07, GROUND - w * 0.5), (x + w * 0.98, GROUND - w * 0.5)], colour
    )
    canvas.polygon(
        [(x - w * 0.07, GROUND - w * 2.05), (x - w * 0.07, GROUND - w * 0.5), (x - w * 0.75, GROUND - w * 0.5)],
        shade(colour, 0.85),
    )
    canvas.polygon(
        [
            (x - w, GROUND - w * 0.4),
            (x + w, GROUND - w * 0.4),
            (x + w * 0.68, GROUND + w * 0.05),
            (x - w * 0.68, GROUND + w * 0.05),
        ],
        wood,
    )
    canvas.polygon(
        [
            (x - w, GROUND - w * 0.4),
            (x + w, GROUND - w * 0.4),
            (x + w * 0.91, GROUND - w * 0.27),
            (x - w * 0.91, GROUND - w * 0.27),
        ],
        shade((240, 232, 220), light),
    )
    canvas.ellipse(x, GROUND + w * 0.07, w * 0.8, w * 0.05, shade((190, 220, 240), light))


def draw_windmill(
    canvas: Canvas, x: float, size: float, colour: Colour, light: Colour, night: bool, turn: float = 0.0
) -> None:
    """`turn` is how far its sails have turned clockwise, in quarters of a circle."""
    w = 0.09 * size
    lit_from_left(
        canvas,
        [
            (x - w * 0.95, GROUND),
            (x - w * 0.6, GROUND - w * 2.6),
            (x + w * 0.6, GROUND - w * 2.6),
            (x + w * 0.95, GROUND),
        ],
        colour,
        x + w * 0.25,
        x + w,
    )
    canvas.polygon(
        [(x - w * 0.72, GROUND - w * 2.55), (x, GROUND - w * 3.35), (x + w * 0.72, GROUND - w * 2.55)],
        shade(colour, 0.75),
    )
    canvas.rectangle(x - w * 0.22, GROUND - w * 0.7, x + w * 0.22, GROUND, shade((100, 70, 50), light))
    hub, blade, spar = GROUND - w * 2.7, shade((250, 244, 230), light), shade((110, 84, 62), light)
    for k in range(4):
        angle = math.pi * (0.25 + 0.5 * (k + turn))
        ax, ay = math.cos(angle), math.sin(angle)
        canvas.polygon(
            [
                (x + w * (a * ax - b * ay), hub + w * (a * ay + b * ax))
                for a, b in ((0.35, 0.0), (1.75, 0.0), (1.75, 0.42), (0.35, 0.42))
            ],
            blade,
        )
        canvas.line([(x, hub), (x + w * 1.8 * ax, hub + w * 1.8 * ay)], spar, 0.01)
    canvas.ellipse(x, hub, w * 0.16, w * 0.16, spar)


def draw_castle(canvas: Canvas, x: float, size: float, colour: Colour, light: Colour, night: bool) -> None:
    w = 0.07 * size
    glass = (255, 220, 120) if night else shade((70, 76, 96), light)
    stone = mix(colour, shade((210, 206, 204), light), 0.12)
    for dx, height, tone in ((0.0, 3.9, 0.88), (-1.75, 3.0, 1.0), (1.75, 3.0, 0.92)):
        canvas.rectangle(x + w * (dx - 0.62), GROUND - w * height, x + w * (dx + 0.62), GROUND, shade(stone, tone))
        canvas.polygon(
            [
                (x + w * (dx - 0.85), GROUND - w * height),
                (x + w * dx, GROUND - w * (height + 1.45)),
                (x + w * (dx + 0.85), GROUND - w * height),
            ],
            shade(colour, 0.7),
        )
        canvas.rectangle(
            x + w * (dx - 0.17), GROUND - w * (height - 0.4), x + w * (dx + 0.17), GROUND - w * (height - 1.05), glass
        )
    canvas.rectangle(x - w * 1.3, GROUND - w * 1.9, x + w * 1.3, GROUND, stone)
    for k in range(4):
        left = x - w * 1.13 + k * w * 0.64
        canvas.rectangle(left, GROUND - w * 2.2, left + w * 0.34, GROUND - w * 1.88, stone)
    canvas.rectangle(x - w * 0.45, GROUND - w * 0.85, x + w * 0.45, GROUND, shade((90, 62, 46), light))
    canvas.ellipse(x, GROUND - w * 0.85, w * 0.45, w * 0.4, shade((90, 62, 46), light))


def draw_car(canvas: Canvas, x: float, size: float, colour: Colour, light: Colour, night: bool) -> None:
    w = 0.165 * size
    foot = GROUND + 0.005
    canvas.polygon(
        [
            (x - w * 0.62, foot - w * 0.62),
            (x - w * 0.4, foot - w * 1.1),
            (x + w * 0.3, foot - w * 1.1),
            (x + w * 0.62, foot - w * 0.62),
        ],
        colour,
    )
    glass = shade((170, 216, 240), light)
    canvas.polygon(
        [
            (x - w * 0.48, foot - w * 0.64),
            (x - w * 0.32, foot - w * 1.0),
            (x - w * 0.06, foot - w * 1.0),
            (x - w * 0.06, foot - w * 0.64),
        ],
        glass,
    )
    canvas.polygon(
        [
            (x + w * 0.04, foot - w * 0.64),
            (x + w * 0.04, foot - w * 1.0),
            (x + w * 0.25, foot - w * 1.0),
            (x + w * 0.46, foot - w * 0.64),
        ],
        glass,
    )
    box = canvas.pixels([(x - w * 1.05, foot - w * 0.68), (x + w * 1.05, foot - w * 0.14)])
    canvas.pen.rounded_rectangle(box, radius=w * 0.2 * canvas.size, fill=colour)
    canvas.rectangle(x - w * 0.98, foot - w * 0.3, x + w * 0.98, foot - w * 0.2, shade(colour, 0.78))
    canvas.ellipse(x + w * 0.96, foot - w * 0.48, w * 0.08, w * 0.1, (255, 240, 170))
    for dx in (-0.58, 0.58):
        canvas.ellipse(x + dx * w, foot - w * 0.14, w * 0.26, w * 0.26, shade((44, 44, 52), light))
        canvas.ellipse(x + dx * w, foot - w * 0.14, w * 0.12, w * 0.12, shade((210, 212, 218), light))


def draw_tent(canvas: Canvas, x: float, size: float, colour: Colour, light: Colour, night: bool) -> None:
    w = 0.175 * size
    canvas.polygon([(x - w, GROUND), (x, GROUND - w * 1.3), (x + w, GROUND)], colour)
    canvas.polygon([(x, GROUND - w * 1.3), (x + w, GROUND), (x + w * 0.42, GROUND)], shade(colour, 0.8))
    canvas.polygon(
        [(x - w * 0.36, GROUND), (x, GROUND - w * 0.95), (x + w * 0.36, GROUND)],
        (255, 214, 120) if night else shade((84, 62, 52), light),
    )
    canvas.polygon(
        [(x - w * 0.36, GROUND), (x, GROUND - w * 0.95), (x - w * 0.1, GROUND)],
        mix(colour, shade((255, 255, 255), light), 0.3),
    )


def draw_mushroom(canvas: Canvas, x: float, size: float, colour: Colour, light: Colour, night: bool) -> None:
    w = 0.15 * size
    stem = shade((248, 238, 218), light)
    canvas.polygon(
        [
            (x - w * 0.42, GROUND),
            (x - w * 0.28, GROUND - w * 1.0),
            (x + w * 0.28, GROUND - w * 1.0),
            (x + w * 0.42, GROUND),
        ],
        stem,
    )
    canvas.polygon(
        [
            (x + w * 0.14, GROUND),
            (x + w * 0.1, GROUND - w * 1.0),
            (x + w * 0.28, GROUND - w * 1.0),
            (x + w * 0.42, GROUND),
        ],
        shade(stem, 0.86),
    )
    box = canvas.pixels([(x - w * 1.15, GROUND - w * 2.0), (x + w * 1.15, GROUND - w * 0.1)])
    canvas.pen.pieslice(box, 180, 360, fill=colour)
    canvas.ellipse(x, GROUND - w * 1.03, w * 1.15, w * 0.16, shade(colour, 0.82))
    spot = (
        mix(shade((255, 255, 255), light), colour, 0.12)
        if colour[2] < 200 * light[2] / 255 or colour[1] < 180
        else shade((226, 190, 160), light)
    )
    for dx, dy, r in ((-0.5, -1.4, 0.19), (0.08, -1.68, 0.17), (0.58, -1.36, 0.19)):
        canvas.ellipse(x + dx * w, GROUND + dy * w, r * w, r * w, spot)


def draw_flower(canvas: Canvas, x: float, size: float, colour: Colour, light: Colour, night: bool) -> None:
    w = 0.12 * size
    stem, y = shade((64, 142, 70), light), GROUND - 0.24 * size
    canvas.line([(x, GROUND), (x, y)], stem, 0.022)
    canvas.polygon([(x, GROUND - w * 0.25), (x - w * 0.8, GROUND - w * 0.95), (x - w * 0.15, GROUND - w * 0.9)], stem)
    canvas.polygon(
        [(x, GROUND - w * 0.25), (x + w * 0.8, GROUND - w * 0.95), (x + w * 0.15, GROUND - w * 0.9)], shade(stem, 0.86)
    )
    for k in range(6):
        angle = math.pi * (k / 3 + 1 / 6)
        canvas.ellipse(
            x + w * 0.68 * math.cos(angle),
            y + w * 0.68 * math.sin(angle),
            w * 0.45,
            w * 0.45,
            shade(colour, 1.0 if k % 2 else 0.88),
        )
    centre = shade((150, 92, 44), light)
    canvas.ellipse(x, y, w * 0.4, w * 0.4, centre)


def draw_whale(canvas: Canvas, x: float, size: float, colour: Colour, light: Colour, night: bool) -> None:
    w = 0.18 * size
    foot = GROUND + 0.02
    spray = shade((226, 242, 252), light)
    for dx in (-1, 1):
        canvas.line(
            [
                (x - w * 0.3, foot - w * 1.0),
                (x - w * 0.3 + dx * w * 0.1, foot - w * 1.45),
                (x - w * 0.3 + dx * w * 0.32, foot - w * 1.5),
            ],
            spray,
            0.016,
        )
    canvas.polygon(
        [
            (x + w * 0.7, foot - w * 0.35),
            (x + w * 1.0, foot - w * 0.95),
            (x + w * 1.16, foot - w * 0.9),
            (x + w * 1.02, foot - w * 0.05),
        ],
        colour,
    )
    canvas.polygon(
        [
            (x + w * 1.07, foot - w * 0.85),
            (x + w * 0.72, foot - w * 1.28),
            (x + w * 1.1, foot - w * 1.12),
            (x + w * 1.5, foot - w * 1.25),
        ],
        colour,
    )
    box = canvas.pixels([(x - w * 1.05, foot - w * 0.98), (x + w * 1.05, foot + w * 0.82)])
    canvas.pen.pieslice(box, 180, 360, fill=colour)
    canvas.pen.pieslice(
        canvas.pixels([(x - w * 1.0, foot - w * 0.3), (x + w * 0.6, foot + w * 0.26)]),
        180,
        360,
        fill=mix(colour, shade((255, 255, 255), light), 0.55),
    )
    canvas.ellipse(x - w * 0.66, foot - w * 0.42, w * 0.075, w * 0.075, shade((24, 24, 36), light))
    canvas.ellipse(x, foot - w * 0.02, w * 1.2, w * 0.07, shade((190, 220, 240), light))


def draw_kite(canvas: Canvas, x: float, size: float, colour: Colour, light: Colour, night: bool) -> None:
    w, y = 0.14 * size, 0.34
    canvas.line(
        [(x, y + w * 1.4), (x + w * 0.25, y + w * 1.8), (x - w * 0.15, y + w * 2.2), (x + w * 0.2, y + w * 2.65)],
        shade((250, 246, 240), light),
        0.01,
    )
    for dx, dy in ((0.15, 1.8), (-0.05, 2.2), (0.15, 2.6)):
        cx, cy = x + w * dx, y + w * dy
        canvas.polygon([(cx - w * 0.26, cy - w * 0.14), (cx, cy), (cx - w * 0.26, cy + w * 0.14)], colour)
        canvas.polygon([(cx + w * 0.26, cy - w * 0.14), (cx, cy), (cx + w * 0.26, cy + w * 0.14)], shade(colour, 0.85))
    top, left, right, low = (x, y - w * 1.1), (x - w * 0.85, y - w * 0.1), (x + w * 0.85, y - w * 0.1), (x, y + w * 1.4)
    canvas.polygon([top, right, low, left], colour)
    canvas.polygon([top, right, (x, y - w * 0.1)], shade(colour, 0.84))
    canvas.polygon([left, (x, y - w * 0.1), low], mix(colour, shade((255, 255, 255), light), 0.3))


DRAW_SUBJECT = {
    "hot air balloon": draw_balloon,
    "house": draw_house,
    "tree": draw_tree,
    "rocket": draw_rocket,
    "lighthouse": draw_lighthouse,
    "sailboat": draw_sailboat,
    "windmill": draw_windmill,
    "castle": draw_castle,
    "car": draw_car,
    "tent": draw_tent,
    "mushroom": draw_mushroom,
    "flower": draw_flower,
    "whale": draw_whale,
    "kite": draw_kite,
}
