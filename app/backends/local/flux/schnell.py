"""FLUX.1 schnell: a transformer of double and single blocks on 2 x 2 latents, read by T5 and CLIP."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import mlx.core as mx
import mlx.nn as nn
from mflux.models.common.config import ModelConfig
from mflux.models.common.tokenizer import TokenizerLoader
from mflux.models.flux.latent_creator.flux_latent_creator import FluxLatentCreator
from mflux.models.flux.model.flux_text_encoder.clip_encoder.clip_encoder import CLIPEncoder
from mflux.models.flux.model.flux_text_encoder.prompt_encoder import PromptEncoder
from mflux.models.flux.model.flux_text_encoder.t5_encoder.t5_encoder import T5Encoder
from mflux.models.flux.model.flux_transformer.transformer import Transformer
from mflux.models.flux.weights.flux_weight_definition import FluxWeightDefinition
from mflux.models.flux.weights.flux_weight_mapping import FluxWeightMapping

from app.backends.local.flux import autoencoder, qwen
from app.backends.local.flux.family import FluxConditioning
from app.backends.local.flux.networks import Network, count
from app.core.families.flux import FAMILIES, SCHNELL
from app.library.models.weights.tensors import Shape


def _transformer(config: Mapping[str, Any], shapes: Mapping[str, Shape]) -> nn.Module:
    blocks = count(shapes, "transformer_blocks"), count(shapes, "single_transformer_blocks")
    return Transformer(ModelConfig.schnell(), *blocks)


def _clip(config: Mapping[str, Any], shapes: Mapping[str, Shape]) -> nn.Module:
    network = CLIPEncoder()
    layers = len({name.split(".")[3] for name in shapes if name.startswith("text_model.encoder.layers.")})
    network.text_model.encoder.layers = network.text_model.encoder.layers[:layers]
    return network


def _t5(config: Mapping[str, Any], shapes: Mapping[str, Shape]) -> nn.Module:
    network = T5Encoder()
    network.t5_blocks = network.t5_blocks[: count(shapes, "t5_blocks")]
    return network


def _blocks(names: Sequence[str]) -> Mapping[str, int]:
    return {"num_blocks": len({name.split(".")[2] for name in names if name.startswith("encoder.block.")})}


class Schnell:
    """As `Family` says."""

    networks: Mapping[str, Network] = {
        "transformer": Network(_transformer, FluxWeightMapping.get_transformer_mapping),
        "vae": autoencoder.NETWORK,
        "text_encoder": Network(_clip, FluxWeightMapping.get_clip_encoder_mapping, prefix="text_model."),
        "text_encoder_2": Network(_t5, FluxWeightMapping.get_t5_encoder_mapping, layers=_blocks),
    }

    def tokenizers(self, folder: Path) -> Mapping[str, Any]:
        longest = {"t5": FAMILIES[SCHNELL].prompt_tokens}
        return TokenizerLoader.load_all(FluxWeightDefinition.get_tokenizers(), str(folder), longest)

    def encode(self, prompt: str, tokenizers: Mapping[str, Any], networks: Mapping[str, nn.Module]) -> FluxConditioning:
        arrays = PromptEncoder.encode_prompt(
            prompt=prompt or " ",
            prompt_cache={},
            t5_tokenizer=tokenizers["t5"],
            clip_tokenizer=tokenizers["clip"],
            t5_text_encoder=networks["text_encoder_2"],
            clip_text_encoder=networks["text_encoder"],
        )
        tokens, cut = qwen.counted(prompt, tokenizers["t5"])
        return FluxConditioning(arrays=arrays, tokens=tokens, cut=cut)

    def velocity(
        self, transformer: nn.Module, latents: mx.array, timestep: float, conditioning: FluxConditioning
    ) -> mx.array:
        height, width = (side * 8 for side in latents.shape[2:])
        config = SimpleNamespace(  # what the transformer reads of mflux's own
            scheduler=SimpleNamespace(sigmas=mx.array([timestep / 1000])), num_train_steps=1000, guidance=0.0,
            precision=latents.dtype, height=height, width=width,
        )  # fmt: skip
        packed = FluxLatentCreator.pack_latents(latents, height, width)
        embeddings, pooled = conditioning.arrays
        velocity = transformer(
            t=0, config=config, hidden_states=packed, prompt_embeds=embeddings, pooled_prompt_embeds=pooled
        )
        return FluxLatentCreator.unpack_latents(velocity, height, width)

    def decode(self, vae: nn.Module, latents: mx.array) -> mx.array:
        return autoencoder.decode(vae, latents)

    def encode_image(self, vae: nn.Module, picture: mx.array) -> mx.array:
        return autoencoder.encode(vae, picture)

    def shift(self, width: int, height: int, steps: int) -> float:
        return 1.0
