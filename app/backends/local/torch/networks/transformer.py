"""The diffusion transformer of Sana, Sana 1.5 and Sana-Sprint (https://arxiv.org/abs/2410.10629, Section 2.2).

Reference: diffusers, models/transformers/sana_transformer.py. Module names are those of its checkpoints.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import relu, silu

from app.backends.local.torch.networks.layers import GLUMBConv, RMSNorm, linear_attention
from app.diffusion.families.positions import sine_positions
from app.sana_mlx.config import TIME_CHANNELS, TransformerConfig


class Attention(nn.Module):
    """Projections of queries, keys and values, and the norms over their full width that Sana 1.5 added."""

    def __init__(self, dims: int, context_dims: int, inner: int, heads: int, bias: bool, qk_norm: str | None) -> None:
        super().__init__()
        self.heads = heads
        self.to_q = nn.Linear(dims, inner, bias=bias)
        self.to_k = nn.Linear(context_dims, inner, bias=bias)
        self.to_v = nn.Linear(context_dims, inner, bias=bias)
        self.to_out = nn.ModuleList([nn.Linear(inner, dims)])
        self.norm_q: nn.Module = RMSNorm(inner) if qk_norm is not None else nn.Identity()
        self.norm_k: nn.Module = RMSNorm(inner) if qk_norm is not None else nn.Identity()

    def project(self, x: Tensor, context: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """(B, N, dims) and (B, S, context_dims) to q (B, N, inner), k and v (B, S, inner)."""
        return self.norm_q(self.to_q(x)), self.norm_k(self.to_k(context)), self.to_v(context)


class LinearAttention(Attention):
    """Self-attention at a cost linear in the tokens."""

    def __init__(self, config: TransformerConfig) -> None:
        width = config.width
        super().__init__(width, width, width, config.num_attention_heads, config.attention_bias, config.qk_norm)

    def forward(self, x: Tensor) -> Tensor:
        """(B, N, width) to the same."""
        q, k, v = (each.transpose(1, 2).unflatten(1, (self.heads, -1)) for each in self.project(x, x))
        out = linear_attention(relu(q), relu(k), v)
        return self.to_out[0](out.flatten(1, 2).transpose(1, 2).to(x.dtype))


class CrossAttention(Attention):
    """Softmax attention to the prompt.

    Attributes:
        contiguous: give the attention contiguous tensors; see `make_contiguous`.
    """

    contiguous = False

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__(
            config.width,
            config.cross_attention_dim,
            config.cross_width,
            config.num_cross_attention_heads,
            True,
            config.qk_norm,
        )

    def forward(self, x: Tensor, context: Tensor, bias: Tensor | None) -> Tensor:
        """(B, N, width), the caption (B, S, width) and what to add to the scores, (B, 1, 1, S), to (B, N, width)."""
        q, k, v = (each.unflatten(2, (self.heads, -1)).transpose(1, 2) for each in self.project(x, context))
        if self.contiguous:
            q, k, v = q.contiguous(), k.contiguous(), v.contiguous()
        out = nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=bias)
        return self.to_out[0](out.transpose(1, 2).flatten(2))


class SanaTransformerBlock(nn.Module):
    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        width = config.width
        self.norm1 = nn.LayerNorm(width, eps=config.norm_eps, elementwise_affine=False)
        self.attn1 = LinearAttention(config)
        self.norm2 = nn.LayerNorm(width, eps=config.norm_eps, elementwise_affine=config.norm_elementwise_affine)
        self.attn2 = CrossAttention(config)
        self.ff = GLUMBConv(width, config.mlp_ratio)
        self.scale_shift_table = nn.Parameter(torch.zeros(6, width))

    def forward(self, x: Tensor, context: Tensor, bias: Tensor | None, time: Tensor, grid: tuple[int, int]) -> Tensor:
        """x (B, N, width); time (B, 6, width); grid: rows and columns of the N tokens."""
        shift1, scale1, gate1, shift2, scale2, gate2 = (self.scale_shift_table[None] + time).chunk(6, dim=1)
        x = x + gate1 * self.attn1(self.norm1(x) * (1 + scale1) + shift1)
        # The prompt is attended to without a norm before it; norm2 belongs to the feed-forward.
        x = x + self.attn2(x, context, bias)
        h = self.norm2(x) * (1 + scale2) + shift2
        return x + gate2 * self.ff(h.unflatten(1, grid).movedim(-1, 1)).flatten(2).transpose(1, 2)


class TimestepEmbedding(nn.Module):
    """An MLP on the sinusoidal embedding of a scalar."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.linear_1 = nn.Linear(TIME_CHANNELS, width)
        self.linear_2 = nn.Linear(width, width)

    def forward(self, values: Tensor, dtype: Any) -> Tensor:
        """(B,) float32 to (B, width)."""
        half = TIME_CHANNELS // 2
        exponents = torch.arange(half, dtype=torch.float32, device=values.device) * (-math.log(10000) / half)
        angles = values[:, None] * exponents.exp()
        waves = torch.cat([angles.cos(), angles.sin()], dim=-1)
        return self.linear_2(silu(self.linear_1(waves.to(dtype))))


class AdaLayerNormSingle(nn.Module):
    """adaLN-single of PixArt-alpha: one embedding of the timestep modulates all blocks."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.emb = nn.ModuleDict({"timestep_embedder": TimestepEmbedding(width)})
        self.linear = nn.Linear(width, 6 * width)

    def forward(self, timestep: Tensor, guidance: Tensor | None, dtype: Any) -> tuple[Tensor, Tensor]:
        """(B,) to the modulations (B, 6, width) and the embedding (B, 1, width)."""
        emb = self.emb["timestep_embedder"](timestep, dtype)
        return self.linear(silu(emb)).unflatten(1, (6, -1)), emb[:, None]


class CombinedTimestepGuidanceEmbeddings(nn.Module):
    """Sana-Sprint's: the guidance scale is an input of the network, embedded like the timestep."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.timestep_embedder = TimestepEmbedding(width)
        self.guidance_embedder = TimestepEmbedding(width)
        self.linear = nn.Linear(width, 6 * width)

    def forward(self, timestep: Tensor, guidance: Tensor | None, dtype: Any) -> tuple[Tensor, Tensor]:
        """(B,) each to the modulations (B, 6, width) and the embedding (B, 1, width)."""
        if guidance is None:
            raise ValueError("this transformer needs a guidance scale")
        emb = self.timestep_embedder(timestep, dtype) + self.guidance_embedder(guidance, dtype)
        return self.linear(silu(emb)).unflatten(1, (6, -1)), emb[:, None]


class CaptionProjection(nn.Module):
    def __init__(self, channels: int, width: int) -> None:
        super().__init__()
        self.linear_1 = nn.Linear(channels, width)
        self.linear_2 = nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        return self.linear_2(nn.functional.gelu(self.linear_1(x), approximate="tanh"))


class PatchEmbed(nn.Module):
    """Patches to tokens, with sine positions where the config has an `interpolation_scale` (the 2K and 4K models)."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        patch = config.patch_size
        self.config = config
        self.proj = nn.Conv2d(config.in_channels, config.width, patch, stride=patch)

    def forward(self, x: Tensor) -> tuple[Tensor, tuple[int, int]]:
        """(B, in_channels, h, w) to tokens (B, N, width) and their grid."""
        x = self.proj(x)
        rows, columns = x.shape[2:]
        tokens = x.flatten(2).transpose(1, 2)
        if (scale := self.config.interpolation_scale) is not None:
            base = self.config.sample_size // self.config.patch_size
            positions = torch.from_numpy(sine_positions(self.config.width, rows, columns, base, scale))
            tokens = (tokens + positions.to(x.device)).to(x.dtype)
        return tokens, (rows, columns)


class Trunk(nn.Module):
    """What the transformer and its ControlNet have in common: all that comes before the output."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        width = config.width
        self.config = config
        self.patch_embed = PatchEmbed(config)
        embed = CombinedTimestepGuidanceEmbeddings if config.guidance_embeds else AdaLayerNormSingle
        self.time_embed = embed(width)
        self.caption_projection = CaptionProjection(config.caption_channels, width)
        self.caption_norm = RMSNorm(width)
        self.transformer_blocks = nn.ModuleList(SanaTransformerBlock(config) for _ in range(config.num_layers))

    def read(self, caption: Tensor, mask: Tensor | None) -> tuple[Tensor, Tensor | None]:
        """A caption (B, S, caption_channels) and its mask (B, S) to what the blocks attend to, (B, S, width), and what
        they add to the scores, (B, 1, 1, S).
        """
        context = self.caption_norm(self.caption_projection(caption))
        return context, None if mask is None else ((1 - mask.to(caption.dtype)) * -10000)[:, None, None]


class SanaTransformer(Trunk):
    """Velocity of a noisy latent, given a prompt and a timestep."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__(config)
        width, patch = config.width, config.patch_size
        self.norm_out = nn.LayerNorm(width, eps=1e-6, elementwise_affine=False)
        self.scale_shift_table = nn.Parameter(torch.zeros(2, width))
        self.proj_out = nn.Linear(width, patch * patch * (config.out_channels or config.in_channels))

    def forward(
        self,
        latents: Tensor,
        timestep: Tensor,
        caption: Tensor,
        mask: Tensor | None = None,
        guidance: Tensor | None = None,
        residuals: Iterable[Tensor] = (),
    ) -> Tensor:
        """One forward pass.

        Args:
            latents: (B, in_channels, h, w); h and w are multiples of the patch size.
            timestep: (B,) float32, already multiplied with `timestep_scale`.
            caption: (B, S, caption_channels), the text encoder's hidden states.
            mask: (B, S), 1 for a token, 0 for padding; None where nothing is padded.
            guidance: (B,) float32, already multiplied with `guidance_embeds_scale`; for models with embedded guidance.
            residuals: what a ControlNet adds to the output of the second block, then of each one after it: (B, N,
                width) each.

        Returns:
            (B, out_channels, h, w).
        """
        x, grid = self.patch_embed(latents)
        time, embedded = self.time_embed(timestep, guidance, x.dtype)
        context, bias = self.read(caption, mask)
        following = iter(residuals)
        for index, block in enumerate(self.transformer_blocks):
            x = block(x, context, bias, time, grid)
            if index > 0 and (residual := next(following, None)) is not None:
                x = x + residual
        shift, scale = (self.scale_shift_table[None] + embedded).chunk(2, dim=1)
        return self._unpatchify(self.proj_out(self.norm_out(x) * (1 + scale) + shift), grid)

    def _unpatchify(self, x: Tensor, grid: tuple[int, int]) -> Tensor:
        patch = self.config.patch_size
        return x.unflatten(2, (patch, patch, -1)).unflatten(1, grid).permute(0, 5, 1, 3, 2, 4).flatten(4).flatten(2, 3)
