"""A LoRA file: its layers, the keys of their factors, and how strongly they count. Only its header is read.

Source of the arithmetic: https://arxiv.org/abs/2106.09685, and https://arxiv.org/abs/2312.03732 for rank-stabilized
ones; of the settings, peft's `LoraConfig`, which diffusers puts into the file and peft beside it.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.core.errors import UserError
from app.core.message import Message, message
from app.library.models.loras.made_for import RUN_HERE, other_family
from app.library.models.loras.names import is_of_text_encoder, parse, unsupported
from app.library.models.weights.header import Header, read_header, read_json
from app.library.models.weights.tensors import listed
from app.library.models.weights.values import TYPES

SUFFIX = ".safetensors"
ADAPTER = "adapter_config.json"
"""What peft writes beside its file."""
_OF_FOLDERS = ("pytorch_lora_weights.safetensors", "adapter_model.safetensors")
"""What diffusers and peft call the file in a folder of theirs."""
LONGEST_NAME = 500
"""Characters of a tensor's name; messages show it."""
_AGAIN = message("Get the file again, or choose another one.")
_OTHER = message("Choose another LoRA.")
_OTHER_MODEL = message("Choose a LoRA that was made for this model, or the model that it was made for.")


class LoraError(UserError, ValueError):
    """A LoRA that cannot be used; the message names the file."""


@dataclass(frozen=True, slots=True)
class LoraFile:
    """What a LoRA file says.

    Attributes:
        layers: by each layer's name in the file, the keys of its "a", "b" and, where it has one, its "alpha".
        settings: peft's.
    """

    path: Path
    header: Header = field(repr=False)
    layers: Mapping[str, Mapping[str, str]]
    settings: Mapping[str, Any]

    @property
    def name(self) -> str:
        return self.path.name

    def shape(self, layer: str, factor: str) -> tuple[int, ...]:
        """Of a layer's factor."""
        return tuple(self.header.tensors[self.layers[layer][factor]]["shape"])

    @property
    def widths(self) -> Mapping[str, int]:
        """By layer, how many inputs it has."""
        return {layer: math.prod(self.shape(layer, "a")[1:]) for layer in self.layers}

    def strength(self, layer: str, name: str, alpha: float | None) -> float:
        """alpha / rank, or alpha / sqrt(rank) where it is rank-stabilized.

        Args:
            layer: as the file calls it.
            name: as diffusers calls it: peft's patterns are for that.
            alpha: the one in the file; None where there is none. peft's settings say it then, else it is the rank.
        """
        rank = self.shape(layer, "a")[0]
        try:
            if alpha is None:
                alpha = float(self.settings.get("lora_alpha", rank))
                patterns = self.settings.get("alpha_pattern") or {}
                fitting = (value for pattern, value in patterns.items() if re.fullmatch(rf"(.*\.)?({pattern})", name))
                alpha = float(next(fitting, alpha))
        except (TypeError, ValueError, AttributeError, re.error) as error:
            raise self.damaged(message("the alpha of {layer} makes no sense", layer=layer)) from error
        if not math.isfinite(alpha):
            raise self.damaged(message("the alpha of {layer} is not a number", layer=layer))
        return alpha / (math.sqrt(rank) if self.settings.get("use_rslora") else rank)

    def damaged(self, reason: Message) -> LoraError:
        return LoraError(message("“{name}” is damaged: {reason}.", name=self.name, reason=reason), _AGAIN)

    def misfit(self, problem: Message) -> LoraError:
        return LoraError(problem, _OTHER_MODEL)


def lora_file(path: Path) -> Path:
    """The file of weights that is meant: a file itself, or the one in a folder that diffusers or peft wrote.

    Raises:
        LoraError: there is none, or it is a pickle.
    """
    if path.is_dir():
        return next((path / name for name in _OF_FOLDERS if (path / name).is_file()), path / _OF_FOLDERS[0])
    return path


def read_lora(path: Path) -> LoraFile:
    """Read a file's header, and check all that needs no model.

    Raises:
        LoraError: it is missing, no safetensors file, damaged, no LoRA, or of a kind that cannot be used.
    """
    if path.suffix.lower() != SUFFIX and path.is_file():
        raise LoraError(
            message("“{name}” is not in safetensors format; other formats can hide harmful code.", name=path.name),
            message("Use a LoRA that is a .safetensors file."),
        )
    if not path.is_file():
        raise LoraError(message("The LoRA “{name}” is not there.", name=path.name), _OTHER)
    try:
        header = read_header(path)
    except UserError as error:
        raise LoraError(error.message, _AGAIN) from error
    if any(len(key) > LONGEST_NAME for key in header.tensors):
        raise LoraError(message("“{name}” is damaged: its header makes no sense.", name=path.name), _AGAIN)
    settings = _settings(path, header)
    layers, strays = _layers(header)
    _check_kind(path, header, settings, layers)
    file = LoraFile(path, header, layers, settings)
    halves = [layer for layer, factors in layers.items() if not {"a", "b"} <= factors.keys()]
    if strays or halves:
        raise file.misfit(
            message("“{name}” holds what is no part of a LoRA: {keys}.", name=path.name, keys=listed(strays or halves))
        )
    for layer in layers:
        _check_factors(file, layer)
    return file


def _layers(header: Header) -> tuple[dict[str, dict[str, str]], list[str]]:
    layers: dict[str, dict[str, str]] = {}
    strays = []
    for key in header.tensors:
        layer, factor = parse(key)
        if factor:
            layers.setdefault(layer, {})[factor] = key
        else:
            strays.append(key)
    return layers, sorted(strays)


def _check_kind(
    path: Path, header: Header, settings: Mapping[str, Any], layers: Mapping[str, Mapping[str, str]]
) -> None:
    """Raises LoraError for a file of another model, of another method, or without any low-rank factors."""
    keys, name = list(header.tensors), path.name
    shapes = {layer: header.tensors[each["a"]]["shape"] for layer, each in layers.items() if "a" in each}
    kind = message("a DoRA") if settings.get("use_dora") else unsupported(keys)
    if kind is None and not any("b" in each for each in layers.values()):
        raise LoraError(message("“{name}” is no LoRA: it holds no low-rank weights.", name=name), _OTHER)
    family = other_family(keys, {layer: math.prod(shape[1:]) for layer, shape in shapes.items()}, header.metadata)
    if family is not None and family not in RUN_HERE:
        raise LoraError(
            message("“{name}” was made for {family}, not for SANA.", name=name, family=family), _OTHER_MODEL
        )
    if kind is not None:
        raise LoraError(
            message("“{name}” is {kind}, which is not supported.", name=name, kind=kind),
            message("Use a plain LoRA: pairs of low-rank weights."),
        )
    if texts := sorted(key for key in keys if is_of_text_encoder(key)):
        raise LoraError(
            message(
                "“{name}” also changes the text encoder, which is not supported: {keys}.", name=name, keys=listed(texts)
            ),
            message("Use a LoRA that changes the transformer alone."),
        )


def _check_factors(file: LoraFile, layer: str) -> None:
    for key in file.layers[layer].values():
        if (kind := file.header.tensors[key]["dtype"]) not in TYPES:
            raise LoraError(message("“{name}” is stored as {kind}, which is not supported.", name=file.name, kind=kind))
    a, b = file.shape(layer, "a"), file.shape(layer, "b")
    if min(len(a), len(b)) < 2 or not a[0] or a[0] != math.prod(b[1:]):
        raise file.damaged(message("the factors of {layer} are of different ranks", layer=layer))
    if "alpha" in file.layers[layer] and math.prod(file.shape(layer, "alpha")) != 1:
        raise file.damaged(message("the alpha of {layer} makes no sense", layer=layer))


def _settings(path: Path, header: Header) -> dict[str, Any]:
    """peft's settings: in the file, as diffusers has them, or beside it."""
    try:
        written = json.loads(header.metadata.get("lora_adapter_metadata", "{}"))
        found: dict[str, Any] = {name.removeprefix("transformer."): value for name, value in written.items()}
    except (ValueError, AttributeError, RecursionError) as error:
        problem = message("“{name}” is damaged: its metadata make no sense.", name=path.name)
        raise LoraError(problem, _AGAIN) from error
    beside = path.parent / ADAPTER
    if not found and path.name == _OF_FOLDERS[1] and beside.is_file():
        return read_json(beside)
    return found
