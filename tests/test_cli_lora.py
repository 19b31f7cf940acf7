"""`generate --lora`, end to end: the names, the weights, the refusals, and what the picture says afterwards."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app import cli
from app.cli.options import _weighted
from app.library import paths
from app.library.pictures import images

pytestmark = pytest.mark.usefixtures("warm")

SEPIA = Path(__file__).parent / "material" / "sepia.safetensors"


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    def run(*arguments: str, prompt: str = "a red house", backend: str = "torch") -> tuple[int, np.ndarray | None, str]:
        out = tmp_path / f"{len(list(tmp_path.glob('*.png')))}.png"
        common = ["--steps", "2", "--seed", "3", "--backend", backend, "--out", str(out)]
        status = cli.main(["generate", prompt, *common, *arguments])
        return status, images.decode(out) if out.exists() else None, capsys.readouterr().err

    return run


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sepia", ("sepia", 1)),
        ("sepia:0.5", ("sepia", 0.5)),
        ("a:b.safetensors:-1", ("a:b.safetensors", -1)),
        (r"C:\loras\sepia.safetensors", (r"C:\loras\sepia.safetensors", 1)),
        (r"C:\loras\sepia.safetensors:2", (r"C:\loras\sepia.safetensors", 2)),
        ("http:/x:y", ("http:/x:y", 1)),
    ],
)
def test_the_weight_is_behind_the_last_colon(text: str, expected: tuple[str, float]) -> None:
    assert _weighted(text) == expected


@pytest.fixture
def folder() -> Path:
    """The folder for LoRAs, with one in it."""
    paths.loras().mkdir(parents=True)
    shutil.copy(SEPIA, paths.loras())
    return paths.loras()


def test_a_name_with_a_weight(run: Any, folder: Path, tmp_path: Path) -> None:
    status, _, err = run("--lora", "sepia:0.5", prompt="a red house <lora:sepia:0.3>")
    assert status == 0, err
    picture = images.read(tmp_path / "0.png")
    assert picture.request is not None
    assert picture.request.prompt == "a red house"
    assert [(lora.name, lora.weight) for lora in picture.request.loras] == [
        ("sepia.safetensors", 0.5),
        ("sepia.safetensors", 0.3),
    ]
    assert len(picture.request.loras[0].digest) == 64
    data = (tmp_path / "0.png").read_bytes()
    assert b"a red house <lora:sepia:0.5> <lora:sepia:0.3>\n" in data
    assert str(folder.parent).encode() not in data


@pytest.mark.slow
def test_a_file_a_name_and_a_tag_in_the_prompt_are_one(run: Any, folder: Path, tmp_path: Path) -> None:
    named = tmp_path / "odd:name.safetensors"
    shutil.copy(SEPIA, named)
    made = [
        run("--lora", f"{named}:0.8"),
        run("--lora", "sepia:0.8"),
        run(prompt="a red house <lora:sepia:0.8>"),
        run("--lora", "sepia:0.5", "--lora", f"{SEPIA}:0.3"),
        run(),
    ]
    assert [status for status, _, _ in made] == [0] * 5
    assert np.array_equal(made[0][1], made[1][1])
    assert np.array_equal(made[0][1], made[2][1])
    assert np.abs(made[0][1].astype(int) - made[3][1]).max() <= 2
    assert not np.array_equal(made[0][1], made[4][1])


@pytest.mark.parametrize(
    ("lora", "words"),
    [
        ("nothing", "no LoRA called “nothing”"),
        (f"{SEPIA}:3", "weight of 3"),
        (f"{SEPIA}:nan", "weight of nan"),
        (str(Path(__file__)), "safetensors"),
    ],
)
def test_refusals(run: Any, lora: str, words: str) -> None:
    status, picture, err = run("--lora", lora)
    assert (status, picture) == (2, None)
    assert words in err


def test_an_unknown_name_in_the_prompt(run: Any) -> None:
    status, picture, err = run(prompt="a red house <lora:ink:1>")
    assert (status, picture) == (2, None)
    assert "ink" in err
