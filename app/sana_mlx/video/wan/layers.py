"""Layers that take a clip frame by frame and keep of it what they need, so that the frames are those of the whole clip.

Reference: diffusers, models/autoencoders/autoencoder_kl_wan.py. Module names are its checkpoints'. A frame is
(1, h, w, channels). Convolutions and attention take it in strips of rows, which bounds what they need besides.
"""

from __future__ import annotations

from collections.abc import Callable

import mlx.core as mx
import mlx.nn as nn

from app.diffusion.tiling import Span, spans

from ...autoencoder import twice

SMALL = 1 << 17
"""A frame of fewer values is evaluated with what is built on it: a pause costs more than the memory that it saves."""
NORM_EPS = 1e-24
"""The reference divides by the norm, or 1e-12 where it is smaller."""


class Past:
    """What a network's layers keep of one clip from frame to frame.

    Args:
        values: how many values of its input a layer takes at once; None for whole frames. It changes memory and time,
            not the result.
        alone: the clip is of one frame, so that convolutions keep nothing, in a third of the time.
        between: called after each strip.
    """

    def __init__(
        self, values: int | None = None, alone: bool = False, between: Callable[[], None] = lambda: None
    ) -> None:
        self.values, self.alone, self.between = values, alone, between
        self._kept: dict[int, list[tuple[mx.array, ...]]] = {}

    def of(self, layer: nn.Module) -> list[tuple[mx.array, ...]]:
        """What the layer keeps, for it to change; empty before its first frame."""
        return self._kept.setdefault(id(layer), [])

    def spans(self, height: int, row: int, halo: int, up: int = 1, down: int = 1) -> list[Span]:
        """The strips of a frame with so many rows, of which one has `row` values."""
        rows = height if self.values is None else max(down, self.values // row)
        return list(spans(height, rows, halo, up=up, down=down))


Block = Callable[[mx.array, Past], mx.array]
"""A frame and what is kept, to (n, h, w, channels): one frame, or two or none where the rate changes."""


def computed(x: mx.array, frame: mx.array) -> mx.array:
    """x, evaluated as the picture's autoencoder has it, unless the frame that it was made from is small."""
    if frame.size >= SMALL:
        mx.eval(x)
    return x


class Norm(nn.Module):
    """Root mean square norm over the channels."""

    def __init__(self, dims: int) -> None:
        super().__init__()
        self.gamma = mx.ones((dims,))

    def __call__(self, x: mx.array) -> mx.array:
        return mx.fast.rms_norm(x, self.gamma, NORM_EPS)


class CausalConv3d(nn.Module):
    """A convolution over a frame and the two before it; before the clip all is zero.

    A frame meets the kernel's three slices at once, as one 2D convolution with three times the channels, and each
    share goes to another frame. So nothing is computed twice, and what is kept are the shares of the next two frames.
    """

    def __init__(self, dims: int, out_dims: int, size: int = 3) -> None:
        super().__init__()
        self.weight = mx.zeros((3, out_dims, size, size, dims))
        self.bias = mx.zeros((out_dims,))

    def __call__(self, x: mx.array, past: Past, norm: Norm | None = None) -> mx.array:
        """(1, h, w, dims) to (1, h, w, out_dims). `norm` and SiLU come first, within each strip."""
        weight = self.weight[-1:] if past.alone else self.weight
        halo, kernel = weight.shape[2] // 2, weight.reshape(-1, *weight.shape[2:])
        kept, outs = past.of(self), []
        for index, (source, crop, _) in enumerate(past.spans(x.shape[1], x[0, 0].size, halo)):
            window = x[:, source] if norm is None else nn.silu(norm(x[:, source]))
            # only where the frame ends is there no halo
            missing = halo - crop.start, halo - (window.shape[1] - crop.stop)
            whole = missing == (halo, halo)
            if not whole:
                window = mx.pad(window, [(0, 0), missing, (0, 0), (0, 0)])
            padding = halo if whole else 0, halo
            *later, now = mx.split(mx.conv2d(computed(window, x), kernel, padding=padding), len(weight), axis=-1)
            out = now + self.bias
            if index < len(kept):
                out, later[1] = out + kept[index][0], later[1] + kept[index][1]
            if later:
                # a share alone is a view, which would hold all three
                kept[index : index + 1] = [(mx.contiguous(later[1]), mx.contiguous(later[0]))]
            if x.size >= SMALL:
                mx.eval(out, kept[index:])
            outs.append(out)
            past.between()
        return outs[0] if len(outs) == 1 else computed(mx.concatenate(outs, axis=1), x)


class ResBlock(nn.Module):
    def __init__(self, dims: int, out_dims: int) -> None:
        super().__init__()
        self.norm1, self.conv1 = Norm(dims), CausalConv3d(dims, out_dims)
        self.norm2, self.conv2 = Norm(out_dims), CausalConv3d(out_dims, out_dims)
        if dims != out_dims:
            self.conv_shortcut = nn.Linear(dims, out_dims)

    def __call__(self, x: mx.array, past: Past) -> mx.array:
        out = self.conv2(self.conv1(x, past, self.norm1), past, self.norm2)
        return computed(out + (self.conv_shortcut(x) if "conv_shortcut" in self else x), x)


class Attention(nn.Module):
    """Each pixel of a frame attends to all of that frame, with one head."""

    def __init__(self, dims: int) -> None:
        super().__init__()
        self.norm = Norm(dims)
        self.to_qkv = nn.Linear(dims, 3 * dims)
        self.proj = nn.Linear(dims, dims)

    def __call__(self, x: mx.array, past: Past) -> mx.array:
        q, k, v = mx.split(self.to_qkv(self.norm(x)), 3, axis=-1)
        k, v = (mx.contiguous(y.reshape(1, 1, -1, y.shape[-1])) for y in (k, v))
        scale, outs = k.shape[-1] ** -0.5, []
        for source, *_ in past.spans(x.shape[1], x.shape[2] * k.shape[2], 0):
            queries = q[:, source].reshape(1, 1, -1, q.shape[-1])
            outs.append(computed(mx.fast.scaled_dot_product_attention(queries, k, v, scale=scale), x))
            past.between()
        return computed(x + self.proj(mx.concatenate(outs, axis=2).reshape(x.shape)), x)


class Upsampler(nn.Module):
    """Twice the resolution, for half of the channels, and if `in_time` twice the rate."""

    def __init__(self, dims: int, in_time: bool) -> None:
        super().__init__()
        self.resample = [nn.Identity(), nn.Conv2d(dims, dims // 2, 3, padding=1)]
        if in_time:
            self.time_conv = CausalConv3d(dims, 2 * dims, size=1)

    def blocks(self) -> list[Block]:
        return [self._two, self._larger] if "time_conv" in self else [self._larger]

    def _two(self, x: mx.array, past: Past) -> mx.array:
        """A frame to two. The clip's first stays one, and the convolution does not see it."""
        kept = past.of(self)
        if not kept:
            kept.append(())
            return x
        x = self.time_conv(x, past)
        return computed(mx.concatenate([*mx.split(x, 2, axis=-1)]), x)

    def _larger(self, x: mx.array, past: Past) -> mx.array:
        conv, pieces = self.resample[1], []
        for source, crop, _ in past.spans(x.shape[1], 4 * x[0, 0].size, 1, up=2):
            pieces.append(computed(mx.contiguous(conv(computed(twice(x[:, source]), x))[:, crop]), x))
            past.between()
        return computed(mx.concatenate(pieces, axis=1), x)


class Downsampler(nn.Module):
    """Half the resolution, and if `in_time` half the rate."""

    def __init__(self, dims: int, in_time: bool) -> None:
        super().__init__()
        self.resample = [nn.Identity(), nn.Conv2d(dims, dims, 3, stride=2)]
        if in_time:
            self.time_conv = PairConv(dims)

    def blocks(self) -> list[Block]:
        return [self._smaller, self.time_conv] if "time_conv" in self else [self._smaller]

    def _smaller(self, x: mx.array, past: Past) -> mx.array:
        """The convolution reaches one pixel beyond the frame, below and to the right."""
        conv, pieces = self.resample[1], []
        for source, crop, _ in past.spans(x.shape[1], x[0, 0].size, 1, down=2):
            window = mx.pad(x[:, source], [(0, 0), (0, 1), (0, 1), (0, 0)])
            pieces.append(computed(mx.contiguous(conv(window)[:, crop]), x))
            past.between()
        return computed(mx.concatenate(pieces, axis=1), x)


class PairConv(nn.Module):
    """Two frames, and the one before them, to one. The clip's first frame stays as it is."""

    def __init__(self, dims: int) -> None:
        super().__init__()
        self.weight, self.bias = mx.zeros((3, dims, 1, 1, dims)), mx.zeros((dims,))

    def __call__(self, x: mx.array, past: Past) -> mx.array:
        frames = past.of(self)
        frames.append((x,))
        if len(frames) == 1:
            return x
        if len(frames) < 3:
            return x[:0]
        shares = [frame @ share[:, 0, 0].T for (frame,), share in zip(frames, self.weight, strict=True)]
        del frames[:2]
        return computed(sum(shares, self.bias), x)
