"""FLUX.2 klein, Z-Image and FLUX.1 schnell on disk: in diffusers layout, or as mflux packs them.

A packed folder has each part's tensors by MLX's names, often in 4 or 8 bits, and beside the tokenizer no description.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from app.core.errors import UserError
from app.core.families.flux import BASE_SIZE, FAMILIES, KLEIN, SCHNELL, Z_IMAGE
from app.core.message import message
from app.library.models.checkpoint.configs import wrong_kind
from app.library.models.weights.header import DOWNLOAD_AGAIN, Header, read_header, read_json
from app.library.models.weights.tensors import StoredTensor, stored_tensors
from app.library.models.weights.weights import Weights, find_weights, read_index

PACKED_INDEX = "model.safetensors.index.json"
"""What each part of a packed folder has, whatever the part."""
_LEVEL = "quantization_level"
_SIGNS = {"double_stream_modulation_img.": KLEIN, "cap_embedder.": Z_IMAGE, "time_text_embed.": SCHNELL}
"""How names of tensors begin that only one family's transformer has."""
_OTHER = message("Choose a folder of FLUX.2 klein, Z-Image or FLUX.1 schnell, in diffusers layout or packed by mflux.")
_RENAMED = {
    re.compile(r"^(transformer_blocks\.\d+\.attn\.to_out)\.(?!0\.)"): r"\1.0.",
    re.compile(r"^(transformer_blocks\.\d+\.ff(?:_context)?)\.linear1\."): r"\1.net.0.proj.",
    re.compile(r"^(transformer_blocks\.\d+\.ff(?:_context)?)\.linear2\."): r"\1.net.2.",
}
"""What mflux calls otherwise than diffusers, of the layers that LoRAs change."""
_STAGE = re.compile(r"decoder\.up_blocks\.(\d+)\.")


@dataclass(frozen=True, slots=True)
class FluxFolder:
    """What a folder holds.

    Attributes:
        family: as the catalog calls it.
        weights: of each part.
        configs: of each part; empty where the folder has none.
        latent_channels, spatial_factor, patch_size, base_size: as `Checkpoint` has them.
    """

    family: str
    weights: Mapping[str, Weights]
    configs: Mapping[str, Mapping[str, Any]]
    latent_channels: int
    spatial_factor: int
    patch_size: int
    base_size: int = BASE_SIZE


def family_of_pipeline(pipeline: str) -> str:
    """The family whose pipeline a model_index.json names; empty where it is none of these."""
    return next((name for name, family in FAMILIES.items() if pipeline in family.pipelines), "")


def pipeline_of(transformer: Mapping[str, Any]) -> str:
    """What a model_index.json would name, by a transformer's config; empty where it is none of these."""
    kind = transformer.get("_class_name")
    return next((f.pipelines[0] for f in FAMILIES.values() if f.architectures["transformer"] == kind), "")


def tokenizers_of(family: str) -> tuple[str, ...]:
    """The folders of its tokenizers, one for each text encoder."""
    return ("tokenizer", "tokenizer_2") if "text_encoder_2" in FAMILIES[family].architectures else ("tokenizer",)


def is_packed(folder: Path) -> bool:
    """Whether it looks like a folder that mflux packed. Raises OSError where nobody may look."""
    return all((folder / part / PACKED_INDEX).is_file() for part in ("transformer", "text_encoder", "vae"))


def open_folder(folder: Path, pipeline: str) -> FluxFolder:
    """Read and check a folder.

    Args:
        pipeline: the class that its model_index.json names; empty where it has none.

    Raises:
        UserError: something is missing, damaged or of another kind; it names the file.
    """
    family = family_of_pipeline(pipeline) or _family_of_tensors(folder)
    facts = FAMILIES[family]
    configs = {part: _config(folder / part, kind) for part, kind in facts.architectures.items()}
    weights = {part: _weights(folder / part, part) for part in facts.architectures}
    for name in tokenizers_of(family):
        if not (folder / name).is_dir():
            raise UserError(message("{path} is missing.", path=folder / name), DOWNLOAD_AGAIN)
    channels, stages = _latents(folder / "vae", weights["vae"])
    patch = facts.patch
    return FluxFolder(family, weights, configs, channels * patch**2, 2 ** (stages - 1) * patch, 2 // patch)


def _family_of_tensors(folder: Path) -> str:
    names = _weights(folder / "transformer", "transformer").tensors
    for sign, family in _SIGNS.items():
        if any(name.startswith(sign) for name in names):
            return family
    raise UserError(message("{folder} holds an unknown model.", folder=folder), _OTHER)


def _config(folder: Path, architecture: str) -> dict[str, Any]:
    path = folder / "config.json"
    if not path.exists():
        return {}
    config = read_json(path)
    kind = config.get("_class_name") or config.get("model_type")
    if kind != architecture:
        raise wrong_kind(path, kind, architecture, _OTHER)
    return config


def _weights(folder: Path, part: str) -> Weights:
    """The weights of a part, whichever way they are stored."""
    paths = _packed_files(folder)
    headers = {path: read_header(path) for path in paths}
    if not headers or not all(_is_ours(header) for header in headers.values()):
        return find_weights(folder, part, named=False)
    levels = {header.metadata.get(_LEVEL, "") for header in headers.values()}
    bits = max((int(level) for level in levels if level in ("3", "4", "5", "6", "8")), default=0)
    packed = ("4bit" if bits < 6 else "8bit") if bits else ""
    return Weights(tuple(paths), "", _originals(stored_tensors(headers), bits), packed=packed, by_mflux=True, bits=bits)


def _originals(tensors: Mapping[str, StoredTensor], bits: int) -> dict[str, StoredTensor]:
    """What packed tensors were made of: diffusers' names as far as LoRAs use them, and the shapes of before."""
    found: dict[str, StoredTensor] = {}
    for key, tensor in tensors.items():
        if key.endswith((".scales", ".biases")):
            continue
        if tensor.dtype == "U32" and bits:
            tensor = replace(tensor, shape=(*tensor.shape[:-1], tensor.shape[-1] * 32 // bits))
        name = key
        for pattern, diffusers in _RENAMED.items():
            name = pattern.sub(diffusers, name)
        found[name] = tensor
    return found


def _packed_files(folder: Path) -> list[Path]:
    if not (folder / PACKED_INDEX).is_file():
        return []
    names = read_index(folder / PACKED_INDEX)
    for name in names:
        if not (folder / name).exists():
            raise UserError(message("{path} is missing.", path=folder / name), DOWNLOAD_AGAIN)
    return [folder / name for name in names]


def _is_ours(header: Header) -> bool:
    return _LEVEL in header.metadata or "mflux_version" in header.metadata


def _latents(folder: Path, vae: Weights) -> tuple[int, int]:
    """The channels of the autoencoder's latents, and its stages."""
    stages = _stages(vae.tensors)
    for name in ("encoder.conv_out.bias", "encoder.conv_out.conv2d.bias"):
        if name in vae.tensors and stages:
            return vae.tensors[name].shape[0] // 2, stages
    raise UserError(message("The weights in {path} are none of an autoencoder.", path=folder), DOWNLOAD_AGAIN)


def _stages(names: Iterable[str]) -> int:
    return len({found[1] for name in names if (found := _STAGE.match(name))})
