"""The config.json files of SANA-Video as dataclasses. Imports nothing of MLX."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..config import HeadsConfig
from .ltx.config import LTXConfig
from .wan.config import WanConfig

CHUNK_TOKENS = 4096
"""Of the latent frames that a layer computes at once, at least one: enough to keep a GPU busy. The feed-forward holds
four arrays of six times the width for them, at the model's own size 440 MB in half precision."""


@dataclass(frozen=True)
class VideoTransformerConfig(HeadsConfig):
    """transformer/config.json. Fields that it leaves out have diffusers' defaults.

    Attributes:
        patch_size: latents per token along time, rows and columns.
    """

    in_channels: int = 16
    out_channels: int | None = 16
    num_layers: int = 20
    cross_attention_dim: int = 2240
    caption_channels: int = 2304
    mlp_ratio: float = 2.5
    attention_bias: bool = False
    sample_size: int = 30
    patch_size: tuple[int, int, int] = (1, 2, 2)
    norm_elementwise_affine: bool = False
    norm_eps: float = 1e-6
    guidance_embeds: bool = False
    qk_norm: str | None = "rms_norm_across_heads"

    def __post_init__(self) -> None:
        super().__post_init__()
        if len(self.patch_size) != 3 or self.patch_size[0] != 1:
            raise ValueError(f"unknown patch_size {self.patch_size}: a token is of one latent frame")
        if self.guidance_embeds:
            raise ValueError("guidance_embeds is not supported for clips")
        if self.attention_head_dim % 2:
            raise ValueError(f"attention_head_dim is {self.attention_head_dim}: its channels are turned in pairs")


AUTOENCODERS: dict[str, type[LTXConfig | WanConfig]] = {
    "AutoencoderKLLTX2Video": LTXConfig,
    "AutoencoderKLWan": WanConfig,
}


def autoencoder_config(values: Mapping[str, Any]) -> LTXConfig | WanConfig:
    """vae/config.json. Raises ValueError where it is of no kind that makes clips."""
    kind = AUTOENCODERS.get(str(values.get("_class_name")))
    if kind is None:
        raise ValueError(f"the autoencoder is a {values.get('_class_name')}, which makes no clips")
    return kind.from_dict(values)
