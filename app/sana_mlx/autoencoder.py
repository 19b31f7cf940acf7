"""The deep-compression autoencoder, DC-AE (https://arxiv.org/abs/2410.10733).

Reference: diffusers, models/autoencoders/autoencoder_dc.py. Module names are its checkpoints'; pictures are NHWC.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from itertools import zip_longest
from typing import Any

import mlx.core as mx
import mlx.nn as nn

from app.diffusion.tiling import decoder_tail, encoder_head
from app.library.models.weights.tensors import Shape

from .config import AutoencoderConfig, per_stage
from .layers import GLUMBConv, Keep, RMSNorm, activation, attend, attention_sums, biased_activation

NORM_EPS = 1e-5
EXPAND_RATIO = 4
Block = Callable[[mx.array], mx.array]
"""(B, H, W, dims) to the next block's."""


class BatchNorm(nn.Module):
    """Batch norm as it is at inference: a fixed scale and shift per channel."""

    def __init__(self, dims: int) -> None:
        super().__init__()
        self.weight, self.running_var = mx.ones((dims,)), mx.ones((dims,))
        self.bias, self.running_mean = mx.zeros((dims,)), mx.zeros((dims,))

    def __call__(self, x: mx.array) -> mx.array:
        scale = self.weight.astype(mx.float32) * mx.rsqrt(self.running_var.astype(mx.float32) + NORM_EPS)
        return _scaled(x, scale, self.bias - self.running_mean * scale)

    def plus(self, y: mx.array, x: mx.array, keep: Keep = ()) -> mx.array:
        """As `RMSNorm.plus`."""
        return self(y[:, *keep]) + x[:, *keep]


@partial(mx.compile, shapeless=True)
def _scaled(x: mx.array, scale: mx.array, shift: mx.array) -> mx.array:
    return (x * scale + shift).astype(x.dtype)


def norm(kind: str, dims: int) -> RMSNorm | BatchNorm:
    if kind == "rms_norm":
        return RMSNorm(dims, NORM_EPS, bias=True)
    if kind == "batch_norm":
        return BatchNorm(dims)
    raise ValueError(f"unknown norm type {kind!r}")


def shuffled(x: mx.array, dims: int) -> mx.array:
    """(B, H, W, C) to a view (B, H, rows, W, columns, dims) of the 2 x 2 pixels that each becomes, with C repeated to
    4 dims channels. Rows or columns that are alike are one.

    As in a channels-first checkpoint, the 2 x 2 positions are the fastest.
    """
    batch, height, width, channels = x.shape
    if channels < dims:
        x, channels = mx.repeat(x, dims // channels, axis=-1), dims
    rows = min(2, channels // dims)
    return x.reshape(batch, height, width, dims, rows, -1).transpose(0, 1, 4, 2, 5, 3)


def pixel_unshuffle(x: mx.array) -> mx.array:
    """(B, 2 H, 2 W, C) to (B, H, W, 4 C), the inverse of what `shuffled` does to 4 C."""
    batch, height, width, channels = x.shape
    x = x.reshape(batch, height // 2, 2, width // 2, 2, channels).transpose(0, 1, 3, 5, 2, 4)
    return x.reshape(batch, height // 2, width // 2, 4 * channels)


def channel_means(x: mx.array, groups: int) -> mx.array:
    """The mean of each of `groups` runs of channels: the shortcut that needs fewer channels."""
    return x.reshape(*x.shape[:-1], groups, -1).mean(axis=-1)


def twice(x: mx.array) -> mx.array:
    """(B, H, W, C) to (B, 2 H, 2 W, C), each pixel repeated."""
    batch, height, width, channels = x.shape
    x = mx.broadcast_to(x[:, :, None, :, None], (batch, height, 2, width, 2, channels))
    return x.reshape(batch, 2 * height, 2 * width, channels)


def computed(x: mx.array) -> mx.array:
    """x, evaluated before anything is built on it.

    MLX allocates ahead of what it computes. Between two convolutions this halves the memory at full resolution: on the
    processor each copies its input nine times.
    """
    mx.eval(x)
    return x


class ResBlock(nn.Module):
    def __init__(self, dims: int, norm_type: str, act_fn: str) -> None:
        super().__init__()
        self.act = biased_activation(act_fn)
        self.conv1 = nn.Conv2d(dims, dims, 3, padding=1)
        self.conv2 = nn.Conv2d(dims, dims, 3, padding=1, bias=False)
        self.norm = norm(norm_type, dims)

    def __call__(self, x: mx.array, keep: Keep = ()) -> mx.array:
        """(B, H, W, dims) to the same, or some rows and columns of it."""
        y = self.act(mx.conv2d(x, self.conv1.weight, padding=1), self.conv1.bias)
        return self.norm.plus(computed(self.conv2(computed(y))), x, keep)


class MultiscaleProjection(nn.Module):
    """Aggregates nearby tokens: a depthwise convolution, then a 1x1 convolution per head."""

    def __init__(self, dims: int, heads: int, kernel_size: int) -> None:
        super().__init__()
        self.proj_in = nn.Conv2d(3 * dims, 3 * dims, kernel_size, padding=kernel_size // 2, groups=3 * dims, bias=False)
        self.proj_out = {"weight": mx.zeros((3 * heads, dims // heads, dims // heads))}

    def __call__(self, x: mx.array) -> mx.array:
        x = self.proj_in(x)
        weight = self.proj_out["weight"]
        groups = x.reshape(-1, weight.shape[0], weight.shape[2]).swapaxes(0, 1)
        return (groups @ weight.swapaxes(1, 2)).swapaxes(0, 1).reshape(x.shape)


class MultiscaleLinearAttention(nn.Module):
    """EfficientViT's attention: linear, over tokens at several scales (https://arxiv.org/abs/2205.14756, Section 3.1).

    The reference multiplies in another order at 32 tokens or fewer; the sums are the same.
    """

    def __init__(self, dims: int, head_dim: int, norm_type: str, kernel_sizes: tuple[int, ...]) -> None:
        super().__init__()
        heads = dims // head_dim
        inner = heads * head_dim
        self.head_dim = head_dim
        self.halo = max((size // 2 for size in kernel_sizes), default=0)
        self.to_q = nn.Linear(dims, inner, bias=False)
        self.to_k = nn.Linear(dims, inner, bias=False)
        self.to_v = nn.Linear(dims, inner, bias=False)
        self.to_qkv_multiscale = [MultiscaleProjection(inner, heads, size) for size in kernel_sizes]
        self.to_out = nn.Linear(inner * (1 + len(kernel_sizes)), dims, bias=False)
        self.norm_out = norm(norm_type, dims)

    def qkv(self, x: mx.array, rows: slice | None = None) -> list[mx.array]:
        """Queries, keys and values of some rows of x (B, H, W, dims), each (B, heads, tokens, head_dim)."""
        qkv = mx.concatenate([self.to_q(x), self.to_k(x), self.to_v(x)], axis=-1)
        qkv = mx.concatenate([qkv, *(project(qkv) for project in self.to_qkv_multiscale)], axis=-1)
        if rows is not None:
            qkv = qkv[:, rows]
        # Checkpoints count heads over the concatenation: the first head takes its q, k and v from to_q's channels.
        heads = qkv.reshape(len(x), -1, qkv.shape[-1] // (3 * self.head_dim), 3 * self.head_dim).swapaxes(1, 2)
        return list(mx.split(heads, 3, axis=-1))

    def finish(self, q: mx.array, sums: tuple[mx.array, mx.array], x: mx.array) -> mx.array:
        """The queries of x (B, H, W, dims) against the sums over all tokens, to (B, H, W, dims)."""
        out = attend(q, *sums).swapaxes(1, 2).reshape(*x.shape[:-1], -1)
        return self.norm_out.plus(self.to_out(out), x)

    def __call__(self, x: mx.array) -> mx.array:
        q, k, v = self.qkv(x)
        return self.finish(q, attention_sums(k, v), x)


class NormedGLUMBConv(GLUMBConv):
    """The autoencoder's GLUMBConv, with a norm and a residual."""

    def __init__(self, dims: int) -> None:
        super().__init__(dims, EXPAND_RATIO)
        self.norm = RMSNorm(dims, NORM_EPS, bias=True)

    def __call__(self, x: mx.array) -> mx.array:
        return self.norm.plus(super().__call__(x), x)


class EfficientViTBlock(nn.Module):
    def __init__(self, dims: int, head_dim: int, norm_type: str, kernel_sizes: tuple[int, ...]) -> None:
        super().__init__()
        self.attn = MultiscaleLinearAttention(dims, head_dim, norm_type, kernel_sizes)
        self.conv_out = NormedGLUMBConv(dims)

    def __call__(self, x: mx.array) -> mx.array:
        return self.conv_out(self.attn(x))


class DownBlock(nn.Module):
    """Half the resolution; the shortcut averages the pixels and channels that are merged."""

    def __init__(self, dims: int, out_dims: int, unshuffle: bool, shortcut: bool = True) -> None:
        super().__init__()
        self.unshuffle, self.shortcut, self.out_dims = unshuffle, shortcut, out_dims
        self.conv = nn.Conv2d(dims, out_dims // 4 if unshuffle else out_dims, 3, 1 if unshuffle else 2, padding=1)

    def __call__(self, x: mx.array) -> mx.array:
        out = self.conv(x)
        if self.unshuffle:
            out = pixel_unshuffle(out)
        return out + channel_means(pixel_unshuffle(x), self.out_dims) if self.shortcut else out


class UpBlock(nn.Module):
    """Twice the resolution; the shortcut repeats channels into the new pixels."""

    def __init__(self, dims: int, out_dims: int, interpolate: bool, shortcut: bool = True) -> None:
        super().__init__()
        self.interpolate, self.shortcut, self.out_dims = interpolate, shortcut, out_dims
        self.conv = nn.Conv2d(dims, out_dims if interpolate else 4 * out_dims, 3, padding=1)

    def __call__(self, x: mx.array) -> mx.array:
        batch, height, width, _ = x.shape
        out = computed(self.conv(twice(x) if self.interpolate else x))
        pixels = out.reshape(batch, height, 2, width, 2, -1) if self.interpolate else shuffled(out, self.out_dims)
        if self.shortcut:
            pixels = pixels + shuffled(x, self.out_dims)
        return pixels.reshape(batch, 2 * height, 2 * width, self.out_dims)


def run_blocks(blocks: Sequence[Block], x: mx.array, trims: Sequence[tuple[slice, slice]] = ()) -> mx.array:
    """Blocks one after the other, each evaluated before the next is begun: see `computed`.

    Args:
        blocks: what to run.
        x: (B, H, W, dims).
        trims: the rows and columns to keep of each block's output; none for all.
    """
    for block, keep in zip_longest(blocks, trims):
        if keep is None:
            x = computed(block(x))
        elif isinstance(block, ResBlock):
            x = computed(block(x, keep))
        else:  # a view would hold the whole
            x = computed(mx.contiguous(block(x)[:, *keep]))
    return x


def _block(kind: str, dims: int, head_dim: int, norm_type: str, act_fn: str, scales: tuple[int, ...]) -> nn.Module:
    if kind == "ResBlock":
        return ResBlock(dims, norm_type, act_fn)
    if kind == "EfficientViTBlock":
        return EfficientViTBlock(dims, head_dim, norm_type, scales)
    raise ValueError(f"unknown block type {kind!r}")


class Encoder(nn.Module):
    """(B, H, W, in_channels) in [-1, 1] to (B, H / factor, W / factor, latent_channels)."""

    def __init__(self, config: AutoencoderConfig) -> None:
        super().__init__()
        channels, layers = config.encoder_block_out_channels, config.encoder_layers_per_block
        kinds = per_stage(config.encoder_block_types, len(channels))
        unshuffle = config.downsample_block_type == "pixel_unshuffle"
        self.tiled = encoder_head(asdict(config))
        self.latent_channels = config.latent_channels
        self.out_shortcut = config.encoder_out_shortcut
        if layers[0] > 0:
            self.conv_in: nn.Module = nn.Conv2d(config.in_channels, channels[0], 3, padding=1)
        else:
            self.conv_in = DownBlock(config.in_channels, channels[1], unshuffle, shortcut=False)
        self.down_blocks: list[list[Block]] = []
        for i, (dims, count) in enumerate(zip(channels, layers, strict=True)):
            scales = config.encoder_qkv_multiscales[i]
            args = kinds[i], dims, config.attention_head_dim, "rms_norm", "silu", scales
            stage = [_block(*args) for _ in range(count)]
            if i < len(channels) - 1 and count > 0:
                stage.append(DownBlock(dims, channels[i + 1], unshuffle))
            self.down_blocks.append(stage)
        self.conv_out = nn.Conv2d(channels[-1], config.latent_channels, 3, padding=1)

    def head(self) -> list[Block]:
        """The blocks before the first attention, which can be computed in tiles."""
        return [self.conv_in, *(block for i in self.tiled.stages for block in self.down_blocks[i])]

    def body(self) -> list[Block]:
        """The blocks after `head`, in order."""
        return [block for stage in self.down_blocks[len(self.tiled.stages) :] for block in stage]

    def tail(self, x: mx.array) -> mx.array:
        out = self.conv_out(x)
        return out + channel_means(x, self.latent_channels) if self.out_shortcut else out

    def __call__(self, x: mx.array) -> mx.array:
        return self.tail(run_blocks([*self.head(), *self.body()], x))


class Decoder(nn.Module):
    """(B, h, w, latent_channels) to (B, h * factor, w * factor, in_channels), about [-1, 1]."""

    def __init__(self, config: AutoencoderConfig) -> None:
        super().__init__()
        channels, layers = config.decoder_block_out_channels, config.decoder_layers_per_block
        stages = len(channels)
        kinds = per_stage(config.decoder_block_types, stages)
        norms, acts = per_stage(config.decoder_norm_types, stages), per_stage(config.decoder_act_fns, stages)
        interpolate = config.upsample_block_type == "interpolate"
        self.tiled = decoder_tail(asdict(config))
        self.factor = config.factor
        self.repeats = channels[-1] // config.latent_channels if config.decoder_in_shortcut else 0
        self.conv_in = nn.Conv2d(config.latent_channels, channels[-1], 3, padding=1)
        self.up_blocks: list[list[Block]] = []
        for i, (dims, count) in enumerate(zip(channels, layers, strict=True)):
            stage: list[Block] = []
            if i < stages - 1 and count > 0:
                stage.append(UpBlock(channels[i + 1], dims, interpolate))
            scales = config.decoder_qkv_multiscales[i]
            args = kinds[i], dims, config.attention_head_dim, norms[i], acts[i], scales
            stage += [_block(*args) for _ in range(count)]
            self.up_blocks.append(stage)
        width = channels[0] if layers[0] > 0 else channels[1]
        self.norm_out = RMSNorm(width, NORM_EPS, bias=True)
        self.act = activation(config.decoder_conv_act_fn)
        if layers[0] > 0:
            self.conv_out: nn.Module = nn.Conv2d(width, config.in_channels, 3, padding=1)
        else:
            self.conv_out = UpBlock(width, config.in_channels, interpolate, shortcut=False)

    def head(self, x: mx.array) -> mx.array:
        out = self.conv_in(x)
        return out + mx.repeat(x, self.repeats, axis=-1) if self.repeats else out

    def body(self) -> list[Block]:
        """The blocks before `tail`, in order."""
        return [block for stage in reversed(self.up_blocks[len(self.tiled.stages) :]) for block in stage]

    def tail(self) -> list[Block]:
        """The blocks after the last attention, which can be computed in tiles."""
        return [*(block for i in self.tiled.stages for block in self.up_blocks[i]), self._output]

    def _output(self, x: mx.array) -> mx.array:
        return self.conv_out(computed(self.act(self.norm_out(x))))

    def __call__(self, x: mx.array) -> mx.array:
        return run_blocks([*self.body(), *self.tail()], self.head(x))


def sanitize(weights: Mapping[str, mx.array], part: str) -> dict[str, mx.array]:
    """The weights of "encoder" or "decoder" in a diffusers checkpoint, with this file's names and shapes.

    Raises:
        ValueError: a key belongs to neither; the message names it.
    """
    strays = [name for name in weights if not name.startswith(("encoder.", "decoder."))]
    if strays:
        raise ValueError(f"left over {', '.join(sorted(strays))}")
    return {
        name.removeprefix(f"{part}."): _to_mlx(name, weight)
        for name, weight in weights.items()
        if name.startswith(f"{part}.") and not name.endswith(".num_batches_tracked")
    }


def stored_shape(name: str, shape: Shape) -> Shape:
    """What a parameter's shape is in a checkpoint: `_to_mlx` the other way round."""
    if name.endswith((".conv_inverted.weight", ".conv_point.weight")):
        return (*shape, 1, 1)
    if name.endswith(".proj_out.weight"):
        return (shape[0] * shape[1], shape[2], 1, 1)
    return (shape[0], shape[3], *shape[1:3]) if len(shape) == 4 else shape


def _to_mlx(name: str, weight: mx.array) -> Any:
    if weight.ndim != 4:
        return weight
    if name.endswith((".conv_inverted.weight", ".conv_point.weight")):
        return weight[:, :, 0, 0]
    if name.endswith(".proj_out.weight"):
        # one square matrix per group
        return weight.reshape(-1, weight.shape[1], weight.shape[1])
    return weight.transpose(0, 2, 3, 1)
