"""What a model at Replicate takes: its OpenAPI schema as limits for the window and as inputs for a prediction.

Models name the same thing differently. A field that a schema lacks is neither shown nor sent; a field nobody here
knows is left to its default, unless it is an enum, which becomes a choice. A field that makes no sense counts as none.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.backends.cloud.replicate.catalog import CloudModel

from app.core.capabilities import Capabilities, Choice
from app.core.errors import UserError
from app.core.limits import Range
from app.core.message import Message, any_of, message, quoted
from app.core.request import GenerationRequest, Option

_STEPS = ("num_inference_steps", "inference_steps")
_MAPPED = frozenset(
    {"prompt", "negative_prompt", "width", "height", "guidance_scale", "seed", "output_format", *_STEPS}
)
_INTERMEDIATE = "intermediate_timesteps"

_SIDES = (256, 4096)
_DEEPEST = 5
"""References behind references; more go in a circle."""
_MOST_STEPS = 50


@dataclass(frozen=True, slots=True)
class InputField:
    """One input of a model. `kind` is its JSON type; limits are None and `values` empty where there are none.
    `multiple` is what its numbers are multiples of, 0 where that is not said.
    """

    name: str
    kind: str = "string"
    label: str = ""
    default: Any = None
    minimum: float | None = None
    maximum: float | None = None
    multiple: float = 0.0
    values: tuple[Option, ...] = ()
    order: int = 0
    required: bool = False

    def to_json(self) -> dict[str, Any]:
        """The property of an OpenAPI schema that says the same."""
        rule = {
            "type": self.kind, "default": None if self.required else self.default, "minimum": self.minimum,
            "maximum": self.maximum, "multipleOf": self.multiple or None, "enum": list(self.values) or None,
            "x-order": self.order,
        }  # fmt: skip
        return {name: value for name, value in rule.items() if value is not None}

    def range(self, minimum: float, maximum: float, default: float, step: float = 1) -> Range:
        """The field's limits and default; the arguments stand in for what the schema does not say."""
        numbers = [float(value) for value in self.values if _is_number(value)]
        lowest = min(numbers) if numbers else self.minimum
        highest = max(numbers) if numbers else self.maximum
        least = lowest if lowest is not None else min(minimum, highest if highest is not None else minimum)
        usual = self.default if _is_number(self.default) else default
        most = max(least, highest if highest is not None else max(maximum, usual))
        step = self.multiple or (1 if self.kind == "integer" else step)
        return Range(least, most, min(most, max(least, usual)), step)

    def check(self, value: Option) -> Option:
        """The value as the service wants it.

        Raises:
            UserError: it does not fit.
        """
        if self.values:
            for each in self.values:
                if each == value or str(each) == str(value):  # an enum of numbers may be written as one of strings
                    return each
            raise UserError(
                message("“{field}” cannot be {value}.", field=self.label, value=quoted(str(value))),
                message("Choose {choices}.", choices=any_of([str(each) for each in self.values])),
            )
        if self.kind not in ("integer", "number"):
            return value
        least = self.minimum if self.minimum is not None else -math.inf
        most = self.maximum if self.maximum is not None else math.inf
        if self.kind == "integer" and _is_number(value) and float(value) != int(value):
            raise UserError(
                message("“{field}” cannot be {value}.", field=self.label, value=value),
                message("Choose a whole number."),
            )
        if not _is_number(value) or not least <= float(value) <= most:
            raise UserError(
                message("“{field}” cannot be {value}.", field=self.label, value=value),
                _limits(least, most),
            )
        return int(value) if self.kind == "integer" else float(value)


def _limits(least: float, most: float) -> Message:
    """What may be chosen between two limits, of which one is finite."""
    if most == math.inf:
        return message("Choose at least {least:g}.", least=least)
    if least == -math.inf:
        return message("Choose at most {most:g}.", most=most)
    return message("Choose {least:g} to {most:g}.", least=least, most=most)


@dataclass(frozen=True, slots=True)
class InputSchema:
    """The inputs of one version of a model."""

    version: str
    fields: Mapping[str, InputField]

    @classmethod
    def parse(cls, version: str, openapi: Mapping[str, Any]) -> InputSchema:
        """Read a schema as Cog writes it. What makes no sense is left out.

        Raises:
            ValueError: there is no input with a prompt.
        """
        try:
            schemas = openapi["components"]["schemas"]
            properties, required = schemas["Input"]["properties"], schemas["Input"].get("required")
            needed = required if isinstance(required, list) else []
            found = (_field(str(name), rule, schemas, name in needed) for name, rule in properties.items())
            fields = {field.name: field for field in found if field is not None}
        except (KeyError, TypeError, AttributeError):
            raise ValueError("no input schema") from None
        if "prompt" not in fields:
            raise ValueError("no prompt")
        return cls(version, fields)

    def to_json(self) -> dict[str, Any]:
        """JSON-ready; `from_json` reads it back."""
        properties = {field.name: field.to_json() for field in self.fields.values()}
        required = [field.name for field in self.fields.values() if field.required]
        schemas = {"Input": {"properties": properties, "required": required}}
        return {"version": self.version, "openapi": {"components": {"schemas": schemas}}}

    @classmethod
    def from_json(cls, values: Any) -> InputSchema:
        """Raises ValueError where the values are none of `to_json`."""
        if not isinstance(values, dict):
            raise ValueError("no description of a model")
        return cls.parse(str(values.get("version")), values.get("openapi") or {})

    def capabilities(self, name: str, multiple: int = 1) -> Capabilities:
        """What the window may offer for the model with this display name, whose sides are multiples of so many pixels
        even where the schema does not say so.
        """
        size = self._size(multiple)
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
            seed="seed" in self.fields,
            aspect_sizes=self._sizes(int(size.default)),
        )

    def of(self, model: CloudModel, request: GenerationRequest) -> dict[str, Any]:
        """The input of the prediction for a request of one picture: what the model takes may have changed since it was
        shown.

        Raises:
            UserError: one of the request's values does not fit any more.
        """
        return self.inputs(self.capabilities(model.name, model.multiple).resolve(self.fitted(request)))

    def fitted(self, request: GenerationRequest) -> GenerationRequest:
        """The request without the numbers that the model lacks: it may be older than this schema."""
        sized = self._sized()
        return request.replace(
            width=request.width if sized else None,
            height=request.height if sized else None,
            steps=request.steps if self._steps() else None,
        )

    def inputs(self, request: GenerationRequest) -> dict[str, Any]:
        """The input of the prediction for a resolved request of one picture.

        Raises:
            UserError: one of the request's values does not fit.
        """
        steps, negative = self._steps(), self.fields.get("negative_prompt")
        wishes: dict[str, Any] = {
            "prompt": request.prompt,
            # Left out, it would be the model's own negative prompt, where it has one.
            "negative_prompt": request.negative or ("" if negative and negative.default else None),
            "width": request.width if self._sized() else None,
            "height": request.height if self._sized() else None,
            "guidance_scale": request.guidance,
            "seed": self._seed(request.seed),
            steps.name if steps else "": request.steps,
        }
        kind = self.fields.get("output_format")
        if kind:
            wishes["output_format"] = next((value for value in kind.values if str(value).lower() == "png"), None)
        for name, value in request.options:
            if name in self.fields and name not in _MAPPED:
                wishes[name] = self.fields[name].check(value)
        if request.steps != 2:  # Sprint refuses it for any other number of steps
            wishes.pop(_INTERMEDIATE, None)
        for field in self.fields.values():
            if field.values and field.required and wishes.get(field.name) is None:
                wishes[field.name] = field.default
        return {
            name: self.fields[name].check(value)
            for name, value in wishes.items()
            if value is not None and name in self.fields
        }

    def _steps(self) -> InputField | None:
        return next((self.fields[name] for name in _STEPS if name in self.fields), None)

    def _sized(self) -> bool:
        return {"width", "height"} <= set(self.fields)

    def _size(self, multiple: int) -> Range:
        """The limits of both sides: multiples of this and of what the schema asks for, where any lie between them, else
        whole pixels.
        """
        if not self._sized():
            return Range(1024, 1024, 1024, multiple)
        width, height = (self.fields[side].range(*_SIDES, 1024) for side in ("width", "height"))
        least, most = max(width.minimum, height.minimum), min(width.maximum, height.maximum)
        most = max(least, most)
        multiple = math.lcm(multiple, *(int(self.fields[side].multiple) or 1 for side in ("width", "height")))
        low, high = math.ceil(least / multiple) * multiple, int(most // multiple) * multiple
        if low > high:
            return Range(least, most, min(most, max(least, width.default)))
        return Range(low, high, min(high, max(low, round(width.default / multiple) * multiple)), multiple)

    def _seed(self, seed: int | None) -> int | None:
        """The seed within the model's limits: one that is too large begins anew from the smallest."""
        field = self.fields.get("seed")
        if seed is None or field is None or field.maximum is None or seed <= field.maximum:
            return seed
        least = max(0, math.ceil(field.minimum or 0))
        return least + seed % max(1, int(field.maximum) - least + 1)

    def _sizes(self, usual: int) -> tuple[tuple[int, int], ...]:
        """All sizes where the sides are enums, those with about `usual` x `usual` pixels first; else none."""
        widths, heights = self._enum_of("width"), self._enum_of("height")
        sizes = [(int(width), int(height)) for width in widths for height in heights]
        return tuple(sorted(sizes, key=lambda size: abs(size[0] * size[1] - usual**2)))

    def _enum_of(self, name: str) -> list[float]:
        """The numbers of an enum, which may be written as strings."""
        values = self.fields[name].values if name in self.fields else ()
        return [float(value) for value in values if _is_number(value) or str(value).isdecimal()]


def _field(name: str, rule: Any, schemas: Mapping[str, Any], required: bool) -> InputField | None:
    """A property as a field; None where it makes no sense."""
    try:
        described = _described(rule, schemas)
    except (KeyError, TypeError, AttributeError):
        return None
    values = described.get("enum")
    options = tuple(v for v in values if isinstance(v, str | int | float)) if isinstance(values, list) else ()
    default = rule.get("default", described.get("default"))
    order = rule.get("x-order")
    label = name.replace("_", " ")
    return InputField(
        name=name,
        kind=_kind(described.get("type")),
        label=label[:1].upper() + label[1:],
        default=(default if default in options else options[0]) if options else default,
        minimum=_limit(described.get("minimum")),
        maximum=_limit(described.get("maximum")),
        multiple=max(0.0, _limit(described.get("multipleOf")) or 0.0),
        values=options,
        order=order if isinstance(order, int) else 0,
        required=required and default is None,
    )


def _described(rule: Mapping[str, Any], schemas: Mapping[str, Any], depth: int = 0) -> Mapping[str, Any]:
    """A property with what it refers to: Cog writes an enum as allOf a $ref, an optional as anyOf with null."""
    merged = dict(rule)
    reference = rule.get("$ref")
    parts = [schemas[reference.rpartition("/")[2]]] if isinstance(reference, str) else []
    parts += [*rule.get("allOf", ()), *rule.get("anyOf", ()), *rule.get("oneOf", ())]
    for part in parts if depth < _DEEPEST else ():
        described = _described(part, schemas, depth + 1)
        if described.get("type") != "null":
            merged = {**described, **merged}
    return merged


def _kind(described: Any) -> str:
    """A JSON type; of several, such as a number or null, the first that is not null."""
    kinds = described if isinstance(described, list) else [described]
    return next((kind for kind in kinds if isinstance(kind, str) and kind != "null"), "string")


def _limit(value: Any) -> float | None:
    return float(value) if _is_number(value) else None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
