"""The bundled upscalers, with their real weights, in torch and in MLX."""

from __future__ import annotations

import os
from collections.abc import Callable

import numpy as np
import pytest

from app.backends.local.mlx import MLXBackend
from app.backends.local.torch import TorchBackend
from app.core.errors import NotFiniteError
from app.library import paths
from app.library.models.store import Models
from app.library.pictures import images
from app.library.settings import Settings
from app.upscaling.upscalers import FACTOR, SPAN, UPSCALERS, X4PLUS, Enlarge, Upscaler, upscale

Pixels = np.ndarray


@pytest.fixture(scope="module")
def torch_span() -> Enlarge:
    settings = Settings()
    return TorchBackend(Models(settings), settings).open_upscaler(SPAN)


@pytest.fixture(scope="module")
def picture() -> Pixels:
    """(256, 256, 3): the first of the starter's samples."""
    return images.decode(paths.resources() / "starter" / "samples.jpg")[:256, :256]


def crop(picture: Pixels, height: int, width: int) -> Pixels:
    """From the middle, where there is something to see."""
    return picture[100 : 100 + height, 60 : 60 + width]


def prepared(upscaler: Upscaler, pixels: Pixels) -> np.ndarray:
    return (pixels.astype(np.float32) - np.array(upscaler.mean, np.float32)) / np.float32(upscaler.scale)


def psnr(a: np.ndarray, b: np.ndarray) -> float:
    return float(10 * np.log10(255**2 / ((a.astype(float) - b) ** 2).mean()))


def enlarged(
    upscaler: Upscaler,
    enlarge: Callable[[np.ndarray], np.ndarray],
    pixels: Pixels,
    *,
    on_tile: Callable[[tuple[int, int]], None] = lambda done: None,
    **options: int,
) -> Pixels:
    tiles = upscale(upscaler, enlarge, pixels, **options)
    while True:
        try:
            on_tile(next(tiles))
        except StopIteration as end:
            return np.asarray(end.value)


def mean_of_blocks(pixels: np.ndarray, side: int) -> np.ndarray:
    height, width, _ = pixels.shape
    return pixels.astype(float).reshape(height // side, side, width // side, side, 3).mean(axis=(1, 3))


@pytest.mark.parametrize(("upscaler", "side"), [(SPAN, 24), (X4PLUS, 8)], ids=lambda value: getattr(value, "id", ""))
def test_torch_and_mlx_give_the_same_pixels(upscaler: Upscaler, side: int, picture: Pixels) -> None:
    settings = Settings()
    models = Models(settings)
    x = prepared(upscaler, crop(picture, side, side + 3))
    backends = (TorchBackend(models, settings), MLXBackend(models, settings))
    ours = [backend.open_upscaler(upscaler)(x) for backend in backends]
    assert ours[0].shape == (4 * side, 4 * side + 12, 3)
    assert np.abs(ours[0] - ours[1]).max() <= 1e-3


@pytest.mark.parametrize("upscaler", UPSCALERS.values(), ids=lambda upscaler: upscaler.id)
def test_the_larger_picture_shows_the_same(upscaler: Upscaler, picture: Pixels) -> None:
    settings = Settings()
    enlarge = TorchBackend(Models(settings), settings).open_upscaler(upscaler)
    small = crop(picture, 16, 20)
    large = enlarged(upscaler, enlarge, small)
    assert large.shape == (64, 80, 3)
    assert psnr(mean_of_blocks(large, FACTOR), small) >= (30 if upscaler is SPAN else 25)


def test_span_keeps_more_than_interpolation(torch_span: Enlarge, picture: Pixels) -> None:
    from PIL import Image

    small = mean_of_blocks(picture, FACTOR).round().astype(np.uint8)
    lanczos = np.asarray(Image.fromarray(small).resize((256, 256), Image.Resampling.LANCZOS))
    assert psnr(enlarged(SPAN, torch_span, small), picture) > psnr(lanczos, picture)


@pytest.mark.parametrize("size", [(33, 70), (1, 1), (3, 50)])
def test_tiles_change_no_pixel(torch_span: Enlarge, picture: Pixels, size: tuple[int, int]) -> None:
    small = crop(picture, *size)
    whole = enlarged(SPAN, torch_span, small)
    tiles: list[tuple[int, int]] = []
    tiled = enlarged(SPAN, torch_span, small, tile=32, on_tile=tiles.append)
    assert np.abs(tiled.astype(int) - whole).max() <= 1  # the order of sums differs with the size
    assert (tiled == whole).mean() > 0.999
    number = -(-size[0] // 32) * -(-size[1] // 32)
    assert tiles == [(done, number) for done in range(1, number + 1)]


def test_the_halo_is_as_wide_as_the_network_sees(torch_span: Enlarge, picture: Pixels) -> None:
    """What is changed just beyond it changes nothing; what is changed well within it does."""
    x = prepared(SPAN, crop(picture, 16, 48))
    before = torch_span(x)[:, : 4 * 20]
    for column, seen in ((20 + SPAN.halo, False), (20 + SPAN.halo // 2, True)):
        changed = x.copy()
        changed[:, column] = 255 - changed[:, column]
        assert bool(np.abs(torch_span(changed)[:, : 4 * 20] - before).max() > 1e-6) == seen


def test_half_the_factor_is_the_mean_of_the_whole_one(torch_span: Enlarge, picture: Pixels) -> None:
    small = crop(picture, 30, 40)
    large = enlarged(SPAN, torch_span, small)
    half = enlarged(SPAN, torch_span, small, factor=2, tile=32)
    assert half.shape == (60, 80, 3)
    assert np.abs(half - mean_of_blocks(large, 2)).max() <= 1


def test_other_factors_are_none(torch_span: Enlarge) -> None:
    with pytest.raises(ValueError, match="factor of 3"):
        enlarged(SPAN, torch_span, np.zeros((4, 4, 3), np.uint8), factor=3)


def test_values_that_are_no_numbers_are_told() -> None:
    broken: Callable[[np.ndarray], np.ndarray] = lambda x: np.full((4 * len(x), 4 * len(x), 3), np.nan, np.float32)  # noqa: E731
    with pytest.raises(NotFiniteError, match="the enlarged picture"):
        enlarged(SPAN, broken, np.zeros((4, 4, 3), np.uint8))


def test_the_weights_and_their_licences_are_there() -> None:
    folder = paths.resources() / "upscalers"
    notice = (folder / "NOTICE.md").read_text(encoding="utf-8")
    for upscaler in UPSCALERS.values():
        assert upscaler.weights.name in notice
    assert sum(os.path.getsize(file) for file in folder.iterdir()) < 18e6  # noqa: PTH202
