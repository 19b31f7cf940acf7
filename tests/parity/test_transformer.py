"""Whole transformers, usual and unusual, against diffusers."""

from typing import Any

import mlx.core as mx
import pytest
import torch
from diffusers import SanaTransformer2DModel
from mlx.utils import tree_flatten

from app.sana_mlx.config import TransformerConfig
from app.sana_mlx.transformer import SanaTransformer
from app.sana_mlx.weights import assign

from .helpers import assert_close, load, nchw, nhwc, randomize, weights_of

SMALL = {
    "num_attention_heads": 4,
    "attention_head_dim": 16,
    "num_layers": 3,
    "num_cross_attention_heads": 2,
    "cross_attention_head_dim": 24,
    "cross_attention_dim": 64,
    "caption_channels": 40,
    "sample_size": 8,
}
CONFIGS: dict[str, dict[str, Any]] = {
    "sana": {},
    "sana 1.5": {"qk_norm": "rms_norm_across_heads"},
    "sprint": {"qk_norm": "rms_norm_across_heads", "guidance_embeds": True},
    "2K": {"interpolation_scale": 1.0},
    "4K": {"interpolation_scale": 2.0},
    "one layer": {"num_layers": 1},
    "patches": {"patch_size": 2, "interpolation_scale": 0.5},
    "biases": {"attention_bias": True, "norm_elementwise_affine": True, "norm_eps": 1e-4},
    "learned sigma": {"out_channels": 64},
    "odd ratio": {"mlp_ratio": 3.3},
    "all at once": {
        "num_layers": 5,
        "patch_size": 2,
        "interpolation_scale": 1.5,
        "qk_norm": "rms_norm_across_heads",
        "guidance_embeds": True,
        "attention_bias": True,
        "norm_elementwise_affine": True,
        "mlp_ratio": 2.7,
        "out_channels": 16,
    },
}


def pair(config):
    theirs = randomize(SanaTransformer2DModel(**config))
    ours = SanaTransformer(TransformerConfig.from_dict(dict(theirs.config)))
    return load(ours, theirs, SanaTransformer.sanitize), theirs


@torch.no_grad()
def compare(ours, theirs, height, width, batch=2, tolerance=2e-5):
    latents = torch.randn(batch, 32, height, width)
    caption = torch.randn(batch, 7, theirs.config.caption_channels)
    time, mask = torch.linspace(20.5, 900, batch), torch.ones(batch, 7)
    mask[0, 3:] = 0
    guidance = torch.full((batch,), 0.45) if theirs.config.guidance_embeds else None
    expected = theirs(latents, caption, time, guidance=guidance, encoder_attention_mask=mask).sample
    out = ours(
        nhwc(latents),
        mx.array(time.numpy()),
        mx.array(caption.numpy()),
        mx.array(mask.numpy()),
        None if guidance is None else mx.array(guidance.numpy()),
    )
    assert_close(nchw(out), expected, tolerance)


@pytest.mark.parametrize("name", CONFIGS)
@pytest.mark.parametrize("size", [(8, 8), (6, 10)])
def test_forward(name, size):
    compare(*pair(SMALL | CONFIGS[name]), *size)


def test_padding_can_be_left_out():
    ours, _ = pair(SMALL)
    latents, caption, time = mx.random.normal((1, 8, 8, 32)), mx.random.normal((1, 9, 40)), mx.array([500.0])
    mask = mx.array([[1, 1, 1, 1, 0, 0, 0, 0, 0]])
    padded = ours(latents, time, caption, mask)
    assert mx.abs(padded - ours(latents, time, caption[:, :4])).max() < 1e-5


def test_bfloat16_stays_near_float32():
    ours, theirs = pair(SMALL)
    args = mx.random.normal((1, 8, 8, 32)), mx.array([500.0]), mx.random.normal((1, 7, 40))
    exact = ours(*args)
    assign(ours, SanaTransformer.sanitize(weights_of(theirs)), mx.bfloat16)
    rounded = ours(args[0].astype(mx.bfloat16), *args[1:])
    assert rounded.dtype == mx.bfloat16
    assert mx.abs(rounded - exact).max() < 0.03 * mx.abs(exact).max()


def test_a_wrong_key_is_named():
    theirs = randomize(SanaTransformer2DModel(**SMALL))
    weights = SanaTransformer.sanitize(weights_of(theirs))
    model = SanaTransformer(TransformerConfig.from_dict(dict(theirs.config)))
    missing = {name: value for name, value in weights.items() if name != "caption_norm.weight"}
    with pytest.raises(ValueError, match=r"missing caption_norm\.weight"):
        assign(model, missing, mx.float32)
    with pytest.raises(ValueError, match=r"left over stray\.weight"):
        assign(model, weights | {"stray.weight": mx.zeros(1)}, mx.float32)
    with pytest.raises(ValueError, match=r"proj_out\.bias is \(3,\), not \(32,\)"):
        assign(model, weights | {"proj_out.bias": mx.zeros(3)}, mx.float32)


def test_what_no_network_is_made_from_changes_nothing():
    assert TransformerConfig.from_dict({"new_switch": True, "num_layers": 3}) == TransformerConfig(num_layers=3)
    with pytest.raises(ValueError, match="qk_norm"):
        TransformerConfig(qk_norm="l2")


@pytest.mark.slow
def test_forward_at_the_true_size_of_0_6b():
    theirs = SanaTransformer2DModel(
        num_attention_heads=36,
        num_layers=28,
        num_cross_attention_heads=16,
        cross_attention_head_dim=72,
        cross_attention_dim=1152,
    ).eval()
    ours = SanaTransformer(TransformerConfig.from_dict(dict(theirs.config)))
    load(ours, theirs, SanaTransformer.sanitize)
    count = sum(value.size for _, value in tree_flatten(ours.parameters()))
    assert count == sum(p.numel() for p in theirs.parameters())
    compare(ours, theirs, 8, 12, batch=1, tolerance=1e-4)


@pytest.mark.parametrize(("side", "waits"), [(8, 0), (17, 3)])
def test_blocks_are_waited_for_where_they_take_memory(monkeypatch, side, waits):
    ours, _ = pair(SMALL)
    evaluated: list[Any] = []
    monkeypatch.setattr("app.sana_mlx.transformer.mx.eval", evaluated.append)
    out = ours(mx.zeros((1, side, side, 32)), mx.array([500.0]), mx.zeros((1, 7, 40)))
    assert len(evaluated) == waits
    monkeypatch.undo()
    assert mx.isfinite(out).all()
