"""The weight files of one component of a checkpoint: which they are, and whether they are whole. Only safetensors."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.core.catalog import VARIANTS
from app.core.errors import UserError
from app.core.message import message, series
from app.library.models.weights.header import DOWNLOAD_AGAIN, read_header, read_json
from app.library.models.weights.packed import PACKED, read_originals
from app.library.models.weights.tensors import FLOAT8, StoredTensor, find_tensors, stored_tensors

STEMS = {"transformer": "diffusion_pytorch_model", "vae": "diffusion_pytorch_model", "text_encoder": "model"}
"""A checkpoint's components with weights, and how diffusers and transformers call their weight files."""
CONTROLNET = "controlnet"
"""The component that a pipeline with a ControlNet has besides."""
PICKLES = (".bin", ".pt", ".pth", ".ckpt", ".pkl")

_WEIGHT_TYPES = frozenset({"F64", "F32", "F16", "BF16", *FLOAT8})


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of one component.

    Attributes:
        files: the safetensors files.
        variant: the variant in their names: "", "fp16" or "bf16".
        tensors: where each tensor of the network is.
        extras: what else is in the files; it has no effect.
        packed: the precision in which they are kept alone, "4bit" or "8bit", and `tensors` what they were made of;
            empty for originals.
        by_mflux: whether mflux packed them: in the files, the names are those of its networks.
        bits: of such a packed weight; 0 where none is.
    """

    files: tuple[Path, ...]
    variant: str
    tensors: Mapping[str, StoredTensor] = field(repr=False)
    extras: tuple[str, ...] = ()
    packed: str = ""
    by_mflux: bool = False
    bits: int = 0

    @property
    def dtypes(self) -> frozenset[str]:
        """The types they are stored in, as safetensors calls them: "F32", "F16", "BF16"."""
        return frozenset(tensor.dtype for tensor in self.tensors.values())

    @property
    def parameters(self) -> int:
        """How many numbers they are."""
        return sum(math.prod(tensor.shape) for tensor in self.tensors.values())


def find_weights(folder: Path, part: str, preferred: str = "", *, named: bool = True) -> Weights:
    """Find and check the weights in `folder`.

    Args:
        part: "transformer", "vae", "text_encoder", "text_encoder_2" or "controlnet".
        preferred: the variant to take where several are there; the others follow in the order of `VARIANTS`. One whose
            index names files that are not there counts as not there. Packed weights are taken where no originals are.
        named: whether other programs' names of SANA's tensors are known again; else they stay as they are.

    Raises:
        UserError: there are none, they are pickles, incomplete or damaged; the message names the file.
    """
    stem, missing = stem_of(part), ""
    for variant in (preferred, *(other for other in VARIANTS if other != preferred)):
        shards = _shards(folder, stem, variant)
        absent = next((name for name in shards if not (folder / name).exists()), "")
        if shards and not absent:
            return weights_in(part, {folder / name: each for name, each in shards.items()}, variant, named=named)
        missing = missing or absent
    for precision, variant in PACKED.items():
        path = folder / f"{stem}.{variant}.safetensors"
        if path.exists():
            return Weights((path,), variant, read_originals(path), packed=precision)
    pickled = sorted(path.name for path in folder.glob("*") if path.suffix in PICKLES)
    if pickled and not missing:
        raise UserError(
            message("{path} is a pickle, which can hide harmful code, so it is not opened.", path=folder / pickled[0]),
            message("Use a checkpoint whose weights are safetensors files."),
        )
    dotted = f".{preferred}" if preferred else ""
    raise UserError(
        message("{path} is missing.", path=folder / (missing or f"{stem}{dotted}.safetensors")), DOWNLOAD_AGAIN
    )


def weights_in(part: str, files: Mapping[Path, frozenset[str]], variant: str = "", *, named: bool = True) -> Weights:
    """What some files hold of "transformer", "vae", "text_encoder" or "controlnet".

    Args:
        part: of the checkpoint.
        files: each with the names that it must hold.
        variant: the one in the files' names.
        named: as `find_weights` has it.

    Raises:
        UserError: one is damaged, incomplete, or of a type that the app cannot compute with.
    """
    headers = {path: read_header(path) for path in files}
    for path, names in files.items():
        if not headers[path].tensors or not names <= headers[path].tensors.keys():
            raise UserError(message("{path} is incomplete: it lacks some of its weights.", path=path), DOWNLOAD_AGAIN)
    tensors, extras = find_tensors(part, headers) if named else (stored_tensors(headers), ())
    for path in files:
        _check_types(path, (tensor.dtype for tensor in tensors.values() if tensor.file == path))
    return Weights(tuple(files), variant, tensors, extras)


def variants_in(folder: Path, part: str) -> frozenset[str]:
    """The variants of which there are weight files in `folder`, by the files' names alone."""
    stem, found = STEMS[part], set()
    for variant in VARIANTS:
        dotted = f".{variant}" if variant else ""
        if any((folder / name).exists() for name in (f"{stem}{dotted}.safetensors", *index_names(stem, variant))):
            found.add(variant)
    return frozenset(found)


def index_names(stem: str, variant: str) -> tuple[str, ...]:
    """How a variant's index file may be called; the second is what diffusers wrote before 0.32."""
    dotted = f".{variant}" if variant else ""
    return f"{stem}.safetensors.index{dotted}.json", f"{stem}.safetensors{dotted}.index.json"


def stem_of(part: str) -> str:
    """How the weight files of a component are called."""
    return "diffusion_pytorch_model" if part == CONTROLNET else STEMS.get(part, "model")


def _check_types(path: Path, dtypes: Iterable[str]) -> None:
    if others := sorted(frozenset(dtypes) - _WEIGHT_TYPES):
        raise UserError(
            message("{path} is stored as {types}, which is not supported.", path=path, types=series(others)),
            message(
                "Use a checkpoint stored as float32, float16 or bfloat16; it can be made smaller when it is loaded."
            ),
        )


def _shards(folder: Path, stem: str, variant: str) -> dict[str, frozenset[str]]:
    """File names of a variant, each with the tensors that the index file puts there; empty where it is not there.

    The index comes first, as in diffusers: some repositories keep an older single file beside newer shards. Where its
    shards are not there, the single file counts.
    """
    dotted = f".{variant}" if variant else ""
    single = f"{stem}{dotted}.safetensors"
    alone: dict[str, frozenset[str]] = {single: frozenset()} if (folder / single).exists() else {}
    for name in index_names(stem, variant):
        index = folder / name
        if index.exists():
            shards = read_index(index)
            return shards if not alone or all((folder / shard).exists() for shard in shards) else alone
    return alone


def read_index(index: Path) -> dict[str, frozenset[str]]:
    """The files that an index names, each with the tensors that it puts there.

    Raises:
        UserError: it is missing or damaged, or names a file outside of its folder.
    """
    places = read_json(index).get("weight_map")
    if not isinstance(places, dict) or not places:
        raise UserError(message("{path} is damaged: it names no weights.", path=index), DOWNLOAD_AGAIN)
    shards: dict[str, set[str]] = {}
    for tensor, name in places.items():
        # A plain name cannot lead out of the folder.
        if not isinstance(name, str) or not name.endswith(".safetensors") or Path(name).name != name or "\\" in name:
            raise UserError(
                message("{path} names a weight file that is not allowed: {name}.", path=index, name=repr(name)),
                message("Use a checkpoint from a source that you trust."),
            )
        shards.setdefault(name, set()).add(tensor)
    return {name: frozenset(tensors) for name, tensors in sorted(shards.items())}
