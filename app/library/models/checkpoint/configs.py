"""The config.json of a checkpoint's parts: read, and checked for what every backend needs of it."""

from __future__ import annotations

import functools
import logging
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.core.errors import UserError
from app.core.message import Message, message
from app.library.models.weights.header import DOWNLOAD_AGAIN, read_json
from app.library.models.weights.tensors import listed

log = logging.getLogger(__name__)

OTHER_MODEL = message("Choose a SANA checkpoint in diffusers layout: a folder with model_index.json in it.")

KNOWN = {
    "SanaTransformer2DModel": frozenset({
        "in_channels", "out_channels", "num_attention_heads", "attention_head_dim", "num_layers",
        "num_cross_attention_heads", "cross_attention_head_dim", "cross_attention_dim", "caption_channels", "mlp_ratio",
        "dropout", "attention_bias", "sample_size", "patch_size", "norm_elementwise_affine", "norm_eps",
        "interpolation_scale", "guidance_embeds", "guidance_embeds_scale", "qk_norm", "timestep_scale",
    }),
    "SanaControlNetModel": frozenset({
        "in_channels", "out_channels", "num_attention_heads", "attention_head_dim", "num_layers",
        "num_cross_attention_heads", "cross_attention_head_dim", "cross_attention_dim", "caption_channels", "mlp_ratio",
        "dropout", "attention_bias", "sample_size", "patch_size", "norm_elementwise_affine", "norm_eps",
        "interpolation_scale",
    }),
    "AutoencoderDC": frozenset({
        "in_channels", "latent_channels", "attention_head_dim", "encoder_block_types", "decoder_block_types",
        "encoder_block_out_channels", "decoder_block_out_channels", "encoder_layers_per_block",
        "decoder_layers_per_block", "encoder_qkv_multiscales", "decoder_qkv_multiscales", "upsample_block_type",
        "downsample_block_type", "decoder_norm_types", "decoder_act_fns", "encoder_out_shortcut", "decoder_in_shortcut",
        "decoder_conv_act_fn", "scaling_factor",
    }),
    "SanaVideoTransformer3DModel": frozenset({
        "in_channels", "out_channels", "num_attention_heads", "attention_head_dim", "num_layers",
        "num_cross_attention_heads", "cross_attention_head_dim", "cross_attention_dim", "caption_channels", "mlp_ratio",
        "dropout", "attention_bias", "sample_size", "patch_size", "norm_elementwise_affine", "norm_eps",
        "interpolation_scale", "guidance_embeds", "guidance_embeds_scale", "qk_norm", "rope_max_seq_len",
    }),
    "AutoencoderKLWan": frozenset({
        "base_dim", "decoder_base_dim", "z_dim", "dim_mult", "num_res_blocks", "attn_scales", "temperal_downsample",
        "dropout", "latents_mean", "latents_std", "is_residual", "in_channels", "out_channels", "patch_size",
        "scale_factor_temporal", "scale_factor_spatial",
    }),
    "AutoencoderKLLTX2Video": frozenset({
        "in_channels", "out_channels", "latent_channels", "block_out_channels", "down_block_types",
        "decoder_block_out_channels", "layers_per_block", "decoder_layers_per_block", "spatio_temporal_scaling",
        "decoder_spatio_temporal_scaling", "decoder_inject_noise", "downsample_type", "upsample_type",
        "upsample_residual", "upsample_factor", "timestep_conditioning", "patch_size", "patch_size_t",
        "resnet_norm_eps", "scaling_factor", "encoder_causal", "decoder_causal", "encoder_spatial_padding_mode",
        "decoder_spatial_padding_mode", "spatial_compression_ratio", "temporal_compression_ratio",
    }),
}  # fmt: skip
"""What diffusers' networks are made from. Other keys of a config.json change nothing, there and here."""

_CHOICES = {"qk_norm": (None, "rms_norm_across_heads"), "hidden_activation": (None, "gelu_pytorch_tanh")}
"""Where a network has one way to do it; None stands for a key that is not there as well."""
_CHOICES_OF: dict[str, dict[str, tuple[Any, ...]]] = {
    "SanaVideoTransformer3DModel": {"guidance_embeds": (None, False)},
    "AutoencoderKLWan": {
        "is_residual": (None, False), "patch_size": (None,), "attn_scales": (None, []), "in_channels": (None, 3),
        "out_channels": (None, 3),
    },
    "AutoencoderKLLTX2Video": {
        "timestep_conditioning": (None, False), "patch_size_t": (None, 1), "in_channels": (None, 3),
        "out_channels": (None, 3),
    },
}  # fmt: skip
"""The same of one network alone."""
_COUNTS = (
    "num_layers", "num_attention_heads", "attention_head_dim", "num_cross_attention_heads", "cross_attention_head_dim",
)  # fmt: skip
_LARGEST_COUNT = 2**31 - 1
_LAYERS = (
    "num_layers", "num_hidden_layers", "encoder_layers_per_block", "decoder_layers_per_block", "layers_per_block",
    "num_res_blocks",
)  # fmt: skip
_MOST_LAYERS = 1_000
"""Far above what any model has. Networks are built before their weights are compared with them: more would take all
memory.
"""
_SCALES = ("mlp_ratio", "timestep_scale", "guidance_embeds_scale", "scaling_factor")


def read_transformer_config(folder: Path) -> dict[str, Any]:
    """As `read_config`, of a transformer."""
    return _read_trunk(folder, "SanaTransformer2DModel")


def read_controlnet_config(folder: Path) -> dict[str, Any]:
    """As `read_config`, of a ControlNet."""
    return _read_trunk(folder, "SanaControlNetModel")


def _read_trunk(folder: Path, architecture: str) -> dict[str, Any]:
    config = read_config(folder, architecture)
    for key in _COUNTS:
        count(folder / "config.json", config, key)
    return config


def read_vae_config(folder: Path) -> dict[str, Any]:
    """As `read_config`, of an autoencoder."""
    config = read_config(folder, "AutoencoderDC")
    _check_stages(folder / "config.json", config)
    return config


def read_config(folder: Path, architecture: str) -> dict[str, Any]:
    """A component's config.json, checked to be of the one architecture that SANA has there.

    Raises:
        UserError: it is missing, damaged, of another architecture, quantized, or asks for what no backend has.
    """
    path = folder / "config.json"
    config = read_json(path)
    if architecture == "Gemma2Model":  # transformers' way to say it; the class may also be Gemma2ForCausalLM
        kind, right = config.get("model_type"), config.get("model_type") == "gemma2"
    else:
        kind, right = config.get("_class_name"), config.get("_class_name") == architecture
    if not right:
        raise wrong_kind(path, kind, architecture, OTHER_MODEL)
    if config.get("quantization_config"):
        raise UserError(
            message("{folder} is already quantized, which is not supported.", folder=folder),
            message("Use the full checkpoint; it can be made smaller when it is loaded."),
        )
    for key, allowed in (_CHOICES | _CHOICES_OF.get(architecture, {})).items():
        if config.get(key) not in allowed:
            raise UserError(
                message(
                    "{path} asks for {key} = {value}, which is not supported.",
                    path=path,
                    key=key,
                    value=repr(config[key]),
                ),
                OTHER_MODEL,
            )
    for key in _SCALES:
        value = config.get(key, 1)
        if not is_positive(value):
            raise UserError(
                message("{path} is damaged: {key} is {value}.", path=path, key=key, value=repr(value)), DOWNLOAD_AGAIN
            )
    for key in _LAYERS:
        layers = config.get(key)
        if any(
            isinstance(each, int) and each > _MOST_LAYERS for each in (layers if isinstance(layers, list) else [layers])
        ):
            raise UserError(
                message("{path} is damaged: {key} is {value}.", path=path, key=key, value=repr(layers)), DOWNLOAD_AGAIN
            )
    if architecture not in KNOWN:
        return config
    others = tuple(key for key in config if key not in KNOWN[architecture] and not key.startswith("_"))
    log_left_out(path, others)
    return {key: value for key, value in config.items() if key not in others}


def count(path: Path, config: Mapping[str, Any], key: str) -> int:
    """A whole number above 0 in a config. Raises UserError where it is something else, or missing."""
    value = config.get(key)
    if key not in config:
        raise UserError(
            message("{path} lacks {key}.", path=path, key=key),
            message("Use the config.json that belongs to the weights."),
        )
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= _LARGEST_COUNT:
        raise UserError(
            message("{path} is damaged: {key} is {value}.", path=path, key=key, value=repr(value)), DOWNLOAD_AGAIN
        )
    return value


def is_positive(value: Any) -> bool:
    """Whether it is a number above 0 that a float can hold."""
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= sys.float_info.max


def spatial_factor(path: Path, vae: Mapping[str, Any]) -> int:
    """Pixels per latent along a side: each stage after the first halves both sides."""
    stages = vae.get("encoder_block_out_channels")
    if not isinstance(stages, list) or not 1 <= len(stages) <= 12:
        raise UserError(
            message(
                "{path} is damaged: {key} is {value}.", path=path, key="encoder_block_out_channels", value=repr(stages)
            ),
            DOWNLOAD_AGAIN,
        )
    return int(2 ** (len(stages) - 1))


@functools.cache
def log_left_out(place: Path, names: tuple[str, ...]) -> None:
    """Note once what is in a file and has no effect."""
    if names:
        log.info("%s: left out, since nothing uses it: %s", place, listed(names))


def _check_stages(path: Path, vae: Mapping[str, Any]) -> None:
    """What is listed by stage has one entry for each."""
    for side in ("encoder", "decoder"):
        stages = vae.get(f"{side}_block_out_channels")
        for key in (f"{side}_layers_per_block", f"{side}_block_types"):
            values = vae.get(key)
            if isinstance(values, list) and isinstance(stages, list) and len(values) != len(stages):
                problem = message(
                    "{path} is damaged: {key} has {count} entries, not {wanted}.",
                    path=path,
                    key=key,
                    count=len(values),
                    wanted=len(stages),
                )
                raise UserError(problem, DOWNLOAD_AGAIN)


def wrong_kind(path: Path, kind: Any, architecture: str, remedy: Message) -> UserError:
    """What to say of a config.json that describes a network of another architecture."""
    return UserError(
        message(
            "{path} describes {kind}, not {architecture}.",
            path=path,
            kind=kind or message("an unknown model"),
            architecture=architecture,
        ),
        remedy,
    )
