"""The autoencoder that FLUX.1 and Z-Image share: 16 channels at an eighth of the resolution, decoded in strips."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import mlx.core as mx
import mlx.nn as nn
from mflux.models.common.vae.block_decoder import VAEBlockDecoder
from mflux.models.z_image.model.z_image_vae.common.unet_mid_block import UNetMidBlock
from mflux.models.z_image.model.z_image_vae.decoder import conv_in as decoder_in
from mflux.models.z_image.model.z_image_vae.decoder import conv_norm_out as decoder_norm
from mflux.models.z_image.model.z_image_vae.decoder import conv_out as decoder_out
from mflux.models.z_image.model.z_image_vae.decoder.up_decoder_block import UpDecoderBlock
from mflux.models.z_image.model.z_image_vae.encoder import conv_in as encoder_in
from mflux.models.z_image.model.z_image_vae.encoder import conv_norm_out as encoder_norm
from mflux.models.z_image.model.z_image_vae.encoder import conv_out as encoder_out
from mflux.models.z_image.model.z_image_vae.encoder.down_encoder_block import DownEncoderBlock
from mflux.models.z_image.model.z_image_vae.vae import VAE
from mflux.models.z_image.weights.z_image_weight_mapping import ZImageWeightMapping

from app.backends.local.flux.networks import Network
from app.library.models.weights.tensors import Shape


def _vae(config: Mapping[str, Any], shapes: Mapping[str, Shape]) -> nn.Module:
    """mflux has it in one width; the shapes tell which it is."""
    channels = shapes["encoder.conv_out.conv2d.bias"][0] // 2
    down, up, layers = widths(shapes)
    network = VAE()
    network.scaling_factor = config.get("scaling_factor", network.scaling_factor)
    network.shift_factor = config.get("shift_factor", network.shift_factor)
    network.decode_mode = VAEBlockDecoder.LOW_MEMORY
    encoder, decoder = network.encoder, network.decoder
    encoder.conv_in = encoder_in.ConvIn(3, down[0])
    encoder.down_blocks = [
        DownEncoderBlock(before, width, layers, add_downsample=i < len(down) - 1)
        for i, (before, width) in enumerate(zip([down[0], *down], down, strict=False))
    ]
    encoder.mid_block = UNetMidBlock(down[-1])
    encoder.conv_norm_out = encoder_norm.ConvNormOut(num_channels=down[-1])
    encoder.conv_out = encoder_out.ConvOut(down[-1], 2 * channels)
    decoder.conv_in = decoder_in.ConvIn(channels, up[0])
    decoder.mid_block = UNetMidBlock(up[0])
    decoder.up_blocks = [
        UpDecoderBlock(before, width, layers + 1, add_upsample=i < len(up) - 1)
        for i, (before, width) in enumerate(zip([up[0], *up], up, strict=False))
    ]
    decoder.conv_norm_out = decoder_norm.ConvNormOut(up[-1])
    decoder.conv_out = decoder_out.ConvOut(up[-1], 3)
    return network


def widths(shapes: Mapping[str, Shape]) -> tuple[list[int], list[int], int]:
    """The channels of each stage of an encoder and of its decoder, in their order, and the encoder's layers in each."""
    first = "resnets.0.conv1.weight"
    down = [shapes[f"encoder.down_blocks.{i}.{first}"][0] for i in range(_count(shapes, "encoder.down_blocks"))]
    up = [shapes[f"decoder.up_blocks.{i}.{first}"][0] for i in range(_count(shapes, "decoder.up_blocks"))]
    return down, up, _count(shapes, "encoder.down_blocks.0.resnets")


def _count(shapes: Mapping[str, Shape], name: str) -> int:
    """How many blocks or layers there are whose names begin so."""
    return len({key.removeprefix(name).split(".")[1] for key in shapes if key.startswith(name)})


NETWORK = Network(
    _vae,
    ZImageWeightMapping.get_vae_mapping,
    # What mflux calls them in FLUX.1, where it has the same network twice.
    aliases={"decoder.conv_in.conv2d.": "decoder.conv_in.conv.", "decoder.conv_out.conv2d.": "decoder.conv_out.conv."},
)


def decode(vae: nn.Module, latents: mx.array) -> mx.array:
    """(1, C, h, w) latents to a picture (1, 3, H, W) from -1 to 1."""
    return vae.decode(latents)[:, :, 0]


def encode(vae: nn.Module, picture: mx.array) -> mx.array:
    """A picture (1, 3, H, W) from -1 to 1 to (1, C, h, w) latents."""
    return vae.encode(picture)[:, :, 0]
