"""The mask: one byte for each pixel of the picture, white where it is made anew."""

from __future__ import annotations

import base64
import io
import math
from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter, PngImagePlugin
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QImage, QPainter, QPolygonF

Bytes = NDArray[np.uint8]

MOST_FEATHER = 100
"""Pixels."""
FEATHER, PAINTED = "feather", "painted"
"""The keys of a mask file's texts: how far the soft edge reaches, and a PNG of what was painted, in base64."""
_SPACING = 1 / 8
"""From one dab of the brush to the next, in radii: the edge of a line is smooth to a pixel up to a radius of 500."""
_BLUR_DETAIL = 3
"""A soft edge is computed on a copy so small that its standard deviation is about so many pixels there."""


class Mask:
    """What was painted, and how soft its edge is. Rectangles are of the picture's pixels.

    Attributes:
        pixels: (height, width) uint8; what was painted, with its hard edge.
    """

    def __init__(self, width: int, height: int) -> None:
        self.pixels: Bytes = np.zeros((height, width), np.uint8)
        self._soft = self.pixels
        self._feather = 0

    @property
    def rect(self) -> QRect:
        """All of it."""
        height, width = self.pixels.shape
        return QRect(0, 0, width, height)

    @property
    def feather(self) -> int:
        """How far the soft edge reaches to either side of the line that was drawn, in pixels."""
        return self._feather

    def set_feather(self, pixels: int) -> QRect:
        """Make the edge softer or harder. Returns what has changed."""
        self._feather = pixels
        self._soft = np.empty_like(self.pixels) if pixels else self.pixels
        return self.refresh(self.rect)

    def is_empty(self) -> bool:
        """Whether nothing is painted."""
        return not self.pixels.any()

    def image(self) -> QImage:
        """What is seen and saved, as transparency. It is no copy, and shows every change but that of the feather."""
        height, width = self._soft.shape
        return QImage(self._soft.data, width, height, width, QImage.Format.Format_Alpha8)

    def png(self) -> bytes:
        """What is saved, in 8 bits of grey. What was painted goes along where its edge was made soft, to be edited."""
        buffer, info = io.BytesIO(), PngImagePlugin.PngInfo()
        if self._feather:
            painted = io.BytesIO()
            Image.fromarray(self.pixels).save(painted, "PNG")
            info.add_text(FEATHER, str(self._feather))
            info.add_text(PAINTED, base64.b64encode(painted.getvalue()).decode())
        Image.fromarray(self._soft).save(buffer, "PNG", pnginfo=info)
        return buffer.getvalue()

    def take_painted(self, texts: Mapping[str, str]) -> bool:
        """Go on with what was painted, by the texts of a file that `png` gave; False where they do not tell."""
        try:
            feather = int(texts[FEATHER])
            with Image.open(io.BytesIO(base64.b64decode(texts[PAINTED])), formats=("PNG",)) as painted:
                height, width = self.pixels.shape
                if painted.size != (width, height) or not 0 < feather <= MOST_FEATHER:
                    return False
                self.pixels[:] = np.asarray(painted.convert("L"))
        except (KeyError, ValueError, OSError, SyntaxError, Image.DecompressionBombError):  # whatever it holds
            return False
        self.set_feather(feather)
        return True

    def draw_line(self, start: QPointF, end: QPointF, radius: float, *, erase: bool) -> QRect:
        """Draw with a round brush. Returns what has changed."""
        dab = _dab(max(0.5, round(2 * radius) / 2))
        reach = dab.shape[0] // 2
        across, down = end.x() - start.x(), end.y() - start.y()
        count = max(1, math.ceil(math.hypot(across, down) / max(1.0, radius * _SPACING)))
        for step in range(count + 1):
            x, y = start.x() + across * step / count, start.y() + down * step / count
            self._put(dab, math.floor(x) - reach, math.floor(y) - reach, erase=erase)
        drawn = QRect(_floored(start), QPoint(1, 1) + _floored(start)) | QRect(
            _floored(end), QPoint(1, 1) + _floored(end)
        )
        return self.refresh(drawn.adjusted(-reach, -reach, reach, reach))

    def fill(self, outline: QPolygonF, *, erase: bool) -> QRect:
        """Fill an outline, which a straight line closes. Returns what has changed."""
        rect = outline.boundingRect().toAlignedRect() & self.rect
        if rect.isEmpty():
            return rect
        shape = QImage(rect.size(), QImage.Format.Format_Grayscale8)
        shape.fill(0)
        painter = QPainter(shape)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(-rect.topLeft())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(Qt.GlobalColor.white)
        painter.drawPolygon(outline)
        painter.end()
        rows = np.frombuffer(shape.constBits(), np.uint8).reshape(rect.height(), shape.bytesPerLine())
        self._put(rows[:, : rect.width()], rect.left(), rect.top(), erase=erase)
        return self.refresh(rect)

    def invert(self) -> QRect:
        """Paint what was not painted, and the other way round. Returns what has changed."""
        np.subtract(255, self.pixels, out=self.pixels)
        return self.refresh(self.rect)

    def clear(self) -> QRect:
        """Paint nothing. Returns what has changed."""
        self.pixels.fill(0)
        return self.refresh(self.rect)

    def refresh(self, changed: QRect) -> QRect:
        """Follow a change of `pixels`, and return what it changes of what is seen."""
        if not self._feather:
            return changed & self.rect
        reach = 2 * self._feather
        sigma = self._feather / 2
        factor = max(1, round(sigma / _BLUR_DETAIL))
        seen = changed.adjusted(-reach, -reach, reach, reach) & self.rect
        if seen.isEmpty():
            return seen
        # The corner is a multiple of the factor, so that what is computed in parts has no seams.
        around = seen.adjusted(-reach, -reach, reach, reach) & self.rect
        left, top = around.left() // factor * factor, around.top() // factor * factor
        source = Image.fromarray(self.pixels[top : around.bottom() + 1, left : around.right() + 1])
        small = source.reduce(factor) if factor > 1 else source
        blurred = small.filter(ImageFilter.GaussianBlur(sigma / factor))
        if factor > 1:
            blurred = blurred.resize((small.width * factor, small.height * factor), Image.Resampling.BILINEAR)
        x, y = seen.left() - left, seen.top() - top
        part = np.asarray(blurred)[y : y + seen.height(), x : x + seen.width()]
        self._soft[seen.top() : seen.bottom() + 1, seen.left() : seen.right() + 1] = part
        return seen

    def _put(self, shape: Bytes, left: int, top: int, *, erase: bool) -> None:
        """Lay a shape over what is there: the lighter stays, or what is not erased."""
        place = QRect(left, top, shape.shape[1], shape.shape[0]) & self.rect
        if place.isEmpty():
            return
        there = self.pixels[place.top() : place.bottom() + 1, place.left() : place.right() + 1]
        x, y = place.left() - left, place.top() - top
        part = shape[y : y + place.height(), x : x + place.width()]
        if erase:
            np.minimum(there, 255 - part, out=there)
        else:
            np.maximum(there, part, out=there)


@lru_cache(16)
def _dab(radius: float) -> Bytes:
    """A disc with a smooth edge, as many pixels wide as high, the middle one its centre."""
    reach = math.ceil(radius)
    steps = np.arange(-reach, reach + 1, dtype=np.float32)
    distance = np.hypot(steps[:, None], steps[None, :])
    return (np.clip(radius + 0.5 - distance, 0, 1) * 255).astype(np.uint8)


def _floored(point: QPointF) -> QPoint:
    return QPoint(math.floor(point.x()), math.floor(point.y()))
