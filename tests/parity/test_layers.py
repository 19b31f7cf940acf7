"""Each kind of layer of the transformer by itself."""

import mlx.core as mx
import mlx.nn as nn
import pytest
import torch
from diffusers.models.embeddings import PatchEmbed, PixArtAlphaTextProjection
from diffusers.models.normalization import AdaLayerNormSingle as TorchAdaLayerNormSingle
from diffusers.models.normalization import RMSNorm as TorchRMSNorm
from diffusers.models.transformers.sana_transformer import (
    SanaCombinedTimestepGuidanceEmbeddings,
    SanaModulatedNorm,
)
from diffusers.models.transformers.sana_transformer import SanaTransformerBlock as TorchBlock

from app.diffusion.families.positions import sine_positions
from app.sana_mlx.config import TransformerConfig
from app.sana_mlx.layers import RMSNorm, modulate
from app.sana_mlx.transformer import (
    AdaLayerNormSingle,
    CaptionProjection,
    CombinedTimestepGuidanceEmbeddings,
    SanaTransformer,
    SanaTransformerBlock,
)
from app.sana_mlx.transformer import PatchEmbed as OurPatchEmbed

from .helpers import assert_close, load, randomize

WIDTH, TOKENS, CAPTION = 64, 35, 9


def sanitize(weights):
    return SanaTransformer.sanitize(weights)


def blocks(clip=False, **changes):
    """A transformer block in both frameworks."""
    config = TransformerConfig(
        num_attention_heads=4,
        attention_head_dim=16,
        num_cross_attention_heads=2,
        cross_attention_head_dim=24,
        cross_attention_dim=WIDTH,
        **changes,
    )
    theirs = TorchBlock(
        WIDTH,
        4,
        16,
        num_cross_attention_heads=2,
        cross_attention_head_dim=24,
        cross_attention_dim=WIDTH,
        attention_bias=config.attention_bias,
        norm_elementwise_affine=config.norm_elementwise_affine,
        norm_eps=config.norm_eps,
        mlp_ratio=config.mlp_ratio,
        qk_norm=config.qk_norm,
    )
    randomize(theirs)
    # the names inside a block lack the "transformer_blocks.0." that sanitize may look for
    ours = load(SanaTransformerBlock(config, clip), theirs, lambda weights: _strip(sanitize(_prefix(weights))))
    return ours, theirs


def _prefix(weights):
    return {f"transformer_blocks.0.{name}": value for name, value in weights.items()}


def _strip(weights):
    return {name.removeprefix("transformer_blocks.0."): value for name, value in weights.items()}


def tokens(count=TOKENS, batch=2):
    return torch.randn(batch, count, WIDTH)


@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize("eps", [1e-5, 1e-2])
def test_rms_norm(bias, eps):
    theirs = randomize(TorchRMSNorm(WIDTH, eps, bias=bias))
    x = tokens()
    assert_close(load(RMSNorm(WIDTH, eps, bias), theirs, dict)(mx.array(x.numpy())), theirs(x))


@pytest.mark.parametrize("qk_norm", [None, "rms_norm_across_heads"])
@pytest.mark.parametrize("attention_bias", [False, True])
def test_linear_attention(qk_norm, attention_bias):
    ours, theirs = blocks(qk_norm=qk_norm, attention_bias=attention_bias)
    x = tokens()
    assert_close(ours.attn1(mx.array(x.numpy())), theirs.attn1(x))


def test_linear_attention_is_clipped_for_checkpoints_trained_in_float16():
    ours, theirs = blocks(clip=True)
    x = tokens() * 1e6
    expected = theirs.attn1(x)
    assert expected.abs().max() > 65504
    assert_close(ours.attn1(mx.array(x.numpy())), expected.clip(-65504, 65504))


@pytest.mark.parametrize("qk_norm", [None, "rms_norm_across_heads"])
@pytest.mark.parametrize("masked", [False, True])
def test_cross_attention(qk_norm, masked):
    ours, theirs = blocks(qk_norm=qk_norm)
    x, caption = tokens(), tokens(CAPTION)
    bias = None
    if masked:
        mask = torch.ones(2, CAPTION)
        mask[0, 4:] = mask[1, 1:] = 0
        bias = ((1 - mask) * -10000)[:, None]
    expected = theirs.attn2(x, encoder_hidden_states=caption, attention_mask=bias)
    ours_bias = None if bias is None else mx.array(bias[:, None].numpy())
    assert_close(ours.attn2(mx.array(x.numpy()), mx.array(caption.numpy()), ours_bias), expected)


@pytest.mark.parametrize("ratio", [2.5, 2.55])
def test_glumbconv(ratio):
    ours, theirs = blocks(mlp_ratio=ratio)
    x = torch.randn(2, WIDTH, 5, 7)
    out = ours.ff(mx.array(x.permute(0, 2, 3, 1).contiguous().numpy()))
    assert_close(out, theirs.ff(x).permute(0, 2, 3, 1))


@pytest.mark.parametrize("affine", [False, True])
def test_whole_block_with_its_modulation(affine):
    ours, theirs = blocks(norm_elementwise_affine=affine)
    x, caption, time = tokens(), tokens(CAPTION), torch.randn(2, 6 * WIDTH)
    expected = theirs(x, encoder_hidden_states=caption, timestep=time, height=5, width=7)
    out = ours(
        mx.array(x.numpy()), mx.array(caption.numpy()), None, mx.array(time.reshape(2, 6, WIDTH).numpy()), (5, 7)
    )
    assert_close(out, expected)


def test_adaln_single():
    theirs = randomize(TorchAdaLayerNormSingle(WIDTH))
    time = torch.tensor([3.25, 999.0])
    expected, embedded = theirs(time, batch_size=2, hidden_dtype=torch.float32)
    ours = load(AdaLayerNormSingle(WIDTH), theirs, dict)(mx.array(time.numpy()), None, mx.float32)
    assert_close(ours[0].reshape(2, -1), expected)
    assert_close(ours[1][:, 0], embedded)


def test_embedded_guidance():
    theirs = randomize(SanaCombinedTimestepGuidanceEmbeddings(WIDTH))
    time, guidance = torch.tensor([0.7, 0.2]), torch.tensor([0.45, 0.1])
    expected, embedded = theirs(time, guidance, torch.float32)
    ours = load(CombinedTimestepGuidanceEmbeddings(WIDTH), theirs, dict)
    ours = ours(mx.array(time.numpy()), mx.array(guidance.numpy()), mx.float32)
    assert_close(ours[0].reshape(2, -1), expected)
    assert_close(ours[1][:, 0], embedded)


def test_modulated_norm():
    x, time, table = tokens(), torch.randn(2, WIDTH), torch.randn(2, WIDTH)
    expected = SanaModulatedNorm(WIDTH)(x, time, table)
    norm = nn.LayerNorm(WIDTH, eps=1e-6, affine=False)
    shift, scale = mx.split(mx.array((table[None] + time[:, None]).numpy()), 2, axis=1)
    assert_close(modulate(norm(mx.array(x.numpy())), shift, scale), expected)


@torch.no_grad()
def test_caption_projection():
    theirs = randomize(PixArtAlphaTextProjection(40, WIDTH))
    x = torch.randn(2, CAPTION, 40)
    assert_close(load(CaptionProjection(40, WIDTH), theirs, dict)(mx.array(x.numpy())), theirs(x))


@torch.no_grad()
@pytest.mark.parametrize("patch", [1, 2])
@pytest.mark.parametrize("scale", [None, 0.5])
def test_patch_embedding(patch, scale):
    theirs = PatchEmbed(
        height=8,
        width=8,
        patch_size=patch,
        in_channels=32,
        embed_dim=WIDTH,
        interpolation_scale=scale,
        pos_embed_type="sincos" if scale else None,
    )
    randomize(theirs)
    config = TransformerConfig(
        num_attention_heads=4, attention_head_dim=16, sample_size=8, patch_size=patch, interpolation_scale=scale
    )

    def weights(values):
        return sanitize({name: value for name, value in values.items() if name != "pos_embed"})

    x = torch.randn(2, 32, 4, 12)
    out, grid = load(OurPatchEmbed(config), theirs, weights)(mx.array(x.permute(0, 2, 3, 1).contiguous().numpy()))
    assert grid == (4 // patch, 12 // patch)
    assert_close(out, theirs(x))


@pytest.mark.parametrize("grid", [(8, 8), (6, 11), (3, 2)])
@pytest.mark.parametrize("scale", [1.0, 2.0, 0.5])
def test_sine_positions(grid, scale):
    from diffusers.models.embeddings import get_2d_sincos_pos_embed

    expected = get_2d_sincos_pos_embed(WIDTH, grid, interpolation_scale=scale, base_size=8).float()
    assert_close(sine_positions(WIDTH, *grid, 8, scale), expected, 1e-6)
