"""Qwen3 as a text encoder: what it is made with, and what of a prompt it reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.backends.local.flux.networks import chosen, count
from app.library.models.weights.tensors import Shape

_NAMES = (
    "vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads", "num_key_value_heads", "intermediate_size",
    "max_position_embeddings", "rope_theta", "rms_norm_eps", "head_dim",
)  # fmt: skip


def arguments(config: Mapping[str, Any], shapes: Mapping[str, Shape]) -> dict[str, Any]:
    """The arguments of mflux's classes, from the config, and where there is none from the shapes of the weights."""
    layer = "layers.0.self_attn"
    head = shapes[f"{layer}.q_norm.weight"][0]
    words, width = shapes["embed_tokens.weight"]
    found = {
        "vocab_size": words,
        "hidden_size": width,
        "num_hidden_layers": count(shapes, "layers"),
        "num_attention_heads": shapes[f"{layer}.q_proj.weight"][0] // head,
        "num_key_value_heads": shapes[f"{layer}.k_proj.weight"][0] // head,
        "intermediate_size": shapes["layers.0.mlp.gate_proj.weight"][0],
        "head_dim": head,
    }
    # Newer versions of transformers write the base of the rotary embedding into a table.
    table = config.get("rope_parameters") or config.get("rope_scaling") or {}
    if "rope_theta" in table:
        found["rope_theta"] = table["rope_theta"]
    return found | chosen(config, _NAMES)


def counted(prompt: str, tokenizer: Any) -> tuple[int, str]:
    """How many tokens of a prompt count, and the end of it that did not fit.

    Args:
        tokenizer: mflux's, which puts its template around the prompt and cuts what is too long.
    """
    raw = tokenizer.tokenizer
    around = len(raw(_templated("", tokenizer), add_special_tokens=tokenizer.add_special_tokens)["input_ids"])
    ids = raw(prompt, add_special_tokens=False)["input_ids"]
    room = max(0, tokenizer.max_length - around)
    return min(len(ids), room), raw.decode(ids[room:]).strip() if len(ids) > room else ""


def _templated(prompt: str, tokenizer: Any) -> str:
    if not tokenizer.use_chat_template:
        return prompt
    return str(
        tokenizer.tokenizer.apply_chat_template(
            [{"role": "user", "content": prompt}], tokenize=False, add_generation_prompt=True,
            **tokenizer.chat_template_kwargs,
        )
    )  # fmt: skip
