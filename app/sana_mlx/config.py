"""The config.json of a checkpoint's parts as dataclasses. Imports nothing of MLX."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

BITS = {"8bit": 8, "4bit": 4}
"""Bits of a weight in the quantized precisions."""
GROUP_SIZES = (64, 32)
"""Weights that share a scale and a bias; the larger costs 4.5 bits a weight at 4 bits, the smaller 5."""
TIME_CHANNELS = 256
"""Channels of the sinusoidal timestep, as in diffusers' `Timesteps`."""


@dataclass(frozen=True)
class Config:
    """The base of the networks' configurations. Fields that a config.json leaves out have diffusers' defaults."""

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Fields that no network here is made from change nothing and are left out."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: _freeze(value) for name, value in values.items() if name in known})


@dataclass(frozen=True)
class HeadsConfig(Config):
    """What the transformers of pictures and clips have in common: their heads."""

    num_attention_heads: int = 20
    attention_head_dim: int = 112
    num_cross_attention_heads: int = 20
    cross_attention_head_dim: int = 112
    qk_norm: str | None = None

    def __post_init__(self) -> None:
        if self.qk_norm not in (None, "rms_norm_across_heads"):
            raise ValueError(f"unknown qk_norm {self.qk_norm!r}")

    @property
    def width(self) -> int:
        return self.num_attention_heads * self.attention_head_dim

    @property
    def cross_width(self) -> int:
        return self.num_cross_attention_heads * self.cross_attention_head_dim


@dataclass(frozen=True)
class TransformerConfig(HeadsConfig):
    """transformer/config.json."""

    in_channels: int = 32
    out_channels: int | None = 32
    num_attention_heads: int = 70
    attention_head_dim: int = 32
    num_layers: int = 20
    cross_attention_dim: int = 2240
    caption_channels: int = 2304
    mlp_ratio: float = 2.5
    dropout: float = 0.0
    attention_bias: bool = False
    sample_size: int = 32
    patch_size: int = 1
    norm_elementwise_affine: bool = False
    norm_eps: float = 1e-6
    interpolation_scale: float | None = None
    guidance_embeds: bool = False
    guidance_embeds_scale: float = 0.1
    timestep_scale: float = 1.0


@dataclass(frozen=True)
class AutoencoderConfig(Config):
    """vae/config.json."""

    in_channels: int = 3
    latent_channels: int = 32
    attention_head_dim: int = 32
    encoder_block_types: str | tuple[str, ...] = "ResBlock"
    decoder_block_types: str | tuple[str, ...] = "ResBlock"
    encoder_block_out_channels: tuple[int, ...] = (128, 256, 512, 512, 1024, 1024)
    decoder_block_out_channels: tuple[int, ...] = (128, 256, 512, 512, 1024, 1024)
    encoder_layers_per_block: tuple[int, ...] = (2, 2, 2, 3, 3, 3)
    decoder_layers_per_block: tuple[int, ...] = (3, 3, 3, 3, 3, 3)
    encoder_qkv_multiscales: tuple[tuple[int, ...], ...] = ((), (), (), (5,), (5,), (5,))
    decoder_qkv_multiscales: tuple[tuple[int, ...], ...] = ((), (), (), (5,), (5,), (5,))
    upsample_block_type: str = "pixel_shuffle"
    downsample_block_type: str = "pixel_unshuffle"
    decoder_norm_types: str | tuple[str, ...] = "rms_norm"
    decoder_act_fns: str | tuple[str, ...] = "silu"
    encoder_out_shortcut: bool = True
    decoder_in_shortcut: bool = True
    decoder_conv_act_fn: str = "relu"
    scaling_factor: float = 1.0

    @property
    def factor(self) -> int:
        """Pixels per latent along a side."""
        return int(2 ** (len(self.encoder_block_out_channels) - 1))


# tanh(x / cap) * cap is x, to the last bit, for every score that occurs.
NO_SOFTCAP = 2.0**20


# as in transformers' Gemma2Config
GEMMA_DEFAULTS: dict[str, Any] = {
    "hidden_size": 2304,
    "num_hidden_layers": 26,
    "intermediate_size": 9216,
    "num_attention_heads": 8,
    "num_key_value_heads": 4,
    "head_dim": 256,
    "vocab_size": 256000,
    "rms_norm_eps": 1e-6,
    "rope_theta": 10000.0,
    "query_pre_attn_scalar": 256,
    "attn_logit_softcapping": 50.0,
    "sliding_window": 4096,
}


@dataclass(frozen=True)
class TextEncoderConfig:
    """text_encoder/config.json, of transformers 4 or 5."""

    hidden_size: int
    num_hidden_layers: int
    intermediate_size: int
    num_attention_heads: int
    num_key_value_heads: int
    head_dim: int
    vocab_size: int
    rms_norm_eps: float
    rope_theta: float
    query_pre_attn_scalar: float
    attn_logit_softcapping: float
    windows: tuple[int | None, ...]
    """For each layer, how many tokens back it sees; None for all."""

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> TextEncoderConfig:
        """Fields that are left out have transformers' defaults. Raises ValueError for what is not a Gemma-2."""
        if values.get("model_type") != "gemma2":
            raise ValueError(f"the text encoder is a {values.get('model_type')}, not a gemma2")
        values = GEMMA_DEFAULTS | dict(values)
        if values.get("hidden_activation", "gelu_pytorch_tanh") != "gelu_pytorch_tanh":
            raise ValueError(f"unknown activation {values['hidden_activation']!r} in the text encoder")
        rope = values.get("rope_parameters") or values.get("rope_scaling") or {}
        if rope.get("rope_type", "default") != "default":
            raise ValueError(f"unknown rope type {rope['rope_type']!r} in the text encoder")
        layers = values["num_hidden_layers"]
        # Before `layer_types` was written down, every other layer slid, the first one included.
        kinds = values.get("layer_types") or ["full_attention" if i % 2 else "sliding_attention" for i in range(layers)]
        return cls(
            hidden_size=values["hidden_size"],
            num_hidden_layers=layers,
            intermediate_size=values["intermediate_size"],
            num_attention_heads=values["num_attention_heads"],
            num_key_value_heads=values["num_key_value_heads"],
            head_dim=values["head_dim"],
            vocab_size=values["vocab_size"],
            rms_norm_eps=values["rms_norm_eps"],
            rope_theta=rope.get("rope_theta") or values["rope_theta"],
            query_pre_attn_scalar=values["query_pre_attn_scalar"],
            attn_logit_softcapping=values["attn_logit_softcapping"] or NO_SOFTCAP,
            windows=tuple(values["sliding_window"] if kind == "sliding_attention" else None for kind in kinds),
        )


def _freeze(value: Any) -> Any:
    return tuple(_freeze(item) for item in value) if isinstance(value, list) else value


def per_stage(value: str | tuple[str, ...], stages: int) -> tuple[str, ...]:
    """A kind for each stage of an autoencoder, where a config may say one for all."""
    return (value,) * stages if isinstance(value, str) else value
