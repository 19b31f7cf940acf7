"""The weight files of one component of a checkpoint: which they are, and whether they are whole.

Only safetensors. Nothing but headers and index files is read, so many gigabytes are checked in milliseconds.
Format: https://huggingface.co/docs/safetensors, "Format".
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.core.catalog import VARIANTS
from app.core.errors import UserError

DOWNLOAD_AGAIN = "Download the model again, or choose another folder."
PICKLES = (".bin", ".pt", ".pth", ".ckpt", ".pkl")

_MAX_HEADER = 100_000_000  # bytes; the limit of the safetensors library
_MAX_JSON = 32_000_000  # bytes
_BYTES = {
    "BOOL": 1, "U8": 1, "I8": 1, "F8_E5M2": 1, "F8_E4M3": 1, "U16": 2, "I16": 2, "F16": 2, "BF16": 2,
    "U32": 4, "I32": 4, "F32": 4, "U64": 8, "I64": 8, "F64": 8,
}  # fmt: skip
_WEIGHT_TYPES = {"F32", "F16", "BF16"}


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of one component.

    Attributes:
        files: the safetensors files.
        variant: the variant in their names: "", "fp16" or "bf16".
        dtypes: the types they are stored in, as safetensors calls them: "F32", "F16", "BF16".
        parameters: how many numbers they hold.
    """

    files: tuple[Path, ...]
    variant: str
    dtypes: frozenset[str]
    parameters: int


def read_json(path: Path) -> dict[str, Any]:
    """The object in a JSON file. Raises UserError where the file is missing, damaged or far too large."""
    try:
        if path.stat().st_size > _MAX_JSON:
            raise UserError(f"{path} is too large for a description file.", DOWNLOAD_AGAIN)
        values = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise UserError(f"{path} is missing.", DOWNLOAD_AGAIN) from None
    except OSError as error:
        raise unreadable(path, error) from None
    except (ValueError, RecursionError):
        raise UserError(f"{path} is damaged: it is not JSON.", DOWNLOAD_AGAIN) from None
    if not isinstance(values, dict):
        raise UserError(f"{path} is damaged: it does not describe anything.", DOWNLOAD_AGAIN)
    return values


def find_weights(folder: Path, stem: str, preferred: str = "") -> Weights:
    """Find and check the weights in `folder`.

    Args:
        stem: name of the weight file without its ending: "diffusion_pytorch_model" or "model".
        preferred: the variant to take where several are there; the others follow in the order of `VARIANTS`.

    Raises:
        UserError: there are none, they are pickles, incomplete or damaged; the message names the file.
    """
    for variant in (preferred, *(other for other in VARIANTS if other != preferred)):
        names = _shards(folder, stem, variant)
        if names:
            headers = [weights_header(folder / name, tensors) for name, tensors in names.items()]
            tensors = [tensor for header in headers for tensor in header.values()]
            return Weights(
                files=tuple(folder / name for name in names),
                variant=variant,
                dtypes=frozenset(tensor["dtype"] for tensor in tensors),
                parameters=sum(math.prod(tensor["shape"]) for tensor in tensors),
            )
    pickled = sorted(path.name for path in folder.glob("*") if path.suffix in PICKLES)
    if pickled:
        raise UserError(
            f"{folder / pickled[0]} is a pickle, which can hide harmful code, so it is not opened.",
            "Use a checkpoint whose weights are safetensors files.",
        )
    dotted = f".{preferred}" if preferred else ""
    raise UserError(f"{folder / stem}{dotted}.safetensors is missing.", DOWNLOAD_AGAIN)


def index_names(stem: str, variant: str) -> tuple[str, ...]:
    """How a variant's index file may be called; the second is what diffusers wrote before 0.32."""
    dotted = f".{variant}" if variant else ""
    return f"{stem}.safetensors.index{dotted}.json", f"{stem}.safetensors{dotted}.index.json"


def read_header(path: Path) -> dict[str, Any]:
    """The header of a safetensors file: tensor name to {"dtype", "shape", "data_offsets"}, without the metadata.

    Raises UserError where the file is not safetensors or its length is not what the header says.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            if size < 8 or not 0 < length <= _MAX_HEADER:
                raise UserError(f"{path} is damaged: it is not a safetensors file.", DOWNLOAD_AGAIN)
            text = file.read(length)
    except FileNotFoundError:
        raise UserError(f"{path} is missing.", DOWNLOAD_AGAIN) from None
    except OSError as error:
        raise unreadable(path, error) from None
    if len(text) < length:
        raise UserError(f"{path} is truncated: it ends within its header.", DOWNLOAD_AGAIN)
    try:
        header: dict[str, Any] = json.loads(text)
        _check_metadata(header.pop("__metadata__", {}))
        end = _end(sorted(_range(tensor) for tensor in header.values()))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise UserError(f"{path} is damaged: its header makes no sense.", DOWNLOAD_AGAIN) from None
    expected = 8 + length + end
    if size < expected:
        raise UserError(f"{path} is truncated: {size:,} of {expected:,} bytes are there.", DOWNLOAD_AGAIN)
    if size > expected:
        raise UserError(f"{path} is damaged: it is longer than its header says.", DOWNLOAD_AGAIN)
    return header


def weights_header(path: Path, tensors: frozenset[str] = frozenset()) -> dict[str, Any]:
    """As `read_header`, of a file of weights that the app can compute with. `tensors` are names that it must hold."""
    header = read_header(path)
    if not header or not tensors <= header.keys():
        raise UserError(f"{path} is incomplete: it lacks some of its weights.", DOWNLOAD_AGAIN)
    dtypes = frozenset(tensor["dtype"] for tensor in header.values())
    if dtypes - _WEIGHT_TYPES:
        found = ", ".join(sorted(dtypes - _WEIGHT_TYPES))
        raise UserError(
            f"{path} is stored as {found}, which is not supported.",
            "Use a checkpoint stored as float32, float16 or bfloat16; it can be made smaller when it is loaded.",
        )
    return header


def unreadable(path: Path, error: OSError) -> UserError:
    """The message for something of a checkpoint that the system refuses to show."""
    return UserError(f"{path} cannot be read: {error.strerror}.", "Check the folder's permissions.")


def _check_metadata(metadata: Any) -> None:
    if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
        raise ValueError(metadata)


def _range(tensor: dict[str, Any]) -> tuple[int, int]:
    """Where a tensor's bytes begin and end. Raises ValueError, TypeError or KeyError for what is no tensor."""
    start, end = tensor["data_offsets"]
    sides = tensor["shape"]
    if not isinstance(sides, list) or not all(type(number) is int and number >= 0 for number in (start, end, *sides)):
        raise ValueError(tensor)
    if end - start != math.prod(sides) * _BYTES[tensor["dtype"]]:
        raise ValueError(tensor)
    return start, end


def _end(ranges: list[tuple[int, int]]) -> int:
    """Where the last of sorted ranges ends. Raises ValueError where there is a gap before one, or they overlap."""
    end = 0
    for start, stop in ranges:
        if start != end:
            raise ValueError(start)
        end = stop
    return end


def _shards(folder: Path, stem: str, variant: str) -> dict[str, frozenset[str]]:
    """File names of a variant, each with the tensors that the index file puts there; empty where it is not there.

    The index comes first, as in diffusers: some repositories keep an older single file beside newer shards.
    """
    dotted = f".{variant}" if variant else ""
    for name in index_names(stem, variant):
        index = folder / name
        if index.exists():
            return _read_index(index)
    single = f"{stem}{dotted}.safetensors"
    return {single: frozenset()} if (folder / single).exists() else {}


def _read_index(index: Path) -> dict[str, frozenset[str]]:
    places = read_json(index).get("weight_map")
    if not isinstance(places, dict) or not places:
        raise UserError(f"{index} is damaged: it names no weights.", DOWNLOAD_AGAIN)
    shards: dict[str, set[str]] = {}
    for tensor, name in places.items():
        # A plain name cannot lead out of the folder.
        if not isinstance(name, str) or not name.endswith(".safetensors") or Path(name).name != name or "\\" in name:
            raise UserError(
                f"{index} names a weight file that is not allowed: {name!r}.",
                "Use a checkpoint from a source that you trust.",
            )
        shards.setdefault(name, set()).add(tensor)
    return {name: frozenset(tensors) for name, tensors in sorted(shards.items())}
