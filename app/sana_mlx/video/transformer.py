"""The diffusion transformer of SANA-Video (https://arxiv.org/abs/2509.24695, Section 3.2).

Reference: diffusers, models/transformers/transformer_sana_video.py. Module names are those of its checkpoints.

A clip has many times a picture's tokens, so no layer sees all of them at once: each works through chunks of latent
frames. Linear attention needs no more of the other frames than two sums, the temporal convolution one neighbour on
either side, so the result is that of the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

import mlx.core as mx
import mlx.nn as nn

from app.library.models.loras.changes import LowRank
from app.library.models.weights.tensors import Shape

from ..layers import GLUMBConv, RMSNorm, gated_sum, modulate, positive, weighted
from ..transformer import FEW_TOKENS, AdaLayerNormSingle, Attention, CaptionProjection, bias
from .config import CHUNK_TOKENS, VideoTransformerConfig
from .rope import rotate, rotations

Tables = tuple[mx.array, mx.array]
"""Cosines and sines of the tokens' positions."""
Wait = Callable[..., None]


class VideoLinearAttention(Attention):
    """Self-attention at a cost linear in the tokens, in float32 whatever its input is.

    Positions turn queries and keys in the numerator only: in the denominator turned ones could cancel out.
    """

    def __init__(self, config: VideoTransformerConfig) -> None:
        width = config.width
        super().__init__(width, width, width, config.num_attention_heads, config.attention_bias, config.qk_norm)

    def sums(self, x: mx.array, positions: Tables) -> tuple[mx.array, mx.array]:
        """All that the queries need of some tokens (B, N, width); the sums of several chunks add up.

        Returns:
            The sum over tokens of k v^T with k turned, (B, heads, head_dim, head_dim), and of k, (B, heads, head_dim,
            1), both float32.
        """
        k, v = self.keys_values(x)
        k = positive(k)
        kv = rotate(k, *positions).swapaxes(-1, -2) @ v.astype(mx.float32)
        return kv, k.sum(axis=-2)[..., None]

    def __call__(self, x: mx.array, positions: Tables, kv: mx.array, k_sum: mx.array) -> mx.array:
        """Some tokens (B, N, width) against the `sums` of all."""
        q = positive(self.queries(x))
        return self.merge(weighted(rotate(q, *positions) @ kv, q @ k_sum, x))


class VideoCrossAttention(Attention):
    """Softmax attention to the prompt, whose keys and values serve all chunks."""

    def __init__(self, config: VideoTransformerConfig) -> None:
        heads, context = config.num_cross_attention_heads, config.cross_attention_dim
        super().__init__(config.width, context, config.cross_width, heads, True, config.qk_norm)

    def __call__(self, x: mx.array, k: mx.array, v: mx.array, bias: mx.array | None) -> mx.array:
        """(B, N, width), the prompt's `keys_values` and what to add to the scores, (B, 1, 1, S), to (B, N, width)."""
        q = self.queries(x)
        return self.merge(mx.fast.scaled_dot_product_attention(q, k, v, scale=q.shape[-1] ** -0.5, mask=bias))


class GLUMBTempConv(GLUMBConv):
    """The pictures' feed-forward on each frame, then a convolution over three frames that is added to it.

    That convolution is a linear layer on a frame and its neighbours, so that it can be quantized like the others.
    """

    def __init__(self, dims: int, expand_ratio: float) -> None:
        super().__init__(dims, expand_ratio)
        self.conv_temp = nn.Linear(3 * dims, dims, bias=False)

    def chunks(self, frames: Iterator[mx.array], grid: tuple[int, int], wait: Wait) -> Iterator[mx.array]:
        """Chunks of consecutive frames, (B, n, N, dims) each, to the same frames, one later in each chunk but the last.

        Args:
            frames: the chunks.
            grid: rows and columns of a frame's N tokens.
            wait: is given what is computed of each chunk.
        """
        window: mx.array | None = None
        for x in frames:
            batch, count, tokens, dims = x.shape
            y = super().__call__(x.reshape(batch * count, *grid, dims)).reshape(x.shape)
            wait(y)
            window = mx.concatenate([mx.zeros((batch, 1, tokens, dims), y.dtype) if window is None else window, y], 1)
            if window.shape[1] > 2:
                yield self._temporal(window)
            window = mx.contiguous(window[:, -2:])
        assert window is not None
        yield self._temporal(mx.concatenate([window, mx.zeros_like(window[:, :1])], axis=1))

    def _temporal(self, x: mx.array) -> mx.array:
        """(B, n, N, dims) to the n - 2 frames that have both neighbours."""
        inner = x[:, 1:-1]
        return inner + self.conv_temp(mx.concatenate([x[:, :-2], inner, x[:, 2:]], axis=-1))


class SanaVideoTransformerBlock(nn.Module):
    def __init__(self, config: VideoTransformerConfig) -> None:
        super().__init__()
        width = config.width
        self.norm1 = nn.LayerNorm(width, eps=config.norm_eps, affine=False)
        self.attn1 = VideoLinearAttention(config)
        self.norm2 = nn.LayerNorm(width, eps=config.norm_eps, affine=config.norm_elementwise_affine)
        self.attn2 = VideoCrossAttention(config)
        self.ff = GLUMBTempConv(width, config.mlp_ratio)
        self.scale_shift_table = mx.zeros((6, width))

    def __call__(
        self, x: mx.array, context: mx.array, bias: mx.array | None, time: mx.array, positions: Tables,
        grid: tuple[int, int], chunks: Sequence[slice],
    ) -> mx.array:  # fmt: skip
        """One block.

        Args:
            x: (B, t, N, width), the N tokens of each latent frame.
            context: (B, S, width), the prompt.
            bias: (B, 1, 1, S), what to add to the scores of the prompt's tokens.
            time: (B, t, 6, width), the modulation of each frame.
            positions: (t, N, head_dim / 2) each.
            grid: rows and columns of the N tokens.
            chunks: the frames that are computed at once.

        Returns:
            (B, t, N, width).
        """
        # MLX allocates ahead of what it computes: without waiting, all chunks would be in memory.
        wait = mx.eval if len(chunks) > 1 else _go_on
        table = (self.scale_shift_table + time)[:, :, :, None]
        shift1, scale1, gate1, shift2, scale2, gate2 = (table[:, :, i] for i in range(6))

        def normed(chunk: slice) -> tuple[mx.array, Tables]:
            h = modulate(self.norm1(x[:, chunk]), shift1[:, chunk], scale1[:, chunk])
            cos, sin = (each[chunk].reshape(-1, each.shape[-1]) for each in positions)
            return h.reshape(len(h), -1, h.shape[-1]), (cos, sin)

        sums = [mx.array(0.0), mx.array(0.0)]
        for chunk in chunks:
            sums = [total + part for total, part in zip(sums, self.attn1.sums(*normed(chunk)), strict=True)]
            wait(sums)
        keys, values = self.attn2.keys_values(context)
        attended = []
        for chunk in chunks:
            piece = x[:, chunk]
            piece = gated_sum(piece, gate1[:, chunk], self.attn1(*normed(chunk), *sums).reshape(piece.shape))
            # The prompt is attended to without a norm before it; norm2 belongs to the feed-forward.
            tokens = piece.reshape(len(piece), -1, piece.shape[-1])
            attended.append((tokens + self.attn2(tokens, keys, values, bias)).reshape(piece.shape))
            wait(attended[-1])
        x = mx.concatenate(attended, axis=1)
        del attended
        wait(x)
        inputs = (modulate(self.norm2(x[:, chunk]), shift2[:, chunk], scale2[:, chunk]) for chunk in chunks)
        done, first = [], 0
        for out in self.ff.chunks(inputs, grid, wait):
            last = first + out.shape[1]
            done.append(gated_sum(x[:, first:last], gate2[:, first:last], out))
            wait(done[-1])
            first = last
        return mx.concatenate(done, axis=1)


class SanaVideoTransformer(nn.Module):
    """Velocity of a clip's noisy latents, given a prompt and a timestep."""

    def __init__(self, config: VideoTransformerConfig) -> None:
        super().__init__()
        width, patch = config.width, config.patch_size[1:]
        self.config = config
        # A token is of one latent frame, so this is a convolution of pictures.
        self.patch_embedding = nn.Conv2d(config.in_channels, width, patch, stride=patch)
        self.time_embed = AdaLayerNormSingle(width)
        self.caption_projection = CaptionProjection(config.caption_channels, width)
        self.caption_norm = RMSNorm(width, 1e-5)
        self.transformer_blocks = [SanaVideoTransformerBlock(config) for _ in range(config.num_layers)]
        self.norm_out = nn.LayerNorm(width, eps=1e-6, affine=False)
        self.scale_shift_table = mx.zeros((2, width))
        self.proj_out = nn.Linear(width, patch[0] * patch[1] * (config.out_channels or config.in_channels))

    def __call__(
        self, latents: mx.array, timestep: mx.array, caption: mx.array, mask: mx.array | None = None, held: int = 0
    ) -> mx.array:
        """One forward pass.

        Args:
            latents: (B, t, h, w, in_channels); h and w are multiples of the patch's sides.
            timestep: (B,).
            caption: (B, S, caption_channels), the text encoder's hidden states.
            mask: (B, S), 1 for a token, 0 for padding; None where nothing is padded.
            held: so many latent frames at the beginning are those of a given picture: their timestep is 0.

        Returns:
            (B, t, h, w, out_channels).
        """
        dtype, (batch, frames) = latents.dtype, latents.shape[:2]
        x = self.patch_embedding(latents.reshape(batch * frames, *latents.shape[2:]))
        grid = (x.shape[1], x.shape[2])
        x = x.reshape(batch, frames, grid[0] * grid[1], -1)
        time, embedded = self._modulation(timestep.astype(mx.float32), frames, held, dtype)
        context = self.caption_norm(self.caption_projection(caption.astype(dtype)))
        positions = rotations((frames, *grid), self.config.attention_head_dim)
        added = bias(mask, dtype)
        step = max(1, CHUNK_TOKENS // (batch * x.shape[2]))
        chunks = [slice(first, min(first + step, frames)) for first in range(0, frames, step)]
        for block in self.transformer_blocks:
            x = block(x, context, added, time, positions, grid, chunks)
            if batch * frames * x.shape[2] > FEW_TOKENS:
                mx.eval(x)
        shift, scale = mx.split(self.scale_shift_table + embedded, 2, axis=2)
        return self._unpatchify(self.proj_out(modulate(self.norm_out(x), shift, scale)), grid)

    def _modulation(self, timestep: mx.array, frames: int, held: int, dtype: mx.Dtype) -> tuple[mx.array, mx.array]:
        """The modulations (B, t, 6, width) and embeddings (B, t, 1, width) of each frame. There are two timesteps at
        most, so no more than these go through a network."""
        batch = len(timestep)
        rows = mx.concatenate([mx.zeros_like(timestep), timestep]) if held else timestep
        time, embedded = self.time_embed(rows, None, dtype)
        index = mx.array([int(bool(held) and frame >= held) for frame in range(frames)])
        by_row = (each.reshape(-1, batch, *each.shape[1:]).swapaxes(0, 1) for each in (time, embedded))
        time, embedded = (each[:, index] for each in by_row)
        return time, embedded

    def _unpatchify(self, x: mx.array, grid: tuple[int, int]) -> mx.array:
        (batch, frames), (rows, columns) = x.shape[:2], grid
        _, high, wide = self.config.patch_size
        x = x.reshape(batch, frames, rows, columns, high, wide, -1).swapaxes(3, 4)
        return x.reshape(batch, frames, rows * high, columns * wide, -1)

    @staticmethod
    def sanitize(weights: Mapping[str, mx.array]) -> dict[str, mx.array]:
        """A diffusers checkpoint's names and shapes as this network has them."""
        return {name: _to_mlx(name, weight) for name, weight in weights.items()}


def stored_shape(name: str, shape: Shape) -> Shape:
    """What a parameter's shape is in a checkpoint: `_to_mlx` the other way round."""
    if name.endswith((".ff.conv_inverted.weight", ".ff.conv_point.weight")):
        return (*shape, 1, 1)
    if name.endswith(".ff.conv_temp.weight"):
        return (shape[0], shape[1] // 3, 3, 1)
    if name == "patch_embedding.weight":
        return (shape[0], shape[3], 1, *shape[1:3])
    return (shape[0], shape[3], *shape[1:3]) if len(shape) == 4 else shape


def arranged(changes: Mapping[str, LowRank]) -> dict[str, LowRank]:
    """What LoRAs change, with the inputs of the temporal convolutions in the order of `_to_mlx`."""
    return {
        layer: replace(change, a=change.a.reshape(len(change.a), -1, 3).swapaxes(1, 2).reshape(change.a.shape))
        if layer.endswith(".ff.conv_temp")
        else change
        for layer, change in changes.items()
    }


def _to_mlx(name: str, weight: mx.array) -> mx.array:
    if weight.ndim < 4:
        return weight
    if ".ff.conv_inverted." in name or ".ff.conv_point." in name:
        return weight[:, :, 0, 0]
    if ".ff.conv_temp." in name:  # (out, in, 3, 1): the channels of the frame before, of the frame, of the one after
        return weight[..., 0].swapaxes(1, 2).reshape(len(weight), -1)
    if weight.ndim == 5:
        weight = weight[:, :, 0]
    return weight.transpose(0, 2, 3, 1)


def _go_on(*_: object) -> None:
    """Compute later, with all else."""
