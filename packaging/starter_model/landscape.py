"""Skies and places: everything in a picture but its subject, in the light of the time of day."""

from __future__ import annotations

import random

from canvas import Canvas, Point, mix, ridge, shade
from scenes import Colour, Scene

SKY: dict[str, tuple[Colour, Colour, Colour]] = {  # top, middle, horizon
    "dawn": ((128, 160, 222), (214, 186, 214), (255, 208, 178)),
    "noon": ((64, 142, 232), (128, 190, 246), (212, 238, 254)),
    "sunset": ((92, 54, 138), (214, 88, 110), (255, 178, 84)),
    "night": ((8, 12, 40), (20, 28, 72), (48, 62, 120)),
}
LIGHT: dict[str, Colour] = {  # what a white thing looks like at this time, as a multiplier * 255
    "dawn": (246, 228, 230),
    "noon": (255, 255, 255),
    "sunset": (240, 200, 186),
    "night": (110, 118, 160),
}
ORB: dict[str, Colour] = {
    "dawn": (255, 236, 170),
    "noon": (255, 228, 92),
    "sunset": (255, 124, 56),
    "night": (250, 246, 220),
}
ORB_X = {"left": 0.18, "right": 0.82}
ORB_Y, ORB_RADIUS = 0.17, 0.075
STARS: tuple[
    tuple[float, float, float], ...
] = (  # x, y, radius; always the same sky, which is cheaper to learn than a random one
    (0.06, 0.07, 0.007),
    (0.30, 0.05, 0.006),
    (0.41, 0.14, 0.008),
    (0.55, 0.06, 0.007),
    (0.67, 0.12, 0.006),
    (0.94, 0.06, 0.007),
    (0.07, 0.33, 0.006),
    (0.33, 0.27, 0.007),
    (0.60, 0.25, 0.008),
    (0.71, 0.34, 0.006),
    (0.93, 0.31, 0.008),
    (0.47, 0.36, 0.006),
)


def draw_sky(canvas: Canvas, scene: Scene, rng: random.Random, orb_y: float = ORB_Y) -> None:
    canvas.gradient(0, 1, (*SKY[scene.time], SKY[scene.time][2]))
    canvas.gradient(0, 0.62, SKY[scene.time])
    if scene.time == "night":
        for x, y, radius in STARS:
            canvas.ellipse(x, y, radius, radius, (226, 230, 255))
    if scene.orb:
        x, colour = ORB_X[scene.orb], ORB[scene.time]
        canvas.glow(x, orb_y, 0.24, 0.24, mix(colour, (255, 255, 255), 0.3), 0.45 if scene.time == "night" else 0.75)
        canvas.ellipse(x, orb_y, ORB_RADIUS, ORB_RADIUS, colour)
    if scene.rainbow:
        bands = ((232, 84, 84), (248, 166, 76), (250, 226, 104), (112, 196, 120), (92, 148, 228), (150, 104, 206))
        for k, band in enumerate(bands):
            radius = 0.47 - 0.022 * k
            tint = mix(band, SKY[scene.time][1], 0.25)
            box = canvas.pixels([(0.5 - radius, 0.62 - radius), (0.5 + radius, 0.62 + radius)])
            canvas.pen.arc(box, 180, 360, fill=tint, width=round(0.024 * canvas.size))
    if scene.clouds:
        light = mix(shade((255, 255, 255), LIGHT[scene.time]), SKY[scene.time][1], 0.12)
        for x, y, size in ((0.17, 0.3, 1.0), (0.5, 0.12, 1.15), (0.84, 0.31, 0.95)):
            draw_cloud(canvas, x + rng.uniform(-0.03, 0.03), y + rng.uniform(-0.02, 0.02), size, light)


def draw_cloud(canvas: Canvas, x: float, y: float, size: float, colour: Colour) -> None:
    """Four puffs on a flat base."""
    for dx, dy, radius in ((-0.075, 0.0, 0.03), (-0.03, -0.022, 0.042), (0.03, -0.012, 0.038), (0.08, 0.004, 0.026)):
        canvas.ellipse(x + dx * size, y + dy * size, radius * size, radius * size, colour)
    base = canvas.pixels([(x - 0.105 * size, y - 0.004), (x + 0.106 * size, y + 0.03 * size)])
    canvas.pen.rounded_rectangle(base, radius=0.016 * size * canvas.size, fill=colour)


def land(scene: Scene, colour: Colour, haze: float = 0.0) -> Colour:
    """A colour of the land in the light of the time of day; haze fades far things into the horizon."""
    return mix(shade(colour, LIGHT[scene.time]), SKY[scene.time][2], haze)


def hill(canvas: Canvas, outline: list[Point], top: Colour, bottom: Colour) -> None:
    canvas.gradient(min(y for _, y in outline), 1.0, (top, bottom), outline)


def draw_hills(canvas: Canvas, scene: Scene, rng: random.Random) -> None:
    phase = rng.choice((0.0, 0.3, 0.6))
    hill(canvas, ridge(0.56, 0.05, 1.3, phase), land(scene, (120, 178, 120), 0.35), land(scene, (84, 150, 84)))
    hill(canvas, ridge(0.64, 0.045, 1.1, phase + 0.45), land(scene, (116, 186, 92), 0.1), land(scene, (70, 140, 66)))
    hill(canvas, ridge(0.74, 0.02, 0.8, phase + 0.2), land(scene, (126, 200, 88)), land(scene, (62, 140, 60)))


def draw_mountains(canvas: Canvas, scene: Scene, rng: random.Random) -> None:
    shift = rng.uniform(-0.03, 0.03)
    for x, peak, width, haze in (
        (0.3, 0.36, 0.3, 0.4),
        (0.74, 0.34, 0.32, 0.4),
        (0.06, 0.42, 0.26, 0.15),
        (0.52, 0.4, 0.27, 0.15),
        (0.97, 0.43, 0.25, 0.15),
    ):
        x += shift
        base, drop = 0.7, 0.7 - peak
        rock, snow = land(scene, (112, 116, 146), haze), land(scene, (246, 249, 255), haze * 0.5)
        canvas.polygon([(x - width, base), (x, peak), (x + width, base)], rock)
        canvas.polygon([(x, peak), (x + width, base), (x + width * 0.25, base)], shade(rock, 0.84))
        cap = [(x - width * 0.3, peak + drop * 0.3), (x, peak), (x + width * 0.3, peak + drop * 0.3)]
        notches = [
            (x + width * 0.12, peak + drop * 0.23),
            (x, peak + drop * 0.32),
            (x - width * 0.13, peak + drop * 0.23),
        ]
        canvas.polygon([*cap, *notches], snow)
    hill(canvas, ridge(0.67, 0.02, 0.9, 0.2 + shift), land(scene, (136, 176, 108), 0.1), land(scene, (76, 122, 72)))


def draw_desert(canvas: Canvas, scene: Scene, rng: random.Random) -> None:
    phase = rng.choice((0.0, 0.3, 0.6))
    hill(canvas, ridge(0.58, 0.035, 0.9, phase), land(scene, (236, 196, 136), 0.3), land(scene, (222, 168, 100)))
    hill(canvas, ridge(0.65, 0.04, 0.75, phase + 0.5), land(scene, (240, 194, 122), 0.1), land(scene, (214, 156, 88)))
    for x, y, size in ((0.1, 0.68, 1.0), (0.91, 0.66, 0.85)):
        cactus = land(scene, (70, 132, 82))
        canvas.line([(x, y), (x, y - 0.12 * size)], cactus, 0.026)
        canvas.line([(x - 0.035, y - 0.085 * size), (x - 0.035, y - 0.055 * size), (x, y - 0.05 * size)], cactus, 0.018)
        canvas.line([(x + 0.035, y - 0.1 * size), (x + 0.035, y - 0.065 * size), (x, y - 0.06 * size)], cactus, 0.018)
    hill(canvas, ridge(0.72, 0.018, 0.6, phase + 0.15), land(scene, (246, 208, 140)), land(scene, (218, 160, 92)))


def draw_pine(canvas: Canvas, x: float, foot: float, size: float, colour: Colour) -> None:
    for width, low, high in ((0.062, 0.0, 0.11), (0.05, 0.065, 0.165), (0.037, 0.125, 0.21)):
        canvas.polygon(
            [(x - width * size, foot - low * size), (x, foot - high * size), (x + width * size, foot - low * size)],
            colour,
        )


def draw_snow(canvas: Canvas, scene: Scene, rng: random.Random) -> None:
    phase = rng.choice((0.0, 0.3, 0.6))
    hill(canvas, ridge(0.57, 0.045, 1.0, phase), land(scene, (206, 220, 240), 0.25), land(scene, (190, 206, 232)))
    for x, size in ((0.05, 1.0), (0.14, 0.8), (0.88, 0.85), (0.96, 1.05)):
        draw_pine(canvas, x, 0.68, size, land(scene, (84, 128, 124), 0.12))
    hill(canvas, ridge(0.67, 0.03, 0.8, phase + 0.4), land(scene, (232, 240, 250)), land(scene, (206, 220, 240)))
    hill(canvas, ridge(0.75, 0.018, 0.7, phase + 0.1), land(scene, (250, 252, 255)), land(scene, (212, 226, 244)))


def glitter(canvas: Canvas, scene: Scene, top: float, bottom: float) -> None:
    """The light of the sun or moon on water: dashes that widen towards the viewer."""
    if not scene.orb:
        return
    x, colour = ORB_X[scene.orb], mix(ORB[scene.time], (255, 255, 255), 0.25)
    count = max(3, round((bottom - top) / 0.045))
    for k in range(count):
        y = top + 0.018 + k * (bottom - top - 0.02) / count
        half = 0.035 + 0.02 * (k % 2) + 0.008 * k
        canvas.ellipse(x + 0.012 * (-1) ** k, y, half, 0.007, mix(SKY[scene.time][2], colour, 0.7))


def draw_sea(canvas: Canvas, scene: Scene, rng: random.Random) -> None:
    top = land(scene, (96, 172, 214), 0.3)
    canvas.gradient(0.6, 1.0, (top, land(scene, (34, 112, 178)), land(scene, (18, 76, 142))))
    shift = rng.uniform(-0.05, 0.05)
    for x, y, half in (
        (0.12, 0.66, 0.05),
        (0.62, 0.65, 0.045),
        (0.36, 0.7, 0.05),
        (0.88, 0.73, 0.06),
        (0.1, 0.84, 0.07),
        (0.5, 0.9, 0.08),
        (0.9, 0.9, 0.07),
    ):
        canvas.ellipse(x + shift, y, half, 0.006, land(scene, (130, 190, 226)))
    glitter(canvas, scene, 0.6, 1.0)


def draw_lake(canvas: Canvas, scene: Scene, rng: random.Random) -> None:
    phase = rng.choice((0.0, 0.3, 0.6))
    hill(canvas, ridge(0.52, 0.05, 1.2, phase), land(scene, (104, 148, 150), 0.3), land(scene, (92, 146, 118)))
    hill(canvas, ridge(0.58, 0.02, 1.6, phase + 0.3), land(scene, (92, 156, 96)), land(scene, (76, 136, 80)))
    canvas.gradient(
        0.62, 1.0, (land(scene, (90, 150, 150), 0.1), land(scene, (92, 178, 200), 0.1), land(scene, (50, 128, 170)))
    )
    glitter(canvas, scene, 0.64, 0.9)
    hill(canvas, ridge(0.94, 0.025, 0.5, 0.0), land(scene, (104, 172, 84)), land(scene, (70, 134, 62)))
    for x in (0.04, 0.09, 0.15, 0.83, 0.9, 0.96):
        canvas.line([(x, 0.97), (x + 0.008, 0.87)], land(scene, (96, 148, 76)), 0.01)


def draw_beach(canvas: Canvas, scene: Scene, rng: random.Random) -> None:
    phase = rng.uniform(-0.03, 0.03)
    canvas.gradient(
        0.56, 0.8, (land(scene, (84, 178, 214), 0.25), land(scene, (70, 190, 206)), land(scene, (150, 224, 220)))
    )
    glitter(canvas, scene, 0.56, 0.68)
    hill(canvas, ridge(0.695, 0.016, 0.9, 0.1 + phase), land(scene, (252, 252, 250)), land(scene, (252, 252, 250)))
    hill(canvas, ridge(0.712, 0.016, 0.9, 0.1 + phase), land(scene, (240, 214, 160)), land(scene, (232, 194, 128)))
    for x, lean in ((0.05, 0.02), (0.96, -0.02)):
        canvas.line([(x, 0.78), (x + lean, 0.58)], land(scene, (134, 96, 62)), 0.018)
        leaf = land(scene, (58, 146, 82))
        for dx, dy in ((-0.09, 0.03), (0.09, 0.03), (-0.06, -0.05), (0.06, -0.05)):
            tip, bend = (x + lean + dx, 0.58 + dy), (x + lean + dx * 0.5, 0.58 + dy * 0.5 - 0.03)
            canvas.polygon([(x + lean, 0.585), bend, tip, (x + lean + dx * 0.45, 0.58 + dy * 0.5)], leaf)


def draw_forest(canvas: Canvas, scene: Scene, rng: random.Random) -> None:
    shift = rng.uniform(-0.02, 0.02)
    for k in range(11):
        draw_pine(canvas, k / 10 + shift, 0.66, 1.2 + 0.25 * (k % 2), land(scene, (92, 142, 118), 0.3))
    canvas.rectangle(0, 0.645, 1, 0.7, land(scene, (70, 120, 82)))
    for k in range(9):
        draw_pine(canvas, k / 8 - shift, 0.73, 1.25 + 0.25 * (k % 2), land(scene, (40, 98, 68)))
    hill(canvas, ridge(0.72, 0.012, 0.8, shift), land(scene, (104, 162, 82)), land(scene, (54, 108, 54)))


def draw_city(canvas: Canvas, scene: Scene, rng: random.Random) -> None:
    shift = rng.uniform(-0.01, 0.01)
    window = (255, 222, 130) if scene.time == "night" else land(scene, (206, 226, 244))
    for k, height in enumerate((0.2, 0.3, 0.24, 0.34, 0.22, 0.3, 0.26, 0.32, 0.2)):
        x = k / 8 - 0.04 + shift
        canvas.rectangle(x - 0.025, 0.62 - height, x + 0.075, 0.7, land(scene, (150, 160, 186), 0.4))
    for k, height in enumerate((0.26, 0.16, 0.22, 0.14, 0.24, 0.18, 0.27)):
        x = k / 6.2 - 0.06 + shift
        canvas.rectangle(x, 0.7 - height, x + 0.125, 0.75, land(scene, ((118, 126, 158), (136, 128, 150))[k % 2], 0.05))
        for row in range(int(height / 0.06)):
            for dx in (0.022, 0.075):
                canvas.rectangle(
                    x + dx, 0.725 - height + row * 0.058, x + dx + 0.028, 0.75 - height + row * 0.058, window
                )
    canvas.gradient(0.71, 1.0, (land(scene, (150, 152, 160)), land(scene, (112, 114, 124))))
    canvas.rectangle(0, 0.71, 1, 0.735, land(scene, (196, 194, 194)))
    for k in range(5):
        canvas.rectangle(k / 4 - 0.06 + shift, 0.895, k / 4 + 0.06 + shift, 0.912, land(scene, (236, 236, 228)))


def draw_flower_field(canvas: Canvas, scene: Scene, rng: random.Random) -> None:
    phase = rng.choice((0.0, 0.3, 0.6))
    hill(canvas, ridge(0.58, 0.035, 1.1, phase), land(scene, (128, 184, 132), 0.3), land(scene, (96, 164, 96)))
    hill(canvas, ridge(0.66, 0.015, 0.8, phase + 0.3), land(scene, (112, 180, 84)), land(scene, (66, 138, 60)))
    petals = ((238, 96, 128), (250, 214, 84), (250, 246, 250), (186, 120, 216))
    for row, (y, radius, count) in enumerate(
        ((0.705, 0.012, 11), (0.765, 0.016, 9), (0.84, 0.021, 7), (0.93, 0.027, 6))
    ):
        for k in range(count):
            x = (k + 0.25 + 0.5 * (row % 2)) / count
            canvas.ellipse(x, y, radius, radius * 0.85, land(scene, petals[(k + row) % 4]))
            canvas.ellipse(x, y, radius * 0.4, radius * 0.35, land(scene, (206, 140, 50)))


DRAW_PLACE = {
    "sea": draw_sea,
    "hills": draw_hills,
    "mountains": draw_mountains,
    "desert": draw_desert,
    "snow": draw_snow,
    "beach": draw_beach,
    "forest": draw_forest,
    "lake": draw_lake,
    "city": draw_city,
    "flower field": draw_flower_field,
}
