"""The estimate of a clip's memory: its count of weights against the network's own, its peaks against measured ones."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import mlx.core as mx
import pytest

from app.sana_mlx.measure import GEMMA
from app.sana_mlx.video.autoencoder_memory import autoencoder_work
from app.sana_mlx.video.autoencoders import autoencoder_of
from app.sana_mlx.video.config import VideoTransformerConfig, autoencoder_config
from app.sana_mlx.video.memory import (
    Clip,
    VideoParts,
    estimate_clip_peak,
    largest_clip_tile,
    video_transformer_weights,
    video_transformer_work,
)
from app.sana_mlx.video.transformer import SanaVideoTransformer

from .test_memory import PRECISIONS, nbytes
from .test_video_transformer import CONFIGS, SMALL

LTX = {"_class_name": "AutoencoderKLLTX2Video", "decoder_causal": False}
PARTS = VideoParts(
    VideoTransformerConfig(in_channels=128, out_channels=128, mlp_ratio=3.0, patch_size=(1, 1, 1)),
    autoencoder_config(LTX), GEMMA, encoder=690_000_000, decoder=530_000_000,
)  # fmt: skip
CLIP = Clip(1280, 704, 81)


@pytest.mark.parametrize(("item", "bits"), PRECISIONS)
@pytest.mark.parametrize("name", CONFIGS)
def test_the_transformers_weights(name: str, item: int, bits: int | None) -> None:
    config = VideoTransformerConfig.from_dict(SMALL | CONFIGS[name])
    assert video_transformer_weights(config, item, bits) == nbytes(SanaVideoTransformer(config), item, bits)


def test_the_published_size() -> None:
    assert video_transformer_weights(PARTS.transformer, 1, None) == pytest.approx(2.057e9, rel=5e-3)


def test_a_pass_takes_what_is_estimated() -> None:
    config = replace(PARTS.transformer, num_attention_heads=4, num_cross_attention_heads=4, cross_attention_dim=448)
    config = replace(config, num_layers=2, in_channels=8, out_channels=8, caption_channels=64)
    network = SanaVideoTransformer(config)
    mx.eval(network.parameters())
    args = mx.random.normal((1, 4, 16, 24, 8)), mx.array([500.0]), mx.random.normal((1, 300, 64))
    mx.eval(args)
    mx.clear_cache()
    mx.reset_peak_memory()
    before = mx.get_active_memory()
    mx.eval(network(*args))
    estimated = video_transformer_work(config, 4, 16 * 24, 4, unfolds=True)
    assert 0.5 < (mx.get_peak_memory() - before) / estimated < 1.1


def test_decoding_with_ltx_takes_what_is_estimated() -> None:
    narrow: dict[str, Any] = {"decoder_block_out_channels": [32, 64, 128], "decoder_layers_per_block": [1, 1, 1, 1]}
    values, size = LTX | narrow | {"latent_channels": 16}, (384, 256, 9)
    autoencoder = autoencoder_of(values)
    width, height, frames = size
    config = autoencoder.config
    decoder = autoencoder.halves["decoder"]()
    sides = ((frames - 1) // config.temporal_factor + 1, height // config.factor, width // config.factor)
    latents = mx.random.normal((1, *sides, 16))
    mx.eval(latents, decoder.parameters())
    mx.clear_cache()
    mx.reset_peak_memory()
    before = mx.get_active_memory()
    for piece in autoencoder.decode_chunks(decoder, latents, None):
        mx.eval(piece)
    estimated = autoencoder_work(config, width * height, None, 4, unfolds=True)
    assert 0.15 < (mx.get_peak_memory() - before) / estimated < 1.15


def test_81_frames_of_720p_fit_into_8_gb_in_4_bits() -> None:
    peak = estimate_clip_peak(PARTS, CLIP, "4bit", None, encodes=True)
    assert math.isclose(peak.total, 3e9, rel_tol=0.4)
    assert estimate_clip_peak(PARTS, CLIP, "bfloat16", None).total > peak.total
    assert estimate_clip_peak(PARTS, CLIP, "4bit", None, together=True).total > peak.total
    longer = estimate_clip_peak(PARTS, replace(CLIP, frames=161), "4bit", None)
    assert longer.transformer > peak.transformer
    assert largest_clip_tile(8 << 30, PARTS, CLIP, "4bit", encodes=True) is None
