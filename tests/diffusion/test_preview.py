from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.diffusion.noise import Noise
from app.diffusion.preview import LatentPreview
from app.library import paths
from app.library.models.checkpoint.checkpoint import Checkpoint, open_checkpoint
from tests.backends.random_checkpoint import write_checkpoint


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_checkpoint(tmp_path_factory.mktemp("checkpoint"))


@pytest.fixture
def checkpoint(folder: Path) -> Checkpoint:
    return open_checkpoint(folder)


def decoded(latents: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """An autoencoder whose colours are a linear function of its latents, 4 pixels for each."""
    colours = np.einsum("chw,cr->hwr", latents[0], matrix) * 20 + 128
    return colours.clip(0, 255).round().astype(np.uint8).repeat(4, 0).repeat(4, 1)


def test_nothing_is_known_before_the_first_picture(checkpoint: Checkpoint) -> None:
    assert LatentPreview(checkpoint).picture(Noise(1).draw((1, 32, 8, 8))) is None


def test_learns_from_one_picture_and_remembers(checkpoint: Checkpoint) -> None:
    matrix = Noise(1).draw((32, 3))
    learning = LatentPreview(checkpoint)
    latents = Noise(2).draw((1, 32, 16, 12)) * 0.3
    learning.learn(latents, decoded(latents, matrix))
    other = Noise(3).draw((1, 32, 10, 16)) * 0.3
    for preview in (learning, LatentPreview(checkpoint)):
        small = preview.picture(other)
        assert small is not None
        assert (small.shape, small.dtype) == ((10, 16, 3), np.uint8)
        assert np.abs(small.astype(int) - decoded(other, matrix)[::4, ::4]).max() <= 3


def test_more_pictures_make_it_better_up_to_a_limit(checkpoint: Checkpoint) -> None:
    preview = LatentPreview(checkpoint)
    matrix = Noise(1).draw((32, 3))
    for seed in range(12):
        latents = Noise(seed).draw((1, 32, 4, 4)) * 0.3
        preview.learn(latents, decoded(latents, matrix))
    (file,) = (paths.cache() / "previews").glob("*.json")
    assert json.loads(file.read_text())["pictures"] == 8
    other = Noise(99).draw((1, 32, 4, 4)) * 0.3
    small = preview.picture(other)
    assert small is not None
    assert np.abs(small.astype(int) - decoded(other, matrix)[::4, ::4]).max() <= 8


def test_another_autoencoder_has_its_own_previews(checkpoint: Checkpoint, tmp_path: Path) -> None:
    latents = Noise(2).draw((1, 32, 16, 12))
    LatentPreview(checkpoint).learn(latents, decoded(latents, Noise(1).draw((32, 3))))
    other = open_checkpoint(write_checkpoint(tmp_path / "other", seed=5))
    assert LatentPreview(other).picture(latents) is None


def test_a_checkpoint_may_bring_its_map(folder: Path, tmp_path: Path) -> None:
    own = shutil.copytree(folder, tmp_path / "own")
    weight = np.zeros((32, 3))
    weight[4] = [0.5, 0, -0.5]
    (own / "preview.json").write_text(json.dumps({"weight": weight.tolist(), "bias": [0.5, 0.25, 0.5]}))
    latents = np.zeros((1, 32, 2, 2), np.float32)
    latents[0, 4, 0, 1] = 1
    preview = LatentPreview(open_checkpoint(own))
    small = preview.picture(latents)
    assert small is not None
    assert small[0, 0].tolist() == [128, 64, 128]
    assert small[0, 1].tolist() == [255, 64, 0]
    preview.learn(latents, np.zeros((8, 8, 3), np.uint8))
    assert np.array_equal(small, preview.picture(latents))


@pytest.mark.parametrize(
    "content",
    [
        "{",
        "[]",
        "{}",
        '{"weight": [[1, 2]], "bias": [0, 0, 0]}',
        '{"weight": "x", "bias": 1}',
        json.dumps({"weight": [[10**400] * 3] * 32, "bias": [0, 0, 0]}),
    ],
)
def test_a_damaged_map_is_left_out(folder: Path, tmp_path: Path, content: str) -> None:
    own = shutil.copytree(folder, tmp_path / "own")
    (own / "preview.json").write_text(content)
    assert LatentPreview(open_checkpoint(own)).picture(np.zeros((1, 32, 2, 2), np.float32)) is None


SUMS = {"gram": np.eye(33).tolist(), "moment": np.zeros((33, 3)).tolist(), "pictures": 1}


@pytest.mark.parametrize(
    "content",
    [
        "{",
        '{"gram": 1}',
        '{"gram": [], "moment": [], "pictures": "many"}',
        json.dumps({**SUMS, "gram": np.zeros((33, 33)).tolist()}),
        json.dumps({**SUMS, "gram": (np.eye(33) * 1e-30).tolist(), "moment": np.full((33, 3), 1e30).tolist()}),
        json.dumps({**SUMS, "gram": [[10**400] * 33] * 33}),
        json.dumps({**SUMS, "pictures": float("inf")}),
        json.dumps({**SUMS, "pictures": 10**400}),
        json.dumps({**SUMS, "pictures": 0}),
    ],
)
def test_a_damaged_memory_is_begun_anew(checkpoint: Checkpoint, content: str) -> None:
    latents = Noise(2).draw((1, 32, 16, 12))
    LatentPreview(checkpoint).learn(latents, decoded(latents, Noise(1).draw((32, 3))))
    (file,) = (paths.cache() / "previews").glob("*.json")
    file.write_text(content)
    preview = LatentPreview(checkpoint)
    assert preview.picture(latents) is None
    preview.learn(latents, decoded(latents, Noise(1).draw((32, 3))))
    assert LatentPreview(checkpoint).picture(latents) is not None


def test_a_cache_that_cannot_be_written_is_no_error(checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("app.library.files.replace_file", full)
    preview, latents = LatentPreview(checkpoint), Noise(2).draw((1, 32, 16, 12))
    preview.learn(latents, decoded(latents, Noise(1).draw((32, 3))))
    assert preview.picture(latents) is not None


def test_is_never_large(checkpoint: Checkpoint) -> None:
    preview, latents = LatentPreview(checkpoint), Noise(2).draw((1, 32, 300, 40))
    preview.learn(latents, decoded(latents, Noise(1).draw((32, 3))))
    small = preview.picture(latents)
    assert small is not None
    assert small.shape == (150, 20, 3)
