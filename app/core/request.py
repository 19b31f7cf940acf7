"""One value that says everything that affects the pixels of a picture."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SCHEMA = 1
MAX_SEED = 2**32 - 1

Option = str | int | float | bool

AUTO = "auto"
"""The backend or the precision that suits this machine best."""

SPEND_UP_TO = "spend_up_to"
"""The option that lets this month's cloud pictures cost so many dollars, whatever the monthly limit says."""


@dataclass(frozen=True, slots=True)
class GenerationRequest:
    """A request for `count` pictures; picture i has seed `seed + i`.

    It travels unchanged from the panel or the command line through the queue and the worker into the picture's
    metadata and back. Fields that are None mean "the model's own default"; `Capabilities.resolve` fills them in
    before a request is queued, so that a queued or saved request never holds None where a number affects pixels.

    Attributes:
        prompt: what to paint; any language, line breaks allowed.
        negative: what to avoid; empty for none.
        model: catalog id or the path of a checkpoint folder in diffusers layout.
        backend: backend id, or "auto".
        width, height: pixels.
        steps: number of denoising steps.
        guidance: classifier-free (or embedded) guidance scale; 1 is none.
        solver: "dpmpp", "euler" or "scm".
        seed: 0 .. 2**32 - 1.
        count: number of pictures.
        precision: "auto", "float32", "bfloat16", "8bit" or "4bit".
        init_image: path of a picture to start from; empty for none.
        strength: 0..1, how far to go from the start picture; 1 ignores it.
        mask: path of a mask for the start picture (white is repainted); empty for none.
        options: further named values that one backend understands (a cloud model's own inputs), sorted by name.
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
    init_image: str = ""
    strength: float = 0.6
    mask: str = ""
    options: tuple[tuple[str, Option], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """A JSON-ready dict with a schema number; `from_json` reads it back."""
        values = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        values["options"] = dict(self.options)
        return {"schema": SCHEMA, **values}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> GenerationRequest:
        """Read what `to_json` wrote, also from older or newer versions: unknown fields are left out.

        Raises:
            ValueError: a field has the wrong type, or the prompt is missing.
        """
        kinds: dict[str, tuple[type, ...]] = {
            "prompt": (str,), "negative": (str,), "model": (str,), "backend": (str,), "solver": (str, type(None)),
            "width": (int, type(None)), "height": (int, type(None)), "steps": (int, type(None)),
            "guidance": (int, float, type(None)), "seed": (int, type(None)), "count": (int,), "precision": (str,),
            "init_image": (str,), "strength": (int, float), "mask": (str,), "options": (dict,),
        }  # fmt: skip
        known: dict[str, Any] = {}
        for name, allowed in kinds.items():
            if name not in values:
                continue
            value = values[name]
            if not isinstance(value, allowed) or isinstance(value, bool):
                raise ValueError(f"{name} is {value!r}")
            known[name] = value
        if "prompt" not in known:
            raise ValueError("prompt is missing")
        known["options"] = tuple(
            sorted((str(k), v) for k, v in known.get("options", {}).items() if isinstance(v, str | int | float | bool))
        )
        return cls(**known)

    def of_picture(self, seed: int) -> GenerationRequest:
        """The request that gives one picture of this one again. What the user agreed to spend is no part of that."""
        options = tuple(option for option in self.options if option[0] != SPEND_UP_TO)
        return self.replace(seed=seed, count=1, options=options)

    def replace(self, **changes: Any) -> GenerationRequest:
        """A copy with some fields changed."""
        return dataclasses.replace(self, **changes)
