"""What PyTorch's estimate of memory is made of; `tests/benchmarks/torch_memory.py` holds it against pictures."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.backends.local.torch.backend import TorchBackend
from app.backends.local.torch.memory import PROGRAM, phases
from app.core.request import GenerationRequest
from app.library.models.checkpoint.checkpoint import Checkpoint, open_checkpoint
from app.library.settings import Settings
from tests.backends.conftest import SPRINT, FolderModels

SHORT, PLENTY = 1, 10**12


@pytest.fixture
def checkpoint(checkpoint_folder: Callable[..., Path]) -> Checkpoint:
    return open_checkpoint(checkpoint_folder())


def halves(checkpoint: Checkpoint, half: str) -> int:
    from safetensors import safe_open

    with safe_open(checkpoint.weight_files("vae")[0], "np") as file:
        return sum(file.get_tensor(name).size for name in file.keys() if name.startswith(half))  # noqa: SIM118


@pytest.mark.parametrize(("precision", "item"), [("float32", 4), ("bfloat16", 2)])
def test_what_stays_beside_the_text_encoder(checkpoint: Checkpoint, precision: str, item: int) -> None:
    """The decoder is float32 in every precision."""
    alone, together = (phases(checkpoint, 64, 64, precision, memory) for memory in (SHORT, PLENTY))
    transformer = item * checkpoint.weights["transformer"].parameters
    gemma = item * checkpoint.weights["text_encoder"].parameters
    assert together["text encoder"] - alone["text encoder"] == transformer + 4 * halves(checkpoint, "decoder")
    assert together["transformer"] - alone["transformer"] == gemma
    assert together["decoder"] - alone["decoder"] == gemma


def test_the_encoder_counts_where_there_is_a_start_picture(checkpoint: Checkpoint) -> None:
    without, with_it = (phases(checkpoint, 64, 64, "float32", PLENTY, encodes=each) for each in (False, True))
    assert with_it["transformer"] - without["transformer"] == 4 * halves(checkpoint, "encoder")
    assert with_it["decoder"] > without["decoder"]


@pytest.mark.parametrize("size", [(45, 30), (33, 63)])
def test_a_start_picture_may_have_any_size(checkpoint: Checkpoint, size: tuple[int, int]) -> None:
    """A mask keeps the picture's own size; what is computed is a little larger."""
    exact, larger = (phases(checkpoint, *each, "float32", PLENTY, encodes=True) for each in (size, (64, 64)))
    assert all(0 < exact[name] <= larger[name] for name in exact)


def test_guidance_in_one_batch_takes_twice_the_work(checkpoint_folder: Callable[..., Path]) -> None:
    def work(batched: bool, **options: Any) -> int:
        checkpoint = open_checkpoint(checkpoint_folder(**options))
        small, large = (phases(checkpoint, side, side, "float32", SHORT, batched=batched) for side in (64, 128))
        return large["transformer"] - small["transformer"]

    assert work(True) == 2 * work(False)
    assert work(True, **SPRINT) == work(False, **SPRINT) == work(False)


def test_tiles_bound_what_a_large_picture_takes(checkpoint_folder: Callable[..., Path]) -> None:
    lite = open_checkpoint(checkpoint_folder(lite=True))

    def decoder(side: int, memory: int) -> int:
        return phases(lite, side, side, "float32", memory)["decoder"]

    assert decoder(64, SHORT) == decoder(64, PLENTY) - 4 * lite.weights["text_encoder"].parameters
    assert decoder(4096, SHORT) < decoder(4096, PLENTY) / 2
    assert decoder(4096, SHORT) < decoder(8192, SHORT)


def test_the_estimate_is_that_of_the_largest_phase(
    checkpoint_folder: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.library.machine.total_memory", lambda: SHORT)
    folder = checkpoint_folder()
    backend = TorchBackend(FolderModels(), Settings())  # type: ignore[arg-type]
    wanted = GenerationRequest("x", model=str(folder), precision="float32", width=2048, height=2048)
    estimate = backend.estimate(wanted)
    peaks = phases(open_checkpoint(folder), 2048, 2048, "float32", SHORT)
    assert estimate.peak_memory_bytes == PROGRAM + max(peaks.values())
    assert peaks[str(estimate.memory_for)] == max(peaks.values())


@pytest.mark.slow
def test_the_estimate_is_what_pictures_took() -> None:
    program = Path(__file__).parents[2] / "benchmarks" / "torch_memory.py"
    subprocess.run(
        [sys.executable, program, "--cases", "tiny", "small, short", "small, large"], check=True, timeout=600
    )
