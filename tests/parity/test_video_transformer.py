"""SANA-Video's transformer against diffusers, whole and in chunks of frames."""

from typing import Any

import mlx.core as mx
import numpy as np
import pytest
import torch
from diffusers import SanaVideoTransformer3DModel
from mlx.utils import tree_flatten

from app.sana_mlx.quantize import quantize
from app.sana_mlx.video.config import VideoTransformerConfig
from app.sana_mlx.video.transformer import SanaVideoTransformer, stored_shape

from .helpers import load, randomize

SMALL: dict[str, Any] = {
    "in_channels": 8, "out_channels": 8, "num_attention_heads": 2, "attention_head_dim": 32, "num_layers": 3,
    "num_cross_attention_heads": 4, "cross_attention_head_dim": 16, "cross_attention_dim": 64, "caption_channels": 40,
    "mlp_ratio": 3.0,
}  # fmt: skip
CONFIGS: dict[str, dict[str, Any]] = {
    "480p": {},
    "720p": {"patch_size": (1, 1, 1), "sample_size": 22},
    "no norms": {"qk_norm": None},
    "biases": {"attention_bias": True, "norm_elementwise_affine": True, "norm_eps": 1e-4},
    "learned sigma": {"out_channels": 16},
    "odd patches": {"patch_size": (1, 1, 2), "mlp_ratio": 2.3, "attention_head_dim": 18, "cross_attention_dim": 36},
}


def pair(**config: Any) -> tuple[SanaVideoTransformer, SanaVideoTransformer3DModel]:
    theirs = randomize(SanaVideoTransformer3DModel(**SMALL | config))
    ours = SanaVideoTransformer(VideoTransformerConfig.from_dict(dict(theirs.config)))
    return load(ours, theirs, SanaVideoTransformer.sanitize), theirs


def channels_last(latents: torch.Tensor) -> mx.array:
    return mx.array(latents.permute(0, 2, 3, 4, 1).contiguous().numpy())


@torch.no_grad()
def compare(ours, theirs, size, held=0, batch=2):
    latents = torch.randn(batch, 8, *size)
    caption = torch.randn(batch, 7, 40)
    time, mask = torch.linspace(900, 20.5, batch), torch.ones(batch, 7)
    mask[0, 3:] = 0
    # as SanaImageToVideoPipeline gives it, one for each token
    patched = [side // patch for side, patch in zip(size, theirs.config.patch_size, strict=True)]
    per_token = time[:, None, None, None].repeat(1, *patched)
    per_token[:, :held] = 0
    expected = theirs(latents, caption, per_token if held else time, encoder_attention_mask=mask).sample
    out = ours(channels_last(latents), mx.array(time.numpy()), mx.array(caption.numpy()), mx.array(mask.numpy()), held)
    assert np.abs(np.array(out).transpose(0, 4, 1, 2, 3) - expected.numpy()).max() <= 1e-4
    return out


@pytest.mark.parametrize("name", CONFIGS)
@pytest.mark.parametrize(("size", "held"), [((3, 6, 10), 0), ((5, 2, 14), 1), ((1, 4, 4), 0)])
def test_forward(name, size, held):
    compare(*pair(**CONFIGS[name]), size, held)


@pytest.mark.parametrize("tokens", [1, 30, 100, 150])
@pytest.mark.parametrize("held", [0, 1, 2])
def test_forward_in_chunks_of_frames(monkeypatch, tokens, held):
    """Of 1, 1, 3 and 5 frames of 15 tokens in a batch of 2, the last not always whole."""
    monkeypatch.setattr("app.sana_mlx.video.transformer.CHUNK_TOKENS", tokens)
    compare(*pair(**CONFIGS["480p"]), (7, 6, 10), held)


def test_only_two_timesteps_are_computed(monkeypatch):
    ours, _ = pair()
    rows: list[int] = []
    embed = type(ours.time_embed).__call__

    def counted(self, timestep, *rest):
        rows.append(len(timestep))
        return embed(self, timestep, *rest)

    monkeypatch.setattr(type(ours.time_embed), "__call__", counted)
    for held in (0, 1):
        ours(mx.zeros((1, 5, 4, 6, 8)), mx.array([500.0]), mx.zeros((1, 7, 40)), held=held)
    assert rows == [1, 2]


def test_no_chunk_waits_for_another_frame(monkeypatch):
    """What is in memory at once is bounded by the chunk, whatever the frames are: a clip twice as long needs more only
    for the tokens themselves."""
    monkeypatch.setattr("app.sana_mlx.video.transformer.CHUNK_TOKENS", 1)
    ours, _ = pair(mlp_ratio=40.0, num_layers=1)
    mx.eval(ours.parameters())
    peaks = []
    for frames in (8, 16):
        latents = mx.random.normal((1, frames, 16, 16, 8))
        mx.eval(latents)
        mx.clear_cache()
        mx.reset_peak_memory()
        before = mx.get_active_memory()
        mx.eval(ours(latents, mx.array([500.0]), mx.zeros((1, 7, 40))))
        peaks.append(mx.get_peak_memory() - before)
    tokens = 8 * 64 * 64 * 4  # of the 8 frames more, in float32; their feed-forward would have 80 times that
    assert peaks[1] - peaks[0] < 6 * tokens


@pytest.mark.parametrize("bits", [8, 4])
def test_temporal_convolutions_are_quantized_too(bits):
    ours, _ = pair()
    args = mx.random.normal((1, 3, 6, 10, 8)), mx.array([500.0]), mx.random.normal((1, 7, 40))
    exact = ours(*args)
    assert quantize(ours, bits) == []
    assert all(block.ff.conv_temp.bits == bits for block in ours.transformer_blocks)
    error = float(np.sqrt(np.mean((np.array(ours(*args)) - np.array(exact)) ** 2)) / np.std(np.array(exact)))
    assert 0 < error < {8: 0.02, 4: 0.25}[bits]


def test_every_parameter_has_its_shape_in_the_checkpoint():
    ours, theirs = pair(**CONFIGS["biases"])
    stored = {name: stored_shape(name, tuple(value.shape)) for name, value in tree_flatten(ours.parameters())}
    assert stored == {name: tuple(value.shape) for name, value in theirs.state_dict().items()}


@pytest.mark.parametrize(
    "config",
    [{"patch_size": (2, 2, 2)}, {"qk_norm": "l2"}, {"guidance_embeds": True}, {"attention_head_dim": 7}],
)
def test_what_the_port_does_not_know_is_refused(config):
    with pytest.raises(ValueError, match=next(iter(config))):
        VideoTransformerConfig.from_dict(config)
