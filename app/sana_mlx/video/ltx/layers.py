"""Layers that take a clip piece by piece and remember of it what they need: any pieces give the clip of one piece.

Reference: diffusers, models/autoencoders/autoencoder_kl_ltx2.py. Module names are its checkpoints'. A piece is
(n, h, w, channels), some frames that follow each other; a layer may give fewer frames than it took, or none, and the
rest with the next piece: convolutions that see the next frame wait for it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mlx.core as mx
import mlx.nn as nn

from app.diffusion.tiling import Span, spans

from ...autoencoder import channel_means, computed
from .config import Stride

NORM_EPS = 1e-8
MIN_ROWS = 8
"""Of a strip: fewer would cost more in their halo than they save."""


class Past:
    """What a network's layers keep of one clip from piece to piece.

    Args:
        values: how many values of a frame a convolution takes or gives at once; None for whole frames. It changes
            memory and time, not the result.
        between: called after each convolution, and each strip of one.
    """

    def __init__(self, values: int | None = None, between: Callable[[], None] = lambda: None) -> None:
        self.values, self.between = values, between
        self._kept: dict[int, Any] = {}

    def of(self, layer: nn.Module) -> Any:
        """What the layer kept; None before its first piece."""
        return self._kept.get(id(layer))

    def keep(self, layer: nn.Module, kept: Any) -> None:
        """Let the layer find this with the next piece."""
        self._kept[id(layer)] = kept

    def strips(self, height: int, row: int) -> list[Span]:
        """The rows of a frame that a convolution takes at once, where one has `row` values."""
        rows = height if self.values is None else max(MIN_ROWS, self.values // row)
        return list(spans(height, rows, 1))


Sums = tuple[mx.array, mx.array]
Block = Callable[[mx.array, Past, bool], mx.array]
"""A piece, what is kept, and whether it is the clip's last piece."""


class Waiting(nn.Module):
    """Frames that wait until others catch up with them."""

    def __call__(self, x: mx.array, past: Past, count: int) -> mx.array:
        """The first `count` frames of those that waited and x."""
        waiting = [*(past.of(self) or ()), *mx.split(x, len(x))] if len(x) else past.of(self) or []
        past.keep(self, waiting[count:])
        return mx.concatenate(waiting[:count]) if count else x[:0]

    def count(self, past: Past) -> int:
        """How many frames wait."""
        return len(past.of(self) or ())


class Conv3d(nn.Module):
    """A 3x3x3 convolution as one of 3x3 pixels to each frame's shares in three frames, which are then added up.

    So a frame is convolved once, whenever it comes, and what is kept are two frames of sums. The frames beyond the
    clip's ends are its first and last; a causal one has two before the clip, otherwise there is one at either end.
    """

    def __init__(self, dims: int, out_dims: int, causal: bool, padding: str) -> None:
        super().__init__()
        self.causal, self.padding = causal, padding
        self.conv = {"weight": mx.zeros((3 * out_dims, 3, 3, dims)), "bias": mx.zeros((out_dims,))}

    def __call__(self, x: mx.array, past: Past, last: bool, *, act: bool = False) -> mx.array:
        """(n, h, w, dims) to (m, h, w, out_dims). With `act`, norm and SiLU come first."""
        out_dims = len(self.conv["bias"])
        count, height, width, dims = x.shape
        if not count:
            return mx.zeros((0, height, width, out_dims), x.dtype)
        strips = past.strips(height, width * max(dims, out_dims))
        kept, pieces = past.of(self) or [None] * len(strips), []
        for index, (source, _, target) in enumerate(strips):
            window = activated(x[:, source]) if act else x[:, source]
            window = _padded(window, self.padding, target.start == 0, target.stop == height)
            out, kept[index] = self._strip(window, kept[index], last)
            mx.eval(out, kept[index])
            pieces.append(out)
            past.between()
        past.keep(self, kept)
        return pieces[0] if len(pieces) == 1 else computed(mx.concatenate(pieces, axis=1))

    def _strip(self, window: mx.array, kept: Sums | None, last: bool) -> tuple[mx.array, Sums]:
        """A strip of the output, and the sums that lack one and two frames yet."""
        late, middle, soon = mx.split(computed(mx.conv2d(computed(window), self.conv["weight"])), 3, axis=-1)
        # before the clip is its first frame
        one, two = kept or (late[:1] + middle[:1], late[:1])
        before = mx.concatenate([two, late])
        rest = before[-2:-1] + middle[-1:]
        out = soon + mx.concatenate([one, before[:-2] + middle[:-1]])
        if not self.causal:
            out = out if kept else out[1:]
            out = mx.concatenate([out, rest + soon[-1:]]) if last else out
        # a share alone is a view, which would hold all three
        return out + self.conv["bias"], (rest, mx.contiguous(late[-1:]))


def _padded(x: mx.array, padding: str, top: bool, bottom: bool) -> mx.array:
    """One more column at either side, and one more row at the top and the bottom of a frame."""
    if padding == "zeros":
        return mx.pad(x, [(0, 0), (int(top), int(bottom)), (1, 1), (0, 0)])
    rows = [x[:, 1:2]] * top + [x] + [x[:, -2:-1]] * bottom
    x = mx.concatenate(rows, axis=1)
    return mx.concatenate([x[:, :, 1:2], x, x[:, :, -2:-1]], axis=2)


def activated(x: mx.array) -> mx.array:
    """Root mean square norm of each pixel, then SiLU."""
    return nn.silu(mx.fast.rms_norm(x, None, NORM_EPS))


class ResBlock(nn.Module):
    def __init__(self, dims: int, out_dims: int, causal: bool, padding: str, eps: float) -> None:
        super().__init__()
        self.conv1 = Conv3d(dims, out_dims, causal, padding)
        self.conv2 = Conv3d(out_dims, out_dims, causal, padding)
        self.waiting = Waiting()
        if dims != out_dims:
            self.norm3 = nn.LayerNorm(dims, eps)
            self.conv_shortcut = nn.Linear(dims, out_dims)

    def __call__(self, x: mx.array, past: Past, last: bool) -> mx.array:
        out = self.conv2(self.conv1(x, past, last, act=True), past, last, act=True)
        x = self.waiting(x, past, len(out))
        if "norm3" in self:
            x = self.conv_shortcut(self.norm3(x))
        return out + x


class Downsampler(nn.Module):
    """Lower resolution: neighbours become channels. The shortcut averages channels."""

    def __init__(self, dims: int, out_dims: int, stride: Stride, causal: bool, padding: str) -> None:
        super().__init__()
        self.stride, self.out_dims = stride, out_dims
        self.conv = Conv3d(dims, out_dims // (stride[0] * stride[1] * stride[2]), causal, padding)
        self.waiting, self.shortcut = Waiting(), Waiting()

    def __call__(self, x: mx.array, past: Past, last: bool) -> mx.array:
        if past.of(self.shortcut) is None:
            x = mx.concatenate([x[: self.stride[0] - 1], x])
        out = self.conv(x, past, last)
        # frames go on in whole groups
        count = (self.waiting.count(past) + len(out)) // self.stride[0] * self.stride[0]
        out, x = self.waiting(out, past, count), self.shortcut(x, past, count)
        if not count:
            return mx.zeros((0, 1, 1, self.out_dims), x.dtype)
        return unshuffle(out, self.stride) + channel_means(unshuffle(x, self.stride), self.out_dims)


class Upsampler(nn.Module):
    """Higher resolution: channels become neighbours. The shortcut repeats channels."""

    def __init__(self, dims: int, factor: int, stride: Stride, residual: bool, causal: bool, padding: str) -> None:
        super().__init__()
        self.stride, self.residual = stride, residual
        positions = stride[0] * stride[1] * stride[2]
        self.repeats = positions // factor
        self.conv = Conv3d(dims, dims * positions // factor, causal, padding)
        self.waiting = Waiting()

    def __call__(self, x: mx.array, past: Past, last: bool) -> mx.array:
        conv = self.conv(x, past, last)
        x = self.waiting(x, past, len(conv))
        out = shuffle(conv, self.stride)
        if self.residual:
            out = out + mx.tile(shuffle(x, self.stride), (1, 1, 1, self.repeats))
        if not len(out) or past.of(self):
            return out
        # of the clip's first frame, only the last is there
        past.keep(self, True)
        return out[self.stride[0] - 1 :]


def shuffle(x: mx.array, stride: Stride) -> mx.array:
    """(n, h, w, t r c dims) to (t n, r h, c w, dims), for a stride of (t, r, c). The positions are the fastest."""
    (count, height, width, channels), (t, r, c) = x.shape, stride
    x = x.reshape(count, height, width, channels // (t * r * c), t, r, c).transpose(0, 4, 1, 5, 2, 6, 3)
    return x.reshape(count * t, height * r, width * c, channels // (t * r * c))


def unshuffle(x: mx.array, stride: Stride) -> mx.array:
    """The inverse of `shuffle`."""
    (count, height, width, channels), (t, r, c) = x.shape, stride
    x = x.reshape(count // t, t, height // r, r, width // c, c, channels).transpose(0, 2, 4, 6, 1, 3, 5)
    return x.reshape(count // t, height // r, width // c, channels * t * r * c)
