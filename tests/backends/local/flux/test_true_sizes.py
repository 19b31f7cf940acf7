"""Each family in its true size, in both layouts: mflux's networks take the weights, name by name.

The weight files are as large as the real ones, but holes: they take no room on the disk, and nothing reads them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from app.core.catalog import ModelSpec
from app.core.families.flux import FAMILIES, KLEIN, SCHNELL, Z_IMAGE
from app.library.models.checkpoint import origin
from app.library.models.checkpoint.checkpoint import open_checkpoint
from app.library.models.checkpoint.flux import PACKED_INDEX, tokenizers_of
from app.library.models.weights.weights import stem_of

SPECS = {spec.family: spec for spec in origin.catalog().values() if spec.family in FAMILIES}
BYTES = {"BF16": 2, "U32": 4}


def write_holes(path: Path, shapes: Mapping[str, tuple[str, tuple[int, ...]]], **metadata: str) -> None:
    header: dict[str, Any] = {"__metadata__": metadata}
    end = 0
    for name, (dtype, shape) in shapes.items():
        start, end = end, end + math.prod(shape) * BYTES[dtype]
        header[name] = {"dtype": dtype, "shape": list(shape), "data_offsets": [start, end]}
    text = json.dumps(header).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        file.truncate(8 + len(text) + end)


def published(family: str) -> dict[str, Any]:
    """The networks whose state dicts the published files hold, on no device."""
    import torch
    from diffusers import (
        AutoencoderKL,
        AutoencoderKLFlux2,
        Flux2Transformer2DModel,
        FluxTransformer2DModel,
        ZImageTransformer2DModel,
    )  # fmt: skip
    from transformers import CLIPTextConfig, CLIPTextModel, Qwen3Config, Qwen3ForCausalLM, T5Config, T5EncoderModel

    qwen = Qwen3Config(
        vocab_size=151936, hidden_size=2560, num_hidden_layers=36, num_attention_heads=32, num_key_value_heads=8,
        intermediate_size=9728, head_dim=128, tie_word_embeddings=True,
    )  # fmt: skip
    blocks = (["DownEncoderBlock2D"] * 4, ["UpDecoderBlock2D"] * 4)
    with torch.device("meta"):
        if family == KLEIN:
            transformer = Flux2Transformer2DModel(
                num_layers=5, num_single_layers=20, num_attention_heads=24, joint_attention_dim=7680,
                guidance_embeds=False,
            )  # fmt: skip
            return {"transformer": transformer, "vae": AutoencoderKLFlux2(), "text_encoder": Qwen3ForCausalLM(qwen)}
        vae = AutoencoderKL(
            down_block_types=blocks[0], up_block_types=blocks[1], block_out_channels=[128, 256, 512, 512],
            layers_per_block=2, latent_channels=16, use_quant_conv=False, use_post_quant_conv=False,
        )  # fmt: skip
        if family == Z_IMAGE:
            return {"transformer": ZImageTransformer2DModel(), "vae": vae, "text_encoder": Qwen3ForCausalLM(qwen)}
        clip = CLIPTextConfig(
            vocab_size=49408, hidden_size=768, intermediate_size=3072, num_hidden_layers=12, num_attention_heads=12
        )
        t5 = T5Config(
            vocab_size=32128, d_model=4096, d_kv=64, d_ff=10240, num_layers=24, num_heads=64,
            feed_forward_proj="gated-gelu",
        )  # fmt: skip
        return {
            "transformer": FluxTransformer2DModel(guidance_embeds=False), "vae": vae,
            "text_encoder": CLIPTextModel(clip), "text_encoder_2": T5EncoderModel(t5),
        }  # fmt: skip


def write_diffusers(folder: Path, family: str) -> None:
    for part, network in published(family).items():
        tensors = network.state_dict()
        head = {"lm_head.weight"} if part == "text_encoder" else set()  # tied to the embedding, so not stored
        shapes = {name: ("BF16", tuple(tensor.shape)) for name, tensor in tensors.items() if name not in head}
        shapes = {name: each for name, each in shapes.items() if not name.endswith("num_batches_tracked")}
        write_holes(folder / part / f"{stem_of(part)}.safetensors", shapes)
    for name in tokenizers_of(family):
        (folder / name).mkdir()
    (folder / "model_index.json").write_text(json.dumps({"_class_name": FAMILIES[family].pipelines[0]}))


def loaded(folder: Path, spec: ModelSpec, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    from app.backends.local.flux import networks
    from app.backends.local.flux.model import FluxModel

    monkeypatch.setattr(networks, "materialize", lambda module: None)  # MLX is lazy: nothing is read
    checkpoint = open_checkpoint(folder, spec)
    model = FluxModel(checkpoint, checkpoint.packed or "bfloat16", "cpu", together=True)
    assert checkpoint.spatial_factor * checkpoint.patch_size == 16
    assert model.latent_channels == {KLEIN: 128}.get(spec.family, 16)
    return {part: model._network(part) for part in checkpoint.weights}


@pytest.mark.parametrize("family", [KLEIN, Z_IMAGE, SCHNELL])
def test_every_weight_is_taken(family: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from mlx.utils import tree_flatten

    write_diffusers(tmp_path / "whole", family)
    found = loaded(tmp_path / "whole", SPECS[family], monkeypatch)
    assert sum(value.size for _, value in tree_flatten(found["transformer"].parameters())) == SPECS[family].parameters

    import mlx.nn as nn

    for part, network in found.items():
        nn.quantize(network, 64, 4, class_predicate=lambda _, layer: hasattr(layer, "to_quantized"))
        shapes = {
            name: ("U32" if "uint32" in str(value.dtype) else "BF16", tuple(value.shape))
            for name, value in tree_flatten(network.parameters())
        }
        write_holes(
            tmp_path / "packed" / part / "0.safetensors", shapes, quantization_level="4", mflux_version="0.24.0"
        )
        places = dict.fromkeys(shapes, "0.safetensors")
        (tmp_path / "packed" / part / PACKED_INDEX).write_text(json.dumps({"weight_map": places}))
    for name in tokenizers_of(family):
        (tmp_path / "packed" / name).mkdir()
    again = loaded(tmp_path / "packed", SPECS[family], monkeypatch)
    checkpoint = open_checkpoint(tmp_path / "packed", SPECS[family])
    assert (checkpoint.family, checkpoint.packed) == (family, "4bit")
    assert checkpoint.size.transformer == pytest.approx(SPECS[family].parameters, rel=0.04)
    for part, network in again.items():
        assert {n: v.shape for n, v in tree_flatten(network.parameters())} == {
            n: v.shape for n, v in tree_flatten(found[part].parameters())
        }
