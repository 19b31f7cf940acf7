"""LTX-2's autoencoder, whole, in pieces and in tiles, against diffusers."""

from typing import Any

import mlx.core as mx
import numpy as np
import pytest
import torch
from diffusers import AutoencoderKLLTX2Video
from mlx.utils import tree_flatten

from app.sana_mlx.video.ltx import streaming
from app.sana_mlx.video.ltx.autoencoder import Decoder, Encoder, sanitize, stored_shape
from app.sana_mlx.video.ltx.config import LTXConfig
from app.sana_mlx.video.ltx.streaming import decode_chunks, encode
from app.sana_mlx.weights import assign

from .helpers import assert_close, load, psnr, randomize, weights_of

CHANNELS = 8
TINY: dict[str, Any] = {
    "latent_channels": CHANNELS,
    "block_out_channels": (8, 16, 32, 64),
    "decoder_block_out_channels": (8, 16, 32),
    "layers_per_block": (1, 1, 1, 1, 1),
    "decoder_layers_per_block": (1, 1, 1, 1),
}
# LTX-2's own decoder sees the future; the class's default does not. The last ones are LTX-2.3's and what else may be.
CONFIGS: dict[str, dict[str, Any]] = {
    "causal": {},
    "ltx 2": {"decoder_causal": False},
    "deeper, all see the future": {
        "decoder_causal": False,
        "encoder_causal": False,
        "decoder_layers_per_block": (2, 1, 3, 1),
        "layers_per_block": (2, 1, 1, 1, 3),
    },
    "ltx 2.3": {
        "decoder_block_out_channels": (8, 16, 16, 32),
        "decoder_layers_per_block": (1, 2, 1, 1, 1),
        "decoder_spatio_temporal_scaling": (True, True, True, True),
        "decoder_inject_noise": False,
        "upsample_type": ("spatiotemporal", "spatiotemporal", "temporal", "spatial"),
        "upsample_factor": (2, 2, 1, 2),
        "upsample_residual": False,
        "decoder_causal": False,
        "decoder_spatial_padding_mode": "zeros",
    },
    "blocks that change width": {
        "decoder_block_out_channels": (8, 16, 24),
        "upsample_factor": (1, 1, 1),
        "upsample_residual": False,
        "encoder_spatial_padding_mode": "reflect",
    },
}


def make(**config):
    theirs = randomize(AutoencoderKLLTX2Video(**TINY | config))
    theirs.latents_mean.normal_()
    theirs.latents_std.uniform_(0.5, 1.5)
    ours = LTXConfig.from_dict(dict(theirs.config))
    decoder = load(Decoder(ours), theirs, lambda weights: sanitize(weights, "decoder"))
    encoder = load(Encoder(ours), theirs, lambda weights: sanitize(weights, "encoder"))
    return decoder, encoder, theirs


def statistics(theirs):
    return theirs.latents_mean.view(1, -1, 1, 1, 1), theirs.latents_std.view(1, -1, 1, 1, 1)


def decoded(theirs, latents):
    mean, std = statistics(theirs)
    with torch.no_grad():
        return theirs.decode(latents * std + mean).sample.permute(0, 2, 3, 4, 1)


def ndhwc(x):
    return mx.array(x.permute(0, 2, 3, 4, 1).contiguous().numpy())


def whole(chunks):
    return mx.concatenate(list(chunks), axis=1)


@pytest.fixture(params=[1, 5000, None], ids=["one frame at a time", "uneven pieces", "whole"])
def _pieces(request, monkeypatch):
    if request.param:
        monkeypatch.setattr(streaming, "PIECE_VALUES", request.param)


@pytest.mark.usefixtures("_pieces")
@pytest.mark.parametrize(("frames", "height", "width"), [(1, 2, 3), (4, 3, 2)])
@pytest.mark.parametrize("name", CONFIGS)
def test_clips(name, frames, height, width):
    decoder, encoder, theirs = make(**CONFIGS[name])
    latents = torch.randn(1, CHANNELS, frames, height, width)
    expected = decoded(theirs, latents)
    assert_close(whole(decode_chunks(decoder, ndhwc(latents))), expected)
    assert_close(whole(decode_chunks(decoder, ndhwc(latents), tile=4)), expected)
    mean, std = statistics(theirs)
    size = (8 * (frames - 1) + 1, 32 * height, 32 * width)
    assert decoder.config.temporal_factor == 8
    pixels = torch.randn(1, 3, *size)
    with torch.no_grad():
        modes = (theirs.encode(pixels).latent_dist.mode() - mean) / std
    assert_close(encode(encoder, ndhwc(pixels)), modes.permute(0, 2, 3, 4, 1))
    assert_close(encode(encoder, ndhwc(pixels), tile=4), modes.permute(0, 2, 3, 4, 1))


@pytest.mark.slow
def test_full_width():
    """The true channels and layers."""
    theirs = randomize(AutoencoderKLLTX2Video(decoder_causal=False))
    config = LTXConfig.from_dict(dict(theirs.config))
    decoder = load(Decoder(config), theirs, lambda weights: sanitize(weights, "decoder"))
    latents = torch.randn(1, 128, 2, 2, 3)
    expected = decoded(theirs, latents)
    assert_close(whole(decode_chunks(decoder, ndhwc(latents))), expected)
    del decoder
    encoder = load(Encoder(config), theirs, lambda weights: sanitize(weights, "encoder"))
    pixels = torch.randn(1, 3, 9, 64, 96)
    with torch.no_grad():
        modes = theirs.encode(pixels).latent_dist.mode()
    assert_close(encode(encoder, ndhwc(pixels)), modes.permute(0, 2, 3, 4, 1))


def test_a_clip_comes_piece_by_piece(monkeypatch):
    monkeypatch.setattr(streaming, "PIECE_VALUES", 1)
    decoder, _, _ = make()
    chunks = decode_chunks(decoder, mx.zeros((1, 5, 2, 2, CHANNELS)))
    assert [chunk.shape[1] for chunk in chunks] == [1] * 33


@pytest.mark.parametrize("causal", [True, False])
def test_memory_grows_with_the_frame_but_not_with_the_clip(causal, monkeypatch):
    monkeypatch.setattr(streaming, "PIECE_VALUES", 1)
    decoder = Decoder(LTXConfig.from_dict(TINY | {"decoder_causal": causal}))
    mx.eval(decoder.parameters())

    def peak(frames, tile):
        latents = mx.zeros((1, frames, 8, 8, CHANNELS))
        mx.eval(latents)
        before = mx.get_active_memory()
        mx.reset_peak_memory()
        for chunk in decode_chunks(decoder, latents, tile):
            mx.eval(chunk)
        return mx.get_peak_memory() - before

    frames = peak(4, None)
    assert peak(8, None) < 1.05 * frames
    assert peak(4, 32) < 0.8 * frames


def test_half_precision():
    decoder, encoder, theirs = make(decoder_causal=False)
    latents = torch.randn(1, CHANNELS, 3, 2, 3)
    pixels = decoded(theirs, latents)
    for network in (decoder, encoder):
        weights = dict(tree_flatten(network.parameters()))
        assign(network, weights, mx.bfloat16)
    out = whole(decode_chunks(decoder, ndhwc(latents)))
    assert out.dtype == mx.bfloat16
    spread = float(pixels.max() - pixels.min())
    assert psnr(np.array(out.astype(mx.float32)), pixels.numpy(), spread) > 40


def test_every_tensor_has_its_place():
    decoder, encoder, theirs = make(**CONFIGS["blocks that change width"])
    shapes = {
        name: stored_shape(name, tuple(value.shape))
        for network in (decoder, encoder)
        for name, value in tree_flatten(network.parameters())
    }
    assert shapes == {name: tuple(value.shape) for name, value in theirs.state_dict().items()}
    weights = weights_of(theirs)
    with pytest.raises(ValueError, match=r"left over stray\.weight"):
        sanitize(weights | {"stray.weight": mx.zeros(1)}, "decoder")
    weights.pop("latents_std")
    with pytest.raises(ValueError, match="missing latents_std"):
        assign(decoder, sanitize(weights, "decoder"), mx.float32)


def test_progress_and_stopping():
    decoder, _, _ = make(decoder_causal=False)
    latents = mx.random.normal((1, 3, 2, 2, CHANNELS))
    calls = []
    list(decode_chunks(decoder, latents, on_tile=lambda done, total: calls.append((done, total))))
    assert calls == sorted(calls)
    assert calls[0] == (0, 17)
    assert calls[-1] == (17, 17)

    def stop(done, total):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        next(decode_chunks(decoder, latents, on_tile=stop))


@pytest.mark.parametrize(
    ("config", "reason"),
    [
        ({"timestep_conditioning": True}, "noise or a timestep"),
        ({"decoder_inject_noise": [False, True]}, "noise or a timestep"),
        ({"downsample_type": ["conv"]}, "resolution 'conv'"),
        ({"patch_size_t": 2}, "patch_size_t 2"),
        ({"down_block_types": ["Other"]}, "down block type 'Other'"),
        ({"decoder_spatial_padding_mode": "circular"}, "padding 'circular'"),
    ],
)
def test_what_is_unknown_is_refused(config, reason):
    with pytest.raises(ValueError, match=reason):
        LTXConfig.from_dict(config)


def test_sizes_that_cannot_be_are_refused():
    decoder, encoder, _ = make()
    with pytest.raises(ValueError, match="64 pixels at least"):
        next(decode_chunks(decoder, mx.zeros((1, 1, 1, 4, CHANNELS))))
    for shape in ((1, 2, 64, 64, 3), (1, 1, 64, 80, 3)):
        with pytest.raises(ValueError, match="no frames and sides"):
            encode(encoder, mx.zeros(shape))
