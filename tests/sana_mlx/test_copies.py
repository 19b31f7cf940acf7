"""Layers write their values where the next one reads them: what is only put in another order is not copied."""

import mlx.core as mx
import pytest

from app.sana_mlx.autoencoder import ResBlock, UpBlock
from app.sana_mlx.config import TransformerConfig
from app.sana_mlx.transformer import LinearAttention
from app.sana_mlx.video.wan.layers import CausalConv3d, Norm, Past
from tests.benchmarks.movement import moved

CONFIG = TransformerConfig.from_dict({"num_attention_heads": 2, "attention_head_dim": 32})


@pytest.fixture(autouse=True)
def graphs_only(monkeypatch):
    monkeypatch.setattr(mx, "eval", lambda *_: None)
    mx.disable_compile()
    yield
    mx.enable_compile()


def test_what_is_counted():
    x = mx.zeros((2, 3, 4), mx.bfloat16)
    swapped = moved(lambda x: mx.abs(x.swapaxes(0, 1).reshape(6, 4)), x)
    assert (swapped.copies, swapped.elementwise, swapped.widened) == (2 * 48, 2 * 48, 0)
    # elementwise work reads any order, and writes in order
    spared = moved(lambda x: mx.abs(x.swapaxes(0, 1)).reshape(6, 4), x)
    assert (spared.copies, spared.elementwise) == (0, 2 * 48)
    fused = moved(lambda x: mx.abs(x) * 2, x)
    assert fused.elementwise == pytest.approx(2 * 48, abs=4)
    product = moved(lambda x: x.astype(mx.float32) @ mx.ones((4, 5)), x)
    assert product.operations == 2 * 6 * 4 * 5
    assert product.layers == 4 * (24 + 20 + 30) == product.widened - 4 * 24
    assert moved(lambda x: mx.concatenate([x, x]), x).copies == 4 * 48


def test_heads_are_put_together_by_the_division():
    assert moved(LinearAttention(CONFIG, clip=True), mx.zeros((1, 16, 64))).copies == 0


@pytest.mark.parametrize("kind", ["rms_norm", "batch_norm"])
def test_a_tile_is_trimmed_by_the_sum(kind):
    block, keep = ResBlock(32, kind, "silu"), (slice(1, 7), slice(2, 8))
    assert moved(lambda x: block(x, keep), mx.zeros((1, 8, 8, 32))).copies == 0


@pytest.mark.parametrize("dims", [16, 32, 64])
def test_the_shortcut_to_more_pixels_is_a_view(dims):
    assert moved(UpBlock(dims, 16, interpolate=False), mx.zeros((1, 8, 8, dims))).copies == 0
    # what is copied is the convolution's input, each pixel four times
    twice = moved(UpBlock(dims, 16, interpolate=True), mx.zeros((1, 8, 8, dims)))
    assert twice.copies == 4 * (64 * dims + 256 * dims)


def test_a_whole_frame_is_padded_by_the_convolution():
    conv, norm = CausalConv3d(16, 16), Norm(16)
    conv.weight = conv.weight.astype(mx.bfloat16)
    frame = mx.zeros((1, 8, 8, 16))
    whole = moved(lambda x: conv(x, Past(alone=True), norm), frame)
    strips = moved(lambda x: conv(x, Past(4 * 8 * 16, alone=True), norm), frame)
    assert whole.copies == 0 < strips.copies
