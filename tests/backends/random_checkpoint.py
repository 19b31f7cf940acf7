"""Writes small random SANA checkpoints in diffusers layout, with a real tokenizer."""

from __future__ import annotations

import json
import warnings
from functools import cache
from pathlib import Path
from typing import Any

SCHEDULERS: dict[str, tuple[str, dict[str, Any]]] = {
    "dpmpp": (
        "DPMSolverMultistepScheduler",
        {
            "algorithm_type": "dpmsolver++",
            "final_sigmas_type": "zero",
            "flow_shift": 3.0,
            "lower_order_final": True,
            "num_train_timesteps": 1000,
            "prediction_type": "flow_prediction",
            "solver_order": 2,
            "solver_type": "midpoint",
            "use_flow_sigmas": True,
        },
    ),
    "euler": ("FlowMatchEulerDiscreteScheduler", {"num_train_timesteps": 1000, "shift": 3.0}),
    "scm": ("SCMScheduler", {"num_train_timesteps": 1000, "prediction_type": "trigflow", "sigma_data": 0.5}),
}
LITE_DECODER = {
    "decoder_block_types": "ResBlock",
    "decoder_qkv_multiscales": [[], [], []],
    "decoder_layers_per_block": [0, 1, 2],
    "decoder_in_shortcut": False,
    "decoder_conv_act_fn": "silu",
    "decoder_act_fns": "relu",
}


def write_checkpoint(
    folder: Path,
    *,
    scheduler: str = "dpmpp",
    shift: float = 3.0,
    scheduler_changes: dict[str, Any] | None = None,
    qk_norm: str | None = None,
    guidance_embeds: bool = False,
    interpolation_scale: float | None = None,
    timestep_scale: float = 1.0,
    patch_size: int = 1,
    sample_size: int = 8,
    layers: int = 2,
    transformer: dict[str, Any] | None = None,
    lite: bool = False,
    vae: dict[str, Any] | None = None,
    text_encoder: dict[str, Any] | None = None,
    max_positions: int = 64,
    dtype: str = "float32",
    variant: str = "",
    shard_bytes: int = 0,
    seed: int = 0,
) -> Path:
    """Write a checkpoint into `folder` and return that.

    Args:
        scheduler: "dpmpp", "euler" or "scm"; "scm" makes a Sprint checkpoint when `guidance_embeds` is set.
        scheduler_changes, transformer, vae, text_encoder: further values for the components' configs.
        lite: a decoder in the manner of DC-AE-Lite: other blocks, no shortcut, another activation.
        max_positions: the text encoder's limit; from about 1000 the "complex human instruction" fits.
        dtype: "float32", "float16" or "bfloat16", how the weights are stored.
        variant: part of the weight files' names: "", "fp16" or "bf16".
        shard_bytes: split the transformer's weights into files of at most so many bytes.
        seed: of the weights.
    """
    import torch
    from diffusers import AutoencoderDC, SanaTransformer2DModel
    from transformers.utils import logging

    logging.disable_progress_bar()
    random = torch.Generator().manual_seed(seed)
    weights_type = getattr(torch, dtype)
    saving = {"variant": variant or None, "safe_serialization": True}

    width = 16
    network = SanaTransformer2DModel(
        **{
            "in_channels": 32,
            "out_channels": 32,
            "num_attention_heads": 2,
            "attention_head_dim": 8,
            "num_layers": layers,
            "num_cross_attention_heads": 2,
            "cross_attention_head_dim": 8,
            "cross_attention_dim": width,
            "caption_channels": 12,
            "mlp_ratio": 2.5,
            "sample_size": sample_size,
            "patch_size": patch_size,
            "qk_norm": qk_norm,
            "guidance_embeds": guidance_embeds,
            "interpolation_scale": interpolation_scale,
            "timestep_scale": timestep_scale,
            **(transformer or {}),
        }
    )
    randomize(network, random)
    sharding = {"max_shard_size": shard_bytes} if shard_bytes else {}
    network.to(weights_type).save_pretrained(folder / "transformer", **saving, **sharding)

    autoencoder = AutoencoderDC(
        **{
            "latent_channels": 32,
            "attention_head_dim": 4,
            "encoder_block_types": ["ResBlock", "ResBlock", "EfficientViTBlock"],
            "decoder_block_types": ["ResBlock", "ResBlock", "EfficientViTBlock"],
            "encoder_block_out_channels": [8, 16, 32],
            "decoder_block_out_channels": [8, 16, 32],
            "encoder_layers_per_block": [0, 1, 1],
            "decoder_layers_per_block": [1, 1, 1],
            "encoder_qkv_multiscales": [[], [], [5]],
            "decoder_qkv_multiscales": [[], [], [5]],
            "upsample_block_type": "interpolate",
            "downsample_block_type": "Conv",
            "scaling_factor": 0.7,
            **(LITE_DECODER if lite else {}),
            **(vae or {}),
        }
    )
    randomize(autoencoder, random)
    autoencoder.to(weights_type).save_pretrained(folder / "vae", **saving)

    write_text_parts(folder, random, weights_type, saving, max_positions=max_positions, **(text_encoder or {}))

    kind, values = SCHEDULERS[scheduler]
    shift_key = {"dpmpp": "flow_shift", "euler": "shift"}.get(scheduler)
    values = {"_class_name": kind, **values, **({shift_key: shift} if shift_key else {}), **(scheduler_changes or {})}
    write_json(folder / "scheduler" / "scheduler_config.json", values)
    pipeline = "SanaSprintPipeline" if guidance_embeds else "SanaPipeline"
    write_json(
        folder / "model_index.json",
        {
            "_class_name": pipeline,
            "scheduler": ["diffusers", kind],
            "text_encoder": ["transformers", "Gemma2Model"],
            "tokenizer": ["transformers", "PreTrainedTokenizerFast"],
            "transformer": ["diffusers", "SanaTransformer2DModel"],
            "vae": ["diffusers", "AutoencoderDC"],
        },
    )
    return folder


def write_text_parts(
    folder: Path, random: Any, weights_type: Any, saving: dict[str, Any], *, max_positions: int, **changes: Any
) -> None:
    """Write a random Gemma and its tokenizer into a checkpoint's folder."""
    from transformers import Gemma2Config, Gemma2Model

    tokenizer = _tokenizer()
    encoder = Gemma2Model(
        Gemma2Config(
            **{
                "vocab_size": len(tokenizer),
                "hidden_size": 12,
                "intermediate_size": 24,
                "num_hidden_layers": 2,
                "num_attention_heads": 2,
                "num_key_value_heads": 1,
                "head_dim": 8,
                "query_pre_attn_scalar": 6,
                "sliding_window": 16,
                "max_position_embeddings": max_positions,
                "pad_token_id": 0,
                "eos_token_id": 1,
                "bos_token_id": 2,
                **changes,
            }
        )
    )
    randomize(encoder, random)
    encoder.to(weights_type).save_pretrained(folder / "text_encoder", **saving)
    tokenizer.save_pretrained(folder / "tokenizer")


def write_controlnet(folder: Path, *, seed: int = 1, **changes: Any) -> Path:
    """Write a random ControlNet for `write_checkpoint`'s models into `folder`, and return that.

    `changes` are further values for its config.
    """
    import torch
    from diffusers import SanaControlNetModel

    network = SanaControlNetModel(
        **{
            "in_channels": 32,
            "out_channels": 32,
            "num_attention_heads": 2,
            "attention_head_dim": 8,
            "num_layers": 1,
            "num_cross_attention_heads": 2,
            "cross_attention_head_dim": 8,
            "cross_attention_dim": 16,
            "caption_channels": 12,
            "mlp_ratio": 2.5,
            "sample_size": 8,
            "patch_size": 1,
            **changes,
        }
    )
    randomize(network, torch.Generator().manual_seed(seed))
    network.save_pretrained(folder)
    return folder


def randomize(module: Any, random: Any) -> None:
    """Weights large enough that each of them shows in the result."""
    import torch

    with torch.no_grad():
        for name, parameter in module.named_parameters():
            noise = torch.randn(parameter.shape, generator=random)
            if parameter.ndim > 1:
                parameter.copy_(noise / parameter[0].numel() ** 0.5)
            else:  # a norm's weight, or a bias
                parameter.copy_(0.2 * noise + name.endswith("weight"))


@cache
def _tokenizer() -> Any:
    """A byte-fallback BPE with a beginning-of-sequence token, in the manner of Gemma's."""
    from tokenizers import Tokenizer, models, normalizers, processors, trainers

    from app.diffusion.families.sana import INSTRUCTION

    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=True))
    tokenizer.normalizer = normalizers.Replace(" ", "▁")
    special = ["<pad>", "<eos>", "<bos>", "<unk>"]
    letters = list("abcdefghijklmnopqrstuvwxyz0123456789▁.,'-")
    trainer = trainers.BpeTrainer(
        vocab_size=700,
        special_tokens=[*special, *(f"<0x{byte:02X}>" for byte in range(256))],
        initial_alphabet=letters,
        show_progress=False,
    )
    # Without pre-tokenization the trainer would learn whole sentences as tokens; words are enough.
    words = [word + " " for word in INSTRUCTION.lower().split()] + INSTRUCTION.split()
    tokenizer.train_from_iterator(words, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(single="<bos> $A", special_tokens=[("<bos>", 2)])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from transformers import PreTrainedTokenizerFast

        return PreTrainedTokenizerFast(
            tokenizer_object=tokenizer,
            pad_token="<pad>",
            eos_token="<eos>",
            bos_token="<bos>",
            unk_token="<unk>",
            padding_side="left",
        )


def write_json(path: Path, values: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(values, indent=2))
