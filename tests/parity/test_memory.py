"""The estimate of memory: its count of weights against the networks' own."""

import mlx.core as mx
import pytest
from mlx.utils import tree_flatten

from app.sana_mlx import measure
from app.sana_mlx.autoencoder import Decoder
from app.sana_mlx.config import AutoencoderConfig, TextEncoderConfig, TransformerConfig
from app.sana_mlx.memory import (
    decoder_weights,
    estimate_peak,
    estimate_peak_bytes,
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
def test_the_decoders_weights(name):
    config = AutoencoderConfig.from_dict(test_autoencoder.CONFIGS[name])
    assert decoder_weights(config, 2) == nbytes(Decoder(config), 2, None)


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
    return estimate_peak_bytes(*parts, side, side, precision, tile)


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


def test_the_largest_tile_that_fits():
    parts = measure.TRANSFORMERS["0.6B"], measure.AUTOENCODER, measure.GEMMA

    def choose(limit):
        return largest_tile(int(limit), *parts, 1024, 1024, "4bit")

    assert choose(1e12) is None
    assert choose(1) == 128
    side = choose(2.5e9)
    assert estimate("0.6B", 1024, "4bit", side) <= 2.5e9 < estimate("0.6B", 1024, "4bit", 2 * side)
