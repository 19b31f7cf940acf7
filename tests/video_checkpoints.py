"""Tiny random SANA-Video checkpoints in diffusers layout, for tests that compute with them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from app.library import paths

if TYPE_CHECKING:
    import torch

Kind = Literal["wan", "ltx"]

FACTORS: dict[Kind, tuple[int, int]] = {"wan": (8, 4), "ltx": (32, 8)}
"""Pixels per latent along a side, and frames for each latent frame but the first."""


def write_video_checkpoint(folder: Path, kind: Kind, solver: str = "euler") -> Path:
    """A checkpoint whose transformer is 64 wide, so that its layers can be quantized.

    Args:
        kind: the autoencoder: "wan" as the 480p model has it, "ltx" as the 720p model.
        solver: "euler" or "dpmpp", what its scheduler asks for.
    """
    import torch
    from diffusers import DPMSolverMultistepScheduler, FlowMatchEulerDiscreteScheduler, SanaVideoPipeline
    from diffusers import SanaVideoTransformer3DModel as Transformer
    from transformers import AutoTokenizer, Gemma2Config, Gemma2Model

    torch.manual_seed(0)
    tokenizer = AutoTokenizer.from_pretrained(paths.resources() / "starter" / "tokenizer")
    tokenizer.padding_side = "right"
    tokenizer.model_max_length = 2048  # room for the instruction
    gemma = Gemma2Config(
        vocab_size=len(tokenizer), hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, head_dim=8, query_pre_attn_scalar=8, max_position_embeddings=2048, sliding_window=64,
        pad_token_id=0, bos_token_id=2, eos_token_id=1,
    )  # fmt: skip
    vae = _autoencoder(kind)
    channels = 16 if kind == "wan" else 8
    transformer = Transformer(
        in_channels=channels, out_channels=channels, num_attention_heads=2, attention_head_dim=32, num_layers=2,
        num_cross_attention_heads=2, cross_attention_head_dim=32, cross_attention_dim=64, caption_channels=32,
        mlp_ratio=3.0, sample_size=30 if kind == "wan" else 22, patch_size=(1, 2, 2) if kind == "wan" else (1, 1, 1),
        qk_norm="rms_norm_across_heads",
    )  # fmt: skip
    if solver == "euler":
        scheduler: Any = FlowMatchEulerDiscreteScheduler(shift=8.0)
    else:
        scheduler = DPMSolverMultistepScheduler(
            flow_shift=8.0, use_flow_sigmas=True, prediction_type="flow_prediction", solver_order=2
        )
    networks = (shaken(Gemma2Model(gemma)), shaken(vae), shaken(transformer))
    SanaVideoPipeline(tokenizer, *networks, scheduler).save_pretrained(folder)
    return folder


def _autoencoder(kind: Kind) -> torch.nn.Module:
    import torch
    from diffusers import AutoencoderKLLTX2Video, AutoencoderKLWan

    if kind == "wan":
        wan: torch.nn.Module = AutoencoderKLWan(base_dim=8, z_dim=16, dim_mult=[1, 2, 2, 2], num_res_blocks=1)
        return wan
    ltx: Any = AutoencoderKLLTX2Video(
        latent_channels=8, block_out_channels=(8, 16, 32, 64), decoder_block_out_channels=(8, 16, 32),
        layers_per_block=(1, 1, 1, 1, 1), decoder_layers_per_block=(1, 1, 1, 1), spatial_compression_ratio=32,
        temporal_compression_ratio=8,
    )  # fmt: skip
    ltx.latents_mean.copy_(0.1 * torch.randn(8))
    ltx.latents_std.copy_(1 + 0.1 * torch.rand(8))
    kept: torch.nn.Module = ltx
    return kept


def shaken(module: torch.nn.Module, spread: float = 0.05) -> Any:
    """Every weight drawn anew, so that no layer is an identity or zero; norms stay near one."""
    import torch

    with torch.no_grad():
        for name, weight in module.named_parameters():
            noise = torch.randn_like(weight)
            if (weight.ndim == 1 and name.endswith("weight")) or name.endswith("gamma"):
                weight.copy_(1 + spread * noise)
            elif name.endswith("bias"):
                weight.copy_(0.1 * spread * noise)
            elif name.endswith("scale_shift_table"):
                weight.copy_(0.3 * noise)
            else:
                weight.copy_(noise * max(1, weight[0].numel()) ** -0.5)
    return module.eval()
