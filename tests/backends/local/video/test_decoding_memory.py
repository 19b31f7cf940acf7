"""What the estimate counts for decoding in PyTorch is what the decoder decides on its tiles by."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from app.backends.local.torch.video.autoencoder import _ltx_need
from app.core.families import sana_video
from app.core.memory import DECODE_TILE, memory_parts

PUBLISHED: Any = SimpleNamespace(
    config=SimpleNamespace(decoder_block_out_channels=(256, 512, 1024), upsample_factor=(2, 2, 2), patch_size=4),
    temporal_compression_ratio=8,
)
"""What of the autoencoder of the 720p model says how much it takes."""


@pytest.mark.parametrize("frames", [17, 81, 161])
def test_the_autoencoder_of_720p_takes_more_the_longer_the_clip_is(frames: int) -> None:
    size = sana_video.published_size(2_057_000_000, 704, frames)
    latents: Any = SimpleNamespace(shape=(1, 128, (frames - 1) // 8 + 1, *[DECODE_TILE // 32] * 2))
    latents.element_size = lambda: 4
    tile = _ltx_need(PUBLISHED, latents, 32)
    assert size.decode_bytes * DECODE_TILE**2 == pytest.approx(tile, rel=0.01)
    assert memory_parts(size, 1280, 704, "float32")["work"] > tile + frames * 1280 * 704 * 3 * 4


def test_that_of_480p_takes_the_same_for_any_length() -> None:
    sizes = [sana_video.published_size(2_057_000_000, 480, frames) for frames in (17, 81)]
    assert sizes[0].decode_bytes == sizes[1].decode_bytes
    assert sizes[0].whole_bytes == sizes[1].whole_bytes
