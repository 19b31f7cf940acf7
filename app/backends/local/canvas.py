"""What of a picture a model sees, and at which size: all of it, or the part around a mask, enlarged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from PIL import Image

from app.core.capabilities import Capabilities
from app.core.request import Extension
from app.diffusion.masks import Region
from app.diffusion.model import Array, Pixels

Values = TypeVar("Values", Array, Pixels)

MOST_ENLARGED = 4
"""A part is enlarged so much at most: more shows the model nothing but blur."""
_CONTEXT = 0.25  # of the part's longer side, on each of its sides


@dataclass(frozen=True, slots=True)
class Canvas:
    """A window of a picture, scaled, and continued to whole tokens.

    Attributes:
        window: (left, top, right, bottom) of the picture, in its pixels.
        scaled: (width, height) of the window as the model sees it.
        padding: how many pixels there are around it, which are cut off again.
    """

    window: tuple[int, int, int, int]
    scaled: tuple[int, int]
    padding: Extension = Extension()  # noqa: RUF009 - frozen

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) of what the model sees, in pixels."""
        return self.scaled[0] + self.padding.width, self.scaled[1] + self.padding.height

    @property
    def inner(self) -> tuple[slice, slice]:
        """The window's rows and columns in the picture."""
        left, top, right, bottom = self.window
        return slice(top, bottom), slice(left, right)

    @property
    def scale(self) -> float:
        """Pixels of the canvas for each of the picture."""
        left, _, right, _ = self.window
        return self.scaled[0] / (right - left)

    def cut(self, values: Values) -> Values:
        """The canvas of a picture (H, W, 3) or a mask (H, W). Around it its edge goes on."""
        part = _resized(values[self.inner], self.scaled)
        more = self.padding
        edges = [(more.top, more.bottom), (more.left, more.right), (0, 0)]
        padded: Values = np.pad(part, edges[: part.ndim], mode="edge")
        return padded

    def back(self, pixels: Pixels) -> Pixels:
        """The window of the picture, of a canvas that was generated."""
        width, height = self.scaled
        left, top, right, bottom = self.window
        part = pixels[self.padding.top :, self.padding.left :][:height, :width]
        return _resized(part, (right - left, bottom - top))


def whole(width: int, height: int, token: int, extend: Extension | None = None) -> Canvas:
    """All of a picture of this size. What was there before it was extended begins where a token begins."""
    more = extend or Extension()
    left, top = -more.left % token, -more.top % token
    padding = Extension(left, top, -(left + width) % token, -(top + height) % token)
    return Canvas((0, 0, width, height), (width, height), padding)


def around(part: Region, limits: Capabilities) -> Canvas:
    """The window around the part (H, W) of a picture that is True, at the size that the model was trained for."""
    height, width = part.shape
    token, base = int(limits.size.step), int(limits.size.default)
    spans = [np.flatnonzero(part.any(axis)) for axis in (1, 0)]
    (top, bottom), (left, right) = ((int(span[0]), int(span[-1]) + 1) for span in spans)
    context = max(token, round(max(bottom - top, right - left) * _CONTEXT))
    least = max(base // MOST_ENLARGED, max(bottom - top, right - left) // 2)
    top, bottom = _widened(top - context, bottom + context, least, height)
    left, right = _widened(left - context, right + context, least, width)
    scale = base / ((bottom - top) * (right - left)) ** 0.5
    scaled = limits.nearest_size(round((right - left) * scale), round((bottom - top) * scale))
    return Canvas((left, top, right, bottom), scaled)


def _widened(first: int, last: int, least: int, length: int) -> tuple[int, int]:
    """A span of at least that many pixels, moved and cut so that it lies within the picture."""
    more = max(0, least - (last - first))
    first, last = first - more // 2, last + more - more // 2
    if first < 0:
        first, last = 0, last - first if more else last
    if last > length:
        first, last = first - (last - length) if more else first, length
    return max(0, first), min(length, last)


def _resized(values: Values, size: tuple[int, int]) -> Values:
    if (values.shape[1], values.shape[0]) == size:
        return values
    resized: Values = np.asarray(Image.fromarray(np.ascontiguousarray(values)).resize(size, Image.Resampling.LANCZOS))
    return resized
