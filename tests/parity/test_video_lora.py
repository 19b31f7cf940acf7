"""LoRAs of SANA-Video beside the layers that they change, against the same arithmetic merged in torch."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import mlx.core as mx
import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from app.backends.local.torch.lora import add_changes
from app.library.models.loras.changes import LowRank, read_changes
from app.sana_mlx.lora import set_changes
from app.sana_mlx.quantize import quantize
from app.sana_mlx.video.transformer import arranged

from .helpers import weights_of
from .test_lora import merge_in_torch
from .test_video_transformer import CONFIGS, compare, pair

RANK = 3
LAYERS = (
    "transformer_blocks.0.attn1.to_q", "transformer_blocks.1.attn2.to_out.0", "transformer_blocks.0.ff.conv_inverted",
    "transformer_blocks.1.ff.conv_depth", "transformer_blocks.1.ff.conv_point", "transformer_blocks.0.ff.conv_temp",
    "transformer_blocks.2.ff.conv_temp", "patch_embedding", "caption_projection.linear_2",
    "time_embed.emb.timestep_embedder.linear_1", "proj_out",
)  # fmt: skip


def lora_of(network: Any, path: Path) -> tuple[dict[str, Any], dict[str, LowRank]]:
    """Random factors of some layers as torch has them, and what is read of the file in which diffusers writes them."""
    pairs = {}
    for layer in LAYERS:
        weight = network.get_submodule(layer).weight
        a = torch.randn(RANK, *weight.shape[1:]) * 0.1
        pairs[layer] = (a, torch.randn(len(weight), RANK, *(1,) * (weight.ndim - 2)) * 0.1)
    factors = [(layer, "AB"[place], each) for layer, two in pairs.items() for place, each in enumerate(two)]
    save_file({f"transformer.{layer}.lora_{which}.weight": each for layer, which, each in factors}, path)
    shapes = {name: tuple(weight.shape) for name, weight in weights_of(network).items()}
    return pairs, read_changes([(path, 1.0)], shapes, "model")


@pytest.mark.parametrize(("name", "held"), [("480p", 1), ("720p", 0)])
@pytest.mark.parametrize("tokens", [1, 10_000])
def test_both_backends_compute_what_merged_weights_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, held: int, tokens: int
) -> None:
    monkeypatch.setattr("app.sana_mlx.video.transformer.CHUNK_TOKENS", tokens)
    ours, theirs = pair(**CONFIGS[name])
    pairs, changes = lora_of(theirs, tmp_path / "lora.safetensors")
    merged = copy.deepcopy(theirs)
    merge_in_torch(merged, pairs, 1.0)
    set_changes(ours, arranged(changes), mx.float32)
    compare(ours, merged, (3, 6, 10), held)
    hooks = add_changes(theirs, changes)
    compare(ours, theirs, (3, 6, 10), held)
    for hook in hooks:
        hook.remove()
    set_changes(ours, {}, mx.float32)
    compare(ours, theirs, (3, 6, 10), held)


def test_they_stay_exact_beside_weights_of_few_bits(tmp_path: Path) -> None:
    """What the LoRA adds is what it adds to the quantized network's own layers, temporal convolutions too."""
    ours, theirs = pair()
    quantize(ours, 8)
    _, changes = lora_of(theirs, tmp_path / "lora.safetensors")
    layer, name = ours.transformer_blocks[0].ff, "transformer_blocks.0.ff.conv_temp"
    x = mx.random.normal((1, 2, 3, 3 * 64))
    before = layer.conv_temp(x)
    set_changes(ours, arranged(changes), mx.float32)
    weight = torch.from_numpy(changes[name].b @ changes[name].a).reshape(64, 64, 3, 1)
    frames = torch.from_numpy(np.array(x)).unflatten(3, (3, 64))[0].permute(0, 3, 2, 1)  # (B, C, 3 frames, N)
    added = torch.nn.functional.conv2d(frames, weight)[:, :, 0].permute(0, 2, 1)
    assert np.abs(np.array(layer.conv_temp(x) - before)[0] - added.numpy()).max() < 1e-4
