"""Gemma-2 as SANA's text encoder, run for its last hidden states (https://arxiv.org/abs/2408.00118).

Reference: transformers, models/gemma2/modeling_gemma2.py (`Gemma2Model`, with its eager attention, the only one that
caps the scores). Module names are those of its checkpoints.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from app.sana_mlx.config import TextEncoderConfig

Waves = tuple[Tensor, Tensor]
"""The cosines and sines that turn queries and keys by their positions, (S, head_dim) each."""


class Embedding(nn.Module):
    """As `nn.Embedding`, which fills itself with random numbers first: without memory behind them, that makes torch
    import its compiler, for seconds.
    """

    def __init__(self, count: int, dims: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(count, dims))

    def forward(self, ids: Tensor) -> Tensor:
        """(B, S) to (B, S, dims)."""
        return nn.functional.embedding(ids, self.weight)


class GemmaRMSNorm(nn.Module):
    """Root mean square norm whose weight counts from 1, computed in float32."""

    def __init__(self, dims: int, eps: float) -> None:
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.zeros(dims))

    def forward(self, x: Tensor) -> Tensor:
        exact = x.float()
        exact = exact * torch.rsqrt(exact.square().mean(-1, keepdim=True) + self.eps)
        return (exact * (1.0 + self.weight.float())).type_as(x)


class GemmaAttention(nn.Module):
    """Attention in which some heads share their keys and values, with capped scores."""

    def __init__(self, config: TextEncoderConfig) -> None:
        super().__init__()
        self.config = config
        width, heads = config.hidden_size, config.head_dim
        self.q_proj = nn.Linear(width, config.num_attention_heads * heads, bias=False)
        self.k_proj = nn.Linear(width, config.num_key_value_heads * heads, bias=False)
        self.v_proj = nn.Linear(width, config.num_key_value_heads * heads, bias=False)
        self.o_proj = nn.Linear(config.num_attention_heads * heads, width, bias=False)

    def forward(self, x: Tensor, waves: Waves, bias: Tensor) -> Tensor:
        """x (B, S, width), and what to add to the scores, (S, S), to (B, S, width)."""
        config = self.config
        q, k, v = (
            project(x).unflatten(2, (-1, config.head_dim)).transpose(1, 2)
            for project in (self.q_proj, self.k_proj, self.v_proj)
        )
        q, k = turned(q, waves), turned(k, waves)
        # (B, heads, S, head_dim) to (B, shared heads, heads that share, S, head_dim)
        q = q.unflatten(1, (config.num_key_value_heads, -1))
        scores = (q @ k[:, :, None].transpose(-1, -2)) * config.query_pre_attn_scalar**-0.5
        scores = torch.tanh(scores / config.attn_logit_softcapping) * config.attn_logit_softcapping + bias
        weights = torch.softmax(scores, dim=-1, dtype=torch.float32).to(x.dtype)
        return self.o_proj((weights @ v[:, :, None]).flatten(1, 2).transpose(1, 2).flatten(2))


class GemmaMLP(nn.Module):
    def __init__(self, config: TextEncoderConfig) -> None:
        super().__init__()
        width, hidden = config.hidden_size, config.intermediate_size
        self.gate_proj = nn.Linear(width, hidden, bias=False)
        self.up_proj = nn.Linear(width, hidden, bias=False)
        self.down_proj = nn.Linear(hidden, width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.down_proj(nn.functional.gelu(self.gate_proj(x), approximate="tanh") * self.up_proj(x))


class GemmaLayer(nn.Module):
    def __init__(self, config: TextEncoderConfig) -> None:
        super().__init__()
        width, eps = config.hidden_size, config.rms_norm_eps
        self.self_attn = GemmaAttention(config)
        self.mlp = GemmaMLP(config)
        self.input_layernorm = GemmaRMSNorm(width, eps)
        self.post_attention_layernorm = GemmaRMSNorm(width, eps)
        self.pre_feedforward_layernorm = GemmaRMSNorm(width, eps)
        self.post_feedforward_layernorm = GemmaRMSNorm(width, eps)

    def forward(self, x: Tensor, waves: Waves, bias: Tensor) -> Tensor:
        x = x + self.post_attention_layernorm(self.self_attn(self.input_layernorm(x), waves, bias))
        return x + self.post_feedforward_layernorm(self.mlp(self.pre_feedforward_layernorm(x)))


class TextEncoder(nn.Module):
    """Token ids to hidden states."""

    def __init__(self, config: TextEncoderConfig) -> None:
        super().__init__()
        self.config = config
        self.embed_tokens = Embedding(config.vocab_size, config.hidden_size)
        self.layers = nn.ModuleList(GemmaLayer(config) for _ in range(config.num_hidden_layers))
        self.norm = GemmaRMSNorm(config.hidden_size, config.rms_norm_eps)

    def forward(self, ids: Tensor) -> Tensor:
        """(B, S) ids to (B, S, hidden_size), after the final norm.

        Padding belongs on the right: under the causal mask no token sees it, so it needs no mask of its own.
        """
        x = self.embed_tokens(ids)
        # Gemma rounds the factor to the type of its weights.
        x = x * torch.tensor(self.config.hidden_size**0.5, dtype=x.dtype, device=x.device)
        length = ids.shape[1]
        turns = waves(length, self.config, x)
        masks = {window: mask(length, window, x) for window in set(self.config.windows)}
        for layer, window in zip(self.layers, self.config.windows, strict=True):
            x = layer(x, turns, masks[window])
        return self.norm(x)


def waves(length: int, config: TextEncoderConfig, like: Tensor) -> Waves:
    """Rotary positions (https://arxiv.org/abs/2104.09864)."""
    halves = torch.arange(0, config.head_dim, 2, dtype=torch.float32, device=like.device) / config.head_dim
    positions = torch.arange(length, dtype=torch.float32, device=like.device)
    angles = torch.outer(positions, 1.0 / config.rope_theta**halves).repeat(1, 2)
    return angles.cos().to(like.dtype), angles.sin().to(like.dtype)


def turned(x: Tensor, waves: Waves) -> Tensor:
    """(B, heads, S, head_dim), each pair of channels turned by its position's angle."""
    one, other = x.chunk(2, dim=-1)
    return x * waves[0] + torch.cat([-other, one], dim=-1) * waves[1]


def mask(length: int, window: int | None, like: Tensor) -> Any:
    """What keeps a token from seeing what follows it, and what lies before its window: (S, S)."""
    rows = torch.arange(length, device=like.device)
    back = rows[:, None] - rows
    seen = (back >= 0) if window is None else (back >= 0) & (back < window)
    return torch.zeros_like(seen, dtype=like.dtype).masked_fill(~seen, torch.finfo(like.dtype).min)
