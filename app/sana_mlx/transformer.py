"""The diffusion transformer of Sana, Sana 1.5 and Sana-Sprint (https://arxiv.org/abs/2410.10629, Section 2.2).

Reference: diffusers, models/transformers/sana_transformer.py. Module names are those of its checkpoints.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import partial

import mlx.core as mx
import mlx.nn as nn

from app.diffusion.families.positions import sine_positions
from app.library.models.weights.tensors import FLOAT16_MAX, Shape

from .config import TIME_CHANNELS, TransformerConfig
from .layers import GLUMBConv, RMSNorm, gated_sum, linear_attention, modulate

QK_NORM_EPS = 1e-5
FEW_TOKENS = 256
"""Of all pictures of a batch: as many as one of 512 pixels has."""


class Attention(nn.Module):
    """Projections of queries, keys and values, and the norms over their full width that Sana 1.5 added."""

    def __init__(self, dims: int, context_dims: int, inner: int, heads: int, bias: bool, qk_norm: str | None) -> None:
        super().__init__()
        self.heads = heads
        self.to_q = nn.Linear(dims, inner, bias=bias)
        self.to_k = nn.Linear(context_dims, inner, bias=bias)
        self.to_v = nn.Linear(context_dims, inner, bias=bias)
        self.to_out = [nn.Linear(inner, dims)]
        if qk_norm is not None:
            self.norm_q = RMSNorm(inner, QK_NORM_EPS)
            self.norm_k = RMSNorm(inner, QK_NORM_EPS)

    def project(self, x: mx.array, context: mx.array) -> tuple[mx.array, mx.array, mx.array]:
        """(B, N, dims) and (B, S, context_dims) to q (B, heads, N, head_dim), k and v (B, heads, S, head_dim)."""
        return self.queries(x), *self.keys_values(context)

    def queries(self, x: mx.array) -> mx.array:
        """(B, N, dims) to (B, heads, N, head_dim)."""
        q = self.to_q(x)
        return self._split(self.norm_q(q) if "norm_q" in self else q)

    def keys_values(self, context: mx.array) -> tuple[mx.array, mx.array]:
        """(B, S, context_dims) to twice (B, heads, S, head_dim)."""
        k = self.to_k(context)
        return self._split(self.norm_k(k) if "norm_k" in self else k), self._split(self.to_v(context))

    def merge(self, x: mx.array) -> mx.array:
        """(B, heads, N, head_dim) to (B, N, dims)."""
        batch, _, tokens, _ = x.shape
        return self.to_out[0](x.swapaxes(1, 2).reshape(batch, tokens, -1))

    def _split(self, x: mx.array) -> mx.array:
        batch, tokens, _ = x.shape
        return x.reshape(batch, tokens, self.heads, -1).swapaxes(1, 2)


class LinearAttention(Attention):
    """Self-attention at a cost linear in the tokens."""

    def __init__(self, config: TransformerConfig, clip: bool) -> None:
        width = config.width
        super().__init__(width, width, width, config.num_attention_heads, config.attention_bias, config.qk_norm)
        self.clip = clip

    def __call__(self, x: mx.array) -> mx.array:
        """(B, N, width) to the same."""
        out = self.merge(linear_attention(*self.project(x, x)))
        return _clipped(out) if self.clip else out


@partial(mx.compile, shapeless=True)
def _clipped(x: mx.array) -> mx.array:
    return mx.clip(x, -FLOAT16_MAX, FLOAT16_MAX)


class CrossAttention(Attention):
    """Softmax attention to the prompt."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__(
            config.width,
            config.cross_attention_dim,
            config.cross_width,
            config.num_cross_attention_heads,
            True,
            config.qk_norm,
        )

    def __call__(self, x: mx.array, context: mx.array, bias: mx.array | None) -> mx.array:
        """(B, N, width), the caption (B, S, width) and what to add to the scores, (B, 1, 1, S), to (B, N, width)."""
        q, k, v = self.project(x, context)
        scale = q.shape[-1] ** -0.5
        return self.merge(mx.fast.scaled_dot_product_attention(q, k, v, scale=scale, mask=bias))


class SanaTransformerBlock(nn.Module):
    def __init__(self, config: TransformerConfig, clip: bool) -> None:
        super().__init__()
        width = config.width
        self.norm1 = nn.LayerNorm(width, eps=config.norm_eps, affine=False)
        self.attn1 = LinearAttention(config, clip)
        self.norm2 = nn.LayerNorm(width, eps=config.norm_eps, affine=config.norm_elementwise_affine)
        self.attn2 = CrossAttention(config)
        self.ff = GLUMBConv(width, config.mlp_ratio)
        self.scale_shift_table = mx.zeros((6, width))

    def __call__(
        self, x: mx.array, context: mx.array, bias: mx.array | None, time: mx.array, grid: tuple[int, int]
    ) -> mx.array:
        """x (B, N, width); time (B, 6, width); grid: rows and columns of the N tokens."""
        table = self.scale_shift_table[None] + time
        shift1, scale1, gate1, shift2, scale2, gate2 = mx.split(table, 6, axis=1)
        x = gated_sum(x, gate1, self.attn1(modulate(self.norm1(x), shift1, scale1)))
        # The prompt is attended to without a norm before it; norm2 belongs to the feed-forward.
        x = x + self.attn2(x, context, bias)
        h = modulate(self.norm2(x), shift2, scale2)
        return gated_sum(x, gate2, self.ff(h.reshape(h.shape[0], *grid, -1)).reshape(x.shape))


class TimestepEmbedding(nn.Module):
    """An MLP on the sinusoidal embedding of a scalar."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.linear_1 = nn.Linear(TIME_CHANNELS, width)
        self.linear_2 = nn.Linear(width, width)

    def __call__(self, values: mx.array, dtype: mx.Dtype) -> mx.array:
        """(B,) float32 to (B, width)."""
        half = TIME_CHANNELS // 2
        angles = values[:, None] * mx.exp(mx.arange(half) * (-math.log(10000) / half))
        waves = mx.concatenate([mx.cos(angles), mx.sin(angles)], axis=-1)
        return self.linear_2(nn.silu(self.linear_1(waves.astype(dtype))))


class AdaLayerNormSingle(nn.Module):
    """adaLN-single of PixArt-alpha: one embedding of the timestep modulates all blocks."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.emb = {"timestep_embedder": TimestepEmbedding(width)}
        self.linear = nn.Linear(width, 6 * width)

    def __call__(self, timestep: mx.array, guidance: mx.array | None, dtype: mx.Dtype) -> tuple[mx.array, mx.array]:
        """(B,) to the modulations (B, 6, width) and the embedding (B, 1, width)."""
        emb = self.emb["timestep_embedder"](timestep, dtype)
        return self.linear(nn.silu(emb)).reshape(len(emb), 6, -1), emb[:, None]


class CombinedTimestepGuidanceEmbeddings(nn.Module):
    """Sana-Sprint's: the guidance scale is an input of the network, embedded like the timestep."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.timestep_embedder = TimestepEmbedding(width)
        self.guidance_embedder = TimestepEmbedding(width)
        self.linear = nn.Linear(width, 6 * width)

    def __call__(self, timestep: mx.array, guidance: mx.array | None, dtype: mx.Dtype) -> tuple[mx.array, mx.array]:
        """(B,) each to the modulations (B, 6, width) and the embedding (B, 1, width)."""
        if guidance is None:
            raise ValueError("this transformer needs a guidance scale")
        emb = self.timestep_embedder(timestep, dtype) + self.guidance_embedder(guidance, dtype)
        return self.linear(nn.silu(emb)).reshape(len(emb), 6, -1), emb[:, None]


class CaptionProjection(nn.Module):
    def __init__(self, channels: int, width: int) -> None:
        super().__init__()
        self.linear_1 = nn.Linear(channels, width)
        self.linear_2 = nn.Linear(width, width)

    def __call__(self, x: mx.array) -> mx.array:
        return self.linear_2(nn.gelu_approx(self.linear_1(x)))


class PatchEmbed(nn.Module):
    """Patches to tokens, with sine positions where the config has an `interpolation_scale` (the 2K and 4K models)."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        patch = config.patch_size
        self.config = config
        self.proj = nn.Conv2d(config.in_channels, config.width, patch, stride=patch)

    def __call__(self, x: mx.array) -> tuple[mx.array, tuple[int, int]]:
        """(B, h, w, in_channels) to tokens (B, N, width) and their grid."""
        x = self.proj(x)
        batch, rows, columns, width = x.shape
        tokens = x.reshape(batch, -1, width)
        if (scale := self.config.interpolation_scale) is not None:
            base = self.config.sample_size // self.config.patch_size
            positions = mx.array(sine_positions(width, rows, columns, base, scale))
            tokens = (tokens + positions).astype(x.dtype)
        return tokens, (rows, columns)


def bias(mask: mx.array | None, dtype: mx.Dtype) -> mx.array | None:
    """What cross-attention adds to its scores for a caption's mask (B, S): (B, 1, 1, S)."""
    return None if mask is None else ((1 - mask.astype(mx.float32)) * -10000).astype(dtype)[:, None, None]


class SanaTransformer(nn.Module):
    """Velocity of a noisy latent, given a prompt and a timestep.

    Args:
        config: the checkpoint's own.
        clip: clip the linear attention to float16's range in every dtype. Checkpoints trained in float16 were trained
            with that clip and give wrong pictures without it; those trained in bfloat16 need none.
    """

    def __init__(self, config: TransformerConfig, clip: bool = False) -> None:
        super().__init__()
        width, patch = config.width, config.patch_size
        self.config = config
        self.patch_embed = PatchEmbed(config)
        embed = CombinedTimestepGuidanceEmbeddings if config.guidance_embeds else AdaLayerNormSingle
        self.time_embed = embed(width)
        self.caption_projection = CaptionProjection(config.caption_channels, width)
        self.caption_norm = RMSNorm(width, 1e-5)
        self.transformer_blocks = [SanaTransformerBlock(config, clip) for _ in range(config.num_layers)]
        self.norm_out = nn.LayerNorm(width, eps=1e-6, affine=False)
        self.scale_shift_table = mx.zeros((2, width))
        self.proj_out = nn.Linear(width, patch * patch * (config.out_channels or config.in_channels))

    def __call__(
        self,
        latents: mx.array,
        timestep: mx.array,
        caption: mx.array,
        mask: mx.array | None = None,
        guidance: mx.array | None = None,
        residuals: Iterable[mx.array] = (),
    ) -> mx.array:
        """One forward pass.

        Args:
            latents: (B, h, w, in_channels); h and w are multiples of the patch size.
            timestep: (B,), already multiplied with `timestep_scale`.
            caption: (B, S, caption_channels), the text encoder's hidden states.
            mask: (B, S), 1 for a token, 0 for padding; None where nothing is padded.
            guidance: (B,), already multiplied with `guidance_embeds_scale`; for models with embedded guidance.
            residuals: what a ControlNet adds to the output of the second block, then of each one after it: (B, N,
                width) each.

        Returns:
            (B, h, w, out_channels).
        """
        dtype = latents.dtype
        x, grid = self.patch_embed(latents)
        if guidance is not None:
            guidance = guidance.astype(mx.float32)
        time, embedded = self.time_embed(timestep.astype(mx.float32), guidance, dtype)
        context = self.caption_norm(self.caption_projection(caption.astype(dtype)))
        added, following = bias(mask, dtype), iter(residuals)
        for index, block in enumerate(self.transformer_blocks):
            x = block(x, context, added, time, grid)
            if index > 0 and (residual := next(following, None)) is not None:
                x = x + residual
            # MLX allocates ahead of what it computes, which at 4K would be gigabytes. For few tokens it is little, and
            # each wait would cost time.
            if x.shape[0] * x.shape[1] > FEW_TOKENS:
                mx.eval(x)
        shift, scale = mx.split(self.scale_shift_table[None] + embedded, 2, axis=1)
        return self._unpatchify(self.proj_out(modulate(self.norm_out(x), shift, scale)), grid)

    def _unpatchify(self, x: mx.array, grid: tuple[int, int]) -> mx.array:
        (rows, columns), patch = grid, self.config.patch_size
        x = x.reshape(len(x), rows, columns, patch, patch, -1).swapaxes(2, 3)
        return x.reshape(len(x), rows * patch, columns * patch, -1)

    @staticmethod
    def sanitize(weights: Mapping[str, mx.array]) -> dict[str, mx.array]:
        """A diffusers checkpoint's names and shapes as this network has them."""
        return {name: _to_mlx(name, weight) for name, weight in weights.items()}


def stored_shape(name: str, shape: Shape) -> Shape:
    """What a parameter's shape is in a checkpoint: `_to_mlx` the other way round."""
    if name.endswith((".ff.conv_inverted.weight", ".ff.conv_point.weight")):
        return (*shape, 1, 1)
    return (shape[0], shape[3], *shape[1:3]) if len(shape) == 4 else shape


def _to_mlx(name: str, weight: mx.array) -> mx.array:
    if weight.ndim != 4:
        return weight
    if ".ff.conv_inverted." in name or ".ff.conv_point." in name:
        return weight[:, :, 0, 0]
    return weight.transpose(0, 2, 3, 1)
