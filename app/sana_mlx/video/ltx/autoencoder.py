"""LTX-2's decoder and encoder as runs of blocks; `streaming.py` sends clips through them.

Reference: diffusers, models/autoencoders/autoencoder_kl_ltx2.py. Module names are its checkpoints'.
"""

from __future__ import annotations

import abc
from collections.abc import Mapping

import mlx.core as mx
import mlx.nn as nn

from app.library.models.weights.tensors import Shape

from .config import LTXConfig
from .layers import Block, Conv3d, Downsampler, Past, ResBlock, Upsampler


class Half(nn.Module, abc.ABC):
    """Decoder or encoder, with what normalizes latents for the transformer."""

    def __init__(self, config: LTXConfig) -> None:
        super().__init__()
        self.config = config
        self.latents_mean = mx.zeros((config.latent_channels,))
        self.latents_std = mx.ones((config.latent_channels,))

    @abc.abstractmethod
    def blocks(self) -> list[Block]:
        """What a clip goes through, in order."""


class Decoder(Half):
    """(n, h, w, latent_channels) in the autoencoder's own scale to (m, H, W, out_channels), about [-1, 1]."""

    def __init__(self, config: LTXConfig) -> None:
        super().__init__(config)
        self.decoder = _Decoder(config)

    def blocks(self) -> list[Block]:
        decoder, patch = self.decoder, self.config.patch_size

        def conv_out(x: mx.array, past: Past, last: bool) -> mx.array:
            return from_patches(decoder.conv_out(x, past, last, act=True), patch)

        ups = [block for up in decoder.up_blocks for block in up.blocks()]
        return [decoder.conv_in, *decoder.mid_block.resnets, *ups, conv_out]


class Encoder(Half):
    """(n, H, W, in_channels) in [-1, 1] to (m, h, w, latent_channels), the mode, in the autoencoder's own scale."""

    def __init__(self, config: LTXConfig) -> None:
        super().__init__(config)
        self.encoder = _Encoder(config)

    def blocks(self) -> list[Block]:
        encoder, patch, channels = self.encoder, self.config.patch_size, self.config.latent_channels

        def conv_in(x: mx.array, past: Past, last: bool) -> mx.array:
            return encoder.conv_in(to_patches(x, patch), past, last)

        def conv_out(x: mx.array, past: Past, last: bool) -> mx.array:
            # one more channel is the variance of all
            return encoder.conv_out(x, past, last, act=True)[..., :channels]

        downs = [block for down in encoder.down_blocks for block in down.blocks()]
        return [conv_in, *downs, *encoder.mid_block.resnets, conv_out]


class _Decoder(nn.Module):
    def __init__(self, config: LTXConfig) -> None:
        super().__init__()
        channels, layers = config.decoder_block_out_channels[::-1], config.decoder_layers_per_block[::-1]
        common = (config.decoder_causal, config.decoder_spatial_padding_mode)
        eps = config.resnet_norm_eps
        self.conv_in = Conv3d(config.latent_channels, channels[0], *common)
        self.mid_block = _MidBlock(channels[0], layers[0], *common, eps)
        self.up_blocks: list[_UpBlock] = []
        dims = channels[0]
        for i, stride in enumerate(config.up_strides):
            factor = config.upsample_factor[::-1][i]
            ins, dims = dims // factor, channels[i] // factor
            up = Upsampler(dims * factor, factor, stride, config.up_residuals[i], *common) if stride else None
            self.up_blocks.append(_UpBlock(ins, dims, layers[i + 1], up, *common, eps))
        self.conv_out = Conv3d(dims, config.out_channels * config.patch_size**2, *common)


class _Encoder(nn.Module):
    def __init__(self, config: LTXConfig) -> None:
        super().__init__()
        common = (config.encoder_causal, config.encoder_spatial_padding_mode)
        eps = config.resnet_norm_eps
        dims = config.latent_channels
        self.conv_in = Conv3d(config.in_channels * config.patch_size**2, dims, *common)
        self.down_blocks: list[_DownBlock] = []
        for i, stride in enumerate(config.down_strides):
            outs = config.block_out_channels[i]
            down = Downsampler(dims, outs, stride, *common) if stride else None
            self.down_blocks.append(_DownBlock(dims, config.layers_per_block[i], down, *common, eps))
            dims = outs
        self.mid_block = _MidBlock(dims, config.layers_per_block[-1], *common, eps)
        self.conv_out = Conv3d(dims, config.latent_channels + 1, *common)


class _MidBlock(nn.Module):
    def __init__(self, dims: int, layers: int, causal: bool, padding: str, eps: float) -> None:
        super().__init__()
        self.resnets = [ResBlock(dims, dims, causal, padding, eps) for _ in range(layers)]


class _UpBlock(nn.Module):
    def __init__(
        self, ins: int, dims: int, layers: int, up: Upsampler | None, causal: bool, padding: str, eps: float
    ) -> None:
        super().__init__()
        if ins != dims:
            self.conv_in = ResBlock(ins, dims, causal, padding, eps)
        if up is not None:
            self.upsamplers = [up]
        self.resnets = [ResBlock(dims, dims, causal, padding, eps) for _ in range(layers)]

    def blocks(self) -> list[Block]:
        first = [self.conv_in] if "conv_in" in self else []
        return [*first, *self.get("upsamplers", []), *self.resnets]


class _DownBlock(nn.Module):
    def __init__(
        self, dims: int, layers: int, down: Downsampler | None, causal: bool, padding: str, eps: float
    ) -> None:
        super().__init__()
        self.resnets = [ResBlock(dims, dims, causal, padding, eps) for _ in range(layers)]
        if down is not None:
            self.downsamplers = [down]

    def blocks(self) -> list[Block]:
        return [*self.resnets, *self.get("downsamplers", [])]


def to_patches(x: mx.array, patch: int) -> mx.array:
    """(n, H, W, dims) to (n, H / patch, W / patch, dims * patch^2). Of the positions, rows are the fastest."""
    count, height, width, dims = x.shape
    x = x.reshape(count, height // patch, patch, width // patch, patch, dims).transpose(0, 1, 3, 5, 4, 2)
    return x.reshape(count, height // patch, width // patch, dims * patch**2)


def from_patches(x: mx.array, patch: int) -> mx.array:
    """The inverse of `to_patches`."""
    count, height, width, channels = x.shape
    x = x.reshape(count, height, width, channels // patch**2, patch, patch).transpose(0, 1, 5, 2, 4, 3)
    return x.reshape(count, height * patch, width * patch, channels // patch**2)


def sanitize(weights: Mapping[str, mx.array], part: str) -> dict[str, mx.array]:
    """The weights of "encoder" or "decoder" in a diffusers checkpoint, with this file's shapes.

    Raises:
        ValueError: a key belongs to neither; the message names it.
    """
    own, other = f"{part}.", {"encoder": "decoder.", "decoder": "encoder."}[part]
    strays = [name for name in weights if not name.startswith((own, other, "latents_"))]
    if strays:
        raise ValueError(f"left over {', '.join(sorted(strays))}")
    return {name: _to_mlx(weight) for name, weight in weights.items() if not name.startswith(other)}


def _to_mlx(weight: mx.array) -> mx.array:
    if weight.ndim != 5:
        return weight
    out_dims, dims, *kernel = weight.shape
    if kernel == [1, 1, 1]:
        return weight.reshape(out_dims, dims)
    return weight.transpose(2, 0, 3, 4, 1).reshape(3 * out_dims, 3, 3, dims)


def stored_shape(name: str, shape: Shape) -> Shape:
    """What a parameter's shape is in a checkpoint: `sanitize` the other way round."""
    if name.endswith(".conv.weight"):
        return (shape[0] // 3, shape[3], 3, 3, 3)
    return (*shape, 1, 1, 1) if name.endswith(".conv_shortcut.weight") else shape
