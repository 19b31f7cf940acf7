"""The icon's files: every size that the systems ask for, each showing the picture."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from PIL import IcnsImagePlugin, Image


@pytest.fixture(scope="module")
def icon_files(build_module: Callable[[str], ModuleType]) -> ModuleType:
    return build_module("icon_files")


def pixels(data: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image.convert("RGBA"), dtype=np.float64)


def test_every_size_of_the_icns_is_the_drawing_at_that_size(icon_files: ModuleType) -> None:
    file = IcnsImagePlugin.IcnsFile(io.BytesIO(icon_files.icns()))
    assert set(file.itersizes()) == {(side, side, scale) for side in (16, 32, 128, 256, 512) for scale in (1, 2)}
    for size in file.itersizes():
        side = size[0] * size[2]
        found = np.asarray(file.getimage(size).convert("RGBA"), dtype=np.float64)
        assert found.shape == (side, side, 4)
        assert np.array_equal(found[..., 3], pixels(icon_files.png(side))[..., 3])
        opaque = found[..., 3] == 255
        assert np.abs(found - pixels(icon_files.png(side)))[opaque].max() <= 1


def test_icns_declares_its_own_length(icon_files: ModuleType) -> None:
    data = icon_files.icns()
    assert data[:4] == b"icns"
    assert struct.unpack(">I", data[4:8])[0] == len(data)


@pytest.mark.parametrize("side", [16, 32, 128, 512])
def test_icon_is_a_tile_with_sky_sun_sail_and_sea(icon_files: ModuleType, side: int) -> None:
    image = pixels(icon_files.png(side))
    at = {name: image[round(y * side), round(x * side)] for name, (x, y) in {
        "sky": (0.2, 0.16), "sun": (0.3, 0.5), "sail": (0.64, 0.5), "sea": (0.3, 0.85),
    }.items()}  # fmt: skip
    assert (image[[0, 0, -1, -1], [0, -1, 0, -1], 3] == 0).all(), "the corners are empty"
    assert all(colour[3] == 255 for colour in at.values())
    assert at["sky"][2] > at["sky"][1] + 40, "a violet sky"
    assert at["sun"][0] > at["sun"][2] + 60, "a yellow sun"
    assert at["sail"][:3].min() > 200, "a white sail"
    assert at["sea"][2] > at["sea"][0] + 40, "a blue sea"


def test_small_icons_leave_the_details_out(icon_files: ModuleType) -> None:
    def yellow_on_the_sea(side: int) -> bool:
        sea = pixels(icon_files.png(side))[round(0.74 * side) : round(0.9 * side), :, :3]
        return bool((sea[..., 0] > sea[..., 2] + 60).any())

    assert yellow_on_the_sea(128)
    assert not yellow_on_the_sea(32)


def test_writes_one_png_for_each_side_in_use_on_linux(icon_files: ModuleType, tmp_path: Path) -> None:
    for path in icon_files.write_pngs(tmp_path / "icons"):
        assert pixels(path.read_bytes()).shape == (int(path.stem), int(path.stem), 4)
