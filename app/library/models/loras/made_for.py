"""What a LoRA was made for, as far as its metadata and the names and sizes of its layers tell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from app.core.message import Message, message
from app.library.models.loras.names import is_of_text_encoder, parse

SANA_VIDEO = message("SANA-Video")
_BY_METADATA = (
    ("sdxl", message("Stable Diffusion XL")),
    ("stable-diffusion-xl", message("Stable Diffusion XL")),
    ("stable-diffusion-v2", message("Stable Diffusion 2")),
    ("stable-diffusion-v3", message("Stable Diffusion 3")),
    ("stable-diffusion-3", message("Stable Diffusion 3")),
    ("stable-diffusion-v1", message("Stable Diffusion 1.5")),
    ("sd_v1", message("Stable Diffusion 1.5")),
    ("sd_1", message("Stable Diffusion 1.5")),
    ("sd1", message("Stable Diffusion 1.5")),
    ("sd_v2", message("Stable Diffusion 2")),
    ("sd3", message("Stable Diffusion 3")),
    ("flux", message("FLUX")),
    ("qwen", message("Qwen-Image")),
    ("wan", message("Wan")),
    ("hunyuan", message("Hunyuan")),
    ("lumina", message("Lumina")),
    ("pixart", message("PixArt")),
    ("ltx", message("LTX-Video")),
)
"""How "modelspec.architecture" and "ss_base_model_version" begin."""
_BY_NAMES = (
    (re.compile(r"(^|_)(single_transformer_blocks|double_blocks|single_blocks)_"), message("FLUX")),
    (re.compile(r"_(img_mlp|txt_mlp|img_mod|txt_mod)_"), message("Qwen-Image")),
    (re.compile(r"(^|_)joint_blocks_|_attn_add_[qkv]_proj"), message("Stable Diffusion 3")),
    (re.compile(r"(^|_)(noise_refiner|context_refiner)_"), message("Lumina")),
    (re.compile(r"(^|_)blocks_\d+_(self_attn|cross_attn_[qkvo]$)"), message("Wan")),
    (re.compile(r"(_ff_conv_temp|_mlp_t_conv)$"), SANA_VIDEO),
    (re.compile(r"^transformer_blocks_\d+_ff_net_"), message("PixArt or LTX-Video")),
)
"""By layers' names with underscores for dots."""
RUN_HERE = (message("FLUX"), message("Lumina"), SANA_VIDEO)
"""Families of which there are models here: FLUX, Z-Image, which has Lumina's names, and SANA-Video. Whether a LoRA of
theirs fits is decided by the model's own layers.
"""
_UNET = re.compile(r"(^|_)(down_blocks|up_blocks|mid_block|input_blocks|middle_block|output_blocks)_")
_UNETS = {
    768: message("Stable Diffusion 1.5"),
    1024: message("Stable Diffusion 2"),
    2048: message("Stable Diffusion XL"),
}
"""By the width of the text that a U-Net attends to."""
_SANAS = {224: message("Sana Starter"), 1152: message("Sana 0.6B"), 2240: message("Sana 1.6B")}
_INNER = re.compile(r"[._](conv_point|point_conv[._]conv)$")
_INNER_OF_VIDEO = 3
"""SANA-Video is as wide as Sana 1.6B; its feed-forward is 3 times as wide, that of a Sana 2.5 times."""
_MOST_BLOCKS_OF_SMALL = 28
"""Sana 4.8B is as wide as 1.6B, and has more blocks than that."""


def other_family(keys: Iterable[str], widths: Mapping[str, int], metadata: Mapping[str, str]) -> Message | None:
    """The family of models that a file was made for where that is not SANA; None where nothing tells.

    Args:
        keys: the names of its tensors.
        widths: by layers as the file calls them, the inputs of each.
        metadata: the file's.
    """
    layers = [parse(key)[0].replace(".", "_") for key in keys if not is_of_text_encoder(key)]
    for pattern, family in _BY_NAMES:
        if any(pattern.search(layer) for layer in layers):
            return family
    if any(_UNET.search(layer) for layer in layers):
        attended = (width for layer, width in widths.items() if layer.replace(".", "_").endswith("attn2_to_k"))
        by_width = _UNETS.get(next(attended, 0))
        return by_width or _by_metadata(metadata) or message("Stable Diffusion")
    return _by_metadata(metadata)


def sana_of(widths: Mapping[str, int]) -> Message | None:
    """Which SANA a file was made for, by the width of its blocks' attention and by their number, or by how much wider
    its feed-forward is.
    """
    width = width_of(widths)
    inner = next((width for layer, width in widths.items() if _INNER.search(layer)), 0)
    if width and inner == _INNER_OF_VIDEO * width:
        return SANA_VIDEO
    names = [layer.replace(".", "_") for layer in widths]
    numbers = [int(block[1]) for layer in names if (block := re.match(r"(?:transformer_)?blocks_(\d+)_", layer))]
    if width == max(_SANAS) and max(numbers, default=0) >= _MOST_BLOCKS_OF_SMALL:
        return message("Sana 4.8B")
    return _SANAS.get(width)


def width_of(widths: Mapping[str, int]) -> int:
    """The width of a transformer by that of its blocks' attention; 0 where no layer of it is among these."""
    attention = re.compile(r"[._]attn(1[._]to_[qkv]|[._]qkv)$")
    return next((width for layer, width in widths.items() if attention.search(layer)), 0)


def _by_metadata(metadata: Mapping[str, str]) -> Message | None:
    said = [metadata.get(key, "").lower() for key in ("modelspec.architecture", "ss_base_model_version")]
    return next((family for start, family in _BY_METADATA for text in said if text.startswith(start)), None)
