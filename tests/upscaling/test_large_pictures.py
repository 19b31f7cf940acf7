"""What enlarging and refining hold at full size: with the real networks and the starter model. They take minutes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app import cli
from app.core.output import Provenance
from app.core.request import GenerationRequest
from app.diffusion.windows import windows
from app.library import paths
from app.library.pictures import images

REQUEST = GenerationRequest("a red kite over a green meadow", seed=3, steps=20, guidance=4.5, solver="dpmpp")


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """(256, 256): the first of the starter's samples."""
    pixels = np.ascontiguousarray(images.decode(paths.resources() / "starter" / "samples.jpg")[:256, :256])
    return images.save(pixels, REQUEST.replace(width=256, height=256), Provenance(), tmp_path / "pictures").path


def made(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, object]:
    assert cli.main(["upscale", "--json", *map(str, arguments)]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert isinstance(row, dict)
    return row


def psnr(large: Path, small: Path) -> float:
    """Of a picture reduced by area against the one that it was made from."""
    a, b = images.decode(large).astype(float), images.decode(small)
    by = len(a) // len(b)
    reduced = a.reshape(len(b), by, -1, by, 3).mean((1, 3))
    return float(10 * np.log10(255**2 / ((reduced - b) ** 2).mean()))


@pytest.mark.slow
@pytest.mark.parametrize("upscaler", ["span-x4", "realesrgan-x4plus"])
def test_low_frequencies_stay(capsys: pytest.CaptureFixture[str], sample: Path, upscaler: str) -> None:
    row = made(capsys, sample, "--upscaler", upscaler, "--backend", "torch")
    assert psnr(Path(str(row["path"])), sample) >= 30


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["torch", "mlx"])
def test_a_refined_picture_shows_the_same_without_a_seam(
    capsys: pytest.CaptureFixture[str], sample: Path, backend: str
) -> None:
    row = made(capsys, sample, "--refine", "0.3", "--backend", backend)
    path = Path(str(row["path"]))
    assert psnr(path, sample) >= 30
    grey = images.decode(path).astype(float).mean(2)
    edges = sorted({16 * edge for window in windows(64, 16, 2) for edge in (window.start, window.stop)} - {0, 1024})
    for axis in (0, 1):
        steps = np.abs(np.diff(grey, axis=axis)).mean(1 - axis)
        # Beside others at the same place in a token: what stands there leaves a step of its own.
        own = np.median([steps[place - 1] for place in range(32, 1024, 32)])
        assert np.median([steps[edge - 1] for edge in edges]) < 1.5 * own


@pytest.mark.slow
def test_4096_pixels_take_less_than_3_gb_above_the_model(
    capsys: pytest.CaptureFixture[str], sample: Path, tmp_path: Path
) -> None:
    """One step and one pass of it hold as much as many do."""
    small, request = tmp_path / "small.png", REQUEST.replace(steps=10, guidance=1.0)
    images.save_as(np.asarray(Image.open(sample).convert("RGB").resize((1024, 1024))), request, Provenance(), small)
    row = made(capsys, small, "--refine", "0.1", "--backend", "mlx")
    assert (row["width"], row["height"]) == (4096, 4096)
    weights = sum(path.stat().st_size for path in (paths.resources() / "starter").rglob("*.safetensors"))
    assert int(str(row["peak_memory_bytes"])) < weights + 3_000_000_000
