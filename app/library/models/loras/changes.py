"""What LoRAs add to the weights of a transformer's layers, the sum of all that are used."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.core.message import message
from app.library.models.loras.made_for import SANA_VIDEO, other_family, sana_of, width_of
from app.library.models.loras.names import Places, places
from app.library.models.loras.reading import LoraFile, read_lora
from app.library.models.weights.tensors import Shape, listed
from app.library.models.weights.values import Float32, TensorFile

Uses = Sequence[tuple[Path, float]]
"""Files, and how much of each."""


@dataclass(frozen=True, slots=True)
class LowRank:
    """A change of a layer's weight: b a, in the shape of the weight. A 1x1 convolution is a linear layer here.

    Attributes:
        a: (rank, inputs), of a convolution inputs x height x width, one after the other.
        b: (outputs, rank), with alpha and the LoRA's weight in it.
    """

    a: Float32
    b: Float32


def check_loras(uses: Uses, shapes: Mapping[str, Shape], model: str) -> None:
    """As `read_changes`, of the files' headers alone.

    Raises:
        LoraError: one does not fit.
    """
    known = places(_layers(shapes))
    for path, _ in uses:
        _check_fit(read_lora(path), shapes, known, model)


def read_changes(uses: Uses, shapes: Mapping[str, Shape], model: str) -> dict[str, LowRank]:
    """The change of each layer that the LoRAs change, by diffusers' names.

    Several of one layer are joined: their ranks add up, so that they cost one product more than none. What counts with
    a weight of 0 is checked and left out.

    Args:
        uses: the files, and how much of each.
        shapes: of the transformer's tensors, by diffusers' names.
        model: its name, for messages.

    Raises:
        LoraError: a file cannot be used, does not fit the transformer, or holds what is not a number.
    """
    import numpy as np  # it takes a tenth of a second, and headers need none

    known = places(_layers(shapes))
    found: dict[str, list[LowRank]] = {}
    for path, weight in uses:
        file = read_lora(path)
        _check_fit(file, shapes, known, model)
        if weight:
            for layer, change in _changes(file, known, weight):
                found.setdefault(layer, []).append(change)
    return {
        layer: LowRank(np.concatenate([each.a for each in several]), np.concatenate([each.b for each in several], 1))
        for layer, several in found.items()
    }


def _layers(shapes: Iterable[str]) -> set[str]:
    return {name.removesuffix(".weight") for name in shapes if name.endswith(".weight")}


def _check_fit(file: LoraFile, shapes: Mapping[str, Shape], known: Places, model: str) -> None:
    """Raises LoraError where a layer has no place in the transformer, or is of another size there."""
    strays = [layer for layer in file.layers if layer not in known]
    other = [layer for layer in file.layers if layer in known and not _fits(file, layer, shapes, known)]
    foreign = other_family(file.header.tensors, file.widths, file.header.metadata)
    family = SANA_VIDEO if any(name.endswith(".ff.conv_temp.weight") for name in shapes) else None
    if not strays and not other and (foreign in (None, family) or not _is_sana(shapes)):
        return
    made_for = foreign or sana_of(file.widths)
    if made_for is not None and (foreign or other or len(strays) == len(file.layers)):
        raise file.misfit(
            message("“{name}” was made for {family} and does not fit “{model}”.", name=file.name, family=made_for,
                    model=model)
        )  # fmt: skip
    if other:
        width = width_of(file.widths)
        own = width_of({name.removesuffix(".weight"): shape[1] for name, shape in shapes.items() if len(shape) > 1})
        if width and width != own:
            raise file.misfit(
                message("“{name}” was made for a model {width} wide and does not fit “{model}”, which is {own} wide.",
                        name=file.name, width=width, model=model, own=own)
            )  # fmt: skip
        raise file.misfit(
            message("“{name}” does not fit “{model}”, in which these layers have another shape: {layers}.",
                    name=file.name, model=model, layers=listed(other))
        )  # fmt: skip
    if len(strays) == len(file.layers):
        raise file.misfit(
            message("“{name}” changes nothing in “{model}”, which has none of its layers: {layers}.", name=file.name,
                    model=model, layers=listed(strays))
        )  # fmt: skip
    raise file.misfit(
        message("“{name}” does not fit “{model}”, which lacks some of its layers: {layers}.", name=file.name,
                model=model, layers=listed(strays))
    )  # fmt: skip


def _is_sana(shapes: Iterable[str]) -> bool:
    """Whether a transformer has blocks as SANA has them, with cross-attention."""
    return any(".attn1." in name or ".attn2." in name for name in shapes)


def _fits(file: LoraFile, layer: str, shapes: Mapping[str, Shape], known: Places) -> bool:
    weights = [shapes[f"{part}.weight"] for part in known[layer]]
    rows, inputs = file.shape(layer, "b")[0], math.prod(file.shape(layer, "a")[1:])
    return rows == sum(shape[0] for shape in weights) and all(inputs == math.prod(shape[1:]) for shape in weights)


def _changes(file: LoraFile, known: Places, weight: float) -> Iterable[tuple[str, LowRank]]:
    import numpy as np

    values = TensorFile(file.path, file.header)
    for layer, keys in file.layers.items():
        a, b = values.read(keys["a"]), values.read(keys["b"])
        alpha = float(values.read(keys["alpha"]).item()) if "alpha" in keys else None
        if not (np.isfinite(a).all() and np.isfinite(b).all()):
            raise file.damaged(message("it holds values that are not numbers, in {layer}", layer=layer))
        parts = known[layer]
        strength = np.float32(weight * file.strength(layer, parts[0], alpha))
        rank = len(a)
        for part, rows in zip(parts, np.split(strength * b.reshape(-1, rank), len(parts)), strict=True):
            yield part, LowRank(a.reshape(rank, -1), rows)
