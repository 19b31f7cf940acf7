"""The deep-compression autoencoder, block by block and whole, against diffusers."""

from typing import Any

import mlx.core as mx
import numpy as np
import pytest
import torch
from diffusers import AutoencoderDC
from diffusers.models.attention_processor import SanaMultiscaleAttentionProjection
from diffusers.models.autoencoders import autoencoder_dc as reference

from app.backends.local.torch import autoencoder as torch_autoencoder
from app.backends.local.torch.networks.autoencoder import Autoencoder
from app.sana_mlx import autoencoder as port
from app.sana_mlx.autoencoder import Decoder, Encoder, sanitize
from app.sana_mlx.config import AutoencoderConfig
from app.sana_mlx.tiling import decode, encode

from .helpers import assert_close, load, nchw, nhwc, randomize

DIMS = 64
VIT = "EfficientViTBlock"
RES = "ResBlock"
# The shape of the base and Sprint 1.1 autoencoders, of the lite one, and what else a config.json may ask for.
BASE = {
    "encoder_block_types": (RES, RES, VIT, VIT),
    "decoder_block_types": (RES, RES, VIT, VIT),
    "encoder_block_out_channels": (32, 32, 64, 64),
    "decoder_block_out_channels": (32, 32, 64, 64),
    "encoder_layers_per_block": (2, 1, 1, 2),
    "decoder_layers_per_block": (2, 1, 1, 2),
    "encoder_qkv_multiscales": ((), (), (), (5,)),
    "decoder_qkv_multiscales": ((), (), (5,), (5,)),
    "downsample_block_type": "Conv",
    "upsample_block_type": "interpolate",
}
LITE = BASE | {
    "encoder_layers_per_block": (0, 2, 1, 1),
    "decoder_layers_per_block": (0, 2, 1, 1),
    "decoder_norm_types": ("batch_norm", "batch_norm", "rms_norm", "rms_norm"),
    "decoder_act_fns": ("relu", "relu", "silu", "silu"),
    "downsample_block_type": "pixel_unshuffle",
    "upsample_block_type": "pixel_shuffle",
}
CONFIGS: dict[str, dict[str, Any]] = {
    "base": BASE,
    "lite": LITE,
    "lite by interpolation": LITE | {"downsample_block_type": "Conv", "upsample_block_type": "interpolate"},
    "no shortcuts": BASE | {"encoder_out_shortcut": False, "decoder_in_shortcut": False},
    "silu, two scales": BASE | {"decoder_conv_act_fn": "silu", "decoder_qkv_multiscales": ((), (), (3, 5), (5,))},
    "attention high up": BASE
    | {"encoder_block_types": (RES, VIT, RES, VIT), "decoder_block_types": (RES, VIT, RES, VIT)},
    "attention everywhere": BASE | {"encoder_block_types": VIT, "decoder_block_types": VIT},
    "true lite": LITE
    | {
        "decoder_block_types": RES,
        "decoder_qkv_multiscales": ((), (), (), ()),
        "decoder_in_shortcut": False,
        "decoder_conv_act_fn": "silu",
    },
    "no attention": BASE | {"encoder_block_types": RES, "decoder_block_types": RES},
}


def vae(name):
    theirs = randomize(AutoencoderDC(**CONFIGS[name]))
    config = AutoencoderConfig.from_dict(dict(theirs.config))
    encoder = load(Encoder(config), theirs, lambda weights: sanitize(weights, "encoder"))
    decoder = load(Decoder(config), theirs, lambda weights: sanitize(weights, "decoder"))
    return encoder, decoder, theirs


def block(ours, theirs):
    randomize(theirs)

    def rename(weights):
        return sanitize({f"decoder.{name}": value for name, value in weights.items()}, "decoder")

    return load(ours, theirs, rename), theirs


def compare(ours, theirs, height=6, width=10, dims=DIMS):
    x = torch.randn(2, dims, height, width)
    with torch.no_grad():
        assert_close(nchw(ours(nhwc(x))), theirs(x))


@pytest.mark.parametrize("norm_type", ["rms_norm", "batch_norm"])
@pytest.mark.parametrize("act_fn", ["silu", "relu", "gelu", "mish"])
def test_res_block(norm_type, act_fn):
    compare(*block(port.ResBlock(DIMS, norm_type, act_fn), reference.ResBlock(DIMS, DIMS, norm_type, act_fn)))


@pytest.mark.parametrize("size", [(4, 8), (4, 9), (12, 6)], ids=["quadratic", "just linear", "linear"])
@pytest.mark.parametrize("scales", [(), (5,), (3, 5)])
@pytest.mark.parametrize("norm_type", ["rms_norm", "batch_norm"])
def test_attention(size, scales, norm_type):
    theirs = reference.EfficientViTBlock(DIMS, attention_head_dim=32, qkv_multiscales=scales, norm_type=norm_type)
    compare(*block(port.EfficientViTBlock(DIMS, 32, norm_type, scales), theirs), *size)


@pytest.mark.parametrize("unshuffle", [False, True])
@pytest.mark.parametrize("shortcut", [False, True])
def test_down(unshuffle, shortcut):
    theirs = reference.DCDownBlock2d(DIMS, 128, downsample=unshuffle, shortcut=shortcut)
    compare(*block(port.DownBlock(DIMS, 128, unshuffle, shortcut), theirs))


@pytest.mark.parametrize("interpolate", [False, True])
@pytest.mark.parametrize("shortcut", [False, True])
def test_up(interpolate, shortcut):
    theirs = reference.DCUpBlock2d(DIMS, 32, interpolate=interpolate, shortcut=shortcut)
    compare(*block(port.UpBlock(DIMS, 32, interpolate, shortcut), theirs))


@torch.no_grad()
@pytest.mark.parametrize("name", CONFIGS)
def test_whole(name):
    encoder, decoder, theirs = vae(name)
    pixels, latents = torch.randn(1, 3, 48, 32), torch.randn(2, 32, 5, 3)
    assert_close(nchw(encoder(nhwc(pixels))), theirs.encode(pixels).latent)
    assert_close(nchw(decoder(nhwc(latents))), theirs.decode(latents).sample)


@pytest.mark.parametrize("name", CONFIGS)
@pytest.mark.parametrize("tile", [8, 24, 1000])
def test_tiles_do_not_change_the_picture(name, tile):
    encoder, decoder, _ = vae(name)
    latents = mx.random.normal((1, 6, 4, 32))
    whole = np.array(decoder(latents))
    peak = np.abs(whole).max()
    tiled = decode(decoder, latents, tile, lambda pixels: pixels)
    assert tiled.shape == whole.shape
    assert np.abs(tiled - whole).max() <= 1e-5 * max(1, peak)

    pixels = np.random.default_rng(0).standard_normal((1, 48, 32, 3)).astype(np.float32)
    whole = np.array(encoder(mx.array(pixels)))
    tiled = np.array(encode(encoder, pixels, tile, mx.float32))
    assert np.abs(tiled - whole).max() <= 1e-5 * max(1, np.abs(whole).max())


SIZES = [(1, 1, 1), (11, 2, 9), (7, 5, 17)]  # height and width in latents, side of a tile in pixels
MORE_SIZES = [(1, 9, 7), (3, 8, 31), (5, 7, 100)]


@torch.no_grad()
@pytest.mark.parametrize("sizes", [SIZES, pytest.param(MORE_SIZES, marks=pytest.mark.slow)], ids=["few", "more"])
@pytest.mark.parametrize("name", ["base", "lite", "true lite"])
def test_odd_sizes_and_tiles_in_both_frameworks(name, sizes):
    """Sides and tiles that divide nothing, also strips of the fewest rows, against the whole; torch's tiles too."""
    encoder, decoder, theirs = vae(name)
    ours = Autoencoder(AutoencoderConfig.from_dict(dict(theirs.config)))
    ours.load_state_dict(theirs.state_dict())
    ours.eval()
    random = np.random.default_rng(7)
    for height, width, tile in sizes:
        latents = random.standard_normal((1, height, width, 32)).astype(np.float32)
        whole = np.array(decoder(mx.array(latents)))
        tiled = decode(decoder, mx.array(latents), tile, lambda pixels: pixels)
        assert tiled.shape == whole.shape
        assert np.abs(tiled - whole).max() <= 1e-6 * max(1, np.abs(whole).max()), (height, width, tile)

        pixels = random.standard_normal((1, height * 8, width * 8, 3)).astype(np.float32)
        whole = np.array(encoder(mx.array(pixels)))
        tiled = np.array(encode(encoder, pixels, tile, mx.float32))
        assert np.abs(tiled - whole).max() <= 1e-6 * max(1, np.abs(whole).max()), (height, width, tile)

        moved = torch.from_numpy(latents).movedim(-1, 1)
        expected = ((theirs.decode(moved).sample[0] / 2 + 0.5).clamp(0, 1) * 255).round().byte().movedim(0, -1)
        assert np.abs(torch_autoencoder.decode(ours, moved, tile, None).astype(int) - expected.numpy()).max() <= 1
        moved = torch.from_numpy(pixels).movedim(-1, 1)
        assert_close(torch_autoencoder.encode(ours, moved, tile, "cpu").numpy(), theirs.encode(moved).latent, 1e-5)


@torch.no_grad()
def test_the_feed_forward():
    theirs = randomize(reference.GLUMBConv(DIMS, DIMS, norm_type="rms_norm"))
    compare(*block(port.NormedGLUMBConv(DIMS), theirs))


@torch.no_grad()
@pytest.mark.parametrize("kernel_size", [3, 5])
def test_the_multiscale_projection(kernel_size):
    theirs = SanaMultiscaleAttentionProjection(DIMS, DIMS // 32, kernel_size)
    ours, theirs = block(port.MultiscaleProjection(DIMS, DIMS // 32, kernel_size), theirs)
    compare(ours, theirs, dims=3 * DIMS)


def test_each_tile_is_reported_and_can_stop_the_work():
    encoder, decoder, _ = vae("base")
    latents, calls = mx.random.normal((1, 4, 4, 32)), []
    decode(decoder, latents, 16, lambda pixels: pixels, lambda done, total: calls.append((done, total)))
    assert calls[0] == (0, 4)
    assert calls[-4:] == [(1, 4), (2, 4), (3, 4), (4, 4)]

    def stop(done, total):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        decode(decoder, latents, 16, lambda pixels: pixels, stop)
    with pytest.raises(InterruptedError):
        encode(encoder, np.zeros((1, 32, 32, 3), np.float32), 16, mx.float32, stop)


def test_stray_keys_are_named():
    with pytest.raises(ValueError, match="quant_conv"):
        sanitize({"quant_conv.weight": mx.zeros(1)}, "decoder")
