"""Quantized networks: what is quantized, how far they stray, and the cache."""

import os

import mlx.core as mx
import mlx.nn as nn
import pytest
from diffusers import SanaTransformer2DModel
from mlx.utils import tree_flatten

from app.sana_mlx.config import TransformerConfig
from app.sana_mlx.quantize import cache_file, load_quantized, quantize
from app.sana_mlx.transformer import SanaTransformer
from app.sana_mlx.weights import assign

from .helpers import randomize, weights_of

# 96 is a multiple of 32 only; the feed-forward's 2.6 * 96 of none.
CONFIG = {
    "num_attention_heads": 3,
    "attention_head_dim": 32,
    "num_layers": 1,
    "num_cross_attention_heads": 2,
    "cross_attention_head_dim": 64,
    "cross_attention_dim": 96,
    "caption_channels": 64,
    "sample_size": 4,
    "mlp_ratio": 2.6,
}


@pytest.fixture(scope="module")
def weights():
    return SanaTransformer.sanitize(weights_of(randomize(SanaTransformer2DModel(**CONFIG))))


def build():
    return SanaTransformer(TransformerConfig.from_dict(CONFIG))


def forward(model, dtype=mx.bfloat16):
    mx.random.seed(0)
    latents, caption = mx.random.normal((1, 4, 4, 32)), mx.random.normal((1, 3, 64))
    return model(latents.astype(dtype), mx.array([500.0]), caption.astype(dtype)).astype(mx.float32)


def test_groups_fit_the_rows(weights):
    model = build()
    assign(model, weights, mx.bfloat16)
    assert quantize(model, 4) == ["transformer_blocks.0.ff.conv_point"]
    block = model.transformer_blocks[0]
    assert block.attn1.to_q.group_size == 32
    assert block.attn2.to_out[0].group_size == 64
    assert isinstance(block.ff.conv_inverted, nn.QuantizedLinear)
    assert type(model.proj_out) is nn.Linear
    assert type(model.time_embed.linear) is nn.Linear


@pytest.mark.parametrize(("bits", "tolerance"), [(8, 0.03), (4, 0.3)])
def test_distance_to_float32(weights, bits, tolerance, record_property):
    exact, rounded = build(), build()
    assign(exact, weights, mx.float32)
    load_quantized(rounded, bits, lambda: weights, None)
    expected = forward(exact, mx.float32)
    error = (mx.linalg.norm(forward(rounded) - expected) / mx.linalg.norm(expected)).item()
    record_property("relative_error", error)
    assert error < tolerance


def test_the_second_start_reads_what_the_first_converted(weights, tmp_path):
    checkpoint = tmp_path / "model.safetensors"
    checkpoint.write_bytes(b"stands for the checkpoint")
    cached = cache_file(tmp_path / "cache", "transformer", 4, [checkpoint])
    first, second = build(), build()
    left = load_quantized(first, 4, lambda: weights, cached)

    def refuse():
        raise AssertionError("converted again")

    assert load_quantized(second, 4, refuse, cached) == left
    for (name, a), (_, b) in zip(tree_flatten(first.parameters()), tree_flatten(second.parameters()), strict=True):
        assert a.dtype == b.dtype
        assert mx.array_equal(a, b), name
    assert [file.name for file in cached.parent.iterdir()] == [cached.name]


@pytest.mark.parametrize("damage", [b"", b"not safetensors"])
def test_a_damaged_cache_is_made_anew(weights, tmp_path, damage, caplog):
    cached = tmp_path / "transformer.safetensors"
    cached.write_bytes(damage)
    model = build()
    load_quantized(model, 8, lambda: weights, cached)
    assert mx.isfinite(forward(model)).all()
    assert "converting anew" in caplog.text
    load_quantized(build(), 8, dict, cached)


def test_a_disk_that_cannot_be_written_costs_time_only(weights, tmp_path, caplog):
    (tmp_path / "file").touch()
    load_quantized(build(), 8, lambda: weights, tmp_path / "file" / "transformer.safetensors")
    assert "not cached" in caplog.text


def test_what_nobody_used_for_long_leaves_the_cache(weights, tmp_path):
    used, unused = tmp_path / "used.safetensors", tmp_path / "unused.safetensors"
    load_quantized(build(), 8, lambda: weights, used)
    unused.write_bytes(b"of a model that was removed")
    for file in (used, unused):
        os.utime(file, (0, 0))
    load_quantized(build(), 8, dict, used)
    load_quantized(build(), 8, lambda: weights, tmp_path / "new.safetensors")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["new.safetensors", "used.safetensors"]


def test_the_cache_knows_what_it_was_made_of(tmp_path):
    a, b = tmp_path / "a.safetensors", tmp_path / "b.safetensors"
    a.write_bytes(b"one")
    b.write_bytes(b"one")
    variants = [
        cache_file(tmp_path, "transformer", 4, [a]),
        cache_file(tmp_path, "transformer", 8, [a]),
        cache_file(tmp_path, "text_encoder", 4, [a]),
        cache_file(tmp_path, "transformer", 4, [b]),
    ]
    assert cache_file(tmp_path, "transformer", 4, [a]) == variants[0]
    a.write_bytes(b"other")
    variants.append(cache_file(tmp_path, "transformer", 4, [a]))
    assert len(set(variants)) == len(variants)


def test_models_that_share_a_file_share_what_is_made_of_it(tmp_path):
    blobs = [tmp_path / repo / "blobs" / ("ab" * 32) for repo in ("models--a--a", "models--b--b")]
    for blob in blobs:
        blob.parent.mkdir(parents=True)
    blobs[0].write_bytes(b"the text encoder")
    blobs[1].hardlink_to(blobs[0])
    links = [blob.parent.parent / "model.safetensors" for blob in blobs]
    for link, blob in zip(links, blobs, strict=True):
        link.symlink_to(blob)
    assert len({cache_file(tmp_path, "text_encoder", 4, [link]) for link in links}) == 1
