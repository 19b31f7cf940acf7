"""What comes out of the work: a picture or a clip, and how it was made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from app.core import jsonable
from app.core.enlarge import Enlarged
from app.core.grid import Grid
from app.core.message import Message

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Pixels: TypeAlias = "npt.NDArray[np.uint8]"


@dataclass(frozen=True, slots=True)
class ImageOutput:
    """A picture: (height, width, 3) uint8."""

    pixels: Pixels


@dataclass(frozen=True, slots=True)
class ClipOutput:
    """A clip in a file that the worker has finished, in a folder of ours; who saves it moves the file.

    Frames do not go through the worker's pipe: they would take gigabytes.
    """

    path: Path
    width: int
    height: int
    frames: int
    fps: float


Output = ImageOutput | ClipOutput


@dataclass(frozen=True, slots=True)
class Provenance:
    """How a picture or a clip was made, as far as it is known.

    Attributes:
        backend, device, precision: what computed it.
        model: the model's display name.
        seconds, peak_memory_bytes: what it took.
        region: (left, top, right, bottom) of the part that was enlarged and repainted in a detail pass, in pixels.
        prompt_tokens: how many tokens of the prompt counted.
        prompt_cut: the end of the prompt that did not fit.
        licence, licence_url: of the model's weights.
        note: something to tell the user, such as that it was computed again in another precision.
        prediction, version, predict_time, cost: of a paid service: its name of the work, the model's version, the
            seconds that are billed and US dollars.
        source: the program that made it, where that was another one.
        enlarged: how it was made larger, where it was.
        unread: of another program's picture, what else it says and is not understood here.
        grid: of a sheet, what it shows; its request is that of the first cell.
    """

    backend: str | None = None
    device: str | None = None
    precision: str | None = None
    model: str | None = None
    seconds: float | None = None
    peak_memory_bytes: int | None = None
    region: tuple[int, ...] | None = None
    prompt_tokens: int | None = None
    prompt_cut: str | None = None
    licence: str | None = None
    licence_url: str | None = None
    note: Message | None = None
    prediction: str | None = None
    version: str | None = None
    predict_time: float | None = None
    cost: float | None = None
    source: str | None = None
    enlarged: Enlarged | None = None
    grid: Grid | None = None
    unread: tuple[str, ...] | None = None

    def to_json(self) -> dict[str, Any]:
        """JSON-ready, without what is not known."""
        return jsonable.fields_to_json(self)

    @classmethod
    def from_json(cls, values: Any) -> Provenance:
        """Read what a file says, also one of an older version: what makes no sense is left out."""
        known: dict[str, Any] = {}
        for name, value in values.items() if isinstance(values, Mapping) else ():
            try:
                known[name] = jsonable.field_from_json(cls, name, value)
            except (ValueError, TypeError):
                continue
        return cls(**known)
