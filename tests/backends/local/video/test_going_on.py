"""A clip that was stopped goes on from its last step, and is the clip that an unbroken job makes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from safetensors.numpy import save_file

from app.backends.local.backend import LocalBackend
from app.backends.local.mlx import MLXBackend
from app.backends.local.torch import TorchBackend
from app.backends.local.video.unfinished import folder
from app.core.errors import GenerationCancelled
from app.core.events import Event, Generated, Loading, Preview, Progress, Stage
from app.core.output import ClipOutput
from app.core.request import GenerationRequest, LoraUse
from app.library.pictures.clips.reading import open_clip
from app.library.settings import Settings
from tests.backends.conftest import FolderModels
from tests.backends.random_clip_checkpoint import WAN, write_clip_checkpoint
from tests.inputs import start_from


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_clip_checkpoint(tmp_path_factory.mktemp("video") / "wan", WAN, max_positions=2048)


def told(backend: LocalBackend, request: GenerationRequest, *, until: int | None = None) -> list[Event]:
    """The events, up to a step of the denoising, or the first decoded frame where that is 0; then it is cancelled."""
    events: list[Event] = []

    def cancel() -> bool:
        seen = [event for event in events if isinstance(event, Progress)]
        if until == 0:
            return any(event.stage is Stage.DECODE and event.step for event in seen)
        return any(event.step == until and event.stage is Stage.GENERATE for event in seen)

    try:
        for event in backend.generate(backend.capabilities(request.model).resolve(request), cancel):
            events.append(event)
    except GenerationCancelled:
        assert until is not None
    return events


def steps_of(events: list[Event]) -> list[int]:
    return [event.step for event in events if isinstance(event, Progress) and event.stage is Stage.GENERATE]


def frames_of(events: list[Event]) -> np.ndarray:
    (output,) = [event.output for event in events if isinstance(event, Generated)]
    assert isinstance(output, ClipOutput)
    with open_clip(output.path) as clip:
        return np.stack(list(clip.frames()))


def test_the_first_clip_of_a_model_is_seen_while_it_grows(home: Path, checkpoint: Path) -> None:
    backend = MLXBackend(FolderModels(), Settings())  # type: ignore[arg-type]
    request = GenerationRequest("a red boat", model=str(checkpoint), width=48, height=32, frames=9, steps=3, seed=7)
    strips = [event.frames for event in told(backend, request) if isinstance(event, Preview)]
    assert [strip.shape[0] for strip in strips if strip is not None] == [3, 3]
    backend.unload()


@pytest.mark.parametrize("kind", [MLXBackend, pytest.param(TorchBackend, marks=pytest.mark.slow)])
@pytest.mark.parametrize("pictured", [False, True])
def test_a_stopped_clip_is_that_of_an_unbroken_job(
    home: Path, checkpoint: Path, tmp_path: Path, kind: Any, pictured: bool
) -> None:
    backend = kind(FolderModels(), Settings())
    request = GenerationRequest(
        "a red boat", model=str(checkpoint), width=48, height=32, frames=9, fps=8.0, steps=4, seed=7,
        precision="float32", solver="dpmpp",
    )  # fmt: skip
    if pictured:
        first = tmp_path / "first.png"
        Image.fromarray(np.random.default_rng(1).integers(0, 255, (32, 48, 3), np.uint8)).save(first)
        request = request.replace(inputs=start_from(first))
    unbroken = told(backend, request)
    assert list(folder().iterdir()) == []
    assert steps_of(told(backend, request, until=1)) == [1], "the second step was under way"
    assert steps_of(told(backend, request, until=3)) == [3]
    assert steps_of(told(backend, request, until=0)) == [4]
    rest = told(backend, request)
    assert steps_of(rest) == [4], "it is told, not done again"
    assert np.array_equal(frames_of(rest), frames_of(unbroken))
    assert list(folder().iterdir()) == []
    backend.unload()


@pytest.mark.parametrize("kind", [MLXBackend, pytest.param(TorchBackend, marks=pytest.mark.slow)])
def test_another_lora_begins_the_clip_anew(home: Path, checkpoint: Path, tmp_path: Path, kind: Any) -> None:
    """A LoRA changes what comes of each step, by its temporal convolution too; its file may have been trained on."""
    backend = kind(FolderModels(), Settings())
    file = tmp_path / "style.safetensors"
    layer, random = "transformer.transformer_blocks.1.ff.conv_temp", np.random.default_rng(0)

    def write(rank: int) -> None:
        a, b = random.standard_normal((rank, 64, 3, 1)), random.standard_normal((64, rank, 1, 1))
        factors = {f"{layer}.lora_A.weight": a, f"{layer}.lora_B.weight": b}
        save_file({name: each.astype(np.float32) for name, each in factors.items()}, file)

    def went_on(events: list[Event]) -> bool:
        return any(isinstance(event, Loading) and "Going on" in str(event.message) for event in events)

    plain = GenerationRequest("a red boat", model=str(checkpoint), width=48, height=32, frames=5, steps=3, seed=7)
    request = plain.replace(loras=(LoraUse(str(file), 1.0),))
    write(2)
    told(backend, request, until=2)
    styled = told(backend, request)
    assert went_on(styled)
    assert not np.array_equal(frames_of(styled), frames_of(told(backend, plain)))
    told(backend, request, until=2)
    write(3)
    assert not went_on(told(backend, request))
    backend.unload()
