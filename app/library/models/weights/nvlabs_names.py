"""The names that NVlabs' own code gives a SANA transformer's tensors, as diffusers has them.

Source: diffusers, scripts/convert_sana_to_diffusers.py and scripts/convert_sana_video_to_diffusers.py.
"""

from __future__ import annotations

import re

_MODULES = {
    "x_embedder.proj": ("patch_embed.proj",),
    "y_embedder.y_proj.fc1": ("caption_projection.linear_1",),
    "y_embedder.y_proj.fc2": ("caption_projection.linear_2",),
    "attention_y_norm": ("caption_norm",),
    "t_block.1": ("time_embed.linear",),
    "cfg_embedder.mlp.0": ("time_embed.guidance_embedder.linear_1",),
    "cfg_embedder.mlp.2": ("time_embed.guidance_embedder.linear_2",),
    "final_layer.linear": ("proj_out",),
}
_OF_A_BLOCK = {
    "attn.qkv": ("attn1.to_q", "attn1.to_k", "attn1.to_v"),
    "attn.q_norm": ("attn1.norm_q",),
    "attn.k_norm": ("attn1.norm_k",),
    "attn.proj": ("attn1.to_out.0",),
    "cross_attn.q_linear": ("attn2.to_q",),
    "cross_attn.kv_linear": ("attn2.to_k", "attn2.to_v"),
    "cross_attn.q_norm": ("attn2.norm_q",),
    "cross_attn.k_norm": ("attn2.norm_k",),
    "cross_attn.proj": ("attn2.to_out.0",),
    "mlp.inverted_conv.conv": ("ff.conv_inverted",),
    "mlp.depth_conv.conv": ("ff.conv_depth",),
    "mlp.point_conv.conv": ("ff.conv_point",),
    "mlp.t_conv": ("ff.conv_temp",),
}
_TIME = {"t_embedder.mlp.0": "timestep_embedder.linear_1", "t_embedder.mlp.2": "timestep_embedder.linear_2"}
_TABLE = ".scale_shift_table"


def diffusers_modules(blocks: int, *, sprint: bool = False) -> dict[str, tuple[str, ...]]:
    """NVlabs' names of all modules of a transformer of so many blocks, and diffusers' of each."""
    found: dict[str, tuple[str, ...]] = {
        **_MODULES,
        **{name: (f"time_embed.{'' if sprint else 'emb.'}{new}",) for name, new in _TIME.items()},
    }
    for number in range(blocks):
        for name, parts in _OF_A_BLOCK.items():
            found[f"blocks.{number}.{name}"] = tuple(f"transformer_blocks.{number}.{part}" for part in parts)
    return found


def diffusers_name(name: str, *, sprint: bool) -> tuple[str, ...]:
    """diffusers' names of what NVlabs calls `name`: several where it joins them, row by row. Others keep their name."""
    if name == f"final_layer{_TABLE}":
        return (_TABLE[1:],)
    module, _, kind = name.rpartition(".")
    if module in _TIME:
        return (f"time_embed.{'' if sprint else 'emb.'}{_TIME[module]}.{kind}",)
    block = re.fullmatch(r"blocks\.(\d+)(?:\.(.+))?", module)
    if block is None:
        return tuple(f"{new}.{kind}" for new in _MODULES.get(module, (module,))) if module else (name,)
    number, inner = f"transformer_blocks.{block[1]}", block[2]
    if inner is None:
        return (f"{number}.{kind}",)
    return tuple(f"{number}.{new}.{kind}" for new in _OF_A_BLOCK.get(inner, (inner,)))
