"""Small random checkpoints through the one sampler, on MLX's CPU build, against mflux itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from app.backends.local.flux import FluxBackend
from app.backends.selftest.golden import psnr
from app.core.errors import GenerationCancelled
from app.core.events import Event, Generated, Preview, Progress
from app.core.families.flux import KLEIN, Z_IMAGE
from app.core.request import GenerationRequest
from app.diffusion.model import Pixels
from app.library.settings import Settings
from tests.backends.conftest import FolderModels
from tests.backends.local.flux import mflux_itself
from tests.inputs import start_from

PROMPT = "a red boat"
WIDTH, HEIGHT = 96, 64
LEAST = [("float32", 50), *(pytest.param(name, 35, marks=pytest.mark.slow) for name in ("bfloat16", "8bit", "4bit"))]
"""Decibels by precision. On a processor, MLX is fast in float32 alone."""
Folder = Callable[[str], Path]


@pytest.fixture(scope="module")
def backend() -> FluxBackend:
    return FluxBackend(FolderModels(), Settings())  # type: ignore[arg-type]


def resolved(backend: FluxBackend, folder: Path, **options: Any) -> GenerationRequest:
    wish = {"width": WIDTH, "height": HEIGHT, "seed": 3, **options}
    return backend.capabilities(str(folder)).resolve(GenerationRequest(PROMPT, model=str(folder), **wish))


def events(backend: FluxBackend, folder: Path, **options: Any) -> list[Event]:
    return list(backend.generate(resolved(backend, folder, **options), lambda: False))


def picture(backend: FluxBackend, folder: Path, **options: Any) -> Pixels:
    told = events(backend, folder, **options)
    return next(event.output.pixels for event in told if isinstance(event, Generated))


@pytest.mark.parametrize(("precision", "least"), LEAST)
@pytest.mark.parametrize("family", [KLEIN, Z_IMAGE])
def test_agrees_with_mflux(
    backend: FluxBackend, flux_folder: Folder, family: str, precision: str, least: float
) -> None:
    folder = flux_folder(family)
    ours = picture(backend, folder, precision=precision, steps=4)
    theirs = mflux_itself.generate(
        folder, family, precision, seed=3, prompt=PROMPT, num_inference_steps=4, width=WIDTH, height=HEIGHT
    )
    assert ours.std() > 10
    figure = psnr(ours, theirs)
    print(f"{family} in {precision}: {figure:.1f} dB")
    assert figure >= least


@pytest.mark.slow
def test_full_precision_is_near_half_and_auto_on_a_processor(backend: FluxBackend, flux_folder: Folder) -> None:
    folder = flux_folder(KLEIN)
    told = events(backend, folder)
    result = next(event for event in told if isinstance(event, Generated))
    assert (result.provenance.precision, result.provenance.backend) == ("float32", "flux")
    assert psnr(result.output.pixels, picture(backend, folder, precision="bfloat16")) >= 35


def test_a_cancel_is_honoured_between_steps_and_the_model_stays_usable(
    backend: FluxBackend, flux_folder: Folder
) -> None:
    folder = flux_folder(KLEIN)
    before = picture(backend, folder)
    seen: list[Event] = []
    going = backend.generate(resolved(backend, folder), lambda: any(isinstance(e, Progress) for e in seen))
    with pytest.raises(GenerationCancelled):
        seen.extend(going)
    assert [event.step for event in seen if isinstance(event, Progress)] == [1]
    assert np.array_equal(picture(backend, folder), before)


@pytest.mark.parametrize(("family", "side"), [(KLEIN, 8), (Z_IMAGE, 8)])
def test_previews_come_from_the_first_picture_on(
    backend: FluxBackend, flux_folder: Folder, family: str, side: int
) -> None:
    told = events(backend, flux_folder(family), steps=3)
    previews = [event.pixels for event in told if isinstance(event, Preview)]
    assert len(previews) == 2
    assert previews[0].shape == (HEIGHT // side, WIDTH // side, 3)
    assert previews[0].std() > 1
    assert not np.array_equal(previews[0], previews[1])


def test_a_mask_keeps_every_byte_outside_of_it(backend: FluxBackend, flux_folder: Folder, tmp_path: Path) -> None:
    start = np.asarray(Image.radial_gradient("L").convert("RGB").resize((WIDTH, HEIGHT)))
    Image.fromarray(start).save(tmp_path / "start.png")
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    mask[16:48, 32:80] = 255
    Image.fromarray(mask).save(tmp_path / "mask.png")
    inputs = start_from(tmp_path / "start.png", 0.8, tmp_path / "mask.png")
    result = picture(backend, flux_folder(KLEIN), inputs=inputs, detail=False)
    assert np.array_equal(result[mask == 0], start[mask == 0])
    assert (result[mask > 0] != start[mask > 0]).any(-1).mean() > 0.9


@pytest.mark.parametrize("family", [KLEIN, Z_IMAGE])
def test_starts_from_a_picture_as_mflux_does(
    backend: FluxBackend, flux_folder: Folder, tmp_path: Path, family: str
) -> None:
    pixels = np.asarray(Image.radial_gradient("L").convert("RGB").resize((WIDTH, HEIGHT)))
    Image.fromarray(pixels).save(tmp_path / "start.png")
    folder = flux_folder(family)
    start = start_from(tmp_path / "start.png", 0.25)
    ours = picture(backend, folder, inputs=start, steps=4)
    options = {"num_inference_steps": 4, "image_path": tmp_path / "start.png", "image_strength": 0.75}
    theirs = mflux_itself.generate(
        folder, family, "float32", seed=3, prompt=PROMPT, width=WIDTH, height=HEIGHT, **options
    )
    figure = psnr(ours, theirs)
    print(f"{family} from a picture: {figure:.1f} dB")
    assert figure >= 50
    assert psnr(ours, picture(backend, folder)) < 25
