from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from app.backends.local.start_picture import StartPicture, load_start_picture
from app.core.capabilities import Capabilities
from app.core.errors import UserError
from app.core.limits import MASK, START_PICTURE, Range
from app.core.request import Extension, GenerationRequest
from tests.inputs import start_from

LIMITS = Capabilities(
    model="Small", size=Range(8, 64, 32, 8), max_pixels=64 * 32, steps=Range(1, 50, 20), guidance=None,
    negative=False, inputs=(START_PICTURE, MASK), edits=True,
)  # fmt: skip
"""Of a model with tokens of 8 pixels."""


class Encoder:
    spatial_factor = 4

    def encode_image(self, pixels: np.ndarray) -> np.ndarray:
        count, height, width, _ = pixels.shape
        assert (count, pixels.dtype) == (1, np.uint8)
        return np.ones((1, 32, height // 4, width // 4), np.float32)


def load(wish: GenerationRequest) -> StartPicture:
    start = load_start_picture(wish, LIMITS)
    assert start is not None
    return start


def request(folder: Path, mask: Path | str | None = None, **options: Any) -> GenerationRequest:
    return GenerationRequest("x", width=32, height=16, inputs=start_from(folder / "start.png", 0.7, mask), **options)


def save(path: Path, pixels: Any, **options: Any) -> None:
    Image.fromarray(np.asarray(pixels, np.uint8)).save(path, **options)


def test_none_without_a_picture() -> None:
    assert load_start_picture(GenerationRequest("x", width=32, height=16), LIMITS) is None


def test_is_scaled_to_cover_and_cut(tmp_path: Path) -> None:
    pixels = np.zeros((64, 64, 3))
    pixels[16:48] = 200  # what remains of a square in the shape 2 : 1
    save(tmp_path / "start.png", pixels)
    start = load(request(tmp_path))
    assert start.pixels.shape == (16, 32, 3)
    assert (start.pixels[2:-2] >= 198).all()


def test_a_picture_of_the_right_size_is_left_alone(tmp_path: Path) -> None:
    pixels = np.random.default_rng(1).integers(0, 255, (16, 32, 3))
    save(tmp_path / "start.png", pixels)
    start = load(request(tmp_path))
    assert np.array_equal(start.pixels, pixels)


def test_a_photograph_on_its_side_is_turned(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise
    pixels = np.zeros((32, 16, 3))
    pixels[:16] = 255
    save(tmp_path / "start.jpg", pixels, exif=exif, quality=95)
    start = load(request(tmp_path).replace(inputs=start_from(tmp_path / "start.jpg")))
    assert start.pixels[:, 20:].min() > 200
    assert start.pixels[:, :12].max() < 50


def test_the_mask_reaches_half_a_token_further_and_fades_there(tmp_path: Path) -> None:
    save(tmp_path / "start.png", np.zeros((32, 64, 3)))
    mask = np.zeros((32, 64))
    mask[8:24, :24] = 255
    save(tmp_path / "mask.png", mask)
    start = load(request(tmp_path, tmp_path / "mask.png").replace(width=64, height=32))
    begin = start.encode(Encoder())  # type: ignore[arg-type]
    assert begin.strength == 0.7
    assert begin.mask is not None
    assert begin.mask.shape == (1, 1, 8, 16)
    row = begin.mask[0, 0, 4]
    assert (row[:5] > 0.99).all()
    assert (np.diff(row[4:9]) < 0).all()
    assert (row[9:] == 0).all()


@pytest.mark.parametrize("name", ["mask.jpg", "mask.webp"])
def test_the_noise_of_a_mask_saved_with_loss_changes_nothing(tmp_path: Path, name: str) -> None:
    save(tmp_path / "start.png", np.zeros((32, 64, 3)))
    y, x = np.mgrid[:32, :64]
    disc = (y - 15) ** 2 + (x - 30) ** 2 < 100
    save(tmp_path / name, disc * 255, quality=75)
    assert (np.asarray(Image.open(tmp_path / name).convert("L"))[~disc] > 0).any(), "there is noise"
    mask = load(request(tmp_path, tmp_path / name).replace(width=64, height=32)).mask
    assert mask is not None
    assert not mask[~disc].any()
    assert mask[disc].min() > 0.75
    assert mask.max() == 1


NOISE = np.random.default_rng(1).integers(0, 255, (64, 64, 3))


@pytest.mark.parametrize("size", [(32, 16), (29, 15), (30, 64), (64, 63), (63, 64)])
@pytest.mark.parametrize("shape", ["block", "line", "dot", "grey", "all but a corner"])
@pytest.mark.parametrize("detail", [None, True, False])
def test_what_the_mask_keeps_is_the_same_to_the_bit(
    tmp_path: Path, size: tuple[int, int], shape: str, detail: bool | None
) -> None:
    """Also where the picture is no multiple of a token, or larger than the model can."""
    width, height = size
    before = NOISE[:height, :width]
    save(tmp_path / "start.png", before)
    mask = np.zeros((height, width))
    if shape == "line":
        mask[height // 2, 3:-3] = 255
    elif shape == "dot":
        mask[5, 7] = 255
    elif shape == "all but a corner":
        mask[:] = 255
        mask[:3, :3] = 0
    else:
        mask[4:12, 5:20] = 255 if shape == "block" else 90
    save(tmp_path / "mask.png", mask)
    wish = request(tmp_path, tmp_path / "mask.png").replace(width=width, height=height, detail=detail)
    start = load(wish)
    assert start.encode(Encoder()).latents.shape[2:] == (start.canvas.size[1] // 4, start.canvas.size[0] // 4)  # type: ignore[arg-type]
    canvas_width, canvas_height = start.canvas.size
    assert canvas_width % 8 == canvas_height % 8 == 0
    generated = np.random.default_rng(2).integers(0, 255, (canvas_height, canvas_width, 3)).astype(np.uint8)
    after = start.finished(generated)
    assert (after.shape, after.dtype) == (before.shape, np.uint8)
    changed = (after != before).any(-1)
    assert not changed[mask == 0].any()
    assert changed[mask > 0].mean() > 0.5


def test_at_the_edge_of_the_mask_there_is_no_step(tmp_path: Path) -> None:
    save(tmp_path / "start.png", np.full((32, 64, 3), 100))
    mask = np.zeros((32, 64))
    mask[:, 32:] = 255
    save(tmp_path / "mask.png", mask)
    start = load(request(tmp_path, tmp_path / "mask.png").replace(width=64, height=32))
    row = start.finished(np.full((32, 64, 3), 180, np.uint8))[16, :, 0].astype(int)
    assert (row[:32] == 100).all()
    assert np.abs(np.diff(row)).max() < 20
    assert row[-1] == 180


def test_what_a_picture_is_extended_by_goes_on_from_its_edge(tmp_path: Path) -> None:
    before = NOISE[:16, :20] // 4 + np.arange(20)[:, None] * 5
    save(tmp_path / "start.png", before)
    start = load(request(tmp_path).replace(width=33, height=21, extend=Extension(5, 2, 8, 3)))
    width, height = start.canvas.size
    assert width % 8 == height % 8 == 0
    assert start.canvas.padding.left == 3  # so that the picture begins where a token does
    after = start.finished(np.full((height, width, 3), 128, np.uint8))
    assert np.array_equal(after[2:18, 5:25], before)
    steps = np.abs(np.diff(after.astype(int), axis=1))[2:18]
    assert steps[:, [4, 24]].mean() <= 1.5 * steps[:, 5:24].mean()
    assert after[0, -1].tolist() == [128, 128, 128]


def test_a_thin_mask_is_enlarged_unless_asked_otherwise(tmp_path: Path) -> None:
    save(tmp_path / "start.png", NOISE[:32, :64])
    mask = np.zeros((32, 64))
    mask[16:18, 30:36] = 255
    save(tmp_path / "mask.png", mask)
    wish = request(tmp_path, tmp_path / "mask.png").replace(width=64, height=32)
    enlarged = load(wish)
    assert enlarged.canvas.scale > 1.25
    left, top, right, bottom = enlarged.canvas.window
    assert (left, top) < (30 - 4, 16 - 4)  # with what surrounds it
    assert (right, bottom) > (36 + 4, 18 + 4)
    assert load(wish.replace(detail=False)).canvas.window == (0, 0, 64, 32)
    mask[4:20, 20:40] = 255
    save(tmp_path / "mask.png", mask)
    assert load(wish).canvas.window == (0, 0, 64, 32)
    assert load(wish.replace(detail=True)).canvas.scale > 1


def test_a_mask_of_another_shape_is_refused(tmp_path: Path) -> None:
    save(tmp_path / "start.png", np.zeros((16, 32, 3)))
    save(tmp_path / "mask.png", np.full((32, 32), 255))
    with pytest.raises(UserError, match=r"32 × 32 pixels, the start picture 32 × 16"):
        load(request(tmp_path, tmp_path / "mask.png"))


def test_a_smaller_mask_of_the_same_shape_is_enlarged(tmp_path: Path) -> None:
    save(tmp_path / "start.png", NOISE[:16, :32])
    mask = np.zeros((8, 16))
    mask[2:4, 4:8] = 255
    save(tmp_path / "mask.png", mask)
    start = load(request(tmp_path, tmp_path / "mask.png"))
    assert start.mask is not None
    assert (start.mask[4:8, 8:16] == 1).all()
    assert start.mask.sum() == 4 * 8


def test_a_black_mask_is_refused(tmp_path: Path) -> None:
    save(tmp_path / "start.png", np.zeros((16, 32, 3)))
    save(tmp_path / "mask.png", np.zeros((16, 32)))
    with pytest.raises(UserError, match="black all over"):
        load(request(tmp_path, mask=str(tmp_path / "mask.png")))


def test_a_missing_picture_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"start\.png"):
        load(request(tmp_path))


def test_no_picture_is_refused(tmp_path: Path) -> None:
    (tmp_path / "start.png").write_text("hello")
    with pytest.raises(UserError, match=r"start\.png"):
        load(request(tmp_path))


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
    start = load(request(tmp_path, mask=tmp_path / "mask.png"))
    assert start.mask is not None
    assert (start.mask[4:8, 8:16] == 1).all()
    assert start.mask[10, 20] == pytest.approx(0 if mode == "P" else 0.5, abs=0.01)
    assert np.count_nonzero(start.mask) == 4 * 8 + (mode != "P")


def test_a_preview_of_a_part_stands_at_its_place_in_the_picture(tmp_path: Path) -> None:
    save(tmp_path / "start.png", np.full((1000, 2000, 3), 40))
    mask = np.zeros((1000, 2000))
    mask[600:700, 1200:1300] = 255
    save(tmp_path / "mask.png", mask)
    wish = request(tmp_path, tmp_path / "mask.png").replace(width=2000, height=1000)
    start = load(wish)
    assert start.in_part
    shown = start.previewed(np.full((8, 8, 3), 240, np.uint8))
    rows, columns, _ = np.nonzero(shown == 240)
    factor = 7  # 2000 // 256
    assert shown.shape[:2] == (-(-1000 // factor), -(-2000 // factor))
    assert max(shown.shape) < 512
    assert (rows.min(), rows.max() + 1) == (-(-600 // factor), -(-700 // factor))
    assert (columns.min(), columns.max() + 1) == (-(-1200 // factor), -(-1300 // factor))
    assert set(np.unique(shown)) == {40, 240}


def test_a_preview_of_an_extended_picture_leaves_out_what_only_fills_tokens(tmp_path: Path) -> None:
    save(tmp_path / "start.png", np.full((16, 20, 3), 40))
    wish = request(tmp_path).replace(width=32, extend=Extension(left=12))
    start = load(wish)
    small = np.zeros((2, 5, 3), np.uint8)  # a pixel for each token of 8 pixels: 40 x 16, of which 4 fill the first
    small[:, 0], small[:, 1:] = 240, 200
    shown = start.previewed(small)
    assert shown.shape == (16, 32, 3)
    assert (shown[:, 12:] == 40).all()
    assert shown[0, 0, 0] > 230
    assert shown[0, 11, 0] < 205
    assert np.array_equal(load(request(tmp_path)).previewed(small), small)
