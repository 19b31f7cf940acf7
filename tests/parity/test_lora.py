"""LoRAs beside the layers that they change, against the same arithmetic merged in torch."""

import copy
import json
from math import sqrt

import mlx.core as mx
import pytest
import torch
from diffusers import SanaTransformer2DModel
from safetensors.torch import save_file

from app.backends.local.torch.lora import add_changes
from app.library.models.loras.changes import read_changes
from app.sana_mlx.config import TransformerConfig
from app.sana_mlx.lora import merge_lora, set_changes
from app.sana_mlx.transformer import SanaTransformer
from app.sana_mlx.weights import assign

from .helpers import randomize, weights_of
from .test_transformer import SMALL, compare

RANK = 4
LAYERS = (
    "transformer_blocks.0.attn1.to_q",
    "transformer_blocks.1.attn2.to_out.0",
    "transformer_blocks.2.ff.conv_inverted",
    "transformer_blocks.2.ff.conv_depth",
    "patch_embed.proj",
    "time_embed.emb.timestep_embedder.linear_1",
    "caption_projection.linear_2",
    "proj_out",
)


@pytest.fixture
def theirs():
    return randomize(SanaTransformer2DModel(**SMALL))


def factors(theirs):
    """Random factors for some layers: {layer: (A, B)}."""
    pairs = {}
    for layer in LAYERS:
        weight = theirs.get_submodule(layer).weight
        pairs[layer] = (
            torch.randn(RANK, *weight.shape[1:]) * 0.1,
            torch.randn(weight.shape[0], RANK, *(1,) * (weight.ndim - 2)) * 0.1,
        )
    return pairs


def merge_in_torch(theirs, pairs, strength):
    with torch.no_grad():
        for layer, (a, b) in pairs.items():
            weight = theirs.get_submodule(layer).weight
            factor = strength(layer) if callable(strength) else strength
            weight += factor * (b.flatten(1) @ a.flatten(1)).reshape(weight.shape)


def check(theirs, file, pairs, strength, scale=1.0):
    weights = weights_of(theirs)
    shapes = {name: tuple(weight.shape) for name, weight in weights.items()}
    merged, beside = (SanaTransformer(TransformerConfig.from_dict(dict(theirs.config))) for _ in range(2))
    assign(merged, SanaTransformer.sanitize(merge_lora(weights, file, scale)), mx.float32)
    assign(beside, SanaTransformer.sanitize(weights), mx.float32)
    compare(beside, theirs, 8, 8)
    set_changes(beside, read_changes([(file, scale)], shapes, "model"), mx.float32)
    changed = copy.deepcopy(theirs)
    merge_in_torch(changed, pairs, strength)
    compare(merged, changed, 8, 8)
    compare(beside, changed, 8, 8)
    set_changes(beside, {}, mx.float32)
    compare(beside, theirs, 8, 8)
    add_changes(theirs, read_changes([(file, scale)], shapes, "model"))
    compare(merged, theirs, 8, 8)


@pytest.mark.parametrize(
    ("metadata", "strength"),
    [
        ({}, 1.0),
        ({"transformer.r": RANK, "transformer.lora_alpha": 10}, 2.5),
        ({"transformer.lora_alpha": 10, "transformer.use_rslora": True}, 10 / sqrt(RANK)),
        (
            {"transformer.lora_alpha": 4, "transformer.alpha_pattern": {"attn1.to_q": 12}},
            lambda layer: 3.0 if layer.endswith("attn1.to_q") else 1.0,
        ),
    ],
    ids=["plain", "alpha", "rank-stabilized", "alpha of one layer"],
)
def test_as_diffusers_saves_it(theirs, tmp_path, metadata, strength):
    pairs = factors(theirs)
    tensors: dict[str, torch.Tensor] = {}
    for layer, (a, b) in pairs.items():
        tensors |= {f"transformer.{layer}.lora_A.weight": a, f"transformer.{layer}.lora_B.weight": b}
    file = tmp_path / "pytorch_lora_weights.safetensors"
    save_file(tensors, file, {"format": "pt", "lora_adapter_metadata": json.dumps(metadata)})
    check(theirs, file, pairs, strength)


def test_other_names_and_a_scale(theirs, tmp_path):
    pairs = factors(theirs)
    tensors: dict[str, torch.Tensor] = {}
    for layer, (a, b) in pairs.items():
        tensors |= {f"{layer}.lora.down.weight": a, f"{layer}.lora.up.weight": b, f"{layer}.alpha": torch.tensor(2.0)}
    file = tmp_path / "lora.safetensors"
    save_file(tensors, file)
    check(theirs, file, pairs, 0.5 * 0.7, scale=0.7)


@pytest.mark.parametrize(
    ("prefix", "factors_of", "flat"),
    [
        ("lora_unet_", ("lora_down", "lora_up"), True),
        ("lora_transformer_", ("lora_down", "lora_up"), True),
        ("diffusion_model.", ("lora_A", "lora_B"), False),
        ("model.diffusion_model.", ("lora_A", "lora_B"), False),
        ("base_model.model.", ("lora_A", "lora_B"), False),
        ("", ("lora_A", "lora_B"), False),
    ],
    ids=["kohya", "OneTrainer", "ComfyUI", "ComfyUI's checkpoints", "peft", "bare"],
)
def test_the_names_of_other_programs(theirs, tmp_path, prefix, factors_of, flat):
    pairs = factors(theirs)
    tensors: dict[str, torch.Tensor] = {}
    for layer, (a, b) in pairs.items():
        name = prefix + (layer.replace(".", "_") if flat else layer)
        tensors |= {f"{name}.{factors_of[0]}.weight": a, f"{name}.{factors_of[1]}.weight": b}
        tensors |= {f"{name}.alpha": torch.tensor(2.0)}
    file = tmp_path / "lora.safetensors"
    save_file(tensors, file)
    check(theirs, file, pairs, 0.5)


@pytest.mark.parametrize("prefix", ["diffusion_model.", "lora_unet_"])
def test_nvlabs_names_join_projections(theirs, tmp_path, prefix):
    """One pair of factors for queries, keys and values: the rows of B are theirs, one after the other."""
    width = theirs.transformer_blocks[0].attn1.to_q.weight.shape[1]
    a, b = torch.randn(RANK, width) * 0.1, torch.randn(3 * width, RANK) * 0.1
    name = prefix + ("blocks_1_attn_qkv" if prefix.endswith("_") else "blocks.1.attn.qkv")
    file = tmp_path / "lora.safetensors"
    save_file({f"{name}.lora_A.weight": a, f"{name}.lora_B.weight": b}, file)
    parts = dict(zip(("to_q", "to_k", "to_v"), b.chunk(3), strict=True))
    check(theirs, file, {f"transformer_blocks.1.attn1.{part}": (a, rows) for part, rows in parts.items()}, 1.0)
