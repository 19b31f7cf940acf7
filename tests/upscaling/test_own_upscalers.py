"""Upscalers of the user's own, through the command line."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from safetensors.numpy import save_file

from app import cli
from app.library import paths
from app.library.pictures import images

pytestmark = pytest.mark.usefixtures("warm")


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    Image.fromarray(images.decode(paths.resources() / "starter" / "samples.jpg")[100:124, 60:92]).save(
        tmp_path / "a.png"
    )
    return tmp_path / "a.png"


def compact(path: Path, scale: int) -> Path:
    """A network of the form "Compact" whose last layer gives nothing: what is left is the repeated picture."""
    rng, features = np.random.default_rng(0), 8

    def convolution(outputs: int, inputs: int) -> np.ndarray:
        return (rng.standard_normal((outputs, inputs, 3, 3)) * 0.1).astype(np.float32)

    last = convolution(3 * scale * scale, features) * 0
    save_file(
        {
            "body.0.weight": convolution(features, 3), "body.0.bias": np.zeros(features, np.float32),
            "body.1.weight": np.full(features, 0.2, np.float32),
            "body.2.weight": convolution(features, features), "body.2.bias": np.zeros(features, np.float32),
            "body.3.weight": np.full(features, 0.2, np.float32),
            "body.4.weight": last, "body.4.bias": np.zeros(len(last), np.float32),
        },
        path,
    )  # fmt: skip
    return path


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, Any, str]:
    status = cli.main(["upscale", "--json", *map(str, arguments)])
    out, err = capsys.readouterr()
    return status, json.loads(out) if out else None, err


@pytest.mark.parametrize(("scale", "factor"), [(4, 4), (4, 2), (2, 2), (2, 4)])
def test_it_enlarges_with_torch(
    capsys: pytest.CaptureFixture[str], picture: Path, tmp_path: Path, scale: int, factor: int
) -> None:
    own = compact(tmp_path / "mine.safetensors", scale)
    status, rows, err = run(capsys, picture, "--upscaler", own, "--factor", factor)
    assert status == 0, err
    assert rows[0]["backend"] == "torch"
    made = images.read(Path(rows[0]["path"]))
    enlarged = made.provenance.enlarged
    assert enlarged is not None
    assert enlarged.upscaler == "mine"
    assert str(tmp_path).encode() not in made.path.read_bytes()
    small = images.decode(picture)
    assert np.abs(images.decode(made.path).astype(int) - small.repeat(factor, 0).repeat(factor, 1)).max() <= 1


def test_one_in_the_apps_folder_is_found_by_its_name(
    capsys: pytest.CaptureFixture[str], picture: Path, home: Path
) -> None:
    (home / "upscalers").mkdir(parents=True)
    compact(home / "upscalers" / "mine.safetensors", 4)
    assert run(capsys, picture, "--upscaler", "mine")[0] == 0


def test_what_it_cannot_do_is_told(capsys: pytest.CaptureFixture[str], picture: Path, tmp_path: Path) -> None:
    own = compact(tmp_path / "mine.safetensors", 3)
    for factor in (2, 4):
        status, _, err = run(capsys, picture, "--upscaler", own, "--factor", factor)
        assert status == 2
        assert f"3 times, not {factor}" in err
    status, _, err = run(capsys, picture, "--upscaler", own, "--factor", 2, "--backend", "mlx")
    assert status == 2
    assert "torch" in err


def test_files_that_are_no_safe_upscalers_are_refused(
    capsys: pytest.CaptureFixture[str], picture: Path, tmp_path: Path
) -> None:
    (tmp_path / "bad.pth").write_bytes(pickle.dumps({"a": 1}))
    save_file({"something": np.zeros((3, 3), np.float32)}, tmp_path / "other.safetensors")
    (tmp_path / "broken.safetensors").write_bytes(b"no weights at all")
    for name, word in (("bad.pth", "pickle"), ("other.safetensors", "other"), ("broken.safetensors", "broken")):
        status, rows, err = run(capsys, picture, "--upscaler", tmp_path / name)
        assert (status, rows) == (2, []), err
        assert word in err
        assert "Traceback" not in err
    status, _, err = run(capsys, picture, "--upscaler", "nothing")
    assert status == 2
    assert "span-x4" in err
