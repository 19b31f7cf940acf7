"""What a model at Replicate takes: its OpenAPI schema as limits for the window and as inputs for a prediction.

Models name the same thing differently. A field that a schema lacks is neither shown nor sent; a field nobody here
knows is left to its default, unless it is an enum, which becomes a choice.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.core.capabilities import Capabilities, Choice, Range
from app.core.errors import UserError
from app.core.request import GenerationRequest, Option

_STEPS = ("num_inference_steps", "inference_steps")
_MAPPED = frozenset(
    {"prompt", "negative_prompt", "width", "height", "guidance_scale", "seed", "output_format", *_STEPS}
)
_INTERMEDIATE = "intermediate_timesteps"

_MULTIPLE = 32
"""Of every side, in pixels: what one latent of SANA's autoencoder covers."""
_SIDES = (256, 4096)
_MOST_STEPS = 50


@dataclass(frozen=True, slots=True)
class Field:
    """One input of a model. `kind` is its JSON type; limits are None and `values` empty where there are none."""

    name: str
    kind: str = "string"
    label: str = ""
    default: Any = None
    minimum: float | None = None
    maximum: float | None = None
    values: tuple[Option, ...] = ()
    order: int = 0

    def to_json(self) -> dict[str, Any]:
        """The property of an OpenAPI schema that says the same."""
        rule = {
            "type": self.kind, "default": self.default, "minimum": self.minimum, "maximum": self.maximum,
            "enum": list(self.values) or None, "x-order": self.order,
        }  # fmt: skip
        return {name: value for name, value in rule.items() if value is not None}

    def range(self, minimum: float, maximum: float, default: float, step: float = 1) -> Range:
        """The field's limits and default; the arguments stand in for what the schema does not say."""
        least = self.minimum if self.minimum is not None else min(minimum, self.maximum or minimum)
        most = max(least, self.maximum if self.maximum is not None else max(maximum, least))
        usual = self.default if _is_number(self.default) else default
        return Range(least, most, min(most, max(least, usual)), step)

    def check(self, value: Option) -> Option:
        """The value as the service wants it.

        Raises:
            UserError: it does not fit.
        """
        if self.values:
            if value in self.values:
                return value
            raise UserError(f"“{value}” is no {self.label.lower()}.", f"Choose {', '.join(map(str, self.values))}.")
        if self.kind not in ("integer", "number"):
            return value
        least = self.minimum if self.minimum is not None else -math.inf
        most = self.maximum if self.maximum is not None else math.inf
        if not _is_number(value) or not least <= float(value) <= most:
            raise UserError(f"{self.label} cannot be {value}.", f"Choose {least:g} to {most:g}.")
        return int(value) if self.kind == "integer" else float(value)


@dataclass(frozen=True, slots=True)
class InputSchema:
    """The inputs of one version of a model."""

    version: str
    fields: Mapping[str, Field]

    @classmethod
    def parse(cls, version: str, openapi: Mapping[str, Any]) -> InputSchema:
        """Read a schema as Cog writes it. What makes no sense is left out.

        Raises:
            ValueError: there is no input with a prompt.
        """
        try:
            schemas = openapi["components"]["schemas"]
            properties = schemas["Input"]["properties"]
            fields = {str(name): _field(str(name), rule, schemas) for name, rule in properties.items()}
        except (KeyError, TypeError, AttributeError):
            raise ValueError("no input schema") from None
        if "prompt" not in fields:
            raise ValueError("no prompt")
        return cls(version, fields)

    def to_json(self) -> dict[str, Any]:
        """JSON-ready; `from_json` reads it back."""
        properties = {field.name: field.to_json() for field in self.fields.values()}
        return {"version": self.version, "openapi": {"components": {"schemas": {"Input": {"properties": properties}}}}}

    @classmethod
    def from_json(cls, values: Any) -> InputSchema:
        """Raises ValueError where the values are none of `to_json`."""
        if not isinstance(values, dict):
            raise ValueError("no description of a model")
        return cls.parse(str(values.get("version")), values.get("openapi") or {})

    def capabilities(self, name: str) -> Capabilities:
        """What the window may offer for the model with this display name."""
        width, height = (self.fields.get(side, Field(side)).range(*_SIDES, 1024) for side in ("width", "height"))
        if {"width", "height"} <= set(self.fields):
            size = Range(
                max(width.minimum, height.minimum), min(width.maximum, height.maximum), width.default, _MULTIPLE
            )
        else:
            size = Range(1024, 1024, 1024, _MULTIPLE)
        steps = self._steps()
        guidance = self.fields.get("guidance_scale")
        return Capabilities(
            model=name,
            size=size,
            max_pixels=int(size.maximum) ** 2,
            steps=steps.range(1, _MOST_STEPS, 20) if steps else Range(1, 1, 1),
            guidance=guidance.range(1, 20, 4.5, 0.1) if guidance else None,
            negative="negative_prompt" in self.fields,
            choices=tuple(
                Choice(field.name, field.label, field.values, field.default)
                for field in sorted(self.fields.values(), key=lambda field: field.order)
                if field.values and field.name not in _MAPPED
            ),
            prompt_tokens=300,
        )

    def inputs(self, request: GenerationRequest) -> dict[str, Any]:
        """The input of the prediction for a resolved request of one picture.

        Raises:
            UserError: one of the request's options does not fit.
        """
        steps = self._steps()
        wishes: dict[str, Any] = {
            "prompt": request.prompt,
            "negative_prompt": request.negative or None,
            "width": request.width,
            "height": request.height,
            "guidance_scale": request.guidance,
            "seed": request.seed,
            steps.name if steps else "": request.steps,
        }
        kind = self.fields.get("output_format")
        if kind and "png" in kind.values:
            wishes["output_format"] = "png"
        for name, value in request.options:
            if name in self.fields and name not in _MAPPED:
                wishes[name] = self.fields[name].check(value)
        if request.steps != 2:  # Sprint refuses it for any other number of steps
            wishes.pop(_INTERMEDIATE, None)
        return {
            name: int(value) if self.fields[name].kind == "integer" else value
            for name, value in wishes.items()
            if value is not None and name in self.fields
        }

    def _steps(self) -> Field | None:
        return next((self.fields[name] for name in _STEPS if name in self.fields), None)


def _field(name: str, rule: Mapping[str, Any], schemas: Mapping[str, Any]) -> Field:
    described = _described(rule, schemas)
    values = described.get("enum")
    options = tuple(v for v in values if isinstance(v, str | int | float)) if isinstance(values, list) else ()
    default = rule.get("default", described.get("default"))
    order = rule.get("x-order")
    label = name.replace("_", " ")
    return Field(
        name=name,
        kind=str(described.get("type", "string")),
        label=label[:1].upper() + label[1:],
        default=(default if default in options else options[0]) if options else default,
        minimum=_limit(described.get("minimum")),
        maximum=_limit(described.get("maximum")),
        values=options,
        order=order if isinstance(order, int) else 0,
    )


def _described(rule: Mapping[str, Any], schemas: Mapping[str, Any]) -> Mapping[str, Any]:
    """A property with what it refers to: Cog writes an enum as allOf a $ref, an optional as anyOf with null."""
    parts = [rule, *rule.get("allOf", ()), *rule.get("anyOf", ())]
    merged: dict[str, Any] = {}
    for part in parts:
        reference = part.get("$ref")
        if isinstance(reference, str):
            part = schemas[reference.rpartition("/")[2]]
        if part.get("type") != "null":
            merged = {**part, **merged}
    return merged


def _limit(value: Any) -> float | None:
    return float(value) if _is_number(value) else None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
