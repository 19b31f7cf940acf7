"""The MLX back end around the port: what it says of a machine, which precision and plan it takes, how it fails."""

from __future__ import annotations

import importlib.metadata
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.backends.base import State
from app.backends.local import mlx_device as module
from app.backends.local.mlx import MLXBackend
from app.backends.local.mlx_model import MLXModel, best_precision, planned_peak
from app.backends.registry import Registry
from app.backends.selftest.verdicts import Verdicts
from app.core.errors import UserError
from app.core.events import Generated
from app.core.request import GenerationRequest
from app.library.models.checkpoint.checkpoint import Checkpoint, open_checkpoint
from app.library.settings import Settings
from app.sana_mlx.pipeline import SanaMLX
from tests.backends.conftest import FolderModels

PLENTY = 10**12


@pytest.fixture
def backend() -> MLXBackend:
    return MLXBackend(FolderModels(), Settings())  # type: ignore[arg-type]


@pytest.fixture
def checkpoint(checkpoint_folder: Callable[..., Path]) -> Checkpoint:
    return open_checkpoint(checkpoint_folder())


@pytest.fixture
def on_linux(backend: MLXBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(backend, "models", lambda: (("starter", "Starter"),))


@pytest.mark.usefixtures("on_linux")
def test_without_openblas_it_says_so_and_what_to_do(backend: MLXBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "load_openblas", lambda: False)
    status = backend.check()
    assert (status.state, status.device) == (State.READY, "cpu")
    assert "OpenBLAS" in str(status.reason)
    assert "libopenblas0" in str(status.remedy)
    Verdicts().put(backend, "float32", "the layer x is off by 3")
    status = Registry({"mlx": backend}, Settings()).status(backend)
    assert "self-test failed" in str(status.reason)
    assert "OpenBLAS" in str(status.reason)
    assert "higher precision" in str(status.remedy)
    assert "libopenblas0" in str(status.remedy)


@pytest.mark.usefixtures("on_linux")
def test_an_nvidia_gpu_is_told_where_mlx_was_built_for_it(backend: MLXBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "exists", lambda self: True)
    assert backend.check().device == "cpu"
    known = importlib.metadata.version
    monkeypatch.setattr(importlib.metadata, "version", lambda name: "0.32" if name == "mlx-cuda-13" else known(name))
    assert backend.check().device == "cuda"


def test_auto_is_the_most_exact_precision_that_fits(checkpoint: Checkpoint) -> None:
    side = checkpoint.base_size
    assert best_precision(checkpoint, "cpu", PLENTY) == "float32"
    assert best_precision(checkpoint, "metal", PLENTY) == "bfloat16"
    needs = {name: planned_peak(checkpoint, side, side, name, 1) for name in ("float32", "bfloat16", "8bit", "4bit")}
    assert best_precision(checkpoint, "cpu", needs["float32"] - 1) == "bfloat16"
    assert best_precision(checkpoint, "metal", needs["bfloat16"] - 1) in ("8bit", "4bit")
    assert best_precision(checkpoint, "metal", 1) == "4bit"


@pytest.mark.parametrize("together", [True, False])
def test_where_memory_is_short_gemma_has_it_to_itself(
    together: bool, checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is loaded beside the text encoder while a second prompt is read, and beside the transformer."""
    model = MLXModel(checkpoint, "float32", PLENTY if together else 1)
    beside: list[tuple[bool, bool]] = []
    load = SanaMLX.load_text_encoder

    def loading(self: Any) -> Any:
        beside.append((self._transformer is not None, self._decoder is not None))
        return load(self)

    monkeypatch.setattr(SanaMLX, "load_text_encoder", loading)
    for prompt in ("one", "two"):
        model.encode_prompt(prompt)
        model.encode_prompt("", negative=True)
        model.release_text_encoder()
        model.load()
        assert model._parts.has_text_encoder is together
        model._parts.load_decoder()
    assert beside[0] == (False, False)
    assert beside[-1] == (together, together)


def test_the_estimate_is_what_a_picture_took(backend: MLXBackend, checkpoint_folder: Callable[..., Path]) -> None:
    folder = str(checkpoint_folder(sample_size=64))
    wanted = backend.capabilities(folder).resolve(
        GenerationRequest("a house", model=folder, seed=1, steps=1, precision="float32", width=512, height=256)
    )
    told = next(event for event in backend.generate(wanted, lambda: False) if isinstance(event, Generated))
    assert backend.estimate(wanted).peak_memory_bytes == pytest.approx(told.provenance.peak_memory_bytes, rel=0.15)


@pytest.mark.parametrize(
    ("part", "change", "named"),
    [
        ("transformer", {"qk_norm": "l2"}, "l2"),
        ("text_encoder", {"hidden_activation": "relu"}, "relu"),
    ],
)
def test_a_config_that_the_port_does_not_know_is_the_users_to_mend(
    backend: MLXBackend,
    checkpoint_folder: Callable[..., Path],
    tmp_path: Path,
    part: str,
    change: dict[str, Any],
    named: str,
) -> None:
    folder = tmp_path / "changed"
    shutil.copytree(checkpoint_folder(), folder)
    path = folder / part / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(UserError, match=named):
        backend.capabilities(str(folder))


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("text_encoder", {"head_dim": None}),
        ("text_encoder", {"head_dim": "x"}),
        ("text_encoder", {"rope_parameters": "x"}),
        ("text_encoder", {"layer_types": 1.5}),
        ("text_encoder", {"vocab_size": 10**400}),
        ("transformer", {"num_attention_heads": 2**31 - 1, "attention_head_dim": 2**31 - 1}),
        ("transformer", {"cross_attention_dim": []}),
        ("transformer", {"mlp_ratio": 1e308}),
        ("vae", {"attention_head_dim": 0}),
        ("vae", {"in_channels": 10**400}),
        ("vae", {"decoder_norm_types": []}),
        ("vae", {"decoder_qkv_multiscales": {}}),
        ("vae", {"decoder_block_types": {}}),
    ],
)
def test_a_value_that_makes_no_sense_is_the_users_to_mend(
    backend: MLXBackend, checkpoint_folder: Callable[..., Path], tmp_path: Path, part: str, change: dict[str, Any]
) -> None:
    folder = tmp_path / "changed"
    shutil.copytree(checkpoint_folder(), folder)
    path = folder / part / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    wanted = backend.capabilities(str(folder)).resolve(GenerationRequest("x", model=str(folder), seed=1))
    with pytest.raises(UserError, match=r"cannot be used.*again"):
        Registry({"mlx": backend}, Settings()).check_memory(backend, wanted)


@pytest.mark.parametrize("change", ["missing", "left over", "shape"])
@pytest.mark.parametrize("part", ["transformer", "vae", "text_encoder"])
def test_weights_that_do_not_fit_are_named(
    backend: MLXBackend, checkpoint_folder: Callable[..., Path], tmp_path: Path, part: str, change: str
) -> None:
    from safetensors.numpy import load_file, save_file

    folder = tmp_path / "changed"
    shutil.copytree(checkpoint_folder(), folder)
    path = next((folder / part).glob("*.safetensors"))
    tensors = load_file(path)
    name = sorted(name for name in tensors if not name.startswith("encoder."))[-1]
    if change == "missing":
        del tensors[name]
    elif change == "left over":
        name = f"{'decoder.' if part == 'vae' else ''}stray.weight"
        tensors[name] = tensors[next(iter(tensors))]
    else:
        tensors[name] = tensors[name][..., :1].copy()
    save_file(tensors, path, metadata={"format": "pt"})
    wanted = backend.capabilities(str(folder)).resolve(GenerationRequest("x", model=str(folder), seed=1, steps=1))
    with pytest.raises(UserError, match=name.removeprefix("decoder.").replace(".", r"\.")) as caught:
        list(backend.generate(wanted, lambda: False))
    assert "do not fit" in str(caught.value.message)


@pytest.mark.parametrize(
    "words", ["[malloc] Unable to allocate 99 bytes.", "[METAL] Command buffer execution failed: Insufficient Memory"]
)
def test_running_out_of_memory_is_told_as_such(
    backend: MLXBackend, checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError(words)

    monkeypatch.setattr(MLXModel, "velocity", fail)
    folder = str(checkpoint.folder)
    wanted = backend.capabilities(folder).resolve(GenerationRequest("x", model=folder, seed=1))
    with pytest.raises(MemoryError):
        list(backend.generate(wanted, lambda: False))
    assert backend._loaded is None
