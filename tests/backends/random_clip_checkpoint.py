"""Writes small random SANA-Video checkpoints in diffusers layout, with either of the two autoencoders."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.backends.random_checkpoint import SCHEDULERS, randomize, write_json, write_text_parts

WAN = "wan"
LTX = "ltx"
FACTORS = {WAN: (8, 4), LTX: (32, 8)}
"""Pixels per latent along a side, and frames for each latent frame but the first."""


def write_clip_checkpoint(
    folder: Path,
    kind: str = WAN,
    *,
    scheduler: str = "dpmpp",
    pipeline: str = "SanaVideoPipeline",
    max_positions: int = 64,
    sample_size: int | None = None,
    seed: int = 0,
) -> Path:
    """Write a checkpoint whose transformer is 64 wide, so that it can be quantized, into `folder` and return that.

    Args:
        kind: `WAN` is the layout of the 480p model, `LTX` that of the 720p model.
        scheduler: "dpmpp" or "euler"; the shift is 8.
        max_positions: the text encoder's limit; from about 1000 the instruction fits.
        sample_size: of the transformer; None for that of the published model.
        seed: of the weights.
    """
    import torch
    from diffusers import SanaVideoTransformer3DModel
    from transformers.utils import logging

    logging.disable_progress_bar()
    random = torch.Generator().manual_seed(seed)
    channels, patch, size = (16, (1, 2, 2), 30) if kind == WAN else (8, (1, 1, 1), 22)
    transformer = SanaVideoTransformer3DModel(
        in_channels=channels, out_channels=channels, num_attention_heads=2, attention_head_dim=32, num_layers=2,
        num_cross_attention_heads=2, cross_attention_head_dim=32, cross_attention_dim=64, caption_channels=12,
        mlp_ratio=3.0, sample_size=sample_size or size, patch_size=patch, qk_norm="rms_norm_across_heads",
    )  # fmt: skip
    randomize(transformer, random)
    transformer.save_pretrained(folder / "transformer")
    vae = _autoencoder(kind, channels)
    randomize(vae, random)
    if kind == LTX:
        vae.latents_mean.copy_(0.1 * torch.randn(channels, generator=random))
        vae.latents_std.copy_(1 + 0.1 * torch.rand(channels, generator=random))
    vae.save_pretrained(folder / "vae")
    write_text_parts(folder, random, torch.float32, {}, max_positions=max_positions)
    name, values = SCHEDULERS[scheduler]
    shift = {"dpmpp": "flow_shift", "euler": "shift"}[scheduler]
    write_json(folder / "scheduler" / "scheduler_config.json", {"_class_name": name, **values, shift: 8.0})
    write_json(
        folder / "model_index.json",
        {
            "_class_name": pipeline,
            "scheduler": ["diffusers", name],
            "text_encoder": ["transformers", "Gemma2Model"],
            "tokenizer": ["transformers", "PreTrainedTokenizerFast"],
            "transformer": ["diffusers", "SanaVideoTransformer3DModel"],
            "vae": ["diffusers", type(vae).__name__],
        },
    )
    return folder


def _autoencoder(kind: str, channels: int) -> Any:
    from diffusers import AutoencoderKLLTX2Video, AutoencoderKLWan

    if kind == WAN:
        return AutoencoderKLWan(base_dim=8, z_dim=channels, dim_mult=[1, 2, 2, 2], num_res_blocks=1)
    return AutoencoderKLLTX2Video(
        latent_channels=channels, block_out_channels=(8, 16, 32, 64), decoder_block_out_channels=(8, 16, 32),
        layers_per_block=(1, 1, 1, 1, 1), decoder_layers_per_block=(1, 1, 1, 1), spatial_compression_ratio=32,
        temporal_compression_ratio=8,
    )  # fmt: skip
