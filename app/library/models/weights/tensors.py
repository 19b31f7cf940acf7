"""Which tensor of the network each tensor of a file is, whatever program wrote the file.

The networks' names are those of diffusers (transformers, for the text encoder). This is the one rule for all backends:
what names stand for, what is harmlessly left out, and that weights and config.json have to fit each other exactly.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from app.core.message import Message, message, series
from app.library.models.weights.header import Header
from app.library.models.weights.nvlabs_names import diffusers_name

Shape = tuple[int, ...]

FLOAT16_MAX = 65504.0
"""The largest number of float16, in which some models were trained."""

PREFIXES = ("module.", "state_dict.", "model.", "diffusion_model.", "transformer.")
"""What trainers and ComfyUI put before a network's own names, one or several of them."""
FLOAT8 = ("F8_E4M3", "F8_E5M2")

_SCALES = (".scale_weight", ".weight_scale")
_EMA = re.compile(r"(^|[._])ema[._]")
# Computed rather than learned, counters of the training, and what only computing in 8 bits needs.
_EXTRA = re.compile(
    r"(^|\.)(rotary_emb\..*|inv_freq|position_ids|pos_embed|num_batches_tracked|scaled_fp8|comfy_quant"
    r"|scale_input|input_scale)$"
)
_EXTRA_OF = {
    "transformer": re.compile(r"(y_embedder\.y_embedding|logvar_linear\.\w+)$"),
    "text_encoder": re.compile(r"lm_head\.weight$"),
}


@dataclass(frozen=True, slots=True)
class StoredTensor:
    """Where a tensor of a network is.

    Attributes:
        file: the safetensors file.
        key: its name there.
        dtype: as safetensors calls it: "F32", "BF16", "F8_E4M3".
        shape: as the network has it.
        rows: the first and last but one of the rows that it is of the stored one, which joins several; None for all.
        scale: name of the tensor in the same file that an 8-bit float is multiplied with; empty where there is none.
    """

    file: Path
    key: str
    dtype: str
    shape: Shape
    rows: tuple[int, int] | None = None
    scale: str = ""


SHOWN = 4
"""Tensors that are named where many do not fit."""


class MisfitError(ValueError):
    """Weights are not those of the network that their config.json describes; the reason names the tensors."""

    def __init__(self, reason: Message) -> None:
        super().__init__(reason)
        self.reason = reason


def find_tensors(part: str, headers: Mapping[Path, Header]) -> tuple[dict[str, StoredTensor], tuple[str, ...]]:
    """The tensors of "transformer", "vae" or "text_encoder" in some files, and the names of what is left out."""
    found: dict[str, StoredTensor] = {}
    extras: list[str] = []
    for path, header in headers.items():
        scales: dict[str, str] = {}
        for key, tensor in header.tensors.items():
            name = plain_name(key)
            if _EMA.search(key) or _EXTRA.search(name) or (part in _EXTRA_OF and _EXTRA_OF[part].match(name)):
                extras.append(key)
            elif name.endswith(_SCALES):
                scales[f"{name.rpartition('.')[0]}.weight"] = key
            else:
                found[name] = StoredTensor(path, key, str(tensor["dtype"]), tuple(tensor["shape"]))
        for name, key in scales.items():
            if name in found and found[name].dtype in FLOAT8:
                found[name] = replace(found[name], scale=key)
            else:
                extras.append(key)
    return (_with_diffusers_names(found) if part == "transformer" else found), tuple(extras)


def stored_tensors(headers: Mapping[Path, Header]) -> dict[str, StoredTensor]:
    """The tensors in some files by the names that they have there, without what is computed or counted."""
    return {
        key: StoredTensor(path, key, str(tensor["dtype"]), tuple(tensor["shape"]))
        for path, header in headers.items()
        for key, tensor in header.tensors.items()
        if not _EXTRA.search(key)
    }


def plain_name(key: str) -> str:
    """A tensor's name without what programs put before it."""
    while prefix := next((prefix for prefix in PREFIXES if key.startswith(prefix)), ""):
        key = key.removeprefix(prefix)
    return key


def check_fit(expected: Mapping[str, Shape], found: Mapping[str, StoredTensor]) -> None:
    """Compare a network's tensors with those that are there.

    Raises:
        MisfitError: one is missing, left over, or of another shape.
    """
    problems = [message("{tensor} is missing", tensor=name) for name in sorted(expected.keys() - found.keys())]
    problems += [message("{tensor} has no place in it", tensor=name) for name in sorted(found.keys() - expected.keys())]
    problems += [
        message(
            "{tensor} is {shape} rather than {wanted}",
            tensor=name,
            shape=_sides(found[name].shape),
            wanted=_sides(expected[name]),
        )
        for name in sorted(expected.keys() & found.keys())
        if found[name].shape != tuple(expected[name])
    ]
    if problems:
        shown = series(problems[:SHOWN])
        more = len(problems) - SHOWN
        raise MisfitError(message("{problems} (and {more} more)", problems=shown, more=more) if more > 0 else shown)


def listed(items: Iterable[str]) -> str:
    """The first of many, and how many more there are."""
    items = list(items)
    return ", ".join(items[:SHOWN]) + (f" (and {len(items) - SHOWN} more)" if len(items) > SHOWN else "")


def _with_diffusers_names(found: dict[str, StoredTensor]) -> dict[str, StoredTensor]:
    """A transformer with NVlabs' names gets diffusers', its joined projections taken apart."""
    sprint = any(name.startswith("cfg_embedder.") for name in found)
    renamed: dict[str, StoredTensor] = {}
    for name, tensor in found.items():
        names = diffusers_name(name, sprint=sprint)
        rows, rest = divmod(tensor.shape[0], len(names)) if tensor.shape else (0, 0)
        if len(names) == 1 or rest:
            renamed[names[0]] = tensor
            continue
        for index, part in enumerate(names):
            place = (index * rows, (index + 1) * rows)
            renamed[part] = replace(tensor, shape=(rows, *tensor.shape[1:]), rows=place)
    return renamed


def _sides(shape: Shape) -> str:
    return " × ".join(map(str, shape)) or "one number"
