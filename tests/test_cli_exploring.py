"""Variations, alternatives, wildcards and styles on the command line, on the bundled model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from app import cli
from app.core.grid import Axis, Grid
from app.library import paths
from app.library.pictures import images

pytestmark = pytest.mark.usefixtures("warm")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Any:
    def run(prompt: str, *arguments: str) -> tuple[int, Any, str]:
        common = ["--steps", "2", "--width", "128", "--height", "128", "--json", "--out", str(tmp_path / "out")]
        status = cli.main(["generate", prompt, *common, *arguments])
        out, err = capsys.readouterr()
        return status, json.loads(out) if out else None, err

    return run


def pixels(row: dict[str, Any]) -> np.ndarray:
    return images.decode(Path(row["path"])).astype(float)


@pytest.mark.parametrize("backend", [pytest.param("torch", marks=pytest.mark.slow), "mlx"])
def test_variations_lie_between_the_pictures_of_two_seeds(run: Any, backend: str) -> None:
    common = ("a red house", "--backend", backend, "--seed", "5")
    start, end = run(*common)[1], run("a red house", "--backend", backend, "--seed", "90")[1]
    varied = {
        amount: run(*common, "--variation-seed", "90", "--variation-amount", amount)[1][0]
        for amount in ("0", "0.2", "1")
    }
    assert np.array_equal(pixels(varied["0"]), pixels(start[0]))
    assert np.array_equal(pixels(varied["1"]), pixels(end[0]))
    near, far = (np.abs(pixels(varied["0.2"]) - pixels(each[0])).mean() for each in (start, end))
    assert 0 < near < far
    with Image.open(varied["0.2"]["path"]) as picture:
        assert "Variation seed: 90, Variation seed strength: 0.2" in picture.info["parameters"]


@pytest.mark.slow
def test_several_variations_of_one_seed(run: Any) -> None:
    status, rows, _ = run(
        "a house", "--seed", "5", "--variation-amount", "0.3", "--variation-seed", "7", "--count", "2"
    )
    assert (status, [row["seed"] for row in rows]) == (0, [5, 5])
    made = [images.read(Path(row["path"])).request for row in rows]
    assert [each.variations[0].seed for each in made if each] == [7, 8]


def test_each_alternative_is_made_and_each_line_of_a_wildcard(run: Any) -> None:
    paths.wildcards().mkdir(parents=True)
    (paths.wildcards() / "thing.txt").write_text("house\nboat\n", encoding="utf-8")
    status, rows, _ = run("a {red|blue} __thing__", "--seed", "5", "--style", "oil painting", "--count", "2")
    assert status == 0
    assert [row["seed"] for row in rows] == [5, 6] * 4
    assert rows[2]["prompt"].startswith("an oil painting of a red boat, ")
    assert len({row["path"] for row in rows}) == 8
    request = images.read(Path(rows[2]["path"])).request
    assert request is not None
    assert (request.template, request.style) == ("a {red|blue} __thing__", "Oil painting")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["a {red|blue house"], r"\{"),
        (["a __nothing__"], "wildcards"),
        (["{a|b}" * 9], "512"),
        (["a house", "--style", "Gone"], "Gone"),
        (["a house", "--variation-amount", "1.5"], "1.5"),
        (["a house", "--variation-amount", "0.5", "--variation-seed", "-1"], "-1"),
        (["a house", "--variation-seed", "3"], "--variation-amount"),
    ],
)
def test_what_makes_no_sense_is_told_before_anything_is_made(
    run: Any, tmp_path: Path, arguments: list[str], words: str
) -> None:
    status, rows, err = run(*arguments)
    assert (status, rows) == (2, None)
    assert words in err
    assert not (tmp_path / "out").exists()


def test_a_grid_makes_each_pair_of_values_and_one_labelled_sheet(run: Any) -> None:
    status, rows, _ = run("a {red|blue} house", "--seed", "5", "--grid", "steps=1-2", "--grid", "guidance=2,4,6")
    assert status == 0
    assert len(rows) == 2 * (6 + 1)
    *cells, sheet = [row for row in rows if row["prompt"] == "a red house"]
    made = [images.read(Path(row["path"])).request for row in cells]
    assert [(each.steps, each.guidance) for each in made if each] == [(s, g) for g in (2, 4, 6) for s in (1, 2)]
    assert sheet["sheet"] is True
    assert sheet["grid"] == {
        "axes": [{"field": "steps", "values": [1, 2]}, {"field": "guidance", "values": [2.0, 4.0, 6.0]}]
    }
    read = images.read(Path(sheet["path"]))
    assert read.provenance.grid is not None
    assert (read.width, read.height) == (sheet["width"], sheet["height"])
    whole = pixels(sheet)
    left, top = read.width - 2 * 132, read.height - 3 * 132
    assert left > 0, "there is room for the labels"
    assert top > 0
    for number, row in enumerate(cells):
        y, x = top + number // 2 * 132, left + number % 2 * 132
        assert np.array_equal(whole[y : y + 128, x : x + 128], pixels(row))
    assert whole[:top].min() < 80, "the labels are there"
    with Image.open(sheet["path"]) as picture:
        assert "Script: X/Y/Z plot, X Type: steps" in picture.info["parameters"]


def test_a_grid_of_seeds_makes_each_of_them_once(run: Any) -> None:
    status, rows, _ = run("a house", "--seed", "5", "--count", "2", "--grid", "seed=1,2")
    assert (status, [row["seed"] for row in rows if not row.get("sheet")]) == (0, [1, 2])


@pytest.mark.slow
def test_a_grid_compares_models_by_their_folders(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine").symlink_to(paths.resources() / "starter")
    monkeypatch.chdir(tmp_path)
    status, rows, _ = run("a house", "--seed", "5", "--grid", "model=starter,mine")
    assert status == 0
    assert [row["model"] for row in rows if not row.get("sheet")] == ["Starter", "mine"]
    relative = pixels(rows[-1])
    status, rows, _ = run("a house", "--seed", "5", "--grid", f"model=starter,{tmp_path / 'mine'}")
    sheet = Path(rows[-1]["path"])
    grid = images.read(sheet).provenance.grid
    assert (status, grid) == (0, Grid((Axis("model", ("starter", "mine")),)))
    assert str(tmp_path).encode() not in sheet.read_bytes()
    assert np.array_equal(pixels(rows[-1]), relative), "its labels are names, too"


def test_a_grid_with_values_that_do_not_fit_makes_nothing(run: Any, tmp_path: Path) -> None:
    for axis, words in (
        ("steps=10,5000", "5000"),
        ("solver=euler,fast", "fast"),
        ("size=1", "size"),
        ("model=starter,nope", "There is no model called “nope”"),
        ("lora=1", "LoRA"),
    ):
        status, rows, err = run("a house", "--grid", axis)
        assert (status, rows) == (2, None)
        assert words in err
    assert run("a house", "--grid", "seed=1-50", "--grid", "steps=1-9")[0] == 2
    assert not (tmp_path / "out").exists()
