"""A user's own copy of a model that was trained in float16 is clipped, also where only its numbers tell."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.torch import load_file, save_file

from app.backends.local.backend import LocalBackend
from app.backends.local.mlx import MLXBackend
from app.backends.local.torch import TorchBackend
from app.backends.selftest.golden import psnr
from app.core.events import Generated
from app.core.request import GenerationRequest
from app.library.models.store import Models
from app.library.settings import Settings

BACKENDS = (TorchBackend, MLXBackend)


def loud(tensors: dict[str, Any]) -> None:
    """A linear attention whose output goes far beyond float16's range, in a network that bears it."""
    gate = slice(32, 48)
    for name in ("time_embed.linear.weight", "time_embed.linear.bias"):
        tensors[name][gate] *= 0.1
    for name, tensor in tensors.items():
        if name.endswith("attn1.to_v.weight"):
            tensor *= 30
        elif name.endswith("attn1.to_out.0.weight"):
            tensor *= 2e4
        elif name.endswith("attn2.to_q.weight"):
            tensor *= 1e-3
        elif name.startswith("transformer_blocks") and name.endswith("scale_shift_table"):
            tensor[2] *= 0.1


@pytest.fixture
def folder(checkpoint_folder: Callable[..., Path], tmp_path: Path) -> Path:
    """A fine-tune in float32 that does not say what it was made from."""
    folder = shutil.copytree(checkpoint_folder(), tmp_path / "mine")
    path = folder / "transformer" / "diffusion_pytorch_model.safetensors"
    tensors = load_file(path)
    loud(tensors)
    save_file(tensors, path, {"format": "pt"})
    return folder


def picture(kind: type[LocalBackend], models: Models, folder: Path) -> np.ndarray:
    backend = kind(models, Settings())
    wanted = GenerationRequest("a house", model=str(folder), seed=7, steps=3, guidance=2.0, precision="float32")
    resolved = backend.capabilities(str(folder)).resolve(wanted)
    return next(
        event.output.pixels for event in backend.generate(resolved, lambda: False) if isinstance(event, Generated)
    )


@pytest.mark.parametrize("kind", BACKENDS)
def test_what_nothing_tells_is_measured(folder: Path, kind: type[LocalBackend]) -> None:
    models = Models(Settings())
    assert models.resolve(str(folder))[1].clip is None
    measured = picture(kind, models, folder)
    models.set_clip(str(folder), True)
    clipped = picture(kind, models, folder)
    models.set_clip(str(folder), False)
    unclipped = picture(kind, models, folder)
    assert psnr(measured, clipped) > 50
    assert psnr(clipped, unclipped) < 30


def test_both_backends_decide_alike(folder: Path) -> None:
    pictures = [picture(kind, Models(Settings()), folder) for kind in BACKENDS]
    assert psnr(*pictures) > 40


def test_a_decision_is_kept_for_the_same_weights_wherever_they_are(folder: Path, tmp_path: Path) -> None:
    picture(TorchBackend, Models(Settings()), folder)
    moved = shutil.copytree(folder, tmp_path / "moved")
    assert Models(Settings()).resolve(str(moved))[1].clip is True
    path = moved / "transformer" / "diffusion_pytorch_model.safetensors"
    tensors = load_file(path)
    tensors["proj_out.bias"] += 1
    save_file(tensors, path, {"format": "pt"})
    assert Models(Settings()).resolve(str(moved))[1].clip is None


def test_a_quiet_model_is_not_clipped(checkpoint_folder: Callable[..., Path]) -> None:
    folder = checkpoint_folder()
    picture(TorchBackend, Models(Settings()), folder)
    assert Models(Settings()).resolve(str(folder))[1].clip is False


@pytest.mark.parametrize("kind", BACKENDS)
def test_a_base_that_was_trained_in_float16_decides_without_measuring(folder: Path, kind: type[LocalBackend]) -> None:
    measured = picture(kind, Models(Settings()), folder)
    config = folder / "transformer" / "config.json"
    origin = {"_name_or_path": "Efficient-Large-Model/Sana_600M_512px_diffusers"}
    config.write_text(json.dumps({**json.loads(config.read_text()), **origin}))
    assert Models(Settings()).resolve(str(folder))[1].clip is True
    assert psnr(picture(kind, Models(Settings()), folder), measured) > 50
