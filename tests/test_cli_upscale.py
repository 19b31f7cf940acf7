"""The command `upscale`, with real files and networks."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from app import cli
from app.core.output import Provenance
from app.core.request import GenerationRequest
from app.library import paths
from app.library.pictures import images

pytestmark = pytest.mark.usefixtures("warm")

KEYS = {"path", "width", "height", "seconds", "backend", "device", "upscaler", "factor"}


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Any:
    def run(*arguments: object) -> tuple[int, Any, str]:
        status = cli.main(["upscale", "--json", *map(str, arguments)])
        out, err = capsys.readouterr()
        return status, json.loads(out) if out else None, err

    return run


@pytest.fixture
def boat(tmp_path: Path) -> images.Picture:
    """A small picture of ours, in a folder of its own."""
    pixels = images.decode(paths.resources() / "starter" / "samples.jpg")[100:124, 60:92]
    request = GenerationRequest(prompt="a red boat", seed=7, steps=3, guidance=2.0, solver="euler", width=32, height=24)
    return images.save(pixels, request, Provenance(backend="mlx", model="Starter"), tmp_path / "pictures")


def test_picture_is_enlarged_beside_itself_and_keeps_what_it_says(run: Any, boat: images.Picture) -> None:
    before = boat.path.read_bytes()
    status, rows, err = run(boat.path, "--backend", "MLX")
    assert status == 0, err
    (row,) = rows
    assert row.keys() == KEYS
    assert (row["width"], row["height"], row["factor"], row["upscaler"]) == (128, 96, 4, "span-x4")
    assert row["backend"] == "mlx"
    assert row["device"] == "cpu"
    assert row["seconds"] > 0
    path = Path(row["path"])
    assert path == boat.path.with_stem(f"{boat.path.stem} 4x")
    assert images.decode(path).shape == (96, 128, 3)
    picture = images.read(path)
    assert (picture.width, picture.height) == (128, 96)
    assert picture.request == images.read(boat.path).request
    assert str(picture.provenance.note) == "Enlarged 4 times with SPAN x4."
    assert (picture.provenance.backend, picture.provenance.model) == ("mlx", "Starter")
    assert boat.path.read_bytes() == before


@pytest.mark.slow
def test_taken_names_get_a_number_and_an_enlarged_picture_remembers_both_times(run: Any, boat: images.Picture) -> None:
    first = Path(run(boat.path, "--factor", "2")[1][0]["path"])
    before = first.read_bytes()
    again = Path(run(boat.path, "--factor", "2", "--out", first)[1][0]["path"])
    assert again.name == f"{first.stem} (2).png"
    assert first.read_bytes() == before
    twice = images.read(Path(run(first, "--factor", "2")[1][0]["path"]))
    assert (twice.width, twice.height) == (128, 96)
    assert str(twice.provenance.note) == "Enlarged 2 times with SPAN x4. Enlarged 2 times with SPAN x4."


@pytest.mark.slow
def test_both_backends_and_upscalers_can_be_chosen(run: Any, boat: images.Picture, tmp_path: Path) -> None:
    small = tmp_path / "small.png"
    Image.fromarray(images.decode(boat.path)[:8, :10]).save(small)
    made: dict[str, np.ndarray] = {}
    for backend in ("torch", "mlx"):
        arguments = (small, "--backend", backend, "--upscaler", "realesrgan-x4plus", "--out", tmp_path / backend)
        status, rows, err = run(*arguments)
        assert status == 0, err
        assert (rows[0]["backend"], rows[0]["upscaler"]) == (backend, "realesrgan-x4plus")
        assert Path(rows[0]["path"]).parent == tmp_path / backend
        made[backend] = images.decode(Path(rows[0]["path"]))
    assert np.abs(made["torch"].astype(int) - made["mlx"]).max() <= 1


def test_photo_keeps_its_format_and_its_camera_but_not_its_old_size(run: Any, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0110] = "Camera"
    exif[0x0112] = 6  # lies on its side
    exif.get_ifd(0x8769).update({0xA002: 20, 0xA003: 12})
    photo = tmp_path / "photo.jpg"
    Image.fromarray(np.tile(np.arange(20, dtype=np.uint8) * 10, (3, 12, 1)).transpose(1, 2, 0)).save(photo, exif=exif)
    status, rows, err = run(photo, "--factor", "2", "--out", f"{tmp_path}/new/")
    assert status == 0, err
    assert (rows[0]["width"], rows[0]["height"]) == (24, 40)
    path = Path(rows[0]["path"])
    assert path == tmp_path / "new" / "photo 2x.jpg"
    with Image.open(path) as image:
        assert (image.format, image.size) == ("JPEG", (24, 40))
        found = image.getexif()
        assert found[0x0110] == "Camera"
        assert 0x0112 not in found
        assert (found.get_ifd(0x8769)[0xA002], found.get_ifd(0x8769)[0xA003]) == (24, 40)
    assert images.read(path).request is None


def test_format_that_is_only_read_becomes_png(run: Any, tmp_path: Path) -> None:
    Image.new("RGB", (9, 5), "red").save(tmp_path / "a.bmp")
    assert [Path(row["path"]).name for row in run(tmp_path / "a.bmp")[1]] == ["a 4x.png"]


def test_bad_file_is_told_and_the_others_are_made(run: Any, boat: images.Picture, tmp_path: Path) -> None:
    bad = tmp_path / "bad.png"
    bad.write_bytes(b"no picture")
    status, rows, err = run(bad, tmp_path / "missing.png", boat.path)
    assert status == 2
    assert len(rows) == 1
    assert "bad.png" in err
    assert "missing.png" in err


def test_picture_that_would_be_too_large_to_open_is_refused_before_the_work(run: Any, tmp_path: Path) -> None:
    Image.new("RGB", (2501, 2500)).save(tmp_path / "big.png")
    status, rows, err = run(tmp_path / "big.png")
    assert (status, rows) == (2, [])
    assert "10004 × 10000" in err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--backend", "replicate"), "replicate"),
        (("--backend", "nothing"), "nothing"),
        (("--out", "x.txt"), "x.txt"),
    ],
)
def test_wrong_wishes_are_told(run: Any, boat: images.Picture, arguments: tuple[str, ...], words: str) -> None:
    status, rows, err = run(boat.path, *arguments)
    assert (status, rows) == (2, None)
    assert words in err.lower()


def test_several_pictures_need_a_folder(run: Any, boat: images.Picture, tmp_path: Path) -> None:
    status, _, err = run(boat.path, boat.path, "--out", tmp_path / "x.png")
    assert status == 2
    assert "--out" in err


def test_interrupt_is_a_cancel_and_leaves_nothing(boat: images.Picture, tmp_path: Path) -> None:
    large = tmp_path / "large" / "large.png"
    large.parent.mkdir()
    Image.fromarray(images.decode(boat.path)).resize((1200, 1200)).save(large)
    options = ["--upscaler", "span-x4", "--backend", "torch"]
    command = [sys.executable, "-m", "app", "upscale", *options, str(large)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=os.environ) as process:
        assert process.stderr is not None
        assert "SPAN x4" in process.stderr.readline()
        time.sleep(2)
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()
    assert process.returncode == 130, rest
    assert "cancelled" in rest
    assert list(large.parent.iterdir()) == [large]


def test_picture_is_refined_with_its_own_prompt_and_model(run: Any, tmp_path: Path) -> None:
    """On both backends, at a size of several windows that fits no window; in both it is another picture of the same."""
    pixels = images.decode(paths.resources() / "starter" / "samples.jpg")[:100, :90]
    request = GenerationRequest("a red cup on a table", seed=7, steps=8, guidance=3.0, solver="dpmpp")
    small = images.save(pixels, request.replace(width=90, height=100), Provenance(), tmp_path / "pictures").path
    plain = images.decode(Path(run(small, "--out", tmp_path / "plain.png")[1][0]["path"]))
    made = []
    for backend in ("torch", "mlx"):
        status, rows, err = run(small, "--refine", "0.3", "--backend", backend, "--out", tmp_path / backend)
        assert status == 0, err
        assert (rows[0]["width"], rows[0]["height"], rows[0]["refine"]) == (360, 400, 0.3)
        assert rows[0]["peak_memory_bytes"] > 10**8
        picture = images.read(Path(rows[0]["path"]))
        assert picture.request == images.read(small).request
        enlarged = picture.provenance.enlarged
        assert enlarged is not None
        assert (enlarged.strength, enlarged.prompt, enlarged.model) == (0.3, request.prompt, rows[0]["model"])
        assert "refined with" in str(picture.provenance.note)
        made.append(images.decode(picture.path).astype(float))
    reduced = [each.reshape(25, 16, -1, 8, 3).mean((1, 3)) for each in (plain.astype(float), *made)]
    for refined, low in zip(made, reduced[1:], strict=True):
        assert np.abs(refined - plain).mean() > 0.3
        assert np.abs(low - reduced[0]).mean() < 12
    assert 10 * np.log10(255**2 / ((made[0] - made[1]) ** 2).mean()) > 35


@pytest.mark.slow
def test_photo_without_a_prompt_is_refined_with_one_that_is_given(run: Any, tmp_path: Path) -> None:
    Image.fromarray(images.decode(paths.resources() / "starter" / "samples.jpg")[:32, :32]).save(tmp_path / "a.jpg")
    status, rows, err = run(tmp_path / "a.jpg", "--refine", "0.3", "--factor", "2")
    assert (status, rows) == (2, [])
    assert "prompt" in err
    status, rows, err = run(tmp_path / "a.jpg", "--refine", "0.3", "--factor", "2", "--prompt", "a red cup")
    assert status == 0, err
    assert rows[0]["width"] == 64


@pytest.mark.parametrize("strength", ["0", "1.5", "-1", "nan"])
def test_strength_out_of_range_is_told_before_the_work(run: Any, boat: images.Picture, strength: str) -> None:
    status, rows, err = run(boat.path, "--refine", strength)
    assert (status, rows) == (2, None)
    assert "strength" in err.lower()


def test_missing_model_is_told(run: Any, boat: images.Picture) -> None:
    status, _, err = run(boat.path, "--refine", "0.3", "--model", "nothing-of-the-kind")
    assert status == 2
    assert "nothing-of-the-kind" in err


@pytest.mark.parametrize("size", [(1, 1), (1, 7), (33, 21)])
def test_tiny_and_odd_pictures(run: Any, tmp_path: Path, size: tuple[int, int]) -> None:
    Image.new("RGB", size, (200, 100, 50)).save(tmp_path / "a.png")
    status, rows, err = run(tmp_path / "a.png", "--factor", "2")
    assert status == 0, err
    assert (rows[0]["width"], rows[0]["height"]) == (2 * size[0], 2 * size[1])


def test_depth_is_read_as_it_is_seen(run: Any, tmp_path: Path) -> None:
    deep = np.linspace(0, 65535, 16 * 16).reshape(16, 16).astype(np.uint16)
    Image.fromarray(deep).save(tmp_path / "deep.png")
    status, rows, err = run(tmp_path / "deep.png", "--factor", "2")
    assert status == 0, err
    grey = images.decode(Path(rows[0]["path"]))
    assert np.abs(grey.reshape(16, 2, 16, 2, 3).mean((1, 3))[..., 0] - deep / 257).mean() < 4


def test_transparency_is_enlarged_too(run: Any, boat: images.Picture, tmp_path: Path) -> None:
    """What is not seen is black in one and white in the other: nothing of either shows at the edge of what is seen."""
    alpha = np.zeros((24, 32), np.uint8)
    alpha[6:18, 8:24] = 255
    for name, value in (("black", 0), ("white", 255)):
        pixels = np.where(alpha[..., None] > 0, images.decode(boat.path), value).astype(np.uint8)
        Image.fromarray(np.dstack([pixels, alpha])).save(tmp_path / f"{name}.png")
    status, rows, err = run(tmp_path / "black.png", tmp_path / "white.png")
    assert status == 0, err
    made = [np.asarray(Image.open(row["path"])) for row in rows]
    assert made[0].shape == (96, 128, 4)
    assert np.array_equal(made[0], made[1])
    assert np.array_equal(made[0][..., 3].reshape(24, 4, 32, 4).mean((1, 3)) > 127, alpha > 0)
    whole = images.decode(Path(run(boat.path)[1][0]["path"])).astype(int)
    seen = made[0][..., 3] == 255
    assert np.abs(made[0][..., :3] - whole)[seen].mean() < 4
    status, rows, err = run(tmp_path / "black.png", "--out", tmp_path / "on white.jpg")
    assert status == 0, err
    assert images.decode(Path(rows[0]["path"]))[:8].min() > 245


@pytest.mark.parametrize("wish", [("--model", "starter"), ("--prompt", "a red cup")])
def test_what_only_refining_heeds_is_not_ignored(run: Any, boat: images.Picture, wish: tuple[str, str]) -> None:
    status, rows, err = run(boat.path, *wish)
    assert (status, rows) == (2, None)
    assert "--refine" in err
