"""What a clip will take is told before the first one is made: the published models by their counted operations."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from app.backends.local.mlx import MLXBackend
from app.backends.local.timings import Setup
from app.backends.local.video.plan import planned
from app.backends.local.workload import step_work, timed_size
from app.core.request import GenerationRequest
from app.library.models.checkpoint.checkpoint import Checkpoint, open_checkpoint
from app.library.settings import Settings
from tests.backends.conftest import FolderModels
from tests.backends.random_clip_checkpoint import LTX, write_clip_checkpoint


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Checkpoint:
    return open_checkpoint(write_clip_checkpoint(tmp_path_factory.mktemp("video") / "ltx", LTX, max_positions=2048))


def published(tiny: Checkpoint, vae: int, *, factor: int, patch: int, frames: int) -> Checkpoint:
    """As if it had the parameters of the published model."""
    counts = {"transformer": 2_057_000_000, "vae": vae, "text_encoder": 2_614_341_888}

    class Counted:
        def __init__(self, parameters: int) -> None:
            self.parameters = parameters

    weights: Any = {part: Counted(parameters) for part, parameters in counts.items()}
    kind = "AutoencoderKLLTX2Video" if factor == 32 else "AutoencoderKLWan"
    return dataclasses.replace(
        tiny, weights=weights, spatial_factor=factor, patch_size=patch, temporal_factor=frames,
        vae={**tiny.vae, "_class_name": kind},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("vae", "geometry", "size", "frames", "step", "decode"),
    [
        (1_222_479_601, (32, 1, 8), (1280, 704), 81, 35.9e12, 93e12),
        (126_892_531, (8, 2, 4), (832, 480), 81, 121e12, 275e12),
        (126_892_531, (8, 2, 4), (832, 480), 17, 28.9e12, 4.35e12 + 4 * 13.55e12),
    ],
)
def test_operations_are_those_that_were_counted(
    tiny: Checkpoint, vae: int, geometry: tuple[int, int, int], size: tuple[int, int], frames: int, step: float,
    decode: float,
) -> None:  # fmt: skip
    factor, patch, time = geometry
    checkpoint = published(tiny, vae, factor=factor, patch=patch, frames=time)
    request = GenerationRequest("a boat", width=size[0], height=size[1], frames=frames)
    setup = Setup("mlx", "metal", "bfloat16", "video", 2)
    work = step_work(checkpoint, setup, *timed_size(checkpoint, *size, frames))
    assert work == pytest.approx(2 * step, rel=0.2)
    timing = planned(checkpoint, request, work, 14e12)
    assert timing.step == work / 14e12
    assert timing.decode == pytest.approx(decode / 14e12, rel=0.05)


def test_the_window_is_told_before_the_first_clip(home: Path, tiny: Checkpoint) -> None:
    backend = MLXBackend(FolderModels(), Settings())  # type: ignore[arg-type]
    request = backend.capabilities(str(tiny.folder)).resolve(
        GenerationRequest("a boat", model=str(tiny.folder), width=64, height=64, frames=17, steps=4)
    )
    assert backend.estimate(request).seconds is None
    backend.prepare(None, lambda: False)
    first = backend.estimate(request)
    longer = backend.estimate(request.replace(frames=33))
    assert first.seconds
    assert longer.seconds
    assert 1.5 < longer.seconds / first.seconds < 2.5
    assert first.peak_memory_bytes
    assert first.disk_bytes
