"""Edges as a ControlNet follows them: where they are, and when a picture is taken for a drawing of them."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from app.core.errors import UserError
from app.core.request import Edges
from app.library import paths
from app.library.pictures.edges import canny, control_picture, is_drawing, outlines


def box(background: tuple[int, ...] = (220, 220, 220), colour: tuple[int, ...] = (40, 60, 160)) -> np.ndarray:
    picture = np.full((80, 120, 3), background, np.uint8)
    picture[20:61, 30:91] = colour
    return picture


def sketch(width: int = 2) -> np.ndarray:
    image = Image.new("RGB", (320, 256))
    pen = ImageDraw.Draw(image)
    pen.ellipse((40, 60, 180, 200), outline="white", width=width)
    pen.line((10, 230, 310, 200), fill="white", width=width)
    return np.asarray(image)


def test_the_edges_of_a_box_are_its_outline() -> None:
    """One pixel wide, closed, and nowhere else."""
    found = canny(box())
    rows, columns = np.nonzero(found)
    assert (abs(rows.min() - 20) <= 1, abs(rows.max() - 60) <= 1) == (True, True)
    assert (abs(columns.min() - 30) <= 1, abs(columns.max() - 90) <= 1) == (True, True)
    assert not found[24:57, 34:87].any()
    middle = found[40], found[:, 60]
    assert [line.sum() for line in middle] == [2, 2]
    assert found[25:56].sum(1).min() >= 2


def test_steps_in_colour_alone_count() -> None:
    assert canny(box((220, 120, 120), (120, 170, 120))).sum() > 150  # as bright to the eye


def test_noise_and_slow_changes_are_no_edges() -> None:
    slope = np.linspace(60, 200, 256).astype(np.uint8)
    picture = np.repeat(np.tile(slope, (64, 1))[..., None], 3, 2)
    noisy = picture.astype(int) + np.random.default_rng(0).normal(0, 3, picture.shape)
    assert not canny(picture).any()
    assert not canny(noisy.clip(0, 255).astype(np.uint8)).any()


def test_a_faint_edge_goes_on_from_a_strong_one_only() -> None:
    """Hysteresis: a line that fades is followed to its end; what is faint all along is left out."""
    picture = np.full((60, 200, 3), 100, np.uint8)
    fading = np.linspace(90, 30, 200).astype(np.uint8)
    picture[30:] += fading[None, :, None]
    assert np.any(canny(picture)[28:32], axis=0)[5:195].all()
    picture[30:] = 100 + 30
    assert not canny(picture).any()


def test_lines_are_white_and_soft_on_black() -> None:
    lines = outlines(box())
    assert (lines.shape, lines.dtype) == ((80, 120, 3), np.uint8)
    assert lines.max() == 255
    assert (lines[..., 0] == lines[..., 2]).all()
    assert 0 < lines[40, 27, 0] < 200 < lines[40, 29:31, 0].max()
    assert lines[40, 60].max() == 0


def test_no_edges_is_said() -> None:
    with pytest.raises(UserError, match="No edges"):
        outlines(np.full((32, 32, 3), 128, np.uint8))


def test_drawings_are_taken_as_they_are() -> None:
    drawing = sketch()
    assert np.array_equal(control_picture(drawing, Edges.AUTO), drawing)
    assert np.array_equal(control_picture(255 - drawing, Edges.AUTO), drawing)  # black on white
    assert np.array_equal(control_picture(outlines(box()), Edges.AUTO), outlines(box()))  # its own
    assert not np.array_equal(control_picture(drawing, Edges.CANNY), drawing)
    photo = box()
    assert np.array_equal(control_picture(photo, Edges.NONE), photo)
    assert np.array_equal(control_picture(photo, Edges.AUTO), outlines(photo))


def test_what_is_no_drawing() -> None:
    samples = np.asarray(Image.open(paths.resources() / "starter" / "samples.jpg").convert("RGB"))
    scenes = [samples[y : y + 256, x : x + 256] for y in (0, 256) for x in (0, 256, 512, 768)]
    moon = np.zeros((256, 256, 3), np.uint8)
    moon[100:150, 100:150] = 240
    for picture in (*scenes, moon, np.zeros((64, 64, 3), np.uint8), sketch(20)):
        assert not is_drawing(picture)
        assert not is_drawing(255 - picture)


@pytest.mark.parametrize("size", [(1, 1), (3, 200), (33, 31)])
def test_odd_sizes(size: tuple[int, int]) -> None:
    picture = np.random.default_rng(1).integers(0, 255, (*size, 3)).astype(np.uint8)
    assert canny(picture).shape == size
    is_drawing(picture)
