"""What the starter model makes of start pictures: measured on drawn scenes, told by the reader of scenes."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from app.backends.local.mlx import MLXBackend
from app.backends.local.torch import TorchBackend
from app.core.events import Generated
from app.core.output import ImageOutput
from app.core.request import Extension, GenerationRequest
from app.library import paths
from app.library.models.checkpoint.checkpoint import open_checkpoint
from app.library.pictures import images
from app.library.settings import Settings
from tests.backends.conftest import FolderModels
from tests.inputs import start_from

from captions import full_caption  # isort: skip
from drawing import draw_scene  # isort: skip
from reader import load_reader  # isort: skip
from scenes import Scene  # isort: skip

STARTER = paths.resources() / "starter"
HOUSES = [
    Scene("red", "house", place, time, "center")
    for place, time in (("hills", "noon"), ("snow", "sunset"), ("beach", "dawn"), ("desert", "night"))
]
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="module", params=["torch", "mlx"])
def backend(request: pytest.FixtureRequest) -> Iterator[Any]:
    backend = {"torch": TorchBackend, "mlx": MLXBackend}[request.param](FolderModels(), Settings())  # type: ignore[arg-type]
    yield backend
    backend.unload()


def generate(backend: Any, wish: GenerationRequest) -> np.ndarray:
    request = backend.capabilities(str(STARTER)).resolve(wish, images.start_size(wish))
    (told,) = (event for event in backend.generate(request, lambda: False) if isinstance(event, Generated))
    assert isinstance(told.output, ImageOutput)
    assert told.output.pixels.shape == (request.height, request.width, 3)
    return told.output.pixels


def wish(scene: Scene, folder: Path, strength: float, **options: Any) -> GenerationRequest:
    mask = folder / "mask.png"
    inputs = start_from(folder / "start.png", strength, mask if mask.exists() else None)
    prompt = full_caption(scene, "en")
    return GenerationRequest(
        prompt, model=str(STARTER), precision="float32", guidance=2.0, seed=11, inputs=inputs, **options
    )


def drawn(scene: Scene, number: int, folder: Path) -> np.ndarray:
    picture = draw_scene(scene, random.Random(number))
    picture.save(folder / "start.png")
    return np.asarray(picture)


def test_a_low_strength_keeps_the_layout_and_a_high_one_follows_the_prompt(backend: Any, tmp_path: Path) -> None:
    model = backend.open_model(open_checkpoint(STARTER, None), "float32")
    model.load()
    likeness: dict[float, list[float]] = {0.2: [], 0.5: [], 0.9: []}
    trees = dict.fromkeys(likeness, 0)
    for number, house in enumerate(HOUSES):
        before = drawn(replace(house, position="left"), number, tmp_path)
        tree = replace(house, subject="tree", colour="green", position="right")
        for strength in likeness:
            after = generate(backend, wish(tree, tmp_path, strength))
            pair = [model.encode_image(pixels[None]).ravel() for pixels in (before, after)]
            likeness[strength].append(float(np.corrcoef(*pair)[0, 1]))
            seen = load_reader().read(after[None])[0]
            trees[strength] += (seen.subject, seen.position) == ("tree", "right")
    means = {strength: float(np.mean(figures)) for strength, figures in likeness.items()}
    print("correlation of latents", means, "trees at the right", trees)
    assert means[0.2] > 0.9
    assert means[0.2] > means[0.5] > means[0.9]
    assert trees[0.2] == 0
    assert trees[0.9] == len(HOUSES)


@pytest.mark.parametrize(("solver", "soft"), [("dpmpp", False), ("dpmpp", True), ("euler", False)])
def test_a_house_becomes_a_tree_and_nothing_else_changes(backend: Any, tmp_path: Path, solver: str, soft: bool) -> None:
    strokes = np.zeros((256, 256), np.float32)
    strokes[70:225, 70:186] = 255
    if soft:
        ramp = np.minimum(np.arange(256), 40) / 40
        strokes[70:225, 70:186] *= np.minimum(ramp[:155], ramp[:155][::-1])[:, None]
        strokes[70:225, 70:186] *= np.minimum(ramp[:116], ramp[:116][::-1])[None]
    Image.fromarray(strokes.astype(np.uint8)).save(tmp_path / "mask.png")
    trees, edge, own = 0, [], []
    for number, house in enumerate(HOUSES):
        before = drawn(house, number, tmp_path)
        after = generate(backend, wish(replace(house, subject="tree", colour="green"), tmp_path, 0.9, solver=solver))
        assert np.array_equal(after[strokes.astype(np.uint8) == 0], before[strokes.astype(np.uint8) == 0])
        trees += load_reader().read(after[None])[0].subject == "tree"
        step = np.abs(np.diff(after.astype(float), axis=1))[70:225]
        edge.append(step[:, [69, 185]].mean())
        own.append(np.abs(np.diff(before.astype(float), axis=1)).mean())
    print(f"{trees} trees; step at the mask's edge {np.mean(edge) / np.mean(own):.2f} of the picture's own")
    assert trees == len(HOUSES)
    assert np.mean(edge) < 1.5 * np.mean(own)


@pytest.mark.parametrize("size", [(250, 187), (256, 256), (333, 201), (700, 520)])
@pytest.mark.parametrize("mask", ["line", "dot", "window"])
def test_any_size_and_thin_masks_change_nothing_outside(
    backend: Any, tmp_path: Path, size: tuple[int, int], mask: str
) -> None:
    width, height = size
    before = np.asarray(Image.fromarray(drawn(HOUSES[0], 0, tmp_path)).resize(size))
    Image.fromarray(before).save(tmp_path / "start.png")
    strokes = np.zeros((height, width), np.uint8)
    x, y = int(width * 0.4), int(height * 0.7)
    strokes[y : y + 3, x : x + {"line": 90, "dot": 3, "window": 14}[mask]] = 255
    if mask == "window":
        strokes[y : y + 14, x : x + 14] = 255
    Image.fromarray(strokes).save(tmp_path / "mask.png")
    after = generate(backend, wish(replace(HOUSES[0], colour="blue"), tmp_path, 0.9, steps=6))
    assert after.shape == before.shape
    changed = (after != before).any(-1)
    assert not changed[strokes == 0].any()
    assert changed[strokes > 0].mean() > 0.5


def test_an_extended_picture_shows_no_seam(backend: Any, tmp_path: Path) -> None:
    scenes = [*HOUSES[:2], Scene("white", "castle", "city", "night", "center")]
    for number, scene in enumerate(scenes):
        before = drawn(scene, number, tmp_path)
        for left, top, right, bottom in ((64, 0, 64, 0), (0, 96, 0, 0), (50, 0, 77, 20)):
            after = generate(backend, wish(scene, tmp_path, 1.0, extend=Extension(left, top, right, bottom)))
            assert np.array_equal(after[top : top + 256, left : left + 256], before)
            rows, columns = slice(top, top + 256), slice(left, left + 256)
            across = np.abs(np.diff(after.astype(float), axis=1))[rows].mean((0, 2))
            down = np.abs(np.diff(after.astype(float), axis=0))[:, columns].mean((1, 2))
            for steps, first, amount in ((across, left, left), (across, left + 256, right), (down, top, top)):
                if amount:
                    own = steps[first : first + 255].mean() if first < 100 else steps[first - 256 : first - 1].mean()
                    assert steps[first - 1] < 1.5 * own, (scene, first)
