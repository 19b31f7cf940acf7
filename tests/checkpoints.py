"""Checkpoints for tests: small ones written without any framework, and the true configs of the catalog's models."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np

BYTES = {"F32": 4, "F16": 2, "BF16": 2, "I8": 1}

VAE = {
    "_class_name": "AutoencoderDC",
    "attention_head_dim": 32,
    "encoder_block_out_channels": [8, 16, 16],
    "decoder_block_out_channels": [8, 16, 16],
    "encoder_block_types": ["ResBlock", "ResBlock", "EfficientViTBlock"],
    "decoder_block_types": ["ResBlock", "ResBlock", "EfficientViTBlock"],
    "in_channels": 3,
    "latent_channels": 4,
    "scaling_factor": 0.41407,
}
TRANSFORMER = {
    "_class_name": "SanaTransformer2DModel",
    "attention_head_dim": 4,
    "caption_channels": 8,
    "cross_attention_dim": 8,
    "cross_attention_head_dim": 4,
    "in_channels": 4,
    "mlp_ratio": 2.5,
    "num_attention_heads": 2,
    "num_cross_attention_heads": 2,
    "num_layers": 1,
    "out_channels": 4,
    "patch_size": 1,
    "sample_size": 16,
}
GEMMA = {
    "architectures": ["Gemma2Model"],
    "model_type": "gemma2",
    "hidden_size": 8,
    "max_position_embeddings": 8192,
    "vocab_size": 32,
}
SCHEDULERS = {
    "sana": {"_class_name": "DPMSolverMultistepScheduler", "flow_shift": 3.0, "use_flow_sigmas": True},
    "sana-1.5": {"_class_name": "FlowMatchEulerDiscreteScheduler", "shift": 3.0},
    "sana-sprint": {"_class_name": "SCMScheduler", "sigma_data": 0.5},
}
_FAMILY_CONFIG: dict[str, dict[str, Any]] = {
    "sana": {},
    "sana-1.5": {"qk_norm": "rms_norm_across_heads"},
    "sana-sprint": {"qk_norm": "rms_norm_across_heads", "guidance_embeds": True, "guidance_embeds_scale": 0.1},
}
STEMS = {"transformer": "diffusion_pytorch_model", "vae": "diffusion_pytorch_model", "text_encoder": "model"}


def write_checkpoint(
    folder: Path, family: str = "sana", *, dtype: str = "F32", variants: tuple[str, ...] = ("",), size: int = 64
) -> Path:
    """A checkpoint with the right files and random weights of `size` x `size` that no model would take.

    `variants` are written side by side: "" in `dtype`, "fp16" and "bf16" in theirs; the text encoder in two shards.
    """
    pipeline = "SanaSprintPipeline" if family == "sana-sprint" else "SanaPipeline"
    write_json(folder / "model_index.json", {"_class_name": pipeline})
    write_json(folder / "transformer" / "config.json", {**TRANSFORMER, **_FAMILY_CONFIG[family]})
    write_json(folder / "vae" / "config.json", VAE)
    write_json(folder / "text_encoder" / "config.json", GEMMA)
    write_json(folder / "scheduler" / "scheduler_config.json", SCHEDULERS[family])
    write_json(folder / "tokenizer" / "tokenizer_config.json", {"model_max_length": 10**30, "padding_side": "left"})
    write_json(folder / "tokenizer" / "tokenizer.json", {"version": "1.0"})
    seed = 0
    for variant in variants:
        stored = {"fp16": "F16", "bf16": "BF16"}.get(variant, dtype)
        dot = f".{variant}" if variant else ""
        for component in ("transformer", "vae"):
            seed += 1
            tensors = {"proj.weight": (size, size), "proj.bias": (size,)}
            write_safetensors(folder / component / f"{STEMS[component]}{dot}.safetensors", tensors, stored, seed)
        places = {}
        for number, tensor in ((1, "embed_tokens.weight"), (2, "norm.weight")):
            name = f"model{dot}-{number:05}-of-00002.safetensors"
            write_safetensors(folder / "text_encoder" / name, {tensor: (size, size)}, stored, seed + number)
            places[tensor] = name
        write_json(folder / "text_encoder" / f"model.safetensors.index{dot}.json", {"weight_map": places})
    return folder


def write_json(path: Path, values: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(values), encoding="utf-8")


def write_safetensors(
    path: Path, tensors: dict[str, tuple[int, ...]], dtype: str, seed: int = 0, metadata: dict[str, str] | None = None
) -> None:
    header: dict[str, Any] = {"__metadata__": {"format": "pt", **(metadata or {})}}
    end = 0
    for name, shape in tensors.items():
        start, end = end, end + math.prod(shape) * BYTES[dtype]
        header[name] = {"dtype": dtype, "shape": list(shape), "data_offsets": [start, end]}
    write_raw_safetensors(path, header, np.random.default_rng(seed).bytes(end))


def write_raw_safetensors(path: Path, header: Any, data: bytes) -> None:
    text = json.dumps(header).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(len(text).to_bytes(8, "little") + text + data)


# The true configs, for loading random weights of the true shapes. Widths and depths as in the SANA papers
# (arXiv 2410.10629, 2501.18427, 2503.09641) and the checkpoints' config.json.
_SIZES = {
    "0.6b": {
        "num_layers": 28, "num_attention_heads": 36, "num_cross_attention_heads": 16, "cross_attention_head_dim": 72,
        "cross_attention_dim": 1152,
    },
    "1.6b": {
        "num_layers": 20, "num_attention_heads": 70, "num_cross_attention_heads": 20, "cross_attention_head_dim": 112,
        "cross_attention_dim": 2240,
    },
}  # fmt: skip
_SIZES["4.8b"] = {**_SIZES["1.6b"], "num_layers": 60}
TRUE_VAE: dict[str, Any] = {
    "_class_name": "AutoencoderDC",
    "attention_head_dim": 32,
    "decoder_act_fns": "silu",
    "decoder_block_out_channels": [128, 256, 512, 512, 1024, 1024],
    "decoder_block_types": ["ResBlock"] * 3 + ["EfficientViTBlock"] * 3,
    "decoder_layers_per_block": [3, 3, 3, 3, 3, 3],
    "decoder_norm_types": "rms_norm",
    "decoder_qkv_multiscales": [[], [], [], [5], [5], [5]],
    "downsample_block_type": "Conv",
    "encoder_block_out_channels": [128, 256, 512, 512, 1024, 1024],
    "encoder_block_types": ["ResBlock"] * 3 + ["EfficientViTBlock"] * 3,
    "encoder_layers_per_block": [2, 2, 2, 3, 3, 3],
    "encoder_qkv_multiscales": [[], [], [], [5], [5], [5]],
    "in_channels": 3,
    "latent_channels": 32,
    "scaling_factor": 0.41407,
    "upsample_block_type": "interpolate",
}
TRUE_GEMMA: dict[str, Any] = {
    "architectures": ["Gemma2Model"], "model_type": "gemma2", "attn_logit_softcapping": 50.0, "bos_token_id": 2,
    "eos_token_id": 1, "pad_token_id": 0, "final_logit_softcapping": 30.0, "head_dim": 256, "hidden_size": 2304,
    "hidden_activation": "gelu_pytorch_tanh", "intermediate_size": 9216, "max_position_embeddings": 8192,
    "num_attention_heads": 8, "num_hidden_layers": 26, "num_key_value_heads": 4, "query_pre_attn_scalar": 256,
    "rms_norm_eps": 1e-6, "rope_theta": 10000.0, "sliding_window": 4096, "vocab_size": 256000,
}  # fmt: skip


def true_transformer(model_id: str, family: str, base_size: int) -> dict[str, Any]:
    """The config of a catalog model's transformer."""
    size = next(size for name, size in _SIZES.items() if name in model_id)
    config = {
        "_class_name": "SanaTransformer2DModel", "attention_bias": False, "attention_head_dim": 32,
        "caption_channels": 2304, "dropout": 0.0, "in_channels": 32, "interpolation_scale": None, "mlp_ratio": 2.5,
        "norm_elementwise_affine": False, "norm_eps": 1e-6, "out_channels": 32, "patch_size": 1,
        "sample_size": base_size // 32, **size, **_FAMILY_CONFIG[family],
    }  # fmt: skip
    if base_size > 1024:  # only these know positions
        config["interpolation_scale"] = base_size / 2048
    return config


VIDEO_TRANSFORMER: dict[str, Any] = {
    "_class_name": "SanaVideoTransformer3DModel", "attention_head_dim": 4, "caption_channels": 8,
    "cross_attention_dim": 8, "cross_attention_head_dim": 4, "guidance_embeds": False, "in_channels": 16,
    "mlp_ratio": 3.0, "num_attention_heads": 2, "num_cross_attention_heads": 2, "num_layers": 1, "out_channels": 16,
    "patch_size": [1, 2, 2], "qk_norm": "rms_norm_across_heads", "sample_size": 30,
}  # fmt: skip
WAN_VAE: dict[str, Any] = {
    "_class_name": "AutoencoderKLWan", "base_dim": 8, "dim_mult": [1, 2, 2, 2], "latents_mean": [0.1] * 16,
    "latents_std": [2.0] * 16, "num_res_blocks": 1, "temperal_downsample": [False, True, True], "z_dim": 16,
}  # fmt: skip
LTX_VAE: dict[str, Any] = {
    "_class_name": "AutoencoderKLLTX2Video", "block_out_channels": [8, 16, 32, 64],
    "decoder_block_out_channels": [8, 16, 32], "decoder_inject_noise": [False] * 4,
    "downsample_type": ["spatial", "temporal", "spatiotemporal", "spatiotemporal"], "latent_channels": 8,
    "patch_size": 4, "spatial_compression_ratio": 32, "spatio_temporal_scaling": [True] * 4,
    "temporal_compression_ratio": 8, "timestep_conditioning": False, "upsample_type": ["spatiotemporal"] * 3,
}  # fmt: skip


def write_clip_checkpoint(folder: Path, kind: str = "wan") -> Path:
    """A SANA-Video checkpoint with Wan's autoencoder or that of "ltx", whose weights no model would take."""
    write_checkpoint(folder, "sana-1.5", size=8)
    vae, changes = WAN_VAE, {}
    if kind == "ltx":
        vae, changes = LTX_VAE, {"in_channels": 8, "out_channels": 8, "patch_size": [1, 1, 1], "sample_size": 22}
    write_json(folder / "model_index.json", {"_class_name": "SanaVideoPipeline"})
    write_json(folder / "transformer" / "config.json", {**VIDEO_TRANSFORMER, **changes})
    write_json(folder / "vae" / "config.json", vae)
    write_json(folder / "scheduler" / "scheduler_config.json", {**SCHEDULERS["sana"], "flow_shift": 8.0})
    return folder


def change_json(path: Path, **changes: Any) -> None:
    """Change values in a JSON file."""
    write_json(path, {**json.loads(path.read_text(encoding="utf-8")), **changes})
