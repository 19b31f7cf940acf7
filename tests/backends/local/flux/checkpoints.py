"""Writes small random checkpoints of mflux's families in diffusers layout, with real tokenizers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from app.core.families.flux import KLEIN, Z_IMAGE

HEADS, HEAD = 2, 32
WIDTH = HEADS * HEAD
TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% if not enable_thinking %}<think>\n\n</think>\n\n"
    "{% endif %}{% endif %}"
)
STAGES = (32, 64, 64, 64)


def write_klein(folder: Path, *, seed: int = 0, stages: tuple[int, ...] = STAGES) -> Path:
    """A FLUX.2 klein checkpoint; returns `folder`."""
    import torch
    from diffusers import AutoencoderKLFlux2, Flux2Transformer2DModel

    torch.manual_seed(seed)
    encoder = _write_qwen(folder, layers=28)
    transformer = Flux2Transformer2DModel(
        in_channels=128, num_layers=1, num_single_layers=2, attention_head_dim=HEAD, num_attention_heads=HEADS,
        joint_attention_dim=3 * encoder, axes_dims_rope=(8, 8, 8, 8), guidance_embeds=False,
    )  # fmt: skip
    vae = AutoencoderKLFlux2(block_out_channels=stages, latent_channels=32)
    with torch.no_grad():
        vae.bn.running_mean.copy_(torch.randn(128) * 0.1)
        vae.bn.running_var.copy_(torch.rand(128) + 0.5)
    _livelier(transformer, vae)
    transformer.save_pretrained(folder / "transformer")
    vae.save_pretrained(folder / "vae")
    return _finished(folder, "Flux2KleinPipeline")


def write_z_image(folder: Path, *, seed: int = 0, stages: tuple[int, ...] = STAGES) -> Path:
    """A Z-Image checkpoint; returns `folder`."""
    import torch
    from diffusers import AutoencoderKL, ZImageTransformer2DModel

    torch.manual_seed(seed)
    encoder = _write_qwen(folder, layers=3)
    heads = 3 * HEADS  # else its feed-forward has a width that mflux cannot pack
    transformer = ZImageTransformer2DModel(
        dim=heads * HEAD, n_layers=2, n_refiner_layers=1, n_heads=heads, n_kv_heads=heads, cap_feat_dim=encoder,
        axes_dims=[8, 12, 12], axes_lens=[1024, 512, 512],
    )  # fmt: skip
    vae = _autoencoder(AutoencoderKL, stages)
    _livelier(transformer, vae)
    transformer.save_pretrained(folder / "transformer")
    vae.save_pretrained(folder / "vae")
    return _finished(folder, "ZImagePipeline")


def _autoencoder(kind: Any, stages: tuple[int, ...]) -> Any:
    """FLUX.1's, in small."""
    down, up = (["DownEncoderBlock2D"] * len(stages), ["UpDecoderBlock2D"] * len(stages))
    return kind(
        down_block_types=down, up_block_types=up, block_out_channels=stages, layers_per_block=2, latent_channels=16,
        use_quant_conv=False, use_post_quant_conv=False, scaling_factor=0.3611, shift_factor=0.1159,
    )  # fmt: skip


def _write_qwen(folder: Path, *, layers: int) -> int:
    """Qwen3 and its tokenizer; returns its width."""
    from transformers import Qwen3Config, Qwen3ForCausalLM

    words = _write_tokenizer(folder / "tokenizer")
    config = Qwen3Config(
        vocab_size=words, hidden_size=WIDTH, num_hidden_layers=layers, num_attention_heads=HEADS,
        num_key_value_heads=1, head_dim=HEAD, intermediate_size=128, max_position_embeddings=1024,
        rope_parameters={"rope_type": "default", "rope_theta": 1e6},
    )  # fmt: skip
    Qwen3ForCausalLM(config).save_pretrained(folder / "text_encoder")
    return WIDTH


def _write_tokenizer(folder: Path) -> int:
    """A byte-level one as Qwen has it, without merges; returns its number of words."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE({letter: number for number, letter in enumerate(alphabet)}, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    special = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<think>", "</think>"]
    tokenizer.add_special_tokens([AddedToken(word, special=True) for word in special])
    folder.mkdir(parents=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "vocab.json").write_text(json.dumps({letter: number for number, letter in enumerate(alphabet)}))
    (folder / "merges.txt").write_text("#version: 0.2\n")
    settings = {
        "tokenizer_class": "Qwen2Tokenizer",
        "pad_token": "<|endoftext|>",
        "eos_token": "<|im_end|>",
        "model_max_length": 1024,
        "padding_side": "right",
        "chat_template": TEMPLATE,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))
    return 320


def _livelier(*networks: Any) -> None:
    """Random networks show flat grey: give what they add more weight, and biases and norms values of their own."""
    import torch

    with torch.no_grad():
        for network in networks:
            for name, values in network.named_parameters():
                if name.endswith("bias"):
                    values.add_(torch.randn_like(values) * 0.05)
                elif values.ndim == 1:
                    values.add_(torch.randn_like(values) * 0.1)
                elif name.endswith(("conv_out.weight", "proj_out.weight")):
                    values.mul_(2)


def _finished(folder: Path, pipeline: str) -> Path:
    scheduler = folder / "scheduler"
    scheduler.mkdir()
    (scheduler / "scheduler_config.json").write_text(json.dumps({"_class_name": "FlowMatchEulerDiscreteScheduler"}))
    (folder / "model_index.json").write_text(json.dumps({"_class_name": pipeline}))
    return folder


WRITERS = {KLEIN: write_klein, Z_IMAGE: write_z_image}
"""By the names that the catalog gives the families."""
