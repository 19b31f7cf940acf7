"""Wan 2.1's decoder and encoder as runs of blocks; `streaming.py` sends clips through them.

Reference: diffusers, models/autoencoders/autoencoder_kl_wan.py. Module names are its checkpoints'.
"""

from __future__ import annotations

from collections.abc import Mapping

import mlx.core as mx
import mlx.nn as nn

from app.library.models.weights.tensors import Shape

from .config import WanConfig
from .layers import Attention, Block, CausalConv3d, Downsampler, Norm, Past, ResBlock, Upsampler

PARTS = {"decoder": ("decoder.", "post_quant_conv."), "encoder": ("encoder.", "quant_conv.")}
"""How the names of each half's tensors begin."""


class Decoder(nn.Module):
    """Latent frames in the autoencoder's own scale to frames (1, H, W, out_channels), about [-1, 1]."""

    def __init__(self, config: WanConfig) -> None:
        super().__init__()
        self.config = config
        self.post_quant_conv = nn.Linear(config.z_dim, config.z_dim)
        self.decoder = _Decoder(config)

    @property
    def dtype(self) -> mx.Dtype:
        """What it computes in."""
        return self.post_quant_conv.weight.dtype

    def blocks(self) -> list[Block]:
        """What a clip goes through, in order."""
        decoder = self.decoder

        def conv_in(x: mx.array, past: Past) -> mx.array:
            return decoder.conv_in(self.post_quant_conv(x), past)

        def conv_out(x: mx.array, past: Past) -> mx.array:
            return decoder.conv_out(x, past, decoder.norm_out)

        ups = [block for up in decoder.up_blocks for block in up.blocks()]
        return [conv_in, *decoder.mid_block.blocks(), *ups, conv_out]


class Encoder(nn.Module):
    """Frames (1, H, W, in_channels) in [-1, 1] to latent frames (1, h, w, z_dim), the mode, in the autoencoder's own
    scale."""

    def __init__(self, config: WanConfig) -> None:
        super().__init__()
        self.config = config
        self.quant_conv = nn.Linear(2 * config.z_dim, 2 * config.z_dim)
        self.encoder = _Encoder(config)

    @property
    def dtype(self) -> mx.Dtype:
        """What it computes in."""
        return self.quant_conv.weight.dtype

    def blocks(self) -> list[Block]:
        """What a clip goes through, in order."""
        encoder = self.encoder

        def conv_out(x: mx.array, past: Past) -> mx.array:
            # the other half is the variance
            return self.quant_conv(encoder.conv_out(x, past, encoder.norm_out))[..., : self.config.z_dim]

        downs = [block for down in encoder.down_blocks for block in _blocks(down)]
        return [encoder.conv_in, *downs, *encoder.mid_block.blocks(), conv_out]


class _Decoder(nn.Module):
    def __init__(self, config: WanConfig) -> None:
        super().__init__()
        stages, dims = config.decoder_dims, config.decoder_dims[0]
        rates = [*reversed(config.temperal_downsample), None]
        self.conv_in = CausalConv3d(config.z_dim, dims)
        self.mid_block = _MidBlock(dims)
        self.up_blocks: list[_UpBlock] = []
        for outs, in_time in zip(stages, rates, strict=True):
            up = None if in_time is None else Upsampler(outs, in_time)
            self.up_blocks.append(_UpBlock(dims, outs, config.num_res_blocks + 1, up))
            dims = outs // 2
        self.norm_out = Norm(stages[-1])
        self.conv_out = CausalConv3d(stages[-1], config.out_channels)


class _Encoder(nn.Module):
    def __init__(self, config: WanConfig) -> None:
        super().__init__()
        dims, last = config.encoder_dims[0], config.encoder_dims[-1]
        self.conv_in = CausalConv3d(config.in_channels, dims)
        self.down_blocks: list[ResBlock | Downsampler] = []
        for outs, in_time in zip(config.encoder_dims, [*config.temperal_downsample, None], strict=True):
            self.down_blocks += [ResBlock(outs if i else dims, outs) for i in range(config.num_res_blocks)]
            if in_time is not None:
                self.down_blocks.append(Downsampler(outs, in_time))
            dims = outs
        self.mid_block = _MidBlock(last)
        self.norm_out = Norm(last)
        self.conv_out = CausalConv3d(last, 2 * config.z_dim)


class _MidBlock(nn.Module):
    def __init__(self, dims: int) -> None:
        super().__init__()
        self.resnets = [ResBlock(dims, dims), ResBlock(dims, dims)]
        self.attentions = [Attention(dims)]

    def blocks(self) -> list[Block]:
        return [self.resnets[0], *self.attentions, self.resnets[1]]


class _UpBlock(nn.Module):
    def __init__(self, dims: int, out_dims: int, layers: int, up: Upsampler | None) -> None:
        super().__init__()
        self.resnets = [ResBlock(out_dims if i else dims, out_dims) for i in range(layers)]
        if up is not None:
            self.upsamplers = [up]

    def blocks(self) -> list[Block]:
        return [*self.resnets, *(block for up in self.get("upsamplers", []) for block in up.blocks())]


def _blocks(layer: ResBlock | Downsampler) -> list[Block]:
    return layer.blocks() if isinstance(layer, Downsampler) else [layer]


def sanitize(weights: Mapping[str, mx.array], part: str) -> dict[str, mx.array]:
    """The weights of "encoder" or "decoder" in a diffusers checkpoint, with this file's shapes.

    Raises:
        ValueError: a key belongs to neither; the message names it.
    """
    strays = [name for name in weights if not name.startswith((*PARTS["encoder"], *PARTS["decoder"]))]
    if strays:
        raise ValueError(f"left over {', '.join(sorted(strays))}")
    return {name: _to_mlx(name, weight) for name, weight in weights.items() if name.startswith(PARTS[part])}


def stored_shape(name: str, shape: Shape) -> Shape:
    """What a parameter's shape is in a checkpoint: `_to_mlx` the other way round."""
    if name.endswith(".gamma"):
        return (*shape, 1, 1) if ".attentions." in name else (*shape, 1, 1, 1)
    if name.endswith((".to_qkv.weight", ".proj.weight")):
        return (*shape, 1, 1)
    if len(shape) == 2:
        return (*shape, 1, 1, 1)
    if len(shape) == 4:
        return (shape[0], shape[3], *shape[1:3])
    return (shape[1], shape[4], shape[0], *shape[2:4]) if len(shape) == 5 else shape


def _to_mlx(name: str, weight: mx.array) -> mx.array:
    if name.endswith(".gamma"):
        return weight.reshape(-1)
    if weight.ndim > 2 and weight[0, 0].size == 1:
        return weight.reshape(weight.shape[:2])
    if weight.ndim == 4:
        return weight.transpose(0, 2, 3, 1)
    return weight.transpose(2, 0, 3, 4, 1) if weight.ndim == 5 else weight
