"""A small drawing surface; coordinates are fractions of the picture's side, x to the right and y down.

Drawing is flat illustration, deliberately free of pixel noise: an autoencoder this small spends its whole capacity on
noise if there is any.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw
from scenes import SIDE, Colour

SUPERSAMPLE = 2  # drawn at twice the size and averaged, which is the anti-aliasing
Point = tuple[float, float]


def shade(colour: Colour, light: Colour | float) -> Colour:
    """The colour under a light: a grey factor, or a coloured one given as 0..255."""
    factors = (light,) * 3 if isinstance(light, float) else tuple(v / 255 for v in light)
    return tuple(max(0, min(255, round(c * f))) for c, f in zip(colour, factors, strict=True))  # type: ignore[return-value]


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """`share` of the second colour in the first."""
    return tuple(round(a + (b - a) * share) for a, b in zip(first, second, strict=True))  # type: ignore[return-value]


@lru_cache(maxsize=64)
def soft_disc(diameter: int) -> Image.Image:
    """An alpha mask that falls smoothly from the centre to nothing at the rim."""
    axis = (np.arange(diameter) + 0.5) / diameter * 2 - 1
    radius = np.sqrt(axis[:, None] ** 2 + axis[None] ** 2)
    return Image.fromarray((255 * np.clip(1 - radius, 0, 1) ** 1.6).astype(np.uint8))


class Canvas:
    """A square picture drawn in fractions of its side.

    Attributes:
        origin: where the point (0, 0) of what is drawn next comes to lie; gradients stay where they are.
    """

    def __init__(self, side: int = SIDE, supersample: int = SUPERSAMPLE) -> None:
        self.supersample = supersample
        self.size = side * supersample
        self.origin: Point = (0.0, 0.0)
        self.image = Image.new("RGB", (self.size, self.size))
        self.pen = ImageDraw.Draw(self.image)

    def pixels(self, points: list[Point]) -> list[Point]:
        left, top = self.origin
        return [((left + x) * self.size, (top + y) * self.size) for x, y in points]

    def polygon(self, points: list[Point], colour: Colour) -> None:
        self.pen.polygon(self.pixels(points), fill=colour)

    def rectangle(self, x0: float, y0: float, x1: float, y1: float, colour: Colour) -> None:
        self.pen.rectangle(self.pixels([(x0, y0), (x1, y1)]), fill=colour)

    def ellipse(self, x: float, y: float, rx: float, ry: float, colour: Colour) -> None:
        self.pen.ellipse(self.pixels([(x - rx, y - ry), (x + rx, y + ry)]), fill=colour)

    def line(self, points: list[Point], colour: Colour, width: float) -> None:
        self.pen.line(self.pixels(points), fill=colour, width=max(1, round(width * self.size)))

    def glow(self, x: float, y: float, rx: float, ry: float, colour: Colour, strength: float = 1.0) -> None:
        """A soft spot of light (or, in a dark colour, of shadow)."""
        w, h = round(2 * rx * self.size), round(2 * ry * self.size)
        mask = soft_disc(128).resize((w, h), Image.Resampling.BILINEAR)
        if strength < 1:
            mask = mask.point(lambda v: round(v * strength))
        [(left, top)] = self.pixels([(x - rx, y - ry)])
        self.image.paste(colour, (round(left), round(top)), mask)

    def gradient(self, y0: float, y1: float, stops: tuple[Colour, ...], outline: list[Point] | None = None) -> None:
        """Fill the band y0..y1 with a vertical gradient, within the outline if there is one."""
        top, bottom = round(y0 * self.size), round(y1 * self.size)
        ramp = np.linspace(0, len(stops) - 1, bottom - top)
        column = np.stack([np.interp(ramp, range(len(stops)), [s[c] for s in stops]) for c in range(3)], -1)
        band = Image.fromarray(column.round().astype(np.uint8)[:, None]).resize(
            (self.size, bottom - top), Image.Resampling.NEAREST
        )
        if outline is None:
            self.image.paste(band, (0, top))
            return
        mask = Image.new("L", band.size)
        ImageDraw.Draw(mask).polygon([(x, y - top) for x, y in self.pixels(outline)], fill=255)
        self.image.paste(band, (0, top), mask)

    def finished(self) -> Image.Image:
        return self.image.reduce(self.supersample)


def ridge(height: float, amplitude: float, waves: float, phase: float, steps: int = 40) -> list[Point]:
    """The outline of a smooth range of hills, closed at the bottom of the picture."""
    xs = [k / steps for k in range(steps + 1)]
    top = [(x, height - amplitude * math.sin(2 * math.pi * (waves * x + phase))) for x in xs]
    return [*top, (1.0, 1.0), (0.0, 1.0)]
