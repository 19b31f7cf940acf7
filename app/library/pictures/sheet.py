"""The sheet of a grid: its pictures side by side, with labels."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from app.core.errors import UserError
from app.core.grid import Grid
from app.core.output import Pixels
from app.library.pictures import reading
from app.library.pictures.sources import shareable_grid

LARGEST_SIDE = 12_000
"""Pixels of a sheet's side; larger pictures are reduced."""
GAP = 4
_BACKGROUND, _INK, _MISSING = "white", "#202020", "#e4e4e4"


def sheet(grid: Grid, cells: Sequence[Path | None]) -> Pixels:
    """The pictures of a grid, row by row, with a label over each column and beside each row.

    Args:
        cells: the pictures, row by row; None for one that was not made, which leaves its place empty.

    Returns:
        (height, width, 3) uint8.
    """
    grid = shareable_grid(grid)
    pictures = [_decoded(path) for path in cells]
    width = max((each.width for each in pictures if each), default=256)
    height = max((each.height for each in pictures if each), default=256)
    scale = min(1.0, LARGEST_SIDE / (width * grid.columns * 1.1), LARGEST_SIDE / (height * grid.rows * 1.1))
    width, height = max(1, int(width * scale)), max(1, int(height * scale))
    font = ImageFont.load_default(max(12, min(width, height) // 14))
    columns = grid.axes[0].labels()
    rows = grid.axes[1].labels() if len(grid.axes) > 1 else ()
    top = int(font.getbbox("Ag")[3]) + 4 * GAP
    left = max((int(font.getlength(label)) for label in rows), default=-4 * GAP) + 4 * GAP
    whole = Image.new("RGB", (left + grid.columns * (width + GAP), top + grid.rows * (height + GAP)), _BACKGROUND)
    draw = ImageDraw.Draw(whole)
    for column, label in enumerate(columns):
        middle = left + column * (width + GAP) + width // 2
        draw.text((middle, top // 2), _fitting(label, font, width), _INK, font, anchor="mm")
    for row, label in enumerate(rows):
        middle = top + row * (height + GAP) + height // 2
        draw.text((left - 2 * GAP, middle), label, _INK, font, anchor="rm")
    for number, picture in enumerate(pictures):
        row, column = divmod(number, grid.columns)
        place = (left + column * (width + GAP), top + row * (height + GAP))
        if picture is None:
            draw.rectangle((*place, place[0] + width - 1, place[1] + height - 1), _MISSING)
        else:
            fitted = picture.copy() if picture.size == (width, height) else _reduced(picture, width, height)
            whole.paste(fitted, (place[0] + (width - fitted.width) // 2, place[1] + (height - fitted.height) // 2))
    return np.asarray(whole).copy()


def _decoded(path: Path | None) -> Image.Image | None:
    if path is None:
        return None
    try:
        return Image.fromarray(reading.still(path))
    except UserError:  # moved away or damaged meanwhile
        return None


def _reduced(picture: Image.Image, width: int, height: int) -> Image.Image:
    picture = picture.copy()
    picture.thumbnail((width, height), Image.Resampling.LANCZOS)
    return picture


def _fitting(label: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, width: int) -> str:
    """The label, its value alone where there is no room for both, and the end of that."""
    value = label.partition(" ")[2]
    if font.getlength(label) <= width:
        return label
    while len(value) > 4 and font.getlength(value) > width:
        value = "…" + value[2:]
    return value
