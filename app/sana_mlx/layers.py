"""Layers that the transformer and the autoencoder share. Pictures are NHWC throughout."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import mlx.core as mx
import mlx.nn as nn

EPS = 1e-15
"""Added to the denominator of linear attention."""


class RMSNorm(nn.Module):
    """Root mean square norm over the last axis, with a weight and, in the autoencoder, a bias."""

    def __init__(self, dims: int, eps: float = 1e-5, bias: bool = False) -> None:
        super().__init__()
        self.weight = mx.ones((dims,))
        if bias:
            self.bias = mx.zeros((dims,))
        self.eps = eps

    def __call__(self, x: mx.array) -> mx.array:
        x = mx.fast.rms_norm(x, self.weight, self.eps)
        return x + self.bias if "bias" in self else x


def linear_attention(q: mx.array, k: mx.array, v: mx.array) -> mx.array:
    """ReLU linear attention (https://arxiv.org/abs/2410.10629, Equation 3), in float32 whatever the inputs are.

    Args:
        q, k, v: (..., tokens, head_dim), before the ReLU.

    Returns:
        (..., tokens, head_dim) float32.
    """
    return attend(q, *attention_sums(k, v))


def attention_sums(k: mx.array, v: mx.array) -> tuple[mx.array, mx.array]:
    """All that linear attention needs of its keys and values; the sums of several strips of tokens add up.

    Returns:
        The sum over tokens of k v^T, (..., head_dim, head_dim), and of k, (..., head_dim, 1), both float32.
    """
    k = mx.maximum(k, 0).astype(mx.float32).swapaxes(-1, -2)
    return k @ v.astype(mx.float32), k.sum(axis=-1, keepdims=True)


def attend(q: mx.array, kv: mx.array, k_sum: mx.array) -> mx.array:
    """Queries (..., tokens, head_dim) before the ReLU, against `attention_sums`."""
    q = mx.maximum(q, 0).astype(mx.float32)
    return (q @ kv) / (q @ k_sum + EPS)


class GLUMBConv(nn.Module):
    """The feed-forward of both networks: 1x1, SiLU, depthwise 3x3, gate, 1x1 ("Mix-FFN", SANA paper, Section 2.2).

    The 1x1 convolutions are linear layers, so that they can be quantized like the others.
    """

    def __init__(self, dims: int, expand_ratio: float) -> None:
        super().__init__()
        hidden = int(expand_ratio * dims)
        self.conv_inverted = nn.Linear(dims, 2 * hidden)
        self.conv_depth = nn.Conv2d(2 * hidden, 2 * hidden, 3, padding=1, groups=2 * hidden)
        self.conv_point = nn.Linear(hidden, dims, bias=False)

    def __call__(self, x: mx.array) -> mx.array:
        """(B, H, W, dims) to the same."""
        x = self.conv_depth(nn.silu(self.conv_inverted(x)))
        return self.conv_point(gated(*mx.split(x, 2, axis=-1)))


@partial(mx.compile, shapeless=True)
def gated(x: mx.array, gate: mx.array) -> mx.array:
    return x * (gate * mx.sigmoid(gate))


@partial(mx.compile, shapeless=True)
def modulate(x: mx.array, shift: mx.array, scale: mx.array) -> mx.array:
    return x * (1 + scale) + shift


ACTIVATIONS: dict[str, Callable[[mx.array], mx.array]] = {
    "silu": nn.silu,
    "swish": nn.silu,
    "relu": nn.relu,
    "gelu": nn.gelu,
    "mish": nn.mish,
}


def activation(name: str) -> Callable[[mx.array], mx.array]:
    """Raises ValueError for a name that diffusers' `get_activation` does not know either."""
    if name.lower() not in ACTIVATIONS:
        raise ValueError(f"unknown activation function {name!r}")
    return ACTIVATIONS[name.lower()]
