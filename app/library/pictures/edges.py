"""From any picture to what a ControlNet follows: soft white outlines on black.

Canny's method (https://doi.org/10.1109/TPAMI.1986.4767851) in numpy: OpenCV and scikit-image have it too, and bring 120
to 160 MB for it. The published ControlNets were trained on HED's outlines, which are soft; a little blur comes near.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from app.core.errors import UserError
from app.core.message import message
from app.core.request import Edges

Floats = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]
Pixels = npt.NDArray[np.uint8]

SMOOTHING = 1.0
"""Standard deviation in pixels of the blur before edges are looked for."""
WEAK, STRONG = 0.03, 0.065
"""Brightness per pixel, of 0..1, from which an edge goes on, and from which one begins: a step of a fifth of the range
has 0.067 after the blur."""
SOFTNESS = 1.2
"""Standard deviation in pixels of the blur that makes lines soft."""

PLAIN, FAINT = 0.7, 0.15
"""A drawing is plain on so much of it, to so much of the range."""


def control_picture(pixels: Pixels, edges: Edges) -> Pixels:
    """What a ControlNet is given of a picture (H, W, 3) of the request's size; the same shape.

    Raises:
        UserError: edges are to be found, and there are none.
    """
    if edges is Edges.NONE:
        return pixels
    if edges is Edges.AUTO:
        for drawing in (pixels, 255 - pixels):  # white on black, or black on white
            if is_drawing(drawing):
                return drawing
    return outlines(pixels)


def is_drawing(pixels: Pixels) -> bool:
    """Whether a picture consists of thin bright lines on a black ground."""
    lit = pixels.max(2) > FAINT * 255
    if not 0 < lit.mean() < 1 - PLAIN:
        return False
    # What is wider than lines get would still be there after so much was taken off on all sides.
    return not _worn(lit, max(3, round(min(lit.shape) / 64))).any()


def outlines(pixels: Pixels) -> Pixels:
    """The edges in a picture (H, W, 3), as white lines with soft borders on black.

    Raises:
        UserError: there are none.
    """
    found = canny(pixels)
    if not found.any():
        raise UserError(
            message("No edges were found in the control picture."), message("Choose one with clearer outlines.")
        )
    soft = _blurred(found.astype(np.float32), SOFTNESS)
    grey = np.minimum(soft / soft.max(), 1) * 255
    return np.repeat(grey.round().astype(np.uint8)[..., None], 3, axis=2)


def canny(pixels: Pixels) -> Mask:
    """Where the edges in a picture (H, W, 3) are: lines one pixel wide, (H, W)."""
    smooth = _blurred(pixels.astype(np.float32) * np.float32(1 / 255), SMOOTHING)
    down, across = _slopes(smooth)
    strength = np.hypot(down, across)
    strongest = strength.argmax(2)[..., None]  # the channel that shows an edge best, so that colours count too
    down, across, strength = (np.take_along_axis(part, strongest, 2)[..., 0] for part in (down, across, strength))
    ridge = _ridges(down, across, strength)
    return _connected(ridge & (strength > STRONG), ridge & (strength > WEAK))


def _slopes(picture: Floats) -> tuple[Floats, Floats]:
    """Sobel's estimate of the change per pixel, downwards and to the right."""
    padded = np.pad(picture, ((1, 1), (1, 1), (0, 0)), mode="edge")
    rows = padded[:, :-2] + 2 * padded[:, 1:-1] + padded[:, 2:]
    columns = padded[:-2] + 2 * padded[1:-1] + padded[2:]
    eighth = np.float32(1 / 8)
    return (rows[2:] - rows[:-2]) * eighth, (columns[:, 2:] - columns[:, :-2]) * eighth


def _ridges(down: Floats, across: Floats, strength: Floats) -> Mask:
    """Where the slope is steepest on the way across the edge, judged in one of four directions."""
    height, width = strength.shape
    padded = np.pad(strength, 1)
    direction = np.round(np.arctan2(down, across) / (math.pi / 4)).astype(int) % 4
    ridge = np.zeros(strength.shape, bool)
    for index, (row, column) in enumerate(((0, 1), (1, 1), (1, 0), (1, -1))):
        before = padded[1 - row : 1 - row + height, 1 - column : 1 - column + width]
        after = padded[1 + row : 1 + row + height, 1 + column : 1 + column + width]
        ridge |= (direction == index) & (strength >= before) & (strength > after)
    return ridge


def _connected(strong: Mask, weak: Mask) -> Mask:
    """The weak edges that touch a strong one, directly or through others."""
    found = strong & weak
    while True:
        before = int(found.sum())
        for view, through in ((found, weak), (found[::-1], weak[::-1])):
            _sweep(view, through)
        if int(found.sum()) == before:
            return found


def _sweep(found: Mask, weak: Mask) -> None:
    """Go on along weak edges from each row to the next, and within it, in place."""
    above = np.zeros(found.shape[1], bool)
    for row, allowed in zip(found, weak, strict=True):
        if above.any():
            reached = above.copy()
            reached[1:] |= above[:-1]
            reached[:-1] |= above[1:]
            row |= reached & allowed
        if row.any():
            # runs of allowed pixels that contain a found one
            run = np.cumsum(~allowed)
            row |= allowed & np.isin(run, run[row])
        above = row


def _worn(mask: Mask, pixels: int) -> Mask:
    """What is left of a mask when so many pixels are taken off its borders."""
    for axis in (0, 1):
        length = mask.shape[axis]
        padded = np.pad(mask, [(pixels, pixels) if axis == side else (0, 0) for side in (0, 1)])
        mask = np.logical_and.reduce([np.take(padded, range(i, i + length), axis) for i in range(2 * pixels + 1)])
    return mask


def _blurred(picture: Floats, deviation: float) -> Floats:
    """A Gaussian blur over the first two axes; what is beyond the border is as at it."""
    reach = math.ceil(3 * deviation)
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / deviation) ** 2).astype(np.float32)
    weights /= weights.sum()
    for axis in (0, 1):
        length = picture.shape[axis]
        padded = np.pad(picture, [(reach, reach) if axis == side else (0, 0) for side in range(picture.ndim)], "edge")
        picture = np.zeros_like(picture)
        for shift, weight in enumerate(weights):
            window = slice(shift, shift + length)
            picture += weight * (padded[window] if axis == 0 else padded[:, window])
    return picture
