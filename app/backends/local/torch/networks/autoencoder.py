"""The deep-compression autoencoder, DC-AE (https://arxiv.org/abs/2410.10733).

Reference: diffusers, models/autoencoders/autoencoder_dc.py. Module names are its checkpoints'; pictures are NCHW.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate, pixel_shuffle, pixel_unshuffle

from app.backends.local.torch.networks.layers import ChannelNorm, GLUMBConv, linear_attention
from app.sana_mlx.config import AutoencoderConfig, per_stage

NORM_EPS = 1e-5
EXPAND_RATIO = 4
ACTIVATIONS: dict[str, type[nn.Module]] = {
    "silu": nn.SiLU,
    "swish": nn.SiLU,
    "relu": nn.ReLU,
    "gelu": nn.GELU,
    "mish": nn.Mish,
}


def norm(kind: str, dims: int) -> nn.Module:
    if kind == "rms_norm":
        return ChannelNorm(dims, NORM_EPS, bias=True)
    if kind == "batch_norm":
        return nn.BatchNorm2d(dims, NORM_EPS)
    raise ValueError(f"unknown norm type {kind!r}")


def activation(name: str) -> nn.Module:
    """Raises KeyError for a name that diffusers' `get_activation` does not know either."""
    return ACTIVATIONS[name.lower()]()


def channel_means(x: Tensor, groups: int) -> Tensor:
    """The mean of each of `groups` runs of channels: the shortcut that needs fewer channels."""
    return x.unflatten(1, (groups, -1)).mean(dim=2)


class ResBlock(nn.Module):
    def __init__(self, dims: int, norm_type: str, act_fn: str) -> None:
        super().__init__()
        self.nonlinearity = activation(act_fn)
        self.conv1 = nn.Conv2d(dims, dims, 3, padding=1)
        self.conv2 = nn.Conv2d(dims, dims, 3, padding=1, bias=False)
        self.norm = norm(norm_type, dims)

    def forward(self, x: Tensor) -> Tensor:
        return self.norm(self.conv2(self.nonlinearity(self.conv1(x)))) + x


class MultiscaleProjection(nn.Module):
    """Aggregates nearby tokens: a depthwise convolution, then a 1x1 convolution per head."""

    def __init__(self, dims: int, heads: int, kernel_size: int) -> None:
        super().__init__()
        width = 3 * dims
        self.proj_in = nn.Conv2d(width, width, kernel_size, padding=kernel_size // 2, groups=width, bias=False)
        self.proj_out = nn.Conv2d(width, width, 1, groups=3 * heads, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.proj_out(self.proj_in(x))


class MultiscaleLinearAttention(nn.Module):
    """EfficientViT's attention: linear, over tokens at several scales (https://arxiv.org/abs/2205.14756, Section 3.1).

    The reference multiplies in another order at 32 tokens or fewer; the sums are the same.
    """

    def __init__(self, dims: int, head_dim: int, norm_type: str, kernel_sizes: tuple[int, ...]) -> None:
        super().__init__()
        heads = dims // head_dim
        inner = heads * head_dim
        self.head_dim = head_dim
        self.to_q = nn.Linear(dims, inner, bias=False)
        self.to_k = nn.Linear(dims, inner, bias=False)
        self.to_v = nn.Linear(dims, inner, bias=False)
        self.to_qkv_multiscale = nn.ModuleList(MultiscaleProjection(inner, heads, size) for size in kernel_sizes)
        self.nonlinearity = nn.ReLU()
        self.to_out = nn.Linear(inner * (1 + len(kernel_sizes)), dims, bias=False)
        self.norm_out = norm(norm_type, dims)

    def forward(self, x: Tensor) -> Tensor:
        """(B, dims, H, W) to the same."""
        size, last = x.shape[2:], x.movedim(1, -1)
        qkv = torch.cat([self.to_q(last), self.to_k(last), self.to_v(last)], dim=-1).movedim(-1, 1)
        qkv = torch.cat([qkv, *(project(qkv) for project in self.to_qkv_multiscale)], dim=1)
        # Checkpoints count heads over the concatenation: the first head takes its q, k and v from to_q's channels.
        q, k, v = qkv.flatten(2).unflatten(1, (-1, 3 * self.head_dim)).chunk(3, dim=2)
        out = linear_attention(self.nonlinearity(q), self.nonlinearity(k), v).to(x.dtype)
        out = self.to_out(out.flatten(1, 2).transpose(1, 2)).transpose(1, 2).unflatten(2, size)
        return self.norm_out(out) + x


class NormedGLUMBConv(GLUMBConv):
    """The autoencoder's GLUMBConv, with a norm and a residual."""

    def __init__(self, dims: int) -> None:
        super().__init__(dims, EXPAND_RATIO)
        self.norm = ChannelNorm(dims, NORM_EPS, bias=True)

    def forward(self, x: Tensor) -> Tensor:
        return self.norm(super().forward(x)) + x


class EfficientViTBlock(nn.Module):
    def __init__(self, dims: int, head_dim: int, norm_type: str, kernel_sizes: tuple[int, ...]) -> None:
        super().__init__()
        self.attn = MultiscaleLinearAttention(dims, head_dim, norm_type, kernel_sizes)
        self.conv_out = NormedGLUMBConv(dims)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv_out(self.attn(x))


class DownBlock(nn.Module):
    """Half the resolution; the shortcut averages the pixels and channels that are merged."""

    def __init__(self, dims: int, out_dims: int, unshuffle: bool, shortcut: bool = True) -> None:
        super().__init__()
        self.unshuffle, self.shortcut, self.out_dims = unshuffle, shortcut, out_dims
        self.conv = nn.Conv2d(dims, out_dims // 4 if unshuffle else out_dims, 3, 1 if unshuffle else 2, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        out = self.conv(x)
        if self.unshuffle:
            out = pixel_unshuffle(out, 2)
        return out + channel_means(pixel_unshuffle(x, 2), self.out_dims) if self.shortcut else out


class UpBlock(nn.Module):
    """Twice the resolution; the shortcut repeats channels into the new pixels."""

    def __init__(self, dims: int, out_dims: int, interpolate: bool, shortcut: bool = True) -> None:
        super().__init__()
        self.interpolate, self.shortcut = interpolate, shortcut
        self.repeats = 4 * out_dims // dims
        self.conv = nn.Conv2d(dims, out_dims if interpolate else 4 * out_dims, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        if self.interpolate:
            out = self.conv(interpolate(x, scale_factor=2, mode="nearest"))
        else:
            out = pixel_shuffle(self.conv(x), 2)
        return out + pixel_shuffle(x.repeat_interleave(self.repeats, dim=1), 2) if self.shortcut else out


def _block(kind: str, dims: int, head_dim: int, norm_type: str, act_fn: str, scales: tuple[int, ...]) -> nn.Module:
    if kind == "ResBlock":
        return ResBlock(dims, norm_type, act_fn)
    if kind == "EfficientViTBlock":
        return EfficientViTBlock(dims, head_dim, norm_type, scales)
    raise ValueError(f"unknown block type {kind!r}")


class Encoder(nn.Module):
    """(B, in_channels, H, W) in [-1, 1] to (B, latent_channels, H / factor, W / factor), through `conv_in`,
    `down_blocks` and `tail`.
    """

    def __init__(self, config: AutoencoderConfig) -> None:
        super().__init__()
        channels, layers = config.encoder_block_out_channels, config.encoder_layers_per_block
        kinds = per_stage(config.encoder_block_types, len(channels))
        unshuffle = config.downsample_block_type == "pixel_unshuffle"
        self.latent_channels = config.latent_channels
        self.out_shortcut = config.encoder_out_shortcut
        if layers[0] > 0:
            self.conv_in: nn.Module = nn.Conv2d(config.in_channels, channels[0], 3, padding=1)
        else:
            self.conv_in = DownBlock(config.in_channels, channels[1], unshuffle, shortcut=False)
        stages = []
        for i, (dims, count) in enumerate(zip(channels, layers, strict=True)):
            scales = config.encoder_qkv_multiscales[i]
            args = kinds[i], dims, config.attention_head_dim, "rms_norm", "silu", scales
            stage = [_block(*args) for _ in range(count)]
            if i < len(channels) - 1 and count > 0:
                stage.append(DownBlock(dims, channels[i + 1], unshuffle))
            stages.append(nn.Sequential(*stage))
        self.down_blocks = nn.ModuleList(stages)
        self.conv_out = nn.Conv2d(channels[-1], config.latent_channels, 3, padding=1)

    def tail(self, x: Tensor) -> Tensor:
        """What comes after the blocks."""
        out = self.conv_out(x)
        return out + channel_means(x, self.latent_channels) if self.out_shortcut else out


class Decoder(nn.Module):
    """(B, latent_channels, h, w) to (B, in_channels, h * factor, w * factor), about [-1, 1], through `head`, the
    `up_blocks` from the last to the first, and `tail`.
    """

    def __init__(self, config: AutoencoderConfig) -> None:
        super().__init__()
        channels, layers = config.decoder_block_out_channels, config.decoder_layers_per_block
        count_stages = len(channels)
        kinds = per_stage(config.decoder_block_types, count_stages)
        norms = per_stage(config.decoder_norm_types, count_stages)
        acts = per_stage(config.decoder_act_fns, count_stages)
        interpolate = config.upsample_block_type == "interpolate"
        self.repeats = channels[-1] // config.latent_channels if config.decoder_in_shortcut else 0
        self.conv_in = nn.Conv2d(config.latent_channels, channels[-1], 3, padding=1)
        stages = []
        for i, (dims, count) in enumerate(zip(channels, layers, strict=True)):
            stage: list[nn.Module] = []
            if i < count_stages - 1 and count > 0:
                stage.append(UpBlock(channels[i + 1], dims, interpolate))
            scales = config.decoder_qkv_multiscales[i]
            args = kinds[i], dims, config.attention_head_dim, norms[i], acts[i], scales
            stage += [_block(*args) for _ in range(count)]
            stages.append(nn.Sequential(*stage))
        self.up_blocks = nn.ModuleList(stages)
        width = channels[0] if layers[0] > 0 else channels[1]
        self.norm_out = ChannelNorm(width, NORM_EPS, bias=True)
        self.conv_act = activation(config.decoder_conv_act_fn)
        if layers[0] > 0:
            self.conv_out: nn.Module = nn.Conv2d(width, config.in_channels, 3, padding=1)
        else:
            self.conv_out = UpBlock(width, config.in_channels, interpolate, shortcut=False)

    def head(self, x: Tensor) -> Tensor:
        """What comes before the blocks."""
        out = self.conv_in(x)
        return out + x.repeat_interleave(self.repeats, dim=1) if self.repeats else out

    def tail(self, x: Tensor) -> Tensor:
        """What comes after the blocks."""
        return self.conv_out(self.conv_act(self.norm_out(x)))


class Autoencoder(nn.Module):
    """Both halves, which are used and get their weights each for itself."""

    def __init__(self, config: AutoencoderConfig) -> None:
        super().__init__()
        self.config = config
        self.encoder = Encoder(config)
        self.decoder = Decoder(config)
