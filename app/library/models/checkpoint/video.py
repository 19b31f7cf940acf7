"""SANA-Video on disk, in diffusers layout: the 480p model with Wan's autoencoder, the 720p model with that of LTX-2."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from app.core.errors import UserError
from app.core.families.sana_video import FLOW_SHIFT, PIPELINES, SANA_VIDEO
from app.core.message import NOTHING, Message, message, sentences
from app.library.models.checkpoint.configs import OTHER_MODEL, count, is_positive, log_left_out, read_config, wrong_kind
from app.library.models.checkpoint.schedulers import Scheduler, choose_scheduler
from app.library.models.weights.header import DOWNLOAD_AGAIN, read_json
from app.library.models.weights.weights import STEMS, Weights, find_weights

TRANSFORMER = "SanaVideoTransformer3DModel"
WAN = "AutoencoderKLWan"
LTX = "AutoencoderKLLTX2Video"
ONE_MODEL = message("Use the parts of one and the same model.")

_DC_AE = "AutoencoderDC"
_ALIKE = {"spatio_temporal_scaling": True, "decoder_spatio_temporal_scaling": True, "decoder_inject_noise": False}
"""Of LTX's autoencoder, what all stages have."""
_HALVES = {"spatial": (1, 0), "temporal": (0, 1), "spatiotemporal": (1, 1)}
"""Whether a stage of LTX's autoencoder halves the sides, and the frames."""


@dataclass(frozen=True, slots=True)
class VideoFolder:
    """What a folder holds.

    Attributes:
        configs: of each part, without what has no effect.
        weights: of each part, by the names in the files, which are diffusers'.
        scheduler: what its scheduler_config.json asks for.
        latent_channels, spatial_factor, temporal_factor, patch_size, base_size: as `Checkpoint` has them.
    """

    configs: Mapping[str, Mapping[str, Any]]
    weights: Mapping[str, Weights]
    scheduler: Scheduler
    latent_channels: int
    spatial_factor: int
    temporal_factor: int
    patch_size: int
    base_size: int


def pipeline_of(transformer: Mapping[str, Any]) -> str:
    """What a model_index.json would name, by a transformer's config; empty where it is none of a video model."""
    return PIPELINES[0] if transformer.get("_class_name") == TRANSFORMER else ""


def open_folder(folder: Path, preferred: str = "") -> VideoFolder:
    """Read and check a folder.

    Args:
        preferred: the variant of the weights to take where several are there.

    Raises:
        UserError: something is missing, damaged or of another kind; it names the file.
    """
    transformer = _transformer(folder / "transformer")
    vae = _autoencoder(folder / "vae")
    channels, spatial, temporal = _latents(folder / "vae" / "config.json", vae)
    text_encoder = read_config(folder / "text_encoder", "Gemma2Model")
    if not (folder / "tokenizer" / "tokenizer.json").exists():
        raise UserError(message("{path} is missing.", path=folder / "tokenizer" / "tokenizer.json"), DOWNLOAD_AGAIN)
    path = folder / "transformer" / "config.json"
    if transformer["in_channels"] != channels:
        raise UserError(
            message("{folder}: the transformer and the vae do not belong together.", folder=folder), ONE_MODEL
        )
    if transformer["caption_channels"] != count(folder / "text_encoder" / "config.json", text_encoder, "hidden_size"):
        raise UserError(
            message("{folder}: the transformer and the text encoder do not belong together.", folder=folder), ONE_MODEL
        )
    weights = {part: find_weights(folder / part, part, preferred, named=part == "text_encoder") for part in STEMS}
    for part, found in weights.items():
        log_left_out(folder / part, found.extras)
    patch = transformer["patch_size"][1]
    base = count(path, transformer, "sample_size") * spatial * patch
    scheduler = _scheduler(folder / "scheduler" / "scheduler_config.json", base)
    configs = {"transformer": transformer, "vae": vae, "text_encoder": text_encoder}
    return VideoFolder(configs, weights, scheduler, channels, spatial, temporal, patch, base)


def _transformer(folder: Path) -> dict[str, Any]:
    path, config = folder / "config.json", read_config(folder, TRANSFORMER)
    heads = ("num_attention_heads", "attention_head_dim", "num_cross_attention_heads", "cross_attention_head_dim")
    for key in (*heads, "num_layers", "in_channels", "caption_channels", "cross_attention_dim"):
        count(path, config, key)
    width = config[heads[0]] * config[heads[1]]
    _require(path, config, "cross_attention_dim", width)
    if config[heads[1]] % 2 or config[heads[2]] * config[heads[3]] != width:
        raise _damaged(path, config, heads[1])
    # A further prediction, of a variance, is cut off by diffusers' pipelines; the published models have none.
    _require(path, config, "out_channels", config["in_channels"])
    patch = config.get("patch_size")
    if not isinstance(patch, list) or len(patch) != 3 or not all(_is_count(side, 8) for side in patch):
        raise _damaged(path, config, "patch_size")
    if patch[0] != 1 or patch[1] != patch[2]:
        raise _unsupported(path, config, "patch_size")
    return config


def _autoencoder(folder: Path) -> dict[str, Any]:
    """The config.json of an autoencoder, which is one of the two kinds."""
    path = folder / "config.json"
    kind = read_json(path).get("_class_name")
    if kind == _DC_AE:
        raise UserError(
            message("{path} describes {kind}, which makes pictures and no clips.", path=path, kind=kind),
            message("Use the autoencoder that the video model was published with: Wan's or that of LTX-2."),
        )
    if kind not in (WAN, LTX):
        raise wrong_kind(path, kind, f"{WAN} or {LTX}", OTHER_MODEL)
    return read_config(folder, str(kind))


def _latents(path: Path, vae: Mapping[str, Any]) -> tuple[int, int, int]:
    """Of an autoencoder: channels of a latent, pixels along its side, and frames for each latent frame."""
    if vae["_class_name"] == WAN:
        channels, spatial, temporal = _wan_latents(path, vae)
        said = ("scale_factor_spatial", "scale_factor_temporal")
    else:
        channels, spatial, temporal = _ltx_latents(path, vae)
        said = ("spatial_compression_ratio", "temporal_compression_ratio")
    for key, value in zip(said, (spatial, temporal), strict=True):
        _require(path, vae, key, value)
    return channels, spatial, temporal


def _wan_latents(path: Path, vae: Mapping[str, Any]) -> tuple[int, int, int]:
    channels = count(path, vae, "z_dim")
    stages, halved = _list(path, vae, "dim_mult"), _list(path, vae, "temperal_downsample")
    if len(halved) != len(stages) - 1:
        raise _damaged(path, vae, "temperal_downsample")
    for key in ("latents_mean", "latents_std"):
        values = _list(path, vae, key, channels)
        if len(values) != channels or not all(_is_number(value) for value in values):
            raise _damaged(path, vae, key)
    if not all(is_positive(value) for value in vae["latents_std"]):
        raise _damaged(path, vae, "latents_std")
    return channels, 2 ** len(halved), 2 ** sum(map(bool, halved))


def _ltx_latents(path: Path, vae: Mapping[str, Any]) -> tuple[int, int, int]:
    channels, patch = count(path, vae, "latent_channels"), count(path, vae, "patch_size")
    for key, wanted in _ALIKE.items():
        values = vae.get(key)
        stages = values if isinstance(values, list) else [values]
        if values is not None and any(value is not wanted for value in stages):
            raise _unsupported(path, vae, key)
    sizes = []
    for key in ("downsample_type", "upsample_type"):
        kinds = _list(path, vae, key)
        if not all(kind in _HALVES for kind in kinds):
            raise _damaged(path, vae, key)
        sizes.append(
            (patch * 2 ** sum(_HALVES[kind][0] for kind in kinds), 2 ** sum(_HALVES[kind][1] for kind in kinds))
        )
    if sizes[0] != sizes[1]:
        raise _damaged(path, vae, "upsample_type")
    return channels, *sizes[0]


def _scheduler(path: Path, base_size: int) -> Scheduler:
    config = read_json(path)
    says = config.get("flow_shift", config.get("shift")) is not None
    chosen = choose_scheduler(path, config if says else {**config, "flow_shift": FLOW_SHIFT}, SANA_VIDEO, base_size)
    note = NOTHING
    if says and chosen.shift == 1:
        note = message("Its scheduler asks for no flow shift; SANA-Video was trained with {usual:g}.", usual=FLOW_SHIFT)
    elif not says:
        note = message(
            "Its scheduler names no flow shift; {usual:g} is used, with which SANA-Video was trained.", usual=FLOW_SHIFT
        )
    return replace(chosen, note=sentences(chosen.note, note))


def _list(path: Path, config: Mapping[str, Any], key: str, most: int = 12) -> list[Any]:
    values = config.get(key)
    if not isinstance(values, list) or not 1 <= len(values) <= most:
        raise _damaged(path, config, key)
    return values


def _require(path: Path, config: Mapping[str, Any], key: str, value: int) -> None:
    """What may be left out or null, but if it is there, it is this."""
    if config.get(key) not in (None, value):
        raise _damaged(path, config, key)


def _is_count(value: Any, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e6


def _damaged(path: Path, config: Mapping[str, Any], key: str) -> UserError:
    return UserError(
        message("{path} is damaged: {key} is {value}.", path=path, key=key, value=repr(config.get(key))), DOWNLOAD_AGAIN
    )


def _unsupported(path: Path, config: Mapping[str, Any], key: str) -> UserError:
    problem: Message = message(
        "{path} asks for {key} = {value}, which is not supported.", path=path, key=key, value=repr(config.get(key))
    )
    return UserError(problem, OTHER_MODEL)
