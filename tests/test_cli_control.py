"""`sana-studio generate --control` end to end: the real backends in the real worker process."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from app import cli
from app.core.request import Edges, Role
from app.library.pictures import images
from tests.backends.random_checkpoint import write_checkpoint, write_controlnet

pytestmark = pytest.mark.usefixtures("warm")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pipeline with its ControlNet, and a picture."""
    folder = tmp_path_factory.mktemp("secret-place") / "tiny"
    write_checkpoint(folder, layers=3)
    write_controlnet(folder / "controlnet")
    picture = np.full((40, 60, 3), 220, np.uint8)
    picture[8:30, 12:40] = (30, 60, 200)
    Image.fromarray(picture).save(folder.parent / "house.png")
    return folder


@pytest.fixture
def run(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    def run(*arguments: str, model: Path = folder) -> tuple[int, Any, str]:
        common = ["--model", str(model), "--steps", "2", "--seed", "5", "--precision", "float32", "--json"]
        status = cli.main(["generate", "a red house", *common, "--out", str(tmp_path / "out.png"), *arguments])
        out, err = capsys.readouterr()
        rows = json.loads(out) if out else []
        return status, images.read(Path(rows[0]["path"])) if rows else None, err

    return run


def control(folder: Path) -> tuple[str, ...]:
    return "--control", str(folder.parent / "house.png"), "--control-model", str(folder)


def test_both_backends_follow_the_picture_and_say_so_without_places(run: Any, folder: Path) -> None:
    """And how: with what weight, in which steps, and what is taken of the picture."""
    pixels = {}
    more = ("--control-scale", "0.7", "--control-end", "0.5", "--control-edges", "canny")
    for backend in ("torch", "mlx"):
        status, picture, _ = run(*control(folder), *more, "--backend", backend)
        assert status == 0
        pixels[backend] = images.decode(picture.path).astype(int)
        used = picture.request.input(Role.CONTROL)
        assert (used.strength, used.start, used.end, used.edges) == (0.7, 0.0, 0.5, Edges.CANNY)
        assert (used.name, len(used.digest)) == ("house.png", 64)
        assert Path(used.model) == folder  # found again on this machine
        assert str(folder.parent).encode() not in picture.path.read_bytes()
        assert b"Model: tiny" in picture.path.read_bytes()
    assert np.abs(pixels["torch"] - pixels["mlx"]).max() <= 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--control", "house.png"), "needs a ControlNet"),
        (("--control-model", "tiny"), "--control-model needs a control picture"),
        (("--control-scale", "1"), "--control-scale needs a control picture"),
        (("--control", "gone.png", "--control-model", "tiny"), "gone.png"),
        (("--control", "house.png", "--control-model", "nowhere"), "nowhere"),
        (("--control", "house.png", "--control-model", "other"), "made for Sana 1.0 with at least 1 blocks, 32 wide"),
        (("--control", "house.png", "--control-model", "pickled"), "pickle"),
        (("--control", "house.png", "--control-model", "empty"), "no ControlNet in"),
        (("--control", "house.png", "--control-model", "house.png"), "is a file"),
        (("--control", "grey.png", "--control-model", "tiny"), "No edges were found"),
        (("--control", "house.png", "--control-model", "tiny", "--control-scale", "7"), "7 is out of range"),
        (("--control", "house.png", "--control-model", "tiny", "--control-end", "0"), "make no range"),
    ],
)  # fmt: skip
def test_what_cannot_work_is_said(
    run: Any, folder: Path, arguments: tuple[str, ...], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = folder.parent
    monkeypatch.chdir(place)
    if not (place / "other").exists():
        write_controlnet(place / "other", num_attention_heads=4)
        (place / "empty").mkdir()
        shutil.copytree(folder / "controlnet", place / "pickled")
        (place / "pickled" / "diffusion_pytorch_model.safetensors").rename(place / "pickled" / "model.bin")
        Image.fromarray(np.full((40, 40, 3), 128, np.uint8)).save(place / "grey.png")
    status, picture, err = run(*arguments, "--backend", "torch")
    assert (status, picture) == (2, None)
    assert said in err
    assert "Traceback" not in err


def test_a_model_that_takes_no_control_picture(run: Any, folder: Path, tmp_path: Path) -> None:
    """Sprint does not, and the message says what the ControlNet is for."""
    sprint = write_checkpoint(tmp_path / "sprint", scheduler="scm", guidance_embeds=True)
    status, _, err = run(*control(folder), "--backend", "torch", model=sprint)
    assert status == 2
    assert "made for Sana 1.0" in err
