"""Layers that the transformer and the autoencoder share. Pictures are NHWC throughout."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, partial

import mlx.core as mx
import mlx.nn as nn

Keep = Sequence[slice]
"""Rows and columns of pictures; none for all."""
EPS = 1e-15
"""Added to the denominator of linear attention."""


# Elementwise work in one kernel each. Compiled functions of no weights and any shape fuse all that compiling a block of
# the networks as a whole would, and nothing is traced anew for another size or LoRA.


@partial(mx.compile, shapeless=True)
def gated(x: mx.array, gate: mx.array) -> mx.array:
    return x * (gate * mx.sigmoid(gate))


@partial(mx.compile, shapeless=True)
def modulate(x: mx.array, shift: mx.array, scale: mx.array) -> mx.array:
    return x * (1 + scale) + shift


@partial(mx.compile, shapeless=True)
def gated_sum(x: mx.array, gate: mx.array, y: mx.array) -> mx.array:
    return x + gate * y


@partial(mx.compile, shapeless=True)
def biased_sum(y: mx.array, bias: mx.array, x: mx.array) -> mx.array:
    return y + bias + x


@partial(mx.compile, shapeless=True)
def positive(x: mx.array) -> mx.array:
    """ReLU, in float32."""
    return mx.maximum(x, 0).astype(mx.float32)


@partial(mx.compile, shapeless=True)
def _weighted(sums: mx.array, weights: mx.array, like: mx.array) -> mx.array:
    """In the type of `like`."""
    return (sums / (weights + EPS)).astype(like.dtype)


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

    def plus(self, y: mx.array, x: mx.array, keep: Keep = ()) -> mx.array:
        """x and the norm of y, both (B, H, W, dims); of them some rows and columns. With a bias."""
        y = mx.fast.rms_norm(y, self.weight, self.eps)
        return biased_sum(y[:, *keep], self.bias, x[:, *keep])


def linear_attention(q: mx.array, k: mx.array, v: mx.array) -> mx.array:
    """ReLU linear attention (https://arxiv.org/abs/2410.10629, Equation 3), in float32 whatever the inputs are.

    Args:
        q, k, v: (..., heads, tokens, head_dim), before the ReLU.

    Returns:
        (..., heads, tokens, head_dim), in the type of q.
    """
    return attend(q, *attention_sums(k, v))


def attention_sums(k: mx.array, v: mx.array) -> tuple[mx.array, mx.array]:
    """All that linear attention needs of its keys and values; the sums of several strips of tokens add up.

    Returns:
        The sum over tokens of k v^T, (..., head_dim, head_dim), and of k, (..., head_dim, 1), both float32.
    """
    k = positive(k).swapaxes(-1, -2)
    return k @ v.astype(mx.float32), k.sum(axis=-1, keepdims=True)


def attend(q: mx.array, kv: mx.array, k_sum: mx.array) -> mx.array:
    """Queries (..., heads, tokens, head_dim) before the ReLU, against `attention_sums`."""
    x = positive(q)
    return weighted(x @ kv, x @ k_sum, q)


def weighted(sums: mx.array, weights: mx.array, like: mx.array) -> mx.array:
    """The sums (..., heads, tokens, head_dim) by their weights (..., heads, tokens, 1), in the type of `like`.

    They are written token by token, as the heads are put together, which spares a copy.
    """
    return _weighted(sums.swapaxes(-2, -3), weights.swapaxes(-2, -3), like).swapaxes(-2, -3)


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


@cache
def biased_activation(name: str) -> Callable[[mx.array, mx.array], mx.array]:
    """A bias and the activation after it, in one kernel. Raises ValueError as `activation`."""
    act = activation(name)
    return mx.compile(lambda x, bias: act(x + bias), shapeless=True)
