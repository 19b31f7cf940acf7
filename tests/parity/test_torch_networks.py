"""SANA's networks in plain torch, usual and unusual, against diffusers and transformers."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from diffusers import AutoencoderDC, SanaControlNetModel, SanaTransformer2DModel
from transformers import Gemma2Config, Gemma2Model

from app.backends.local.torch.networks.autoencoder import Autoencoder
from app.backends.local.torch.networks.controlnet import SanaControlNet
from app.backends.local.torch.networks.text_encoder import TextEncoder
from app.backends.local.torch.networks.transformer import SanaTransformer
from app.sana_mlx.config import AutoencoderConfig, TextEncoderConfig, TransformerConfig

from .helpers import assert_close, randomize
from .test_autoencoder import CONFIGS as AUTOENCODERS
from .test_text_encoder import SMALL as SMALL_TEXT_ENCODER
from .test_transformer import CONFIGS as TRANSFORMERS
from .test_transformer import SMALL


def check(ours: torch.Tensor, theirs: torch.Tensor, tolerance: float = 1e-5) -> None:
    assert_close(ours.numpy(), theirs, tolerance)


def loaded(ours: Any, theirs: Any) -> Any:
    """Ours, with the weights of theirs by the same names, all of them and no others."""
    ours.load_state_dict(theirs.state_dict())
    return ours.eval()


@torch.no_grad()
@pytest.mark.parametrize("name", TRANSFORMERS)
@pytest.mark.parametrize("size", [(8, 8), (6, 10)])
def test_transformer(name: str, size: tuple[int, int]) -> None:
    theirs = randomize(SanaTransformer2DModel(**(SMALL | TRANSFORMERS[name])))
    ours = loaded(SanaTransformer(TransformerConfig.from_dict(dict(theirs.config))), theirs)
    latents, caption = torch.randn(2, 32, *size), torch.randn(2, 7, theirs.config.caption_channels)
    time, mask = torch.tensor([20.5, 900.0]), torch.ones(2, 7)
    mask[0, 3:] = 0
    guidance = torch.full((2,), 0.45) if theirs.config.guidance_embeds else None
    expected = theirs(latents, caption, time, guidance=guidance, encoder_attention_mask=mask).sample
    check(ours(latents, time, caption, mask, guidance), expected)
    expected = theirs(latents, caption, time, guidance=guidance).sample
    check(ours(latents, time, caption, None, guidance), expected)
    half = ours.bfloat16()(latents.bfloat16(), time, caption.bfloat16(), None, guidance)
    check(half.float(), expected, 0.1)


@torch.no_grad()
@pytest.mark.parametrize("changes", [{}, {"interpolation_scale": 1.0}, {"patch_size": 2}], ids=str)
def test_controlnet(changes: dict[str, Any]) -> None:
    config = SMALL | changes
    transformer = randomize(SanaTransformer2DModel(**config))
    theirs = randomize(SanaControlNetModel(**(config | {"num_layers": 2})))
    ours = loaded(SanaControlNet(TransformerConfig.from_dict(dict(theirs.config))), theirs)
    latents, picture, caption = torch.randn(2, 32, 8, 6), torch.randn(1, 32, 8, 6), torch.randn(2, 7, 40)
    time, mask = torch.tensor([20.5, 900.0]), torch.ones(2, 7)
    mask[1, 5:] = 0
    told = {"encoder_hidden_states": caption, "timestep": time, "encoder_attention_mask": mask}
    residuals = theirs(latents, controlnet_cond=picture, conditioning_scale=0.7, return_dict=False, **told)[0]
    for one, expected in zip(ours(latents, picture, time, caption, mask, 0.7), residuals, strict=True):
        check(one, expected)
    expected = transformer(latents, controlnet_block_samples=tuple(residuals), **told).sample
    followed = loaded(SanaTransformer(TransformerConfig.from_dict(dict(transformer.config))), transformer)
    added = ours(latents, picture, time, caption, mask, 0.7)
    check(followed(latents, time, caption, mask, residuals=added), expected)


@torch.no_grad()
@pytest.mark.parametrize("name", AUTOENCODERS)
def test_autoencoder_of_diffusers(name: str) -> None:
    theirs = randomize(AutoencoderDC(attention_head_dim=16, **AUTOENCODERS[name]))
    ours = loaded(Autoencoder(AutoencoderConfig.from_dict(dict(theirs.config))), theirs)
    for height, width in ((4, 6), (9, 7)):
        latents, pixels = torch.randn(1, 32, height, width), torch.randn(1, 3, 8 * height, 8 * width)
        x = ours.decoder.head(latents)
        for stage in reversed(ours.decoder.up_blocks):
            x = stage(x)
        check(ours.decoder.tail(x), theirs.decode(latents).sample)
        x = ours.encoder.conv_in(pixels)
        for stage in ours.encoder.down_blocks:
            x = stage(x)
        check(ours.encoder.tail(x), theirs.encode(pixels).latent)


@torch.no_grad()
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"query_pre_attn_scalar": 37},
        {"attn_logit_softcapping": 2.5},
        {"attn_logit_softcapping": None},
        {"sliding_window": 5},
        {"sliding_window": 5, "layer_types": ["full_attention", "full_attention", "sliding_attention"]},
        {"rms_norm_eps": 1e-3},
        {"rope_parameters": {"rope_type": "default", "rope_theta": 500.0}},
    ],
    ids=str,
)
def test_text_encoder_of_transformers(changes: dict[str, Any]) -> None:
    config = Gemma2Config(**SMALL_TEXT_ENCODER, attn_implementation="eager")
    for name, value in changes.items():
        setattr(config, name, value)
    theirs = randomize(Gemma2Model(config))
    ours = loaded(TextEncoder(TextEncoderConfig.from_dict(config.to_dict())), theirs)
    ids = torch.randint(1, 101, (1, 17))
    # Padding stands on the right, and only the encoder's real tokens are ever used.
    padded = torch.cat([ids, torch.zeros(1, 6, dtype=ids.dtype)], dim=1)
    expected = theirs(padded, attention_mask=(padded > 0).long())[0][:, :17]
    check(ours(ids), expected)
    check(ours(padded)[:, :17], expected)
    half = theirs.bfloat16()(ids)[0].float()
    check(ours.bfloat16()(ids).float(), half, 0.05)
