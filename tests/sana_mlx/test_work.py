"""The count of a decoder's operations, against what its layers are given; the tile that is chosen has the fewest."""

from dataclasses import replace

import mlx.core as mx
import mlx.nn as nn
import numpy as np
import pytest

from app.sana_mlx import autoencoder, measure, memory, strips, tiling, work
from app.sana_mlx.config import AutoencoderConfig

SMALL = replace(
    measure.AUTOENCODER,
    decoder_block_out_channels=(32, 32, 32, 32, 64, 64),
    decoder_layers_per_block=(1, 2, 1, 1, 1, 2),
    latent_channels=4,
)
LITE = replace(
    SMALL,
    decoder_layers_per_block=(0, 1, 2, 1, 1, 1),
    decoder_block_types="ResBlock",
    upsample_block_type="pixel_shuffle",
)


def computed(config: AutoencoderConfig, width: int, height: int, tile: int | None, monkeypatch) -> float:
    """The operations of all matrix products and convolutions of the network itself."""
    operations = 0.0

    def count(place, name: str, of) -> None:
        plain = getattr(place, name)

        def counted(*args, **options):
            nonlocal operations
            out = plain(*args, **options)
            operations += 2.0 * of(args, out)
            return out

        monkeypatch.setattr(place, name, counted)

    count(nn.Linear, "__call__", lambda args, out: out.size * args[1].shape[-1])
    count(mx, "conv2d", lambda args, out: out.size * args[1][0].size)
    count(
        autoencoder.MultiscaleProjection, "__call__", lambda args, out: out.size * args[0].proj_out["weight"].shape[2]
    )
    for module in (autoencoder, tiling):
        count(module, "attention_sums", lambda args, out: args[0].size * args[1].shape[-1])
    count(autoencoder, "attend", lambda args, out: out.size * args[0].shape[-1])
    decoder = autoencoder.Decoder(config)
    latents = mx.zeros((1, height // config.factor, width // config.factor, config.latent_channels))
    tiling.decode(decoder, latents, tile, lambda pixels: pixels.astype(mx.uint8))
    monkeypatch.undo()
    return operations


@pytest.mark.parametrize("tile", [None, 96, 64, 32])
@pytest.mark.parametrize("config", [SMALL, LITE], ids=["base", "lite"])
def test_operations_are_those_of_the_network(config, tile, monkeypatch):
    rows = strips.strip_rows
    for module in (tiling, work):  # at full width strips have few rows
        monkeypatch.setattr(module, "strip_rows", lambda tile, row: min(4, rows(tile, row)))
    expected = work.decoder(config, 160, 192, tile).operations
    monkeypatch.setattr(work, "strip_rows", rows)
    assert computed(config, 160, 192, tile, monkeypatch) == pytest.approx(expected, rel=1e-6)


PARTS = measure.TRANSFORMERS["0.6B"], measure.AUTOENCODER, measure.GEMMA


@pytest.mark.parametrize(("width", "height"), [(1024, 1024), (2048, 512), (1152, 832), (2048, 2048)])
def test_no_tile_that_fits_computes_less(width, height):
    def needed(tile):
        peak = memory.estimate_peak(*PARTS, width, height, "4bit", tile)
        return memory.PROCESS + max(peak.encoder, peak.decoder)

    def computes(tile):
        return work.decoder(measure.AUTOENCODER, width, height, tile).operations

    def counted(tiles):
        return {tile: (needed(tile), computes(tile)) for tile in tiles}

    every, finest = counted(memory.TILES), counted(range(128, 1025, 16))
    for limit in np.geomspace(needed(128), needed(None), 12):
        chosen = memory.largest_tile(int(limit), *PARTS, width, height, "4bit")
        memory_needed, operations = every[chosen]
        assert memory_needed <= limit
        assert operations == min(others[1] for others in every.values() if others[0] <= limit)
        # finer steps would save little
        assert operations <= 1.1 * min(others[1] for others in finest.values() if others[0] <= limit)
