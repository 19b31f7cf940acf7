"""Wan 2.1's autoencoder, streamed and in strips, against diffusers."""

from typing import Any

import mlx.core as mx
import numpy as np
import pytest
import torch
from diffusers import AutoencoderKLWan
from mlx.utils import tree_flatten

from app.sana_mlx.video.autoencoder_memory import autoencoder_work
from app.sana_mlx.video.wan.autoencoder import Decoder, Encoder, sanitize, stored_shape
from app.sana_mlx.video.wan.config import WanConfig
from app.sana_mlx.video.wan.layers import CausalConv3d, Past
from app.sana_mlx.video.wan.streaming import decode_chunks, encode
from app.sana_mlx.weights import assign

from .helpers import assert_close, load, psnr, randomize, weights_of

TINY: dict[str, Any] = {"base_dim": 8, "dim_mult": [1, 2, 2, 2], "num_res_blocks": 1}
CONFIGS: dict[str, dict[str, Any]] = {
    "tiny": {},
    "wan's shape": {"dim_mult": [1, 2, 4, 4], "num_res_blocks": 2},
    "wider decoder": {"decoder_base_dim": 12, "z_dim": 4, "latents_mean": [0.1] * 4, "latents_std": [2.0] * 4},
    "rate changes first": {"temperal_downsample": [True, True, False]},
}
SIZES = [(1, 3, 5), (4, 2, 3)]
"""Latent frames, rows and columns."""


def make(**config):
    theirs = randomize(AutoencoderKLWan(**TINY | config))
    for name, value in theirs.named_parameters():
        if name.endswith("gamma"):
            value.data.uniform_(0.5, 1.5)
    return theirs, WanConfig.from_dict(dict(theirs.config))


def half(kind, config, theirs):
    part = kind.__name__.lower()
    return load(kind(config), theirs, lambda weights: sanitize(weights, part))


def normalized(latents, config):
    """Latents in the autoencoder's own scale as the transformer has them."""
    mean, std = (torch.tensor(values).view(-1, 1, 1, 1) for values in (config.latents_mean, config.latents_std))
    return (latents - mean) / std


def channels_last(x):
    return mx.array(x.movedim(1, -1).contiguous().numpy())


def clip(decoder, latents, tile=None):
    """(1, 3, n, H, W)"""
    frames = mx.concatenate(list(decode_chunks(decoder, latents, tile)), axis=1)
    return np.moveaxis(np.array(frames.astype(mx.float32)), -1, 1)


@torch.no_grad()
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", CONFIGS)
def test_decoded_clips(name, size):
    theirs, config = make(**CONFIGS[name])
    latents = torch.randn(1, config.z_dim, *size)
    ours = clip(half(Decoder, config, theirs), channels_last(normalized(latents, config)))
    expected = theirs.decode(latents).sample
    assert ours.shape[2] == (size[0] - 1) * config.temporal_factor + 1
    assert_close(ours.clip(-1, 1), expected)
    assert 0.01 < np.abs(ours).mean() < 1  # neither all zero nor all clipped


@torch.no_grad()
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", CONFIGS)
def test_encoded_clips(name, size):
    theirs, config = make(**CONFIGS[name])
    frames = (size[0] - 1) * config.temporal_factor + 1
    pixels = torch.rand(1, 3, frames, *(8 * side for side in size[1:])) * 2 - 1
    ours = np.moveaxis(np.array(encode(half(Encoder, config, theirs), channels_last(pixels))), -1, 1)
    assert_close(ours, normalized(theirs.encode(pixels).latent_dist.mode(), config))


@torch.no_grad()
@pytest.mark.slow
def test_full_width():
    """The true channels and layers."""
    theirs, config = make(base_dim=96, dim_mult=[1, 2, 4, 4], num_res_blocks=2)
    latents, pixels = torch.randn(1, 16, 2, 4, 3), torch.rand(1, 3, 5, 24, 32) * 2 - 1
    decoder, encoder = half(Decoder, config, theirs), half(Encoder, config, theirs)
    for tile in (None, 8):
        ours = clip(decoder, channels_last(normalized(latents, config)), tile)
        assert_close(ours.clip(-1, 1), theirs.decode(latents).sample)
        ours = np.moveaxis(np.array(encode(encoder, channels_last(pixels), tile)), -1, 1)
        assert_close(ours, normalized(theirs.encode(pixels).latent_dist.mode(), config))


@pytest.mark.parametrize("shape", [(1, 2, 16, 16, 3), (1, 1, 16, 20, 3)])
def test_frames_and_sides_that_cannot_be_are_refused(shape):
    _, config = make()
    with pytest.raises(ValueError, match="no frames and sides"):
        encode(Encoder(config), mx.zeros(shape))


@pytest.mark.parametrize("tile", [1, 24, 31, 1000])
def test_strips_do_not_change_the_clip(tile):
    theirs, config = make(**CONFIGS["wan's shape"])
    decoder, latents = half(Decoder, config, theirs), mx.random.normal((1, 3, 5, 4, config.z_dim))
    whole, tiled = clip(decoder, latents), clip(decoder, latents, tile)
    assert tiled.shape == whole.shape
    assert np.abs(tiled - whole).max() <= 1e-5 * np.abs(whole).max()
    encoder, pixels = half(Encoder, config, theirs), mx.random.uniform(-1, 1, (1, 5, 40, 24, 3))
    whole, tiled = np.array(encode(encoder, pixels)), np.array(encode(encoder, pixels, tile))
    assert np.abs(tiled - whole).max() <= 1e-5 * np.abs(whole).max()


def test_half_precision():
    theirs, config = make(**CONFIGS["wan's shape"])
    decoder, latents = half(Decoder, config, theirs), mx.random.normal((1, 3, 5, 4, config.z_dim))
    exact = clip(decoder, latents)
    assign(decoder, dict(tree_flatten(decoder.parameters())), mx.bfloat16)
    rounded = next(decode_chunks(decoder, latents))
    assert rounded.dtype == mx.bfloat16
    assert psnr(clip(decoder, latents), exact, 2) > 40


def test_frames_come_one_by_one_and_are_those_of_a_shorter_clip():
    theirs, config = make()
    decoder, latents = half(Decoder, config, theirs), mx.random.normal((1, 4, 3, 3, config.z_dim))
    frames = decode_chunks(decoder, latents)
    first = np.array(mx.concatenate([next(frames) for _ in range(5)], axis=1))
    assert np.array_equal(np.moveaxis(first, -1, 1), clip(decoder, latents[:, :2]))


def test_a_frame_alone_keeps_nothing_of_itself():
    conv, x = CausalConv3d(4, 4), mx.random.normal((1, 3, 3, 4))
    conv.weight = mx.random.normal(conv.weight.shape)
    alone, first = Past(alone=True), Past()
    assert np.allclose(conv(x, alone), conv(x, first), atol=1e-5)
    assert not alone.of(conv)
    assert len(first.of(conv)[0]) == 2


def test_progress_is_reported_and_can_stop_the_work():
    theirs, config = make()
    decoder, latents, calls = half(Decoder, config, theirs), mx.random.normal((1, 2, 4, 4, config.z_dim)), []
    list(decode_chunks(decoder, latents, 16, lambda done, total: calls.append((done, total))))
    assert calls[0] == (0, 5)
    assert calls[-1] == (5, 5)
    assert [done for done, _ in calls] == sorted(done for done, _ in calls)
    assert calls.count((0, 5)) > 10  # within the first frame too

    def stop(done, total):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        next(decode_chunks(decoder, latents, 16, stop))


@pytest.mark.parametrize("tile", [None, 64])
def test_the_estimated_memory(tile):
    """Small networks are the worst of it: with the true one it is within a tenth."""
    _, config = make(base_dim=32)
    decoder, latents = Decoder(config), mx.zeros((1, 2, 24, 16, config.z_dim))
    mx.eval(decoder.parameters(), latents)
    before = mx.get_active_memory()
    mx.reset_peak_memory()
    clip(decoder, latents, tile)
    estimate = autoencoder_work(config, 192 * 128, tile, 4, unfolds=True)
    assert 0.8 < (mx.get_peak_memory() - before) / estimate < 1.25


@pytest.mark.parametrize("kind", [Decoder, Encoder])
def test_every_tensor_has_its_place_and_shape(kind):
    theirs, config = make()
    stored, part = weights_of(theirs), kind.__name__.lower()
    own = {name for name in stored if sanitize({name: stored[name]}, part)}
    shapes = {name: stored_shape(name, value.shape) for name, value in tree_flatten(kind(config).parameters())}
    assert shapes == {name: stored[name].shape for name in own}
    missing = dict(stored)
    del missing[min(own)]
    with pytest.raises(ValueError, match=f"missing {min(own)}"):
        assign(kind(config), sanitize(missing, part), mx.float32)


def test_stray_keys_are_named():
    with pytest.raises(ValueError, match="sideways"):
        sanitize({"sideways.weight": mx.zeros(1)}, "decoder")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"is_residual": True}, "Wan 2.2"),
        ({"patch_size": 2}, "Wan 2.2"),
        ({"attn_scales": [1.0]}, "attn_scales"),
        ({"temperal_downsample": [True]}, "temperal_downsample"),
        ({"latents_std": [1.0]}, "latents_std has 1 values, not 16"),
    ],
)
def test_other_autoencoders_are_refused(values, message):
    with pytest.raises(ValueError, match=message):
        WanConfig.from_dict(values)
