"""Layers that the transformer and the autoencoder share. Pictures are NCHW."""

from __future__ import annotations

import torch
from torch import Tensor, nn

EPS = 1e-15
"""Added to the denominator of linear attention."""


class RMSNorm(nn.Module):
    """Root mean square norm over the last axis, with a weight and, in the autoencoder, a bias."""

    def __init__(self, dims: int, eps: float = 1e-5, bias: bool = False) -> None:
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(dims))
        self.bias = nn.Parameter(torch.zeros(dims)) if bias else None

    def forward(self, x: Tensor) -> Tensor:
        scale = torch.rsqrt(x.float().square().mean(-1, keepdim=True) + self.eps)
        x = (x * scale).to(self.weight.dtype) * self.weight
        return x if self.bias is None else x + self.bias


class ChannelNorm(RMSNorm):
    """The same over the channels of a picture (B, C, H, W)."""

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x.movedim(1, -1)).movedim(-1, 1)


class GLUMBConv(nn.Module):
    """The feed-forward of both networks: 1x1, SiLU, depthwise 3x3, gate, 1x1 ("Mix-FFN", SANA paper, Section 2.2)."""

    def __init__(self, dims: int, expand_ratio: float) -> None:
        super().__init__()
        hidden = int(expand_ratio * dims)
        self.nonlinearity = nn.SiLU()
        self.conv_inverted = nn.Conv2d(dims, 2 * hidden, 1)
        self.conv_depth = nn.Conv2d(2 * hidden, 2 * hidden, 3, padding=1, groups=2 * hidden)
        self.conv_point = nn.Conv2d(hidden, dims, 1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """(B, dims, H, W) to the same."""
        x, gate = self.conv_depth(self.nonlinearity(self.conv_inverted(x))).chunk(2, dim=1)
        return self.conv_point(x * self.nonlinearity(gate))


def linear_attention(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """Linear attention (https://arxiv.org/abs/2410.10629, Equation 3), in float32 whatever the inputs are.

    Args:
        q, k, v: (B, heads, head_dim, tokens), queries and keys after the ReLU.

    Returns:
        (B, heads, head_dim, tokens) float32.
    """
    q, k, v = q.float(), k.float(), v.float()
    # One more row of values, all ones, sums up the weights.
    v = nn.functional.pad(v, (0, 0, 0, 1), value=1.0)
    out = (v @ k.transpose(-1, -2)) @ q
    return out[:, :, :-1] / (out[:, :, -1:] + EPS)
