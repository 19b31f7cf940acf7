"""Clips to write and to read."""

import math
from collections.abc import Iterator

import numpy as np

from app.core.output import Pixels


def moving_square(count: int, width: int = 96, height: int = 64) -> Iterator[Pixels]:
    """A red square that goes to the right over a soft slope of colours; each frame is told by its place."""
    rows, columns = np.indices((height, width))
    for index in range(count):
        frame = np.stack([columns * 120 // width, rows * 200 // height, np.full_like(rows, 90)], -1).astype(np.uint8)
        left = 2 + index * 2 % (width - 20)
        frame[height // 4 : height // 2, left : left + 16] = (220, 40, 30)
        yield frame


def psnr(one: Pixels, other: Pixels) -> float:
    error = float(np.mean((one.astype(np.float64) - other) ** 2))
    return 10 * math.log10(255**2 / max(error, 1e-9))


def place(frame: Pixels) -> int:
    """Which frame of `moving_square` this is, as far as its square has not come back; its edges may be soft."""
    row = frame[frame.shape[0] * 3 // 8].astype(int)
    (columns,) = np.nonzero(row[:, 0] - row[:, 1] > 90)
    return round((columns.mean() - 9.5) / 2)
