"""Z-Image: one stream of tokens for picture and prompt, with Qwen3 as its text encoder and FLUX.1's autoencoder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import mlx.core as mx
import mlx.nn as nn
from mflux.models.common.tokenizer import TokenizerLoader
from mflux.models.z_image.model.z_image_text_encoder.prompt_encoder import PromptEncoder
from mflux.models.z_image.model.z_image_text_encoder.text_encoder import TextEncoder
from mflux.models.z_image.model.z_image_transformer.transformer import ZImageTransformer
from mflux.models.z_image.weights.z_image_weight_definition import ZImageWeightDefinition
from mflux.models.z_image.weights.z_image_weight_mapping import ZImageWeightMapping

from app.backends.local.flux import autoencoder, qwen
from app.backends.local.flux.family import FluxConditioning
from app.backends.local.flux.networks import Network, chosen, count
from app.core.families.flux import z_image_shift
from app.library.models.weights.tensors import Shape


def _transformer(config: Mapping[str, Any], shapes: Mapping[str, Shape]) -> nn.Module:
    head = shapes["layers.0.attention.norm_q.weight"][0]
    width, patch = shapes["all_x_embedder.2-1.weight"]
    found = {
        "in_channels": patch // 4,
        "dim": width,
        "n_layers": count(shapes, "layers"),
        "n_refiner_layers": count(shapes, "noise_refiner"),
        "n_heads": width // head,
        "cap_feat_dim": shapes["cap_embedder.1.weight"][1],
        "axes_dims": [head // 4, head * 3 // 8, head * 3 // 8],
    }
    return ZImageTransformer(
        **found | chosen(config, ("norm_eps", "qk_norm", "rope_theta", "t_scale", "axes_dims", "axes_lens"))
    )


def _text_encoder(config: Mapping[str, Any], shapes: Mapping[str, Shape]) -> nn.Module:
    return TextEncoder(**qwen.arguments(config, shapes))


def _layers(names: Sequence[str]) -> Mapping[str, int]:
    return {"num_layers": len({name.split(".")[1] for name in names if name.startswith("layers.")})}


class ZImage:
    """As `Family` says."""

    networks: Mapping[str, Network] = {
        "transformer": Network(_transformer, ZImageWeightMapping.get_transformer_mapping, layers=_layers),
        "vae": autoencoder.NETWORK,
        "text_encoder": Network(_text_encoder, ZImageWeightMapping.get_text_encoder_mapping, prefix="model."),
    }

    def tokenizers(self, folder: Path) -> Mapping[str, Any]:
        return TokenizerLoader.load_all(ZImageWeightDefinition.get_tokenizers(), str(folder))

    def encode(self, prompt: str, tokenizers: Mapping[str, Any], networks: Mapping[str, nn.Module]) -> FluxConditioning:
        tokenizer = tokenizers["z_image"]
        embeddings = PromptEncoder.encode_prompt(prompt or " ", tokenizer, networks["text_encoder"])
        tokens, cut = qwen.counted(prompt, tokenizer)
        return FluxConditioning(arrays=(embeddings,), tokens=tokens, cut=cut)

    def velocity(
        self, transformer: nn.Module, latents: mx.array, timestep: float, conditioning: FluxConditioning
    ) -> mx.array:
        # It counts time from noise to picture, and has an axis for the frames of a clip.
        time = mx.array([1 - timestep / 1000], mx.float32)
        velocity = transformer(
            x=latents.transpose(1, 0, 2, 3), timestep=time, sigmas=None, cap_feats=conditioning.arrays[0]
        )
        return velocity.transpose(1, 0, 2, 3)

    def decode(self, vae: nn.Module, latents: mx.array) -> mx.array:
        return autoencoder.decode(vae, latents)

    def encode_image(self, vae: nn.Module, picture: mx.array) -> mx.array:
        return autoencoder.encode(vae, picture)

    def shift(self, width: int, height: int, steps: int) -> float:
        return z_image_shift(width, height)
