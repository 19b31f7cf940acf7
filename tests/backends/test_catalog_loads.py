"""Each model of the catalog in its true size: the strict mapping of both backends takes its weights, name by name.

The weight files are as large as the real ones, but holes: they take no room on the disk, and nothing reads them.
"""

from __future__ import annotations

import functools
import json
import math
from pathlib import Path
from typing import Any

import mlx.core as mx
import pytest
import torch
from diffusers import AutoencoderDC, SanaTransformer2DModel
from transformers import Gemma2Config, Gemma2Model

from app.backends.local.capabilities import capabilities_of
from app.backends.local.mlx_model import MLXModel
from app.backends.local.torch import TorchBackend
from app.backends.local.torch.model import TorchModel
from app.core.catalog import ModelSpec, load_catalog
from app.core.errors import UserError
from app.core.families.sana import FAMILIES
from app.library import paths
from app.library.models.checkpoint.checkpoint import open_checkpoint
from app.library.models.weights.weights import STEMS
from tests.checkpoints import TRUE_GEMMA, TRUE_VAE, true_transformer, write_json

CATALOG = load_catalog((paths.resources() / "catalog.toml").read_text(encoding="utf-8"))
STORED = {"": ("BF16", 2), "bf16": ("BF16", 2), "fp16": ("F16", 2)}
QUICK = ("sana-sprint-0.6b", "sana-1.5-1.6b", "sana-0.6b-512", "sana-1.6b-4k")
"""One of each family, and one that knows positions; the others are of the same build."""
each_model = pytest.mark.parametrize(
    "spec",
    [
        pytest.param(spec, id=spec.id, marks=() if spec.id in QUICK else pytest.mark.slow)
        for spec in CATALOG.values()
        if spec.repo and spec.family in FAMILIES
    ],
)


def write_holes(path: Path, network: Any, dtype: str, size: int) -> None:
    header, end = {}, 0
    for name, tensor in network.state_dict().items():
        start, end = end, end + math.prod(tensor.shape) * size
        header[name] = {"dtype": dtype, "shape": list(tensor.shape), "data_offsets": [start, end]}
    text = json.dumps(header).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        file.truncate(8 + len(text) + end)


@functools.cache
def shared_networks() -> dict[str, Any]:
    with torch.device("meta"):
        return {"vae": AutoencoderDC.from_config(TRUE_VAE), "text_encoder": Gemma2Model(Gemma2Config(**TRUE_GEMMA))}


def transformer(spec: ModelSpec) -> Any:
    with torch.device("meta"):
        return SanaTransformer2DModel.from_config(true_transformer(spec.id, spec.family, spec.base_size))


@pytest.fixture
def folder(spec: ModelSpec, tmp_path: Path) -> Path:
    dtype, size = STORED[spec.variant]
    dotted = f".{spec.variant}" if spec.variant else ""
    # diffusers' and transformers' own networks hold what the published files hold.
    for part, network in {"transformer": transformer(spec), **shared_networks()}.items():
        write_holes(tmp_path / part / f"{STEMS[part]}{dotted}.safetensors", network, dtype, size)
    write_json(tmp_path / "transformer" / "config.json", true_transformer(spec.id, spec.family, spec.base_size))
    write_json(tmp_path / "vae" / "config.json", TRUE_VAE)
    write_json(tmp_path / "text_encoder" / "config.json", TRUE_GEMMA)
    sprint = spec.family == "sana-sprint"
    write_json(tmp_path / "model_index.json", {"_class_name": "SanaSprintPipeline" if sprint else "SanaPipeline"})
    scheduler = {"_class_name": "SCMScheduler", "sigma_data": 0.5, "prediction_type": "trigflow"}
    if not sprint:
        scheduler = {
            "_class_name": "DPMSolverMultistepScheduler", "flow_shift": spec.shift, "use_flow_sigmas": True,
            "prediction_type": "flow_prediction", "solver_order": 2, "final_sigmas_type": "zero",
        }  # fmt: skip
    write_json(tmp_path / "scheduler" / "scheduler_config.json", scheduler)
    write_json(tmp_path / "tokenizer" / "tokenizer_config.json", {"model_max_length": 10**30, "padding_side": "left"})
    tokenizer = paths.resources() / "starter" / "tokenizer" / "tokenizer.json"
    (tmp_path / "tokenizer" / "tokenizer.json").write_bytes(tokenizer.read_bytes())
    return tmp_path


def nothing_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """MLX is lazy: weights that nobody evaluates stay on the disk."""
    monkeypatch.setattr(mx, "eval", lambda *arrays: None)


@each_model
def test_both_backends_take_every_weight_and_its_defaults(
    spec: ModelSpec, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkpoint = open_checkpoint(folder, spec)
    with_torch = TorchModel(checkpoint, "bfloat16", "meta")
    with_torch.load()
    assert sum(parameter.numel() for parameter in with_torch._transformer.parameters()) == spec.parameters
    nothing_is_read(monkeypatch)
    with_mlx = MLXModel(checkpoint, "bfloat16", 64 * 2**30)
    for load in ("load_transformer", "load_text_encoder", "load_decoder", "load_encoder"):
        getattr(with_mlx._parts, load)()

    sprint = spec.family == "sana-sprint"
    offered = capabilities_of(checkpoint, spec, TorchBackend.precisions)
    assert (checkpoint.family, checkpoint.base_size, checkpoint.flow_shift) == (spec.family, spec.base_size, spec.shift)
    assert checkpoint.flow_shift == {4096: 6.0}.get(spec.base_size, 1.0 if sprint else 3.0)
    assert checkpoint.clip == (spec.variant == "fp16")
    assert offered.solvers[0] == spec.solver
    assert (offered.steps.default, offered.steps.maximum) == ((2, 4) if sprint else (20, 100))
    assert (offered.guidance is not None and offered.guidance.default, offered.negative) == (4.5, not sprint)
    assert (spec.base_size, spec.base_size) in offered.aspect_sizes


@pytest.mark.parametrize("spec", [CATALOG["sana-sprint-0.6b"]], ids=lambda spec: spec.id)
def test_one_missing_weight_is_refused_by_both(spec: ModelSpec, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    network = transformer(spec)
    del network.transformer_blocks[19].attn1.norm_q
    write_holes(folder / "transformer" / "diffusion_pytorch_model.safetensors", network, "BF16", 2)
    nothing_is_read(monkeypatch)
    checkpoint = open_checkpoint(folder, spec)
    with_torch, with_mlx = TorchModel(checkpoint, "bfloat16", "meta"), MLXModel(checkpoint, "bfloat16", 64 * 2**30)
    with pytest.raises(UserError, match="do not fit"):
        with_torch.load()
    with pytest.raises(UserError, match=r"norm_q.* is missing"):
        with_mlx.load()
