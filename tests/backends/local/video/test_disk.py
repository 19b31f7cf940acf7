"""What a clip needs on the disk is told before, and is more than it takes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from app.backends.local.torch import TorchBackend
from app.backends.local.video.disk import disk_needed
from app.core.request import GenerationRequest
from app.library.models.checkpoint.checkpoint import open_checkpoint
from app.library.pictures.clips.writing import write_clip
from app.library.settings import Settings
from tests.backends.conftest import FolderModels
from tests.backends.random_clip_checkpoint import WAN, write_clip_checkpoint


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_clip_checkpoint(tmp_path_factory.mktemp("video") / "wan", WAN, max_positions=2048)


def textured(count: int, width: int, height: int) -> Iterator[np.ndarray]:
    """A texture that moves, as coarse and as fine as in photographs."""
    random = np.random.default_rng(1)
    across, down = np.meshgrid(np.fft.fftfreq(width), np.fft.fftfreq(height))
    fall = np.hypot(across, down)
    fall[0, 0] = 1
    texture = np.fft.ifft2(np.fft.fft2(random.standard_normal((height, width))) / fall).real
    texture *= 45 / texture.std()
    for number in range(count):
        moved = np.roll(texture, 3 * number, 1) + np.roll(texture, -2 * number, 0) / 2
        yield np.repeat(np.clip(128 + moved, 0, 255).astype(np.uint8)[..., None], 3, 2)


def test_a_clip_takes_no_more(checkpoint: Path, tmp_path: Path) -> None:
    write_clip(tmp_path / "a.mp4", textured(17, 192, 128), 16.0)
    told = disk_needed(open_checkpoint(checkpoint), 192, 128, 17, 1)
    assert told / 10 < (tmp_path / "a.mp4").stat().st_size < told / 2, "the file is there twice for a moment"


def test_it_grows_with_length_size_and_number(checkpoint: Path) -> None:
    opened = open_checkpoint(checkpoint)
    sizes = [
        disk_needed(opened, *how) for how in ((64, 64, 17, 1), (64, 64, 81, 1), (128, 128, 81, 1), (128, 128, 81, 4))
    ]
    assert sizes == sorted(sizes)
    assert len(set(sizes)) == 4


def test_the_estimate_tells_it_for_clips(checkpoint: Path) -> None:
    backend = TorchBackend(FolderModels(), Settings())  # type: ignore[arg-type]
    wish = GenerationRequest("a boat", model=str(checkpoint), width=64, height=64, frames=17, steps=2)
    request = backend.capabilities(wish.model).resolve(wish)
    assert backend.estimate(request).disk_bytes == disk_needed(open_checkpoint(checkpoint), 64, 64, 17, 1)
