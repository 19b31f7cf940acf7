from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from app.backends.local.start_picture import load_start_picture
from app.core.errors import UserError
from app.core.request import GenerationRequest
from tests.inputs import start_from


class Encoder:
    spatial_factor = 4

    def encode_image(self, pixels: np.ndarray) -> np.ndarray:
        assert (pixels.shape, pixels.dtype) == ((1, 16, 32, 3), np.uint8)
        return np.ones((1, 32, 4, 8), np.float32)


def request(folder: Path, mask: Path | str | None = None, **options: Any) -> GenerationRequest:
    return GenerationRequest("x", width=32, height=16, inputs=start_from(folder / "start.png", 0.7, mask), **options)


def save(path: Path, pixels: Any, **options: Any) -> None:
    Image.fromarray(np.asarray(pixels, np.uint8)).save(path, **options)


def test_none_without_a_picture() -> None:
    assert load_start_picture(GenerationRequest("x", width=32, height=16)) is None


def test_is_scaled_to_cover_and_cut(tmp_path: Path) -> None:
    pixels = np.zeros((64, 64, 3))
    pixels[16:48] = 200  # what remains of a square in the shape 2 : 1
    save(tmp_path / "start.png", pixels)
    start = load_start_picture(request(tmp_path))
    assert start is not None
    assert start.pixels.shape == (16, 32, 3)
    assert (start.pixels[2:-2] >= 198).all()


def test_a_picture_of_the_right_size_is_left_alone(tmp_path: Path) -> None:
    pixels = np.random.default_rng(1).integers(0, 255, (16, 32, 3))
    save(tmp_path / "start.png", pixels)
    start = load_start_picture(request(tmp_path))
    assert start is not None
    assert np.array_equal(start.pixels, pixels)


def test_a_photograph_on_its_side_is_turned(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise
    pixels = np.zeros((32, 16, 3))
    pixels[:16] = 255
    save(tmp_path / "start.jpg", pixels, exif=exif, quality=95)
    start = load_start_picture(request(tmp_path).replace(inputs=start_from(tmp_path / "start.jpg")))
    assert start is not None
    assert start.pixels[:, 20:].min() > 200
    assert start.pixels[:, :12].max() < 50


@pytest.mark.parametrize(("cell", "generated"), [(1, (1, 2)), (2, (2, 4))])
def test_the_mask_covers_each_token_that_is_touched(tmp_path: Path, cell: int, generated: tuple[int, int]) -> None:
    save(tmp_path / "start.png", np.zeros((16, 32, 3)))
    mask = np.zeros((16, 32))
    mask[5, 5] = mask[5, 9] = 255
    save(tmp_path / "mask.png", mask)
    start = load_start_picture(request(tmp_path, mask=str(tmp_path / "mask.png")))
    assert start is not None
    begin = start.encode(Encoder(), cell)  # type: ignore[arg-type]
    assert begin.strength == 0.7
    assert begin.mask is not None
    assert begin.mask.shape == (1, 1, 4, 8)
    rows, columns = np.nonzero(begin.mask[0, 0])
    assert (len(set(rows)), len(set(columns))) == generated
    assert begin.mask[0, 0, 1, 1] == begin.mask[0, 0, 1, 2] == 1


def test_what_is_not_masked_keeps_its_pixels(tmp_path: Path) -> None:
    before = np.random.default_rng(1).integers(0, 255, (16, 32, 3))
    save(tmp_path / "start.png", before)
    mask = np.zeros((16, 32))
    mask[4:8] = 255
    mask[8] = 51  # a fifth
    save(tmp_path / "mask.png", mask)
    start = load_start_picture(request(tmp_path, mask=str(tmp_path / "mask.png")))
    assert start is not None
    generated = np.full((16, 32, 3), 255, np.uint8)
    after = start.keep_unmasked(generated)
    assert after.dtype == np.uint8
    assert np.array_equal(after[:4], before[:4])
    assert np.array_equal(after[9:], before[9:])
    assert (after[4:8] == 255).all()
    assert np.abs(after[8] - (before[8] * 0.8 + 51)).max() <= 0.5


def test_a_black_mask_is_refused(tmp_path: Path) -> None:
    save(tmp_path / "start.png", np.zeros((16, 32, 3)))
    save(tmp_path / "mask.png", np.zeros((16, 32)))
    with pytest.raises(UserError, match="black all over"):
        load_start_picture(request(tmp_path, mask=str(tmp_path / "mask.png")))


def test_a_missing_picture_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"start\.png"):
        load_start_picture(request(tmp_path))


def test_no_picture_is_refused(tmp_path: Path) -> None:
    (tmp_path / "start.png").write_text("hello")
    with pytest.raises(UserError, match=r"start\.png"):
        load_start_picture(request(tmp_path))


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_transparent_in_a_mask_is_kept(tmp_path: Path, mode: str) -> None:
    """White strokes on nothing, as painting programs save them."""
    save(tmp_path / "start.png", np.zeros((16, 32, 3)))
    strokes = np.zeros((16, 32, 4))
    strokes[..., :3] = 255  # also where nothing is seen
    strokes[4:8, 8:16, 3] = 255
    strokes[10, 20] = (255, 255, 255, 128)
    picture = Image.fromarray(strokes.astype(np.uint8))
    if mode == "P":
        indices = Image.fromarray((strokes[..., 3] > 200).astype(np.uint8))
        indices.putpalette([255] * 6)
        indices.save(tmp_path / "mask.png", transparency=0)
    else:
        picture.convert(mode).save(tmp_path / "mask.png")
    start = load_start_picture(request(tmp_path, mask=tmp_path / "mask.png"))
    assert start is not None
    assert start.mask is not None
    assert (start.mask[4:8, 8:16] == 1).all()
    assert start.mask[10, 20] == pytest.approx(0 if mode == "P" else 0.5, abs=0.01)
    assert np.count_nonzero(start.mask) == 4 * 8 + (mode != "P")
