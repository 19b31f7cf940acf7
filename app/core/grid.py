"""Grids: one picture for each pair of values of two settings."""

from __future__ import annotations

import dataclasses
import math
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass

from app.core.errors import UserError
from app.core.message import message, series
from app.core.request import GenerationRequest, ImageInput, Role

Value = str | int | float

MOST_VALUES = 50
_NUMBER = r"[-+]?\d+(?:\.\d+)?"
_RANGE = re.compile(rf"({_NUMBER})\s*-\s*({_NUMBER})(?:\s*:\s*(\d+(?:\.\d+)?))?")


@dataclass(frozen=True, slots=True)
class Axis:
    """A setting, one of `FIELDS`, and its values in order."""

    field: str
    values: tuple[Value, ...]

    def labels(self) -> tuple[str, ...]:
        return tuple(
            f"{self.field} {value:g}" if isinstance(value, float) else f"{self.field} {value}" for value in self.values
        )


@dataclass(frozen=True, slots=True)
class Grid:
    """One axis or two: the first goes across, the second down."""

    axes: tuple[Axis, ...]

    @property
    def columns(self) -> int:
        return len(self.axes[0].values)

    @property
    def rows(self) -> int:
        return len(self.axes[1].values) if len(self.axes) > 1 else 1

    def changes(self, field: str) -> bool:
        """Whether an axis has this setting."""
        return any(axis.field == field for axis in self.axes)

    def cells(self, request: GenerationRequest) -> list[GenerationRequest]:
        """A request for each cell, row by row.

        Raises:
            UserError: the request has nothing that an axis could change, such as a LoRA.
        """
        across, *down = self.axes
        rows = [_changed(request, down[0].field, value) for value in down[0].values] if down else [request]
        return [_changed(row, across.field, value) for row in rows for value in across.values]


def parse_grid(axes: list[str]) -> Grid:
    """Read axes as "steps=10,20,30" or "guidance=3-6:0.5".

    Raises:
        UserError: one makes no sense, or there are more than two, or two of one setting.
    """
    read = tuple(parse_axis(*map(str.strip, text.partition("=")[::2])) for text in axes)
    if len(read) > 2:
        raise UserError(message("A grid has two axes."), message("Leave one out."))
    if len({axis.field for axis in read}) < len(read):
        raise UserError(message("Both axes change the same setting."), message("Choose another one for the second."))
    return Grid(read)


def parse_axis(field: str, values: str) -> Axis:
    """Read an axis: values with commas, or a range of numbers "4-20:4" (4, 8, 12, 16, 20; without a step, by 1).

    Raises:
        UserError: there is no such setting, or the values make no sense, or are too many.
    """
    if field not in FIELDS:
        raise UserError(
            message("“{name}” is no setting of a grid.", name=field),
            message("Choose one of: {names}.", names=series(list(FIELDS))),
        )
    kind = FIELDS[field]
    try:
        found = _range(field, values) if kind is not str else None
        texts = found if found is not None else [part.strip() for part in values.split(",") if part.strip()]
        read = tuple(dict.fromkeys(kind(text) for text in texts))
    except ValueError as error:
        raise UserError(
            message("“{values}” are no values of “{name}”.", values=values, name=field),
            message("Write numbers with commas, as in 10,20,30, or a range with a step, as in 4-20:4."),
        ) from error
    if not read:
        raise UserError(message("“{name}” has no values.", name=field), message("Write some, with commas."))
    _check_count(field, len(read))
    return Axis(field, read)


def _check_count(field: str, count: int) -> None:
    if count > MOST_VALUES:
        raise UserError(
            message("“{name}” has {n} values.", name=field, n=count), message("Use {most} at most.", most=MOST_VALUES)
        )


def _range(field: str, text: str) -> list[str] | None:
    """The numbers of a range as texts; None where it is none."""
    match = _RANGE.fullmatch(text.strip())
    if match is None:
        return None
    low, high, step = float(match[1]), float(match[2]), float(match[3] or 1)
    if step <= 0 or high < low or not math.isfinite(high - low):
        raise ValueError(text)
    count = int(min((high - low) / step + 1e-6, sys.maxsize)) + 1
    _check_count(field, count)
    return [f"{low + number * step:.10g}" for number in range(count)]


def _changed(request: GenerationRequest, field: str, value: Value) -> GenerationRequest:
    if field == "lora":
        if not request.loras:
            raise UserError(message("There is no LoRA whose weight could change."), message("Choose a LoRA first."))
        first, *others = request.loras
        return request.replace(loras=(dataclasses.replace(first, weight=float(value)), *others))
    if field == "strength":
        if request.input(Role.INIT) is None:
            raise UserError(
                message("There is no start picture that could change more or less."),
                message("Choose a start picture first."),
            )
        return request.replace(inputs=tuple(_with_strength(each, float(value)) for each in request.inputs))
    return request.replace(**{field: value})


def _with_strength(item: ImageInput, strength: float) -> ImageInput:
    return dataclasses.replace(item, strength=strength) if item.role is Role.INIT else item


FIELDS: dict[str, Callable[[str], Value]] = {
    "steps": int, "guidance": float, "solver": str, "model": str, "seed": int, "strength": float, "lora": float,
}  # fmt: skip
"""The settings that an axis may have, and what their values are. "lora" is the weight of the first LoRA."""
