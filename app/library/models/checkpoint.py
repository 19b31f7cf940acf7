"""A SANA checkpoint on disk, in diffusers layout: what it is, and whether it is whole.

Reads JSON files and the headers of safetensors files only: milliseconds for any size, and nothing in it is ever run.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.core.catalog import ModelSpec
from app.core.errors import UserError
from app.core.memory import ModelSize
from app.library.models.weights import DOWNLOAD_AGAIN, PICKLES, Weights, find_weights, read_json, unreadable

STEMS = {"transformer": "diffusion_pytorch_model", "vae": "diffusion_pytorch_model", "text_encoder": "model"}
"""The components with weights, and how diffusers and transformers call their weight files."""
MODEL_INDEX = "model_index.json"
MAX_PROMPT_TOKENS = 300
"""Tokens of a prompt that reach the transformer, the first one included: as SANA was trained."""

_PIPELINES = ("SanaPipeline", "SanaSprintPipeline")
_SOLVERS = {
    "DPMSolverMultistepScheduler": ("dpmpp", "euler"),
    "FlowMatchEulerDiscreteScheduler": ("euler", "dpmpp"),
    "SCMScheduler": ("scm",),
}
_OTHER_MODEL = "Choose a SANA checkpoint in diffusers layout: a folder with model_index.json in it."
_COUNTS = (
    "num_layers", "num_attention_heads", "attention_head_dim", "num_cross_attention_heads", "cross_attention_head_dim",
)  # fmt: skip
_LARGEST_COUNT = 2**31 - 1
_SCALES = ("mlp_ratio", "timestep_scale", "guidance_embeds_scale", "scaling_factor")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A whole SANA checkpoint.

    Attributes:
        folder: where model_index.json is.
        name: display name.
        family: "sana", "sana-1.5" or "sana-sprint".
        variant: the variant of the transformer's weights: "", "fp16" or "bf16". Other components may lack it.
        transformer, vae, text_encoder, scheduler, tokenizer: their config files' values.
        latent_channels: channels of a latent.
        spatial_factor: pixels per latent along a side.
        patch_size: latents per token along a side.
        base_size: side of the square that the model was trained for, in pixels.
        guidance_embeds: whether the guidance scale is an input of the transformer.
        clip: whether the model was trained in float16, its linear attention clamped to +-65504. The catalog knows; a
            folder that is not in it counts as such if it is of the first family and its transformer is stored as
            float16. Wrongly set it does no harm to a model whose activations never get that far.
        flow_shift: shift of the flow-matching schedule.
        solvers: the solvers that fit, the default first.
        token_limit: the longest sequence that both the tokenizer and the text encoder allow.
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
    clip: bool
    flow_shift: float
    solvers: tuple[str, ...]
    token_limit: int
    weights: Mapping[str, Weights] = field(repr=False)

    @property
    def size(self) -> ModelSize:
        """What decides on the memory it takes."""
        return ModelSize(
            **{part: self.weights[part].parameters for part in STEMS},
            token_pixels=self.spatial_factor * self.patch_size,
        )

    @property
    def prompt_tokens(self) -> int:
        """Most tokens of a prompt that have an effect."""
        return min(MAX_PROMPT_TOKENS, self.token_limit)

    def weight_files(self, component: str) -> tuple[Path, ...]:
        """The safetensors files of "transformer", "vae" or "text_encoder"."""
        return self.weights[component].files


def open_checkpoint(folder: Path, spec: ModelSpec | None = None) -> Checkpoint:
    """Read and check a checkpoint.

    Args:
        folder: the folder with model_index.json, or that file itself, or a file of weights of one of its parts.
        spec: the catalog's entry of the checkpoint, if it has one: it says which variant to take and whether to clip.

    Raises:
        UserError: something is missing, truncated, pickled, may not be read, or is made for another program; it names
            the file.
    """
    try:
        return _open(_checkpoint_folder(Path(folder)), spec)
    except OSError as error:
        raise unreadable(Path(folder), error) from error


def is_part(path: Path) -> bool:
    """Whether a file is one of the weight files of a whole checkpoint. Raises OSError where nobody may look."""
    return path.parent.name in STEMS and (path.parent.parent / MODEL_INDEX).exists()


def _open(folder: Path, spec: ModelSpec | None) -> Checkpoint:
    pipeline = read_json(folder / MODEL_INDEX).get("_class_name")
    if pipeline not in _PIPELINES:
        raise UserError(f"{folder} holds a {pipeline or 'model of an unknown kind'}, not SANA.", _OTHER_MODEL)
    transformer = _config(folder / "transformer", "SanaTransformer2DModel")
    vae = _config(folder / "vae", "AutoencoderDC")
    text_encoder = _config(folder / "text_encoder", "Gemma2Model")
    scheduler = read_json(folder / "scheduler" / "scheduler_config.json")
    tokenizer = read_json(folder / "tokenizer" / "tokenizer_config.json")
    if not (folder / "tokenizer" / "tokenizer.json").exists():
        raise UserError(f"{folder / 'tokenizer' / 'tokenizer.json'} is missing.", DOWNLOAD_AGAIN)

    numbers = folder / "transformer" / "config.json"
    for key in _COUNTS:
        _count(numbers, transformer, key)
    for part, config in (("transformer", transformer), ("vae", vae)):
        _check_scales(folder / part / "config.json", config)
    _check_stages(folder / "vae" / "config.json", vae)
    latent_channels = _count(folder / "vae" / "config.json", vae, "latent_channels")
    if _count(numbers, transformer, "in_channels") != latent_channels:
        raise UserError(f"{folder}: the transformer and the vae do not belong together.", DOWNLOAD_AGAIN)
    hidden_size = _count(folder / "text_encoder" / "config.json", text_encoder, "hidden_size")
    if _count(numbers, transformer, "caption_channels") != hidden_size:
        raise UserError(f"{folder}: the transformer and the text encoder do not belong together.", DOWNLOAD_AGAIN)
    spatial_factor = _spatial_factor(folder / "vae" / "config.json", vae)

    preferred = spec.variant if spec else ""
    weights = {name: find_weights(folder / name, stem, preferred) for name, stem in STEMS.items()}
    guidance_embeds = bool(transformer.get("guidance_embeds"))
    family = _family(folder, str(pipeline), guidance_embeds, transformer)
    return Checkpoint(
        folder=folder,
        name=spec.name if spec else _name(folder),
        family=family,
        variant=weights["transformer"].variant,
        transformer=transformer,
        vae=vae,
        text_encoder=text_encoder,
        scheduler=scheduler,
        tokenizer=tokenizer,
        latent_channels=latent_channels,
        spatial_factor=spatial_factor,
        patch_size=_count(numbers, transformer, "patch_size"),
        base_size=_count(numbers, transformer, "sample_size") * spatial_factor,
        guidance_embeds=guidance_embeds,
        clip=spec.clip if spec else family == "sana" and "F16" in weights["transformer"].dtypes,
        flow_shift=_flow_shift(folder, scheduler),
        solvers=_solvers(folder, family, scheduler),
        token_limit=_token_limit(tokenizer, text_encoder),
        weights=weights,
    )


def _checkpoint_folder(path: Path) -> Path:
    if path.name == MODEL_INDEX and path.is_file():
        return path.parent
    if path.is_file() and path.suffix == ".safetensors" and is_part(path):
        return path.parent.parent
    if path.suffix in PICKLES:
        raise UserError(f"{path} is a pickle, which can hide harmful code, so it is not opened.", _OTHER_MODEL)
    if path.is_file():
        raise UserError(f"{path} is a single file, not a checkpoint in diffusers layout.", _OTHER_MODEL)
    if not path.is_dir():
        raise UserError(f"There is no folder {path}.", "Choose the folder of a checkpoint.")
    if not (path / MODEL_INDEX).exists():
        raise UserError(f"{path / MODEL_INDEX} is missing.", _OTHER_MODEL)
    return path


def _config(folder: Path, architecture: str) -> dict[str, Any]:
    """A component's config.json, checked to be of the one architecture that SANA has there."""
    config = read_json(folder / "config.json")
    if architecture == "Gemma2Model":  # transformers' way to say it; the class may also be Gemma2ForCausalLM
        kind, right = config.get("model_type"), config.get("model_type") == "gemma2"
    else:
        kind, right = config.get("_class_name"), config.get("_class_name") == architecture
    if not right:
        path = folder / "config.json"
        raise UserError(f"{path} describes {kind or 'an unknown model'}, not {architecture}.", _OTHER_MODEL)
    if "quantization_config" in config:
        raise UserError(
            f"{folder} is already quantized, which is not supported.",
            "Use the full checkpoint; it can be made smaller when it is loaded.",
        )
    return config


def _count(path: Path, config: Mapping[str, Any], key: str) -> int:
    value = config.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= _LARGEST_COUNT:
        raise UserError(f"{path} is damaged: {key} is {value!r}.", DOWNLOAD_AGAIN)
    return value


def _check_scales(path: Path, config: Mapping[str, Any]) -> None:
    for key in _SCALES:
        value = config.get(key, 1)
        if not _is_positive(value):
            raise UserError(f"{path} is damaged: {key} is {value!r}.", DOWNLOAD_AGAIN)


def _is_positive(value: Any) -> bool:
    """Whether it is a number above 0 that a float can hold."""
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= sys.float_info.max


def _check_stages(path: Path, vae: Mapping[str, Any]) -> None:
    """What is listed by stage has one entry for each."""
    for side in ("encoder", "decoder"):
        stages = vae.get(f"{side}_block_out_channels")
        for key in (f"{side}_layers_per_block", f"{side}_block_types"):
            listed = vae.get(key)
            if isinstance(listed, list) and isinstance(stages, list) and len(listed) != len(stages):
                mismatch = f"{key} has {len(listed)} entries, not {len(stages)}"
                raise UserError(f"{path} is damaged: {mismatch}.", DOWNLOAD_AGAIN)


def _spatial_factor(path: Path, vae: Mapping[str, Any]) -> int:
    """Each stage after the first halves both sides."""
    stages = vae.get("encoder_block_out_channels")
    if not isinstance(stages, list) or not 1 <= len(stages) <= 12:
        raise UserError(f"{path} is damaged: encoder_block_out_channels is {stages!r}.", DOWNLOAD_AGAIN)
    return int(2 ** (len(stages) - 1))


def _family(folder: Path, pipeline: str, guidance_embeds: bool, transformer: Mapping[str, Any]) -> str:
    if guidance_embeds != (pipeline == "SanaSprintPipeline"):
        raise UserError(f"{folder}: model_index.json and transformer/config.json disagree.", DOWNLOAD_AGAIN)
    if guidance_embeds:
        return "sana-sprint"
    return "sana-1.5" if transformer.get("qk_norm") else "sana"


def _solvers(folder: Path, family: str, scheduler: Mapping[str, Any]) -> tuple[str, ...]:
    kind = str(scheduler.get("_class_name"))
    solvers = _SOLVERS.get(kind, ())
    if not solvers or (family == "sana-sprint") != (solvers == ("scm",)):
        path = folder / "scheduler" / "scheduler_config.json"
        raise UserError(f"{path} asks for {kind}, which does not fit this model.", DOWNLOAD_AGAIN)
    return solvers


def _flow_shift(folder: Path, scheduler: Mapping[str, Any]) -> float:
    """Named differently by diffusers' two flow-matching schedulers; SCM has none."""
    value = scheduler.get("flow_shift", scheduler.get("shift", 1.0))
    if not _is_positive(value):
        path = folder / "scheduler" / "scheduler_config.json"
        raise UserError(f"{path} is damaged: the shift is {value!r}.", DOWNLOAD_AGAIN)
    return float(value)


def _token_limit(tokenizer: Mapping[str, Any], text_encoder: Mapping[str, Any]) -> int:
    limits = (tokenizer.get("model_max_length"), text_encoder.get("max_position_embeddings"))
    finite = (limit for limit in limits if isinstance(limit, int | float) and 1 <= limit < math.inf)
    return int(min(finite, default=MAX_PROMPT_TOKENS))


def _name(folder: Path) -> str:
    """The folder's name; for a snapshot in the Hugging Face cache, whose name is a hash, that of its repository."""
    folder = folder.absolute()
    if folder.parent.name == "snapshots":
        return folder.parent.parent.name.split("--")[-1]
    return folder.name
