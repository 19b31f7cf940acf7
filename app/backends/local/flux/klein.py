"""FLUX.2 klein: a transformer of double and single blocks on 128 channels, with Qwen3 as its text encoder.

Its latents are those of the autoencoder, each 2 x 2 of them joined into one, and scaled by the autoencoder's own
statistics: (1, 128, H / 16, W / 16).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import mlx.core as mx
import mlx.nn as nn
from mflux.models.common.tokenizer import TokenizerLoader
from mflux.models.common.vae.block_decoder import VAEBlockDecoder
from mflux.models.flux2.latent_creator.flux2_latent_creator import Flux2LatentCreator
from mflux.models.flux2.model.flux2_text_encoder.prompt_encoder import Flux2PromptEncoder
from mflux.models.flux2.model.flux2_text_encoder.qwen3_text_encoder import Qwen3TextEncoder
from mflux.models.flux2.model.flux2_transformer.transformer import Flux2Transformer
from mflux.models.flux2.model.flux2_vae.decoder.decoder import Flux2Decoder
from mflux.models.flux2.model.flux2_vae.encoder.encoder import Flux2Encoder
from mflux.models.flux2.model.flux2_vae.vae import Flux2VAE
from mflux.models.flux2.weights.flux2_weight_definition import Flux2KleinWeightDefinition
from mflux.models.flux2.weights.flux2_weight_mapping import Flux2WeightMapping

from app.backends.local.flux import autoencoder, qwen
from app.backends.local.flux.family import FluxConditioning
from app.backends.local.flux.networks import Network, chosen, count
from app.core.families.flux import klein_shift
from app.library.models.weights.tensors import Shape

READ_LAYERS = (9, 18, 27)
"""The layers of the text encoder whose outputs the transformer sees, side by side."""
_LATER = re.compile(rf"^layers\.({'|'.join(map(str, range(READ_LAYERS[-1], 200)))})\.")


def _transformer(config: Mapping[str, Any], shapes: Mapping[str, Shape]) -> nn.Module:
    head = shapes["transformer_blocks.0.attn.norm_q.weight"][0]
    width, channels = shapes["x_embedder.weight"]
    inner = shapes["transformer_blocks.0.ff.linear_out.weight"][1]
    found = {
        "in_channels": channels,
        "num_layers": count(shapes, "transformer_blocks"),
        "num_single_layers": count(shapes, "single_transformer_blocks"),
        "attention_head_dim": head,
        "num_attention_heads": width // head,
        "joint_attention_dim": shapes["context_embedder.weight"][1],
        "timestep_guidance_channels": shapes["time_guidance_embed.linear_1.weight"][1],
        "mlp_ratio": inner / width,
        "axes_dims_rope": (head // 4,) * 4,
        "guidance_embeds": False,
    }
    return Flux2Transformer(**found | chosen(config, (*found, "patch_size", "out_channels", "rope_theta")))


def _text_encoder(config: Mapping[str, Any], shapes: Mapping[str, Shape]) -> nn.Module:
    found = qwen.arguments(config, shapes)
    # What comes after the last layer that is read has no effect.
    found["num_hidden_layers"] = min(found["num_hidden_layers"], READ_LAYERS[-1])
    return Qwen3TextEncoder(**found)


def _vae(config: Mapping[str, Any], shapes: Mapping[str, Shape]) -> nn.Module:
    channels = shapes["encoder.conv_out.bias"][0] // 2
    network = type("VAE", (Flux2VAE,), {"latent_channels": channels})()
    network.decode_mode = VAEBlockDecoder.LOW_MEMORY
    down, up, layers = autoencoder.widths(shapes)
    more = {"norm_num_groups": config.get("norm_num_groups", 32), "layers_per_block": layers}
    network.encoder = Flux2Encoder(out_channels=channels, block_out_channels=tuple(down), **more)
    network.decoder = Flux2Decoder(in_channels=channels, block_out_channels=tuple(reversed(up)), **more)
    return network


class Klein:
    """As `Family` says."""

    networks: Mapping[str, Network] = {
        "transformer": Network(_transformer, Flux2WeightMapping.get_transformer_mapping),
        "vae": Network(_vae, Flux2WeightMapping.get_vae_mapping),
        "text_encoder": Network(
            _text_encoder, Flux2WeightMapping.get_text_encoder_mapping, prefix="model.", ignored=_LATER
        ),
    }

    def tokenizers(self, folder: Path) -> Mapping[str, Any]:
        return TokenizerLoader.load_all(Flux2KleinWeightDefinition.get_tokenizers(), str(folder))

    def encode(self, prompt: str, tokenizers: Mapping[str, Any], networks: Mapping[str, nn.Module]) -> FluxConditioning:
        tokenizer = tokenizers["qwen3"]
        embeddings, places = Flux2PromptEncoder.encode_prompt(
            prompt or " ", tokenizer, networks["text_encoder"], text_encoder_out_layers=READ_LAYERS
        )
        tokens, cut = qwen.counted(prompt, tokenizer)
        return FluxConditioning(arrays=(embeddings, places), tokens=tokens, cut=cut)

    def velocity(
        self, transformer: nn.Module, latents: mx.array, timestep: float, conditioning: FluxConditioning
    ) -> mx.array:
        embeddings, places = conditioning.arrays
        _, channels, height, width = latents.shape
        velocity = transformer(
            hidden_states=Flux2LatentCreator.pack_latents(latents),
            encoder_hidden_states=embeddings,
            timestep=mx.array(timestep),
            img_ids=Flux2LatentCreator.prepare_grid_ids(latents, t_coord=0),
            txt_ids=places,
        )
        return velocity.transpose(0, 2, 1).reshape(1, channels, height, width)

    def decode(self, vae: nn.Module, latents: mx.array) -> mx.array:
        return vae.decode_packed_latents(latents)

    def encode_image(self, vae: nn.Module, picture: mx.array) -> mx.array:
        packed = Flux2LatentCreator.patchify_latents(vae.encode(picture)).astype(mx.float32)
        mean = vae.bn.running_mean.reshape(1, -1, 1, 1)
        deviation = mx.sqrt(vae.bn.running_var.reshape(1, -1, 1, 1) + vae.bn.eps)
        return (packed - mean) / deviation

    def shift(self, width: int, height: int, steps: int) -> float:
        return klein_shift(width, height, steps)
