"""The autoencoder's two directions: the stages with attention whole, the rest in tiles, which changes no pixel."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from app.core.errors import NotFiniteError
from app.core.memory import DECODE_TILE
from app.core.message import Message, message
from app.diffusion.model import OnTile, Pixels
from app.diffusion.tiling import decoder_tail, encoder_head
from app.sana_mlx.config import AutoencoderConfig

DECODED = message("the decoded picture")
ENCODED = message("the encoded start picture")
ITEM = 4
"""Bytes of a number: the autoencoder computes in float32, whatever the precision of the rest."""
_DECODE_COPIES = 18  # of the first stage's channels for each pixel; from the 9.2 GiB published for 1024 x 1024


def decode(vae: Any, latents: Any, tile: int, on_tile: OnTile | None) -> Pixels:
    """(1, C, h, w) scaled latents to (H, W, 3), in tiles of `tile` pixels a side.

    Raises:
        NotFiniteError: the numbers broke down.
    """
    import numpy as np  # the plan of a picture's memory, which is made at the start, needs none

    decoder, run = vae.decoder, decoder_tail(asdict(vae.config))
    hidden = decoder.head(latents)
    for index in reversed(range(len(decoder.up_blocks))):
        if index not in run.stages:
            hidden = decoder.up_blocks[index](hidden)
    _require_finite(hidden, DECODED)

    height, width = hidden.shape[2:]
    picture = np.empty((*run.output_size(height, width), 3), np.uint8)
    tiles = run.tiles(height, width, tile)
    for done, (source, crop, target) in enumerate(tiles, start=1):
        piece = hidden[:, :, *source]
        for index in run.stages:
            piece = decoder.up_blocks[index](piece)
        # Checked before the activation: on mps ReLU turned NaN into 0, and the picture into flat grey.
        _require_finite(piece, DECODED)
        piece = decoder.tail(piece)[0, :, *crop].float()
        _require_finite(piece, DECODED)
        piece = ((piece / 2 + 0.5).clamp(0, 1) * 255).round().byte()
        picture[target] = piece.permute(1, 2, 0).cpu().numpy()
        if on_tile is not None:
            on_tile(done, len(tiles))
    return picture


def encode(vae: Any, pixels: Any, tile: int, device: str) -> Any:
    """(1, 3, H, W) to (1, C, h, w): the stages before the first attention in tiles, the rest whole.

    Raises:
        NotFiniteError: the numbers broke down.
    """
    import torch

    encoder, run = vae.encoder, encoder_head(asdict(vae.config))
    height, width = pixels.shape[2:]
    rows: dict[int, list[Any]] = {}
    for source, crop, target in run.tiles(height, width, tile):
        piece = encoder.conv_in(pixels[:, :, *source].to(device))
        for index in run.stages:
            piece = encoder.down_blocks[index](piece)
        rows.setdefault(target[0].start, []).append(piece[:, :, *crop].contiguous())
    hidden = torch.cat([torch.cat(row, dim=3) for row in rows.values()], dim=2)
    for index, block in enumerate(encoder.down_blocks):
        if index not in run.stages:
            hidden = block(hidden)
    latents = encoder.tail(hidden)
    _require_finite(latents, ENCODED)
    return latents


def tile_side(config: AutoencoderConfig, height: int, width: int, memory: int) -> int:
    """Side of the tiles of a picture, in pixels: all in one where that takes less than an eighth of `memory` bytes."""
    channels = max(config.decoder_block_out_channels[0], config.encoder_block_out_channels[0])
    whole = height * width * channels * _DECODE_COPIES * ITEM
    return max(height, width) if whole <= memory / 8 else DECODE_TILE


def _require_finite(tensor: Any, place: Message) -> None:
    if not tensor.sum().isfinite():  # one number to fetch from the GPU; NaN and infinity survive a sum
        raise NotFiniteError(place)
