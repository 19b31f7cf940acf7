"""The estimate of memory: its count of weights against the networks' own, its peaks against measured ones."""

from dataclasses import replace
from typing import Any

import mlx.core as mx
import mlx.nn as nn
import numpy as np
import pytest
from mlx.utils import tree_flatten

from app.sana_mlx import measure, tiling
from app.sana_mlx.autoencoder import Decoder, Encoder
from app.sana_mlx.config import AutoencoderConfig, TextEncoderConfig, TransformerConfig
from app.sana_mlx.memory import (
    PROCESS,
    decoder_weights,
    encoder_weights,
    estimate_peak,
    largest_tile,
    text_encoder_weights,
    transformer_weights,
)
from app.sana_mlx.quantize import quantize
from app.sana_mlx.text_encoder import TextEncoder
from app.sana_mlx.transformer import SanaTransformer

from . import test_autoencoder, test_text_encoder, test_transformer

PRECISIONS = [(4, None), (2, None), (2, 8), (2, 4)]


def nbytes(model, item, bits):
    model.set_dtype(mx.float32 if item == 4 else mx.bfloat16)
    if bits is not None:
        quantize(model, bits)
    return sum(value.nbytes for _, value in tree_flatten(model.parameters()))


@pytest.mark.parametrize(("item", "bits"), PRECISIONS)
@pytest.mark.parametrize("name", test_transformer.CONFIGS)
def test_the_transformers_weights(name, item, bits):
    config = TransformerConfig.from_dict(test_transformer.SMALL | test_transformer.CONFIGS[name])
    assert transformer_weights(config, item, bits) == nbytes(SanaTransformer(config), item, bits)


@pytest.mark.parametrize("name", test_autoencoder.CONFIGS)
def test_the_autoencoders_weights(name):
    config = AutoencoderConfig.from_dict(test_autoencoder.CONFIGS[name])
    assert decoder_weights(config, 2) == nbytes(Decoder(config), 2, None)
    assert encoder_weights(config, 2) == nbytes(Encoder(config), 2, None)


@pytest.mark.parametrize(("item", "bits"), PRECISIONS)
def test_the_text_encoders_weights(item, bits):
    values = test_text_encoder.SMALL | {
        "model_type": "gemma2",
        "rms_norm_eps": 1e-6,
        "rope_theta": 1e4,
        "query_pre_attn_scalar": 16,
        "attn_logit_softcapping": 50,
    }
    config = TextEncoderConfig.from_dict(values)
    assert text_encoder_weights(config, item, bits) == nbytes(TextEncoder(config), item, bits)


@pytest.mark.parametrize(("size", "parameters"), [("0.6B", 592e6), ("1.6B", 1604e6), ("4.8B", 4722e6)])
def test_the_published_sizes(size, parameters):
    assert transformer_weights(measure.TRANSFORMERS[size], 1, None) == pytest.approx(parameters, rel=2e-3)


def estimate(size, side, precision, tile=256):
    parts = measure.TRANSFORMERS[size], measure.AUTOENCODER, measure.GEMMA
    return estimate_peak(*parts, side, side, precision, tile).total


def test_more_needs_more():
    assert estimate("0.6B", 1024, "4bit") < estimate("0.6B", 1024, "8bit") < estimate("0.6B", 1024, "bfloat16")
    assert estimate("1.6B", 1024, "bfloat16") < estimate("4.8B", 1024, "bfloat16")
    assert estimate("1.6B", 1024, "4bit") <= estimate("1.6B", 2048, "4bit") < estimate("1.6B", 4096, "4bit")
    assert estimate("0.6B", 2048, "4bit", 256) < estimate("0.6B", 2048, "4bit", 1024)
    assert estimate("0.6B", 2048, "4bit", 2048) <= estimate("0.6B", 2048, "4bit", None)


def test_the_goals():
    assert estimate("0.6B", 1024, "4bit") <= 2.5e9
    assert estimate("1.6B", 1024, "4bit") <= 3e9
    assert estimate("1.6B", 2048, "4bit") <= 4e9


def test_the_phases():
    parts = measure.TRANSFORMERS["0.6B"], measure.AUTOENCODER, measure.GEMMA
    peak = estimate_peak(*parts, 1024, 1024, "4bit", 256)
    assert peak.total > max(peak.text_encoder, peak.transformer, peak.decoder)
    unfolded = estimate_peak(*parts, 1024, 1024, "4bit", 256, unfolds=True)
    assert unfolded.decoder > estimate_peak(*parts, 1024, 1024, "4bit", 256, unfolds=False).decoder


def test_what_stays_beside_the_phases():
    parts = measure.TRANSFORMERS["0.6B"], measure.AUTOENCODER, measure.GEMMA, 1024, 1024, "bfloat16", 256
    alone, together = estimate_peak(*parts, encodes=True), estimate_peak(*parts, encodes=True, together=True)
    gemma = text_encoder_weights(measure.GEMMA, 2, None)
    assert estimate_peak(*parts).encoder == 0 < alone.encoder
    assert together.text_encoder == alone.text_encoder
    assert together.transformer == alone.transformer + gemma
    assert together.decoder == alone.decoder + gemma + encoder_weights(measure.AUTOENCODER, 2)


def test_the_largest_tile_that_fits():
    parts = measure.TRANSFORMERS["0.6B"], measure.AUTOENCODER, measure.GEMMA

    def choose(limit):
        return largest_tile(int(limit), *parts, 1024, 1024, "4bit")

    assert choose(1e12) is None
    assert choose(1) == 128
    side = choose(2.5e9)
    decoding = [estimate_peak(*parts, 1024, 1024, "4bit", tile).decoder + PROCESS for tile in (side, 2 * side)]
    assert decoding[0] <= 2.5e9 < decoding[1]


def measured(run):
    """The bytes that something needs beyond what is there."""
    mx.clear_cache()
    mx.reset_peak_memory()
    before = mx.get_active_memory()
    mx.eval(run())
    return mx.get_peak_memory() - before


THIRD: dict[str, Any] = {"encoder_layers_per_block": (1,) * 6, "decoder_layers_per_block": (1,) * 6}
CHANNELS = (32, 32, 64, 64, 128, 128)
AUTOENCODERS = {
    "base": replace(
        measure.AUTOENCODER, encoder_block_out_channels=CHANNELS, decoder_block_out_channels=CHANNELS, **THIRD
    ),
    "lite": replace(
        measure.AUTOENCODER,
        encoder_block_out_channels=CHANNELS,
        decoder_block_out_channels=CHANNELS,
        encoder_layers_per_block=(0, 1, 1, 1, 1, 1),
        decoder_layers_per_block=(0, 1, 2, 1, 1, 1),
        decoder_block_types="ResBlock",
        decoder_in_shortcut=False,
        downsample_block_type="pixel_unshuffle",
        upsample_block_type="pixel_shuffle",
    ),
}


@pytest.mark.skipif(mx.metal.is_available(), reason="the figures are those of the CPU build")
@pytest.mark.parametrize("precision", [pytest.param("float32", marks=pytest.mark.slow), "bfloat16"])
@pytest.mark.parametrize(
    ("name", "tile"), [("base", None), ("lite", None), ("base", 128), pytest.param("lite", 128, marks=pytest.mark.slow)]
)
def test_the_autoencoders_peak_is_within_15_percent(name, tile, precision):
    config, dtype = AUTOENCODERS[name], getattr(mx, precision)
    width, height = (256, 192) if tile is None else (384, 256)
    parts = measure.TRANSFORMERS["0.6B"], config, measure.GEMMA, width, height, precision, tile
    item, trunk = dtype.size, transformer_weights(measure.TRANSFORMERS["0.6B"], dtype.size, None)
    peak = estimate_peak(*parts, encodes=True, unfolds=True)

    decoder = measure.fill(Decoder(config), dtype, None)
    latents = mx.random.normal((1, height // 32, width // 32, 32)).astype(dtype)
    used = measured(lambda: tiling.decode(decoder, latents, tile, lambda pixels: pixels.astype(mx.uint8)) is None)
    expected = peak.decoder - trunk
    assert expected == pytest.approx(used + decoder_weights(config, item), rel=0.15)

    encoder = measure.fill(Encoder(config), dtype, None)
    pixels = np.zeros((1, height, width, 3), np.float32)
    used = measured(lambda: tiling.encode(encoder, pixels, tile, dtype))
    expected = peak.encoder - trunk
    assert expected == pytest.approx(used + encoder_weights(config, item), rel=0.15)


@pytest.mark.skipif(mx.metal.is_available(), reason="the figures are those of the CPU build")
@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_the_transformers_peak_is_within_15_percent(precision):
    config = replace(
        measure.TRANSFORMERS["0.6B"],
        num_attention_heads=8,
        num_cross_attention_heads=4,
        cross_attention_dim=256,
        num_layers=2,
    )
    dtype, side = getattr(mx, precision), 1024
    model = measure.fill(SanaTransformer(config), dtype, None)
    latents = mx.random.normal((1, side // 32, side // 32, 32)).astype(dtype)
    caption = mx.random.normal((1, 300, config.caption_channels)).astype(dtype)
    used = measured(lambda: model(latents, mx.array([500.0]), caption))
    peak = estimate_peak(config, measure.AUTOENCODER, measure.GEMMA, side, side, precision, 256, unfolds=True)
    assert peak.transformer == pytest.approx(used + transformer_weights(config, dtype.size, None), rel=0.15)


def test_short_products_take_as_much_memory(monkeypatch):
    layer = nn.QuantizedLinear(128, 1536, bits=4)
    x = mx.random.normal((1, 100, 128))
    mx.eval(layer.parameters(), x)
    real = measured(lambda: layer(x))
    monkeypatch.setattr(mx, "quantized_matmul", measure.short_product)
    out = layer(x)
    assert out.shape == (1, 100, 1536)
    mx.eval(out)
    assert measured(lambda: layer(x)) == pytest.approx(real, rel=0.05)
