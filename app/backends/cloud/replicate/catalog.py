"""The models at Replicate that the app offers: what they cost, and what they take while the service was not asked yet.

The inputs were read on 2026-11-23 from https://replicate.com/nvidia/sana and
/nvidia/sana-sprint-1.6b ("API", "Schema");
`InputSchema` replaces them by the service's own description as soon as a picture is made.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.backends.cloud.replicate.schema import InputSchema
from app.backends.cloud.service import FIXED_WORK
from app.core.errors import UserError
from app.core.families.sana import TOKEN_PIXELS
from app.core.message import any_of, message, quoted
from app.core.request import GenerationRequest

_H100 = 0.001525
"""US dollars a second of an "Nvidia H100 GPU" (https://replicate.com/pricing, read on 2026-11-23)."""


@dataclass(frozen=True, slots=True)
class CloudModel:
    """A model that the app offers.

    Attributes:
        id: "owner/name".
        name: display name.
        dollars_per_second: the price of its hardware; what is billed is the `predict_time` of a prediction.
        seconds_per_work: how long it takes as long as nothing was measured, per unit of `work`.
        inputs: the properties of its OpenAPI input schema.
        multiple: what both sides are multiples of, in pixels; the schemas do not say it.
    """

    id: str
    name: str
    dollars_per_second: float
    seconds_per_work: float
    inputs: dict[str, dict[str, Any]]
    multiple: int = TOKEN_PIXELS
    billed_by_time = True

    def fallback(self) -> InputSchema:
        """What it took when this file was written."""
        return InputSchema.parse("", {"components": {"schemas": {"Input": {"properties": self.inputs}}}})

    def cost(self, request: GenerationRequest, seconds: float | None) -> float | None:
        """US dollars for so many seconds of computing; None where they are not known."""
        return None if seconds is None else round(seconds * self.dollars_per_second, 7)


_SIDE = {"type": "integer", "default": 1024}
_GUIDANCE = {"type": "number", "minimum": 1, "maximum": 20}
_VARIANTS = [
    "1600M-1024px", "1600M-1024px-multilang", "1600M-512px", "600M-1024px-multilang", "600M-512px-multilang",
]  # fmt: skip

# The models' pages call 2 to 7 seconds typical for nvidia/sana (1024 x 1024 pixels, 18 steps); the longer is taken, so
# that the first estimate is rather too high. Sprint's page names neither time nor hardware: an H100 is supposed, and
# the same pace per step.
_SECONDS_PER_WORK = 7.0 / (18 + FIXED_WORK)

MODELS = (
    CloudModel(
        id="nvidia/sana",
        name="Sana 1.6B",
        dollars_per_second=_H100,
        seconds_per_work=_SECONDS_PER_WORK,
        inputs={
            "prompt": {"type": "string"},
            "negative_prompt": {"type": "string"},
            "model_variant": {"type": "string", "enum": _VARIANTS, "default": _VARIANTS[0]},
            "width": _SIDE,
            "height": _SIDE,
            "num_inference_steps": {"type": "integer", "minimum": 1, "default": 18},
            "guidance_scale": {**_GUIDANCE, "default": 5},
            "pag_guidance_scale": {**_GUIDANCE, "default": 2},
            "seed": {"type": "integer"},
        },
    ),
    CloudModel(
        id="nvidia/sana-sprint-1.6b",
        name="Sana Sprint 1.6B",
        dollars_per_second=_H100,
        seconds_per_work=_SECONDS_PER_WORK,
        inputs={
            "prompt": {"type": "string"},
            "width": {**_SIDE, "minimum": 256, "maximum": 4096},
            "height": {**_SIDE, "minimum": 256, "maximum": 4096},
            "inference_steps": {"type": "integer", "minimum": 1, "maximum": 4, "default": 2},
            "intermediate_timesteps": {"type": "number", "minimum": 0.5, "maximum": 1.5, "default": 1.3},
            "guidance_scale": {**_GUIDANCE, "default": 4.5},
            "seed": {"type": "integer", "default": -1},
            "output_format": {"type": "string", "enum": ["webp", "jpg", "png"], "default": "jpg"},
        },
    ),
)


def cloud_model(name: str) -> CloudModel:
    """The model with this id.

    Raises:
        UserError: the app does not offer it.
    """
    for model in MODELS:
        if model.id == name:
            return model
    raise UserError(
        message("“{name}” is no model at Replicate that this app knows.", name=name),
        message("Choose {choices}.", choices=any_of([quoted(each.id) for each in MODELS])),
    )
