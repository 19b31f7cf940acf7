"""`generate` with a start picture: masks, the detail pass and extensions, end to end."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from app import cli
from app.core.request import Extension, Role
from app.library.pictures import images
from tests.backends.random_checkpoint import write_checkpoint

pytestmark = pytest.mark.usefixtures("warm")


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model") / "tiny"
    write_checkpoint(folder)
    return folder


@pytest.fixture
def run(checkpoint: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    def run(*arguments: str) -> tuple[int, Any, str]:
        common = ["--model", str(checkpoint), "--steps", "2", "--seed", "3", "--backend", "torch", "--json"]
        status = cli.main(["generate", "a tree", *common, "--out", str(tmp_path / "made.png"), *arguments])
        out, err = capsys.readouterr()
        return status, json.loads(out) if out else None, err

    return run


@pytest.fixture
def start(tmp_path: Path) -> tuple[Path, np.ndarray]:
    pixels = np.random.default_rng(1).integers(0, 255, (30, 45, 3)).astype(np.uint8)
    Image.fromarray(pixels).save(tmp_path / "start.png")
    return tmp_path / "start.png", pixels


def save_mask(folder: Path, pixels: np.ndarray) -> str:
    Image.fromarray(pixels.astype(np.uint8)).save(folder / "mask.png")
    return str(folder / "mask.png")


@pytest.mark.parametrize("detail", ["--detail", "--no-detail"])
def test_outside_of_the_mask_nothing_changes(
    run: Any, start: tuple[Path, np.ndarray], tmp_path: Path, detail: str
) -> None:
    path, before = start
    mask = np.zeros(before.shape[:2])
    mask[20:23, 15:30] = 255
    status, rows, err = run("--init-image", str(path), "--mask", save_mask(tmp_path, mask), detail)
    assert status == 0, err
    assert (rows[0]["width"], rows[0]["height"]) == (45, 30)
    changed = (images.decode(tmp_path / "made.png") != before).any(-1)
    assert not changed[mask == 0].any()
    assert changed[mask > 0].mean() > 0.5
    made = images.read(tmp_path / "made.png")
    assert made.request is not None
    assert made.request.detail is (detail == "--detail")
    assert (made.provenance.region is None) == (detail == "--no-detail")
    names = [(item.role, item.name, len(item.digest)) for item in made.request.inputs]
    assert names == [(Role.INIT, "start.png", 64), (Role.MASK, "mask.png", 64)]
    assert str(tmp_path).encode() not in (tmp_path / "made.png").read_bytes()


def test_an_extension_keeps_the_picture_and_is_told(run: Any, start: tuple[Path, np.ndarray], tmp_path: Path) -> None:
    path, before = start
    status, rows, err = run("--init-image", str(path), "--extend", "5,0,10,4")
    assert status == 0, err
    assert (rows[0]["width"], rows[0]["height"]) == (60, 34)
    assert np.array_equal(images.decode(tmp_path / "made.png")[:30, 5:50], before)
    made = images.read(tmp_path / "made.png")
    assert made.request is not None
    assert made.request.extend == Extension(5, 0, 10, 4)
    start_picture = made.request.input(Role.INIT)
    assert start_picture is not None
    assert start_picture.strength == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--mask", "black.png"], "black all over"),
        (["--mask", "square.png"], "The mask has 40 × 40 pixels, the start picture 45 × 30."),
        (["--mask", "nowhere.png"], "nowhere.png"),
        (["--mask", "text.png"], "text.png"),
        (["--detail"], "needs a mask"),
        (["--extend", "1,2,3"], "four whole numbers"),
        (["--extend", "0,0,0,0"], "nowhere"),
        (["--extend=-5,0,0,0"], "nowhere"),
        (["--extend", "0,0,99999,0"], "The nearest that fits extends it by 0 pixels on the left"),
        (["--strength", "1.5"], "strength of 1.5"),
    ],
)
def test_bad_input_is_status_2_with_what_to_do(
    run: Any, start: tuple[Path, np.ndarray], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    arguments: list[str], says: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    Image.new("L", (45, 30)).save("black.png")
    Image.new("L", (40, 40), 255).save("square.png")
    Path("text.png").write_text("hello")
    status, rows, err = run("--init-image", str(start[0]), *arguments)
    assert (status, rows or None) == (2, None), err
    assert says in err
    assert "Traceback" not in err
    assert not Path("made.png").exists()


def test_an_extension_without_a_picture_is_refused(run: Any) -> None:
    status, _, err = run("--extend", "8,8,8,8")
    assert status == 2
    assert "Extending needs a start picture. Name one with --init-image" in err
