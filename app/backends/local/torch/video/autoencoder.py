"""Frames of latents and back, with the autoencoders of Wan 2.1 and of LTX-2."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from app.core.errors import NotFiniteError
from app.core.memory import DECODE_TILE
from app.core.message import Message, message
from app.diffusion.model import Array, OnTile, Pixels
from app.diffusion.windows import ramp, windows

DECODED = message("the decoded clip")
ENCODED = message("the encoded start picture")
_WAN_COPIES = 57
"""Of the last stage's channels for each pixel that is decoded at once, in Wan's decoder; from 2.2 GB at 240 x 416."""
_LTX_COPIES = 6
"""The same for each latent of the last stage, in that of LTX-2; counted from its shapes."""
_PIECE = 8
"""Frames that are turned into bytes at once where all of them are decoded already."""
_SHARE = 4
"""A frame is one tile where decoding it takes less than this part of the memory."""

Windows = tuple[slice, slice]
"""Rows and columns of latents."""


def statistics(vae: Any) -> tuple[Any, Any]:
    """Mean and standard deviation of the latents, each (1, C, 1, 1, 1) float32 on the processor."""
    import torch

    if _is_wan(vae):
        mean, std = torch.tensor(vae.config.latents_mean), torch.tensor(vae.config.latents_std)
    else:
        mean, std = vae.latents_mean, vae.latents_std
    return mean.float().cpu().view(1, -1, 1, 1, 1), std.float().cpu().view(1, -1, 1, 1, 1)


def encode(vae: Any, pixels: Any) -> Any:
    """(1, 3, 1, H, W) in -1..1 to the mode (1, C, 1, h, w), as the autoencoder has it.

    Raises:
        NotFiniteError: the numbers broke down.
    """
    import torch

    with torch.inference_mode():
        latents = vae.encode(pixels).latent_dist.mode()
        _require_finite(latents, ENCODED)
        return latents


def decode(
    vae: Any, latents: Any, factor: int, memory: int, on_tile: OnTile | None = None, side: int = DECODE_TILE
) -> Iterator[Pixels]:
    """(1, C, t, h, w) latents, as the autoencoder has them, to (n, H, W, 3) uint8, piece by piece.

    Wan's decoder goes on from latent frame to latent frame. That of LTX-2 looks ahead as well, so all frames are
    decoded before the first piece comes.

    Args:
        factor: pixels per latent along a side.
        memory: bytes that the machine has: where a frame takes too much of it, it is decoded in tiles that blend.
        side: of the tiles, in pixels.

    Raises:
        NotFiniteError: the numbers broke down.
    """
    need = (_wan_need if _is_wan(vae) else _ltx_need)(vae, latents, factor)
    height, width = latents.shape[3:]
    side = max(height, width) if need <= memory / _SHARE else side // factor
    tiles = [(row, column) for row in windows(height, side) for column in windows(width, side)]
    return (_decode_wan if _is_wan(vae) else _decode_ltx)(vae, latents, factor, tiles, on_tile)


def _wan_need(vae: Any, latents: Any, factor: int) -> int:
    """Bytes that decoding one latent frame takes."""
    pixels = latents.shape[3] * latents.shape[4] * factor**2
    return int(pixels * vae.config.base_dim * _WAN_COPIES * latents.element_size())


def _ltx_need(vae: Any, latents: Any, factor: int) -> int:
    """Bytes that decoding all frames takes."""
    config, (count, height, width) = vae.config, latents.shape[2:]
    channels = config.decoder_block_out_channels[0] // config.upsample_factor[0]
    frames, cells = 1 + (count - 1) * vae.temporal_compression_ratio, (factor // config.patch_size) ** 2
    return int(frames * height * width * cells * channels * _LTX_COPIES * latents.element_size())


def _decode_wan(vae: Any, latents: Any, factor: int, tiles: list[Windows], on_tile: OnTile | None) -> Iterator[Pixels]:
    count, height, width = latents.shape[2:]
    # Each tile goes on from what its own convolutions saw of the frames before.
    seen: list[list[Any]] = [[None] * vae._cached_conv_counts["decoder"] for _ in tiles]
    for frame in range(count):
        blend = _Blend(height, width, factor)
        for index, (tile, remembered) in enumerate(zip(tiles, seen, strict=True)):
            blend.add(_wan_frame(vae, latents[:, :, frame : frame + 1, *tile], remembered, first=frame == 0), tile)
            if on_tile is not None:
                on_tile(frame * len(tiles) + index + 1, count * len(tiles))
        yield blend.pixels()


def _wan_frame(vae: Any, latents: Any, remembered: list[Any], *, first: bool) -> Array:
    """One latent frame to (n, H, W, 3): one frame where it is the first, else as many as a latent frame has."""
    import torch

    with torch.inference_mode():
        frames = vae.decoder(
            vae.post_quant_conv(latents), feat_cache=remembered, feat_idx=[0], first_chunk=first
        )  # fmt: skip
        return _on_processor(frames)


def _decode_ltx(vae: Any, latents: Any, factor: int, tiles: list[Windows], on_tile: OnTile | None) -> Iterator[Pixels]:
    import torch

    count, height, width = latents.shape[2:]
    frames = 1 + (count - 1) * vae.temporal_compression_ratio
    blend = _Blend(height, width, factor)
    for index, tile in enumerate(tiles):
        with torch.inference_mode():
            blend.add(_on_processor(vae.decoder(latents[:, :, :, *tile])), tile)
        if on_tile is not None:
            on_tile(index + 1, len(tiles))
    for start in range(0, frames, _PIECE):
        yield blend.pixels(slice(start, start + _PIECE))


class _Blend:
    """Frames put together from tiles, which fade into each other where they overlap."""

    def __init__(self, height: int, width: int, factor: int) -> None:
        self._size = height, width
        self._factor = factor
        self._sum: Array | None = None
        self._weights = np.zeros((height * factor, width * factor, 1), np.float32)

    def add(self, frames: Array, tile: Windows) -> None:
        """Frames (n, H, W, 3) of one tile."""
        height, width, _ = self._weights.shape
        place = tuple(slice(side.start * self._factor, side.stop * self._factor) for side in tile)
        if self._sum is None and frames.shape[1:3] == (height, width):
            self._sum, self._weights = frames, np.ones_like(self._weights)
            return
        if self._sum is None:
            self._sum = np.zeros((len(frames), height, width, 3), np.float32)
        share = np.outer(ramp(place[0], height), ramp(place[1], width))[..., None]
        self._sum[:, *place] += share * frames
        self._weights[place] += share

    def pixels(self, frames: slice = slice(None)) -> Pixels:
        """Some of the frames, (n, H, W, 3) uint8."""
        if self._sum is None:
            raise ValueError("nothing was decoded")
        blended: Array = self._sum[frames] / self._weights
        return ((blended / 2 + 0.5).clip(0, 1) * 255).round().astype(np.uint8)


def _on_processor(frames: Any) -> Array:
    """(1, 3, n, H, W) to (n, H, W, 3)."""
    _require_finite(frames, DECODED)
    array: Array = frames[0].float().permute(1, 2, 3, 0).cpu().numpy()
    return array


def _is_wan(vae: Any) -> bool:
    return hasattr(vae.config, "z_dim")


def _require_finite(tensor: Any, place: Message) -> None:
    if not tensor.sum().isfinite():  # one number to fetch from the GPU; NaN and infinity survive a sum
        raise NotFiniteError(place)
