"""The whole back end: a request in, pictures out."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.backends.base import State
from app.backends.local.torch import TorchBackend
from app.backends.local.torch.device import likely_device
from app.backends.local.torch.model import TorchModel
from app.core.errors import GenerationCancelled
from app.core.events import Event, Finished, Generated, Progress
from app.core.request import GenerationRequest
from app.library.settings import Settings
from tests.backends.conftest import VARIANTS, FolderModels

torch = pytest.importorskip("torch")


@pytest.fixture
def backend() -> TorchBackend:
    return TorchBackend(FolderModels(), Settings())  # type: ignore[arg-type]


def generate(backend: TorchBackend, folder: Path, **options: Any) -> list[Generated]:
    wanted = GenerationRequest("a red house", **{"seed": 3, "width": 48, "height": 32, **options}, model=str(folder))
    *events, last = backend.generate(backend.capabilities(str(folder)).resolve(wanted), lambda: False)
    assert isinstance(last, Finished)
    return [event for event in events if isinstance(event, Generated)]


@pytest.mark.parametrize("kind", VARIANTS)
def test_generates_with_every_kind_of_checkpoint(
    backend: TorchBackend, checkpoint_folder: Callable[..., Path], kind: str
) -> None:
    (picture,) = generate(backend, checkpoint_folder(**VARIANTS[kind]))
    assert picture.output.pixels.shape == (32, 48, 3)
    assert picture.output.pixels.std() > 10
    assert picture.provenance.device in ("cpu", "cuda", "mps")
    assert picture.provenance.peak_memory_bytes > 2**20


def test_the_same_request_gives_the_same_bytes(checkpoint_folder: Callable[..., Path]) -> None:
    def fresh() -> TorchBackend:
        return TorchBackend(FolderModels(), Settings())  # type: ignore[arg-type]

    one, same = (generate(fresh(), checkpoint_folder(), steps=3)[0].output.pixels for _ in range(2))
    (other,) = generate(fresh(), checkpoint_folder(), steps=3, seed=4)
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other.output.pixels)


def test_a_reroll_runs_no_text_encoder(
    backend: TorchBackend, checkpoint_folder: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    generate(backend, checkpoint_folder(), steps=2)
    monkeypatch.setattr(TorchModel, "encode_prompt", None)
    backend.unload()
    assert len(generate(backend, checkpoint_folder(), steps=2, seed=9, count=2)) == 2


def test_cancel_stops_between_steps(backend: TorchBackend, checkpoint_folder: Callable[..., Path]) -> None:
    folder = str(checkpoint_folder())
    wanted = backend.capabilities(folder).resolve(GenerationRequest("x", model=folder, steps=50))
    done: list[Event] = []

    def run() -> None:
        for event in backend.generate(wanted, lambda: len(done) == 2):
            if isinstance(event, Progress):
                done.append(event)

    with pytest.raises(GenerationCancelled):
        run()
    assert len(done) == 2


def test_running_out_of_memory_is_told_as_such(
    backend: TorchBackend, checkpoint_folder: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise torch.OutOfMemoryError("MPS backend out of memory (MPS allocated: 9 GiB)")

    monkeypatch.setattr(TorchModel, "velocity", fail)
    with pytest.raises(MemoryError):
        generate(backend, checkpoint_folder())
    assert backend._loaded is None


def test_check_says_on_what_it_works(backend: TorchBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backend, "models", lambda: (("x", "X"),))
    status = backend.check()
    assert status.state is State.READY
    assert status.device in ("cpu", "cuda", "mps")


def test_check_without_a_model(backend: TorchBackend) -> None:
    status = backend.check()
    assert status.state is State.NEEDS_MODEL
    assert status.remedy


def test_check_without_packages(backend: TorchBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.backends.local.packages.is_installed", lambda name: name != "torch")
    status = backend.check()
    assert status.state is State.UNAVAILABLE
    assert "torch" in str(status.reason)
    assert status.remedy


@pytest.mark.parametrize(("system", "machine", "device"), [("darwin", "arm64", "mps"), ("darwin", "x86_64", "cpu")])
def test_the_likely_device_of_a_mac(monkeypatch: pytest.MonkeyPatch, system: str, machine: str, device: str) -> None:
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr("platform.machine", lambda: machine)
    assert likely_device() == device


def test_nothing_heavy_is_imported_before_generating(checkpoint_folder: Callable[..., Path]) -> None:
    code = f"""
import sys
from pathlib import Path
from app.backends.local.torch import TorchBackend
from app.library.settings import Settings
from tests.backends.conftest import FolderModels
backend = TorchBackend(FolderModels(), Settings())
backend.check()
backend.capabilities({str(checkpoint_folder())!r})
print(sorted({{"torch", "diffusers", "transformers", "mlx"}} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.strip() == "[]"


@pytest.mark.skipif(sys.platform != "linux", reason="only there MLX loads OpenBLAS")
def test_after_mlx_it_keeps_its_own_matrix_product(tmp_path: Path) -> None:
    """The loader tells which library each symbol was found in; one of torch's found in OpenBLAS makes it slow."""
    code = """if True:
        from app.sana_mlx.blas import load_openblas
        found = load_openblas()
        import mlx.core
        from app.backends.local.torch.device import import_torch
        square = import_torch().ones(300, 300)
        (square @ square).sum()
        print(found)
    """
    environment = {**os.environ, "LD_DEBUG": "bindings", "LD_DEBUG_OUTPUT": str(tmp_path / "bindings")}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    if done.stdout.strip() != "True":
        pytest.skip("OpenBLAS is not installed")
    lines = [line for path in tmp_path.glob("bindings.*") for line in path.read_text().splitlines()]
    assert any("libmlx" in line and "openblas" in line.partition(" to ")[2] for line in lines)
    assert not [line for line in lines if "libtorch" in line and "openblas" in line.partition(" to ")[2]]
