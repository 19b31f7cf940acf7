"""One value that says everything that affects the pixels of a picture or a clip."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.core import jsonable

SCHEMA = 2
"""2 has `inputs` by role; 1 had `init_image`, `mask` and `strength`."""
MAX_SEED = 2**32 - 1
DEFAULT_STRENGTH = 0.6
"""How far to go from a start picture where nobody says."""

Option = str | int | float | bool

AUTO = "auto"
"""The backend or the precision that suits this machine best."""


class Role(StrEnum):
    """What a picture is to the one that is made of it."""

    INIT = "init"
    """The picture to start from."""
    MASK = "mask"
    """What of the start picture is made anew: white, and opaque."""
    CONTROL = "control"
    """What a ControlNet follows, such as edges."""
    REFERENCE = "reference"
    """What the result resembles."""


class Edges(StrEnum):
    """How the edges that a ControlNet follows are had of a control picture."""

    AUTO = "auto"
    """Found in it, unless it is a drawing of lines already."""
    CANNY = "canny"
    """Found in it."""
    NONE = "none"
    """It is taken as it is."""


@dataclass(frozen=True, slots=True)
class ImageInput:
    """A picture that goes into the work.

    Attributes:
        role: what for.
        path: where it is on this machine. It never leaves it: a picture's metadata have the name and the hash alone.
        strength: of a start picture how far to go from it, 0..1, where 1 ignores it; of a control picture its weight.
        start, end: the range of steps in which it counts, as fractions of all steps.
        model: id or folder of the model that the role needs, a ControlNet; empty for none.
        name: its file's name.
        digest: SHA-256 of the file, in hexadecimal digits; empty where it was not read yet.
        edges: of a control picture, how they are had of it.
    """

    role: Role
    path: str = ""
    strength: float = 1.0
    start: float = 0.0
    end: float = 1.0
    model: str = ""
    name: str = ""
    digest: str = ""
    edges: Edges = Edges.AUTO


@dataclass(frozen=True, slots=True)
class LoraUse:
    """Low-rank weights that are added to the model's. `path`, `name` and `digest` are as in `ImageInput`."""

    path: str
    weight: float = 1.0
    name: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Extension:
    """By how many pixels a start picture is extended at each side."""

    left: int = 0
    top: int = 0
    right: int = 0
    bottom: int = 0

    @property
    def width(self) -> int:
        """By how much the picture becomes wider."""
        return self.left + self.right

    @property
    def height(self) -> int:
        return self.top + self.bottom


@dataclass(frozen=True, slots=True)
class Variation:
    """A step from a picture's noise towards that of another seed: an `amount` of 0 is the picture, 1 the other's."""

    seed: int
    amount: float


@dataclass(frozen=True, slots=True)
class GenerationRequest:
    """A request for `count` pictures, or clips; number i has seed `seed + i`.

    It travels unchanged from the panel or the command line through the queue and the worker into the picture's
    metadata and back. Fields that are None mean "the model's own default"; `Capabilities.resolve` fills them in
    before a request is queued, so that a queued or saved request never holds None where a number affects pixels.

    Attributes:
        prompt: what to show; any language, line breaks allowed.
        negative: what to avoid; empty for none.
        model: catalog id or the path of a checkpoint folder in diffusers layout.
        backend: backend id, or "auto".
        width, height: pixels of the result, an extension included. None is the start picture's own size, which may be
            any where `Capabilities.own_size` says so; without a start picture it is the model's default.
        steps: number of denoising steps.
        guidance: classifier-free (or embedded) guidance scale; 1 is none.
        solver: "dpmpp", "euler" or "scm".
        seed: 0 .. 2**32 - 1.
        count: number of pictures.
        precision: "auto", "float32", "bfloat16", "8bit" or "4bit".
        inputs: the pictures that go in, at most one for each role but the references.
        extend: how far the canvas reaches beyond the start picture, which stays as it is; None for not at all.
        detail: whether the masked part is enlarged, repainted by itself and put back (the detail pass); None where the
            mask decides: it is done where the model could not see it otherwise.
        loras: in the order in which they were chosen.
        variations: taken one after another, from the noise of the picture's seed on.
        frames, fps: of a clip, and its frames a second; None for pictures.
        whole: the frames of the clip that this one is a draft of; None for no draft. The pixels do not depend on it.
        options: further named values that one backend understands (a cloud model's own inputs), sorted by name.
        template: what the user typed, where the prompt was made of it, and empty where it is the prompt itself.
        style: the name of the style that was applied; empty for none.
    """

    prompt: str
    negative: str = ""
    model: str = "starter"
    backend: str = AUTO
    width: int | None = None
    height: int | None = None
    steps: int | None = None
    guidance: float | None = None
    solver: str | None = None
    seed: int | None = None
    count: int = 1
    precision: str = AUTO
    inputs: tuple[ImageInput, ...] = ()
    extend: Extension | None = None
    detail: bool | None = None
    loras: tuple[LoraUse, ...] = ()
    variations: tuple[Variation, ...] = ()
    frames: int | None = None
    fps: float | None = None
    whole: int | None = None
    options: tuple[tuple[str, Option], ...] = ()
    template: str = ""
    style: str = ""

    def input(self, role: Role) -> ImageInput | None:
        """The first picture with this role."""
        return next((item for item in self.inputs if item.role is role), None)

    def to_json(self) -> dict[str, Any]:
        """A JSON-ready dict with a schema number; `from_json` reads it back."""
        return {"schema": SCHEMA, **jsonable.fields_to_json(self)}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> GenerationRequest:
        """Read what `to_json` wrote, also of older and newer versions: unknown fields are left out.

        Raises:
            ValueError: a field has the wrong type, or the prompt is missing.
        """
        return jsonable.from_json(cls, _upgraded(values))

    def of_picture(self, seed: int) -> GenerationRequest:
        """The request that gives one picture of this one again."""
        return self.replace(seed=seed, count=1)

    def replace(self, **changes: Any) -> GenerationRequest:
        """A copy with some fields changed."""
        return dataclasses.replace(self, **changes)


def changes_to_json(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Changes to a request (field name to value), JSON-ready."""
    return {name: dict(value) if name == "options" else jsonable.to_json(value) for name, value in changes.items()}


def changes_from_json(values: Any) -> dict[str, Any]:
    """Read `changes_to_json` back. Raises ValueError where it makes no sense."""
    if not isinstance(values, Mapping):
        raise ValueError(f"changes are {values!r}")
    return {str(name): jsonable.field_from_json(GenerationRequest, str(name), value) for name, value in values.items()}


def _upgraded(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Values of schema 1 as those of schema 2."""
    if not isinstance(values, Mapping) or values.get("schema", 1) != 1 or "inputs" in values:
        return values
    init, mask = values.get("init_image", ""), values.get("mask", "")
    strength = values.get("strength", DEFAULT_STRENGTH)
    inputs = []
    if init:
        inputs.append({"role": Role.INIT.value, "path": init, "strength": strength})
    if init and mask:
        inputs.append({"role": Role.MASK.value, "path": mask})
    return {**values, "inputs": inputs}
