"""SANA through Efficient-Large-Model's node pack ComfyUI_ExtraModels, whose presets download into its own folders.

EmptySanaLatentImage of that pack crashes, so EmptyDCAELatentImage makes the latents.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from app.backends.comfyui.checkpoints import SAMPLERS, latents, node, saved
from app.backends.comfyui.graphs import Graph, Place, Slot
from app.core.capabilities import Capabilities
from app.core.limits import MASK, START_PICTURE, Range
from app.core.message import message
from app.core.request import GenerationRequest

PACK = "ComfyUI_ExtraModels"
LOADER = "SanaCheckpointLoader"
_PREFIX = "Efficient-Large-Model/"
_VAE = "mit-han-lab/dc-ae-f32c32-sana-1.1-diffusers"
_VAE_TYPE = "dcae-f32c32-sana-1.1-diffusers"
_GEMMA = "Efficient-Large-Model/gemma-2-2b-it"

_FOLDERS = {
    "Sana_Sprint_0.6B_1024px": "sana-sprint-600m-1024px",
    "Sana_Sprint_1.6B_1024px": "sana-sprint-1600m-1024px",
    "SANA1.5_1.6B_1024px": "sana-1.5-1600m-1024px",
    "SANA1.5_4.8B_1024px": "sana-1.5-4800m-1024px",
    "Sana_1600M_1024px_MultiLing": "sana-1600m-1024px-multilingual",
    "Sana_1600M_512px_MultiLing": "sana-1600m-512px-multilingual",
    "Sana_1600M_1024px_BF16": "sana-1600m-1024px-bf16",
    "Sana_1600M_1024px": "sana-1600m-1024px",
    "Sana_1600M_2Kpx_BF16": "sana-1600m-2kpx-bf16",
    "Sana_1600M_4Kpx_BF16": "sana-1600m-4kpx-bf16",
    "Sana_1600M_512px": "sana-1600m-512px",
    "Sana_600M_1024px": "sana-600m-1024px",
    "Sana_600M_512px": "sana-600m-512px",
}
"""The pack's presets, and into which folder each is downloaded, below models--sana--."""


@dataclass(frozen=True, slots=True)
class SanaModel:
    """A checkpoint for the pack's loader.

    Attributes:
        id: a preset's, or a file's among the checkpoints.
        architecture: the pack's name of it, which counts for files alone.
        vae, vae_type: what the pack's loader for autoencoders takes.
        device: what the server computes on, as it says: "cpu", "mps", "cuda".
        complete: whether the autoencoder is on the server's disk.
    """

    id: str
    architecture: str = "SanaMS_1600M_P1_D20"
    vae: str = _VAE
    vae_type: str = _VAE_TYPE
    device: str = "cpu"
    complete: bool = True

    @property
    def name(self) -> str:
        return _SUFFIX.sub("", self.id.replace("\\", "/").rpartition("/")[2])

    @property
    def sprint(self) -> bool:
        return "sprint" in self.id.lower() or "sprint" in self.architecture.lower()

    @property
    def side(self) -> int:
        sizes = {"512px": 512, "256px": 256, "2kpx": 2048, "4kpx": 4096}
        return next((side for mark, side in sizes.items() if mark in self.id.lower()), 1024)

    def capabilities(self) -> Capabilities:
        side, sprint = self.side, self.sprint
        notes = [message("ComfyUI shows no previews of Sana.")]  # the pack has no decoder for them
        if not self.complete:
            notes.append(
                message(
                    "The server has no autoencoder for Sana yet: it downloads it first, without telling how far it is."
                )
            )
        if self.device == "cpu" and self._trained_in_float16:
            notes.append(
                message("It was trained in float16, which the server’s processor lacks: pictures may be wrong.")
            )
        return Capabilities(
            model=self.name,
            size=Range(max(32, side // 4), side * 2, side, 32),
            max_pixels=2 * side * side,
            steps=Range(1, 4, 2) if sprint else Range(1, 100, 20),
            guidance=Range(1, 20, 4.5, 0.1),
            negative=not sprint,
            solvers=("scm",) if sprint else tuple(SAMPLERS),
            inputs=() if sprint else (START_PICTURE, MASK),  # its sampler draws all noise anew
            edits=not sprint,
            notes=tuple(notes),
        )

    def graph(self, request: GenerationRequest) -> Graph:
        sprint = self.sprint
        nodes: dict[str, Any] = {
            "checkpoint": node(
                LOADER, ckpt_name=self.id, model=self.architecture, dtype=self._dtype(), enable_cfg_passthrough=True
            ),
            "gemma": node("GemmaLoader", model_name=_GEMMA, **self._gemma()),
            "vae": node(
                "ExtraVAELoader", vae_name=self.vae, vae_type=self.vae_type,
                dtype="BF16" if self.device == "cuda" else "FP32",
            ),
            "prompt": node("SanaTextEncode", text="", GEMMA=["gemma", 0]),
            "negative": node("GemmaTextEncode", text="", GEMMA=["gemma", 0]),
            "sampler": node(
                "KSampler", model=["consistency" if sprint else "checkpoint", 0], positive=["prompt", 0],
                negative=["negative", 0], latent_image=["latents", 0], seed=0, steps=20, cfg=1.0,
                sampler_name="scm" if sprint else SAMPLERS[request.solver or "euler"],
                scheduler="sgm_uniform" if sprint else "normal", denoise=1.0,
            ),
            "decoded": node("VAEDecode", samples=["sampler", 0], vae=["vae", 0]),
            "saved": saved("decoded"),
        }  # fmt: skip
        if sprint:
            nodes["consistency"] = node("ScmModelSampling", model=["checkpoint", 0], cfg_scale=4.5, zsnr=False)
        places = {
            Slot.PROMPT: (Place("prompt", "text"),),
            Slot.NEGATIVE: (Place("negative", "text"),),
            Slot.SEED: (Place("sampler", "seed"),),
            Slot.STEPS: (Place("sampler", "steps"),),
            Slot.GUIDANCE: (Place("consistency", "cfg_scale") if sprint else Place("sampler", "cfg"),),
        }
        more, more_places = latents(request, empty="EmptyDCAELatentImage", vae=["vae", 0], sampler="sampler")
        return Graph({**nodes, **more}, {**places, **more_places}, ("saved",))

    def _dtype(self) -> str:
        """What it was trained in; a processor computes in float32 only."""
        if self.device == "cpu":
            return "FP32"
        return "FP16" if self._trained_in_float16 else "BF16"

    @property
    def _trained_in_float16(self) -> bool:
        return self.id in PRESETS and not self.sprint and "BF16" not in self.id and "SANA1.5" not in self.id

    def _gemma(self) -> dict[str, str]:
        """The pack knows a processor and CUDA, and no Metal."""
        if self.device == "cuda":
            return {"device": "cuda", "dtype": "BF16"}
        return {"device": "cpu", "dtype": "default"}


_SUFFIX = re.compile(r"\.(safetensors|sft|pth|pt|ckpt)$")
_NAMED = re.compile(r"(?<![a-z])sana(?![a-z])")
_VAE_TYPES = ("dcae-f32c32-sana-1.0-diffusers", _VAE_TYPE)
_WORD = re.compile(r"[A-Z]?[a-z]+|[0-9.]+")
_COMMON = {"sana", "sanams", "ms", "dcae", "dc", "ae", "vae", "diffusers"}
_KNOWN = re.compile(r"Sana(MS|MS1\.5|Sprint)_\d+M_P1_D\d+(_[24]K)?")
_BY_NAME = (
    (r"sprint.*((?<!1)600m|0\.6b)", "SanaSprint_600M_P1_D28"),
    (r"sprint", "SanaSprint_1600M_P1_D20"),
    (r"4800m|4\.8b", "SanaMS1.5_4800M_P1_D60"),
    (r"sana[-_ ]?1\.5", "SanaMS1.5_1600M_P1_D20"),
    (r"(?<!1)600m|0\.6b", "SanaMS_600M_P1_D28"),
    (r"4k", "SanaMS_1600M_P1_D20_4K"),
    (r"2k", "SanaMS_1600M_P1_D20_2K"),
    (r"", "SanaMS_1600M_P1_D20"),
)
PRESETS = frozenset(_PREFIX + name for name in _FOLDERS)


def is_file(name: str) -> bool:
    """Whether a checkpoint is one of SANA's, to go by its name."""
    return _NAMED.search(name.lower()) is not None


def on_disk(files: Collection[str]) -> list[str]:
    """The presets whose weights are among the files of the server's folder for Sana. The list of the pack's loader has
    all of them, and what is missing is downloaded without a word.
    """
    there = {file.replace("\\", "/") for file in files}
    return [
        _PREFIX + name for name, folder in _FOLDERS.items() if f"models--sana--{folder}/checkpoints/{name}.pth" in there
    ]


VAE_FOLDER = "models--mit-han-lab--dc-ae-f32c32-sana-1.1-diffusers/"
"""Into which the pack downloads its autoencoder, in the server's folder for those."""


def vae_type_of(file: str, types: Sequence[str]) -> str:
    """As `architecture_of`, for an autoencoder."""
    return _added(file, [kind for kind in types if "sana" in kind.lower() and kind not in _VAE_TYPES]) or _VAE_TYPE


def architecture_of(file: str, architectures: Sequence[str]) -> str:
    """Of those that the pack knows, the one that a file's name tells of."""
    added = _added(file, [each for each in architectures if not _KNOWN.fullmatch(each)])
    if added:
        return added
    name = file.lower()
    wish = next(wish for pattern, wish in _BY_NAME if re.search(pattern, name))
    return wish if wish in architectures or not architectures else architectures[0]


def _added(file: str, kinds: Sequence[str]) -> str:
    """Of what somebody has added to the pack, the kind whose words all stand in the file's name; empty for none."""
    name = file.lower()
    fitting = []
    for kind in kinds:
        words = {word.lower() for word in _WORD.findall(kind)} - _COMMON
        if words and all(word in name for word in words):
            fitting.append((len(words), kind))
    return max(fitting)[1] if fitting else ""
