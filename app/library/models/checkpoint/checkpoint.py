"""A checkpoint on disk, in diffusers layout: what it is, and whether it is whole. SANA here, others in `flux`.

Reads JSON files and the headers of safetensors files only: milliseconds for any size, and nothing in it is ever run.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.core.catalog import ModelSpec
from app.core.errors import UserError
from app.core.families import flux as flux_figures
from app.core.families import sana_video
from app.core.families.sana import MAX_PROMPT_TOKENS, model_size
from app.core.memory import ModelSize
from app.core.message import Message, message
from app.library.models.checkpoint import flux, kinds, origin, video
from app.library.models.checkpoint.configs import (
    OTHER_MODEL,
    count,
    log_left_out,
    read_config,
    read_transformer_config,
    read_vae_config,
    spatial_factor,
)
from app.library.models.checkpoint.schedulers import choose_scheduler
from app.library.models.hub import hub_cache
from app.library.models.weights.header import DOWNLOAD_AGAIN, read_header, read_json, unreadable
from app.library.models.weights.weights import PICKLES, STEMS, Weights, find_weights, variants_in

MODEL_INDEX = "model_index.json"
_DESCRIPTIONS = (
    *(f"{part}/config.json" for part in STEMS), "tokenizer/tokenizer_config.json", "scheduler/scheduler_config.json",
)  # fmt: skip
DESCRIPTIONS = (MODEL_INDEX, *_DESCRIPTIONS, "tokenizer/tokenizer.json")
"""All files of a checkpoint but its weights."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A whole checkpoint.

    Attributes:
        folder: where model_index.json is.
        name: display name.
        family: "sana", "sana-1.5", "sana-sprint", "sana-video", or one of `core.families.flux`.
        variant: the variant of the transformer's weights: "", "fp16" or "bf16". Other components may lack it.
        transformer, vae, text_encoder, scheduler, tokenizer: their config files' values, without those of the networks
            that have no effect. What is used of the scheduler stands in `solvers`, `solver_order` and `flow_shift`.
        latent_channels: channels of a latent.
        spatial_factor: pixels per latent along a side.
        patch_size: latents per token along a side.
        base_size: side of the square that the model was trained for, in pixels.
        guidance_embeds: whether the guidance scale is an input of the transformer.
        clip: whether the model was trained in float16, its linear attention clamped to +-65504; None where nothing
            tells, so that it is to be measured. Wrongly set it does no harm to a model whose activations never get that
            far.
        flow_shift: shift of the flow-matching schedule.
        solvers: the solvers that fit, the default first.
        solver_order: order of the multistep solver.
        token_limit: the longest sequence that the text encoder allows.
        base: name of the model that its other parts are from; empty where all of it is its own.
        notes: what its user should know of how it is used, a sentence each.
        joined: how many latents of the autoencoder along a side one of the model's joins.
        even_sigmas: whether the steps of the schedule are alike before they are shifted, as FLUX and Z-Image have them.
        temporal_factor: of a video model, the frames for each latent frame but the first, which is one frame; 0 of one
            that makes pictures.
    """

    folder: Path
    name: str
    family: str
    variant: str
    transformer: Mapping[str, Any]
    vae: Mapping[str, Any]
    text_encoder: Mapping[str, Any]
    scheduler: Mapping[str, Any]
    tokenizer: Mapping[str, Any]
    latent_channels: int
    spatial_factor: int
    patch_size: int
    base_size: int
    guidance_embeds: bool
    clip: bool | None
    flow_shift: float
    solvers: tuple[str, ...]
    solver_order: int
    token_limit: int
    weights: Mapping[str, Weights] = field(repr=False)
    base: str = ""
    notes: tuple[Message, ...] = ()
    even_sigmas: bool = False
    joined: int = 1
    temporal_factor: int = 0

    @property
    def size(self) -> ModelSize:
        """What decides on the memory it takes."""
        if self.family in flux_figures.FAMILIES:
            counts = {part: found.parameters for part, found in self.weights.items()}
            encoders = sum(count for part, count in counts.items() if part.startswith("text_encoder"))
            return flux_figures.model_size(self.family, counts["transformer"], encoders, counts["vae"])
        if self.makes_clips:
            return self.size_for(sana_video.FRAMES)
        return model_size(
            **{part: self.weights[part].parameters for part in STEMS},
            token_pixels=self.token_pixels,
        )

    def size_for(self, frames: int) -> ModelSize:
        """As `size`, for a clip of so many frames."""
        if not self.makes_clips:
            return self.size
        parts = {part: self.weights[part].parameters for part in STEMS}
        return sana_video.model_size(
            **parts, token_pixels=self.token_pixels, temporal_factor=self.temporal_factor, frames=frames
        )

    @property
    def makes_clips(self) -> bool:
        """Whether it is a video model."""
        return self.temporal_factor > 0

    @property
    def token_pixels(self) -> int:
        """Pixels along a side of what the transformer sees as one token."""
        return self.spatial_factor * self.patch_size

    @property
    def prompt_tokens(self) -> int:
        """Most tokens of a prompt that have an effect."""
        return self.token_limit if self.family in flux_figures.FAMILIES else min(MAX_PROMPT_TOKENS, self.token_limit)

    @property
    def has_encoder(self) -> bool:
        """Whether its autoencoder can turn pictures into latents: some come with the decoder alone."""
        return any(name.startswith("encoder.") for name in self.weights["vae"].tensors)

    @property
    def packed(self) -> str:
        """The precision in which its weights are kept alone, "4bit" or "8bit"; empty where the originals are here."""
        return next((found.packed for found in self.weights.values() if found.packed), "")

    def weight_files(self, component: str) -> tuple[Path, ...]:
        """The safetensors files of "transformer", "vae" or "text_encoder"."""
        return self.weights[component].files


def open_checkpoint(path: Path, spec: ModelSpec | None = None) -> Checkpoint:
    """Read and check a checkpoint.

    Args:
        path: the folder with model_index.json, or that file itself, or a file of weights of one of its parts, or a
            repository's folder in the hub's cache.
        spec: the catalog's entry of the checkpoint, if it has one: it says which variant to take and whether to clip.

    Raises:
        UserError: something is missing, truncated, pickled, may not be read, or is made for another program; it names
            the file.
    """
    problem: UserError | None = None
    try:
        for folder in _folders(Path(path)):
            try:
                return _open(folder, spec or origin.spec_of(folder))
            except UserError as error:
                problem = problem or error
    except OSError as error:
        raise unreadable(Path(path), error) from error
    raise problem or UserError(message("There is no model in {path}.", path=path), DOWNLOAD_AGAIN)


def is_part(path: Path) -> bool:
    """Whether a file is one of the weight files of a whole checkpoint. Raises OSError where nobody may look."""
    return path.parent.name in STEMS and is_whole(path.parent.parent)


def is_whole(folder: Path) -> bool:
    """Whether a folder is a checkpoint's: it has model_index.json, or all parts but that, which copies often lose, or
    was packed. Raises OSError where nobody may look.
    """
    if (folder / MODEL_INDEX).exists() or flux.is_packed(folder):
        return True
    return all((folder / name).is_file() for name in _DESCRIPTIONS)


def _open(folder: Path, spec: ModelSpec | None) -> Checkpoint:
    index = read_json(folder / MODEL_INDEX) if (folder / MODEL_INDEX).exists() else _index_of(folder)
    named = index.get("_class_name")
    pipeline = str(named[-1] if isinstance(named, list) and named else named or "model of an unknown kind")
    if flux.family_of_pipeline(pipeline) or (not named and flux.is_packed(folder)):
        return _open_flux(folder, pipeline if named else "", spec)
    if pipeline in sana_video.PIPELINES:
        return _open_video(folder, spec)
    if not pipeline.startswith("Sana"):
        raise UserError(
            message("{folder} holds {kind}, not SANA.", folder=folder, kind=pipeline or message("an unknown model")),
            OTHER_MODEL,
        )
    transformer = read_transformer_config(folder / "transformer")
    vae = read_vae_config(folder / "vae")
    text_encoder = read_config(folder / "text_encoder", "Gemma2Model")
    scheduler = read_json(folder / "scheduler" / "scheduler_config.json")
    tokenizer = read_json(folder / "tokenizer" / "tokenizer_config.json")
    if not (folder / "tokenizer" / "tokenizer.json").exists():
        raise UserError(message("{path} is missing.", path=folder / "tokenizer" / "tokenizer.json"), DOWNLOAD_AGAIN)

    numbers = folder / "transformer" / "config.json"
    latent_channels = count(folder / "vae" / "config.json", vae, "latent_channels")
    if count(numbers, transformer, "in_channels") != latent_channels:
        raise UserError(
            message("{folder}: the transformer and the vae do not belong together.", folder=folder), video.ONE_MODEL
        )
    hidden_size = count(folder / "text_encoder" / "config.json", text_encoder, "hidden_size")
    if count(numbers, transformer, "caption_channels") != hidden_size:
        raise UserError(
            message("{folder}: the transformer and the text encoder do not belong together.", folder=folder),
            video.ONE_MODEL,
        )
    factor = spatial_factor(folder / "vae" / "config.json", vae)

    preferred = spec.variant if spec else ""
    weights = {part: find_weights(folder / part, part, preferred) for part in STEMS}
    for part, found in weights.items():
        log_left_out(folder / part, found.extras)
    guidance_embeds = bool(transformer.get("guidance_embeds"))
    if guidance_embeds != pipeline.startswith("SanaSprint"):
        raise UserError(
            message("{folder}: model_index.json and transformer/config.json disagree.", folder=folder), video.ONE_MODEL
        )
    base_size = count(numbers, transformer, "sample_size") * factor
    chosen = choose_scheduler(
        folder / "scheduler" / "scheduler_config.json", scheduler, family_of(transformer), base_size
    )
    return Checkpoint(
        folder=folder,
        name=spec.name if spec else origin.folder_name(folder),
        family=family_of(transformer),
        variant=weights["transformer"].variant,
        transformer=transformer,
        vae=vae,
        text_encoder=text_encoder,
        scheduler=scheduler,
        tokenizer=tokenizer,
        latent_channels=latent_channels,
        spatial_factor=factor,
        patch_size=count(numbers, transformer, "patch_size"),
        base_size=base_size,
        guidance_embeds=guidance_embeds,
        clip=spec.clip if spec else _clip(folder, index, transformer, weights["transformer"]),
        flow_shift=chosen.shift,
        solvers=chosen.solvers,
        solver_order=chosen.order,
        token_limit=_token_limit(tokenizer, text_encoder),
        weights=weights,
        notes=(chosen.note,) if chosen.note else (),
    )


def _open_flux(folder: Path, pipeline: str, spec: ModelSpec | None) -> Checkpoint:
    found = flux.open_folder(folder, pipeline)
    return Checkpoint(
        folder=folder,
        name=spec.name if spec else origin.folder_name(folder),
        family=found.family,
        variant=found.weights["transformer"].variant,
        transformer=found.configs["transformer"],
        vae=found.configs["vae"],
        text_encoder=found.configs["text_encoder"],
        scheduler={},
        tokenizer={},
        latent_channels=found.latent_channels,
        spatial_factor=found.spatial_factor,
        patch_size=found.patch_size,
        base_size=found.base_size,
        guidance_embeds=False,
        clip=False,
        flow_shift=1.0,
        solvers=("euler",),
        solver_order=1,
        token_limit=flux_figures.FAMILIES[found.family].prompt_tokens,
        weights=found.weights,
        even_sigmas=True,
        joined=flux_figures.FAMILIES[found.family].patch,
    )


def _open_video(folder: Path, spec: ModelSpec | None) -> Checkpoint:
    found = video.open_folder(folder, spec.variant if spec else "")
    tokenizer = read_json(folder / "tokenizer" / "tokenizer_config.json")
    return Checkpoint(
        folder=folder,
        name=spec.name if spec else origin.folder_name(folder),
        family=sana_video.SANA_VIDEO,
        variant=found.weights["transformer"].variant,
        transformer=found.configs["transformer"],
        vae=found.configs["vae"],
        text_encoder=found.configs["text_encoder"],
        scheduler={},
        tokenizer=tokenizer,
        latent_channels=found.latent_channels,
        spatial_factor=found.spatial_factor,
        patch_size=found.patch_size,
        base_size=found.base_size,
        guidance_embeds=False,
        clip=False,
        flow_shift=found.scheduler.shift,
        solvers=found.scheduler.solvers,
        solver_order=found.scheduler.order,
        token_limit=_token_limit(tokenizer, found.configs["text_encoder"]),
        weights=found.weights,
        notes=(found.scheduler.note,) if found.scheduler.note else (),
        temporal_factor=found.temporal_factor,
    )


def _index_of(folder: Path) -> Mapping[str, Any]:
    """What model_index.json would say: of the pipeline alone, the transformer tells as much."""
    if flux.is_packed(folder):
        return {}
    transformer = read_json(folder / "transformer" / "config.json")
    if pipeline := flux.pipeline_of(transformer) or video.pipeline_of(transformer):
        return {"_class_name": pipeline}
    sprint = read_transformer_config(folder / "transformer").get("guidance_embeds")
    return {"_class_name": "SanaSprintPipeline" if sprint else "SanaPipeline"}


def family_of(transformer: Mapping[str, Any]) -> str:
    """The family that a transformer's config is of."""
    if transformer.get("guidance_embeds"):
        return "sana-sprint"
    return "sana-1.5" if transformer.get("qk_norm") else "sana"


def _folders(path: Path) -> list[Path]:
    """Where the checkpoint may be: several for a repository in the hub's cache, the best first."""
    if path.name == MODEL_INDEX and path.is_file():
        return [path.parent]
    if path.is_file() and path.suffix == ".safetensors" and is_part(path):
        return [path.parent.parent]
    if path.suffix in PICKLES:
        raise UserError(
            message("{path} is a pickle, which can hide harmful code, so it is not opened.", path=path), OTHER_MODEL
        )
    if path.suffix == ".safetensors" and path.is_file():
        kinds.check_file(path, read_header(path).tensors)
    if path.is_file():
        raise UserError(
            message("{path} is a single file, not a checkpoint in diffusers layout.", path=path), OTHER_MODEL
        )
    if not path.is_dir():
        raise UserError(message("There is no folder {path}.", path=path), message("Choose the folder of a checkpoint."))
    if is_whole(path):
        return [path]
    if path.name in STEMS and is_whole(path.parent):
        return [path.parent]
    if snapshots := hub_cache.snapshots_in(path):
        return snapshots
    kinds.check_folder(path)
    raise UserError(message("{path} is missing.", path=path / MODEL_INDEX), OTHER_MODEL)


def _clip(folder: Path, index: Mapping[str, Any], transformer: Mapping[str, Any], weights: Weights) -> bool | None:
    base = origin.spec_named(origin.hints(folder, transformer, index))
    return origin.trained_in_float16(
        family_of(transformer), base, variants_in(folder / "transformer", "transformer"), weights.dtypes
    )


def _token_limit(tokenizer: Mapping[str, Any], text_encoder: Mapping[str, Any]) -> int:
    """The tokenizer's own limit counts where the text encoder has none: diffusers' pipelines overrule it, since a
    prompt comes with an instruction before it.
    """
    limits = (text_encoder.get("max_position_embeddings"), tokenizer.get("model_max_length"))
    finite = (limit for limit in limits if isinstance(limit, int | float) and 1 <= limit < math.inf)
    return int(next(finite, MAX_PROMPT_TOKENS))
