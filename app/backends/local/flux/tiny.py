"""Tiny checkpoints made by configuration, with random weights: what the self-test computes where no model is needed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import mlx.core as mx
import mlx.nn as nn
from mflux.models.flux2.model.flux2_text_encoder.qwen3_text_encoder import Qwen3TextEncoder
from mflux.models.flux2.model.flux2_transformer.transformer import Flux2Transformer
from mflux.models.z_image.model.z_image_text_encoder.text_encoder import TextEncoder
from mflux.models.z_image.model.z_image_transformer.transformer import ZImageTransformer
from mlx.utils import tree_flatten

from app.backends.local.flux.klein import READ_LAYERS, Klein
from app.backends.local.flux.z_image import ZImage
from app.core.families.flux import KLEIN, Z_IMAGE
from app.library import paths
from app.library.models.checkpoint.checkpoint import Checkpoint, open_checkpoint
from app.library.models.checkpoint.flux import PACKED_INDEX
from app.library.models.weights.tensors import Shape

FAMILIES = (KLEIN, Z_IMAGE)
"""FLUX.1's networks have one width in mflux, which is no tiny one."""
SEED = 7
_HEAD, _HEADS = 32, 2
_WIDTH = _HEAD * _HEADS
_STAGES = (32, 64, 64, 64)
_TEMPLATE = "{% for message in messages %}{{ message['content'] }}{% endfor %}"
_VERSION = 1


def tiny_checkpoint(family: str) -> Checkpoint:
    """The tiny checkpoint of a family, made at the first call and kept in the cache."""
    folder = paths.cache() / "flux-test" / f"{family}-{_VERSION}"
    if not (folder / "transformer" / PACKED_INDEX).exists():
        shutil.rmtree(folder, ignore_errors=True)
        _write(folder, family)
    return open_checkpoint(folder)


def _write(folder: Path, family: str) -> None:
    mx.random.seed(SEED)
    words = _write_tokenizer(folder / "tokenizer")
    qwen = {
        "vocab_size": words, "hidden_size": _WIDTH, "num_attention_heads": _HEADS, "num_key_value_heads": 1,
        "intermediate_size": 2 * _WIDTH, "head_dim": _HEAD,
    }  # fmt: skip
    if family == KLEIN:
        encoder: nn.Module = Qwen3TextEncoder(**qwen, num_hidden_layers=READ_LAYERS[-1])
        transformer: nn.Module = Flux2Transformer(
            num_layers=1, num_single_layers=1, attention_head_dim=_HEAD, num_attention_heads=_HEADS,
            joint_attention_dim=3 * _WIDTH, axes_dims_rope=(_HEAD // 4,) * 4,
        )  # fmt: skip
        vae = Klein.networks["vae"].build({}, _autoencoder_shapes("encoder.conv_out.bias", 32))
    else:
        encoder = TextEncoder(**qwen, num_hidden_layers=2)
        transformer = ZImageTransformer(
            dim=_WIDTH, n_layers=1, n_refiner_layers=1, n_heads=_HEADS, cap_feat_dim=_WIDTH,
            axes_dims=[_HEAD // 4, _HEAD * 3 // 8, _HEAD * 3 // 8],
        )  # fmt: skip
        vae = ZImage.networks["vae"].build({}, _autoencoder_shapes("encoder.conv_out.conv2d.bias", 16))
    for part, network in {"text_encoder": encoder, "vae": vae, "transformer": transformer}.items():
        _save(network, folder / part)


def _autoencoder_shapes(last: str, channels: int) -> dict[str, Shape]:
    shapes: dict[str, Shape] = {last: (2 * channels,)}
    for number, (down, up) in enumerate(zip(_STAGES, reversed(_STAGES), strict=True)):
        for layer in range(2):
            shapes[f"encoder.down_blocks.{number}.resnets.{layer}.conv1.weight"] = (down,)
        shapes[f"decoder.up_blocks.{number}.resnets.0.conv1.weight"] = (up,)
    return shapes


def _save(network: nn.Module, folder: Path) -> None:
    """As mflux saves it, unpacked."""
    folder.mkdir(parents=True)
    tensors = dict(tree_flatten(network.parameters()))
    mx.save_safetensors(str(folder / "0.safetensors"), tensors, {"quantization_level": "None"})
    _write_json(folder / PACKED_INDEX, {"weight_map": dict.fromkeys(tensors, "0.safetensors")})


def _write_tokenizer(folder: Path) -> int:
    """Bytes are its words, as in Qwen's; returns how many there are."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE({letter: number for number, letter in enumerate(alphabet)}, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken("<|endoftext|>", special=True)])
    folder.mkdir(parents=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    _write_json(
        folder / "tokenizer_config.json",
        {"tokenizer_class": "Qwen2Tokenizer", "pad_token": "<|endoftext|>", "chat_template": _TEMPLATE},
    )
    return 320


def _write_json(path: Path, values: dict[str, Any]) -> None:
    path.write_text(json.dumps(values), encoding="utf-8")
