"""Dataclasses to and from JSON, by the types of their fields: no second list of names that could be forgotten."""

from __future__ import annotations

import dataclasses
import functools
import types
import typing
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, TypeVar

T = TypeVar("T")


def to_json(value: Any) -> Any:
    """JSON-ready. What has a `to_json` of its own uses that."""
    if hasattr(value, "to_json"):
        return value.to_json()
    if dataclasses.is_dataclass(value):
        return fields_to_json(value)
    if isinstance(value, tuple):
        return [to_json(item) for item in value]
    return value.value if isinstance(value, StrEnum) else value


def fields_to_json(value: Any) -> dict[str, Any]:
    """The fields of a dataclass that are not None. Pairs of names and values become an object."""
    named = {name: (hint, getattr(value, name)) for name, hint in _hints(type(value)).items()}
    return {
        name: dict(item) if _is_pairs(hint) else to_json(item)
        for name, (hint, item) in named.items()
        if item is not None
    }


def fields_from_json(kind: type[T], values: Any) -> dict[str, Any]:
    """The fields of a dataclass that a JSON object has, as what the fields are; others are left out.

    Raises:
        ValueError: a value has another type than its field.
    """
    if not isinstance(values, Mapping):
        raise ValueError(f"{kind.__name__} is {values!r}")
    hints = _hints(kind)
    return {name: _read(hint, values[name], name) for name, hint in hints.items() if name in values}


def from_json(kind: type[T], values: Any) -> T:
    """Read a dataclass.

    Raises:
        ValueError: a value has the wrong type, or one without a default is missing.
    """
    fields = fields_from_json(kind, values)
    for field in dataclasses.fields(kind):  # type: ignore[arg-type]
        required = field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
        if required and field.name not in fields:
            raise ValueError(f"{field.name} is missing")
    return kind(**fields)


def field_from_json(kind: type[Any], name: str, value: Any) -> Any:
    """One field's value. Raises ValueError where there is no such field, or it has another type."""
    if name not in _hints(kind):
        raise ValueError(f"{name} is no field of {kind.__name__}")
    return _read(_hints(kind)[name], value, name)


def _read_hints(kind: Any) -> dict[str, Any]:
    hints = typing.get_type_hints(kind)
    return {field.name: hints[field.name] for field in dataclasses.fields(kind)}


_hints: Callable[[Any], dict[str, Any]] = functools.cache(_read_hints)
"""The types of a dataclass's fields by name."""


def _is_pairs(hint: Any) -> bool:
    """Whether a type is a tuple of names with their values."""
    return typing.get_origin(hint) is tuple and typing.get_origin(typing.get_args(hint)[0]) is tuple


def _read(hint: Any, value: Any, name: str) -> Any:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return _read_union(arguments, value, name)
    if _is_pairs(hint):
        return _read_pairs(typing.get_args(arguments[0])[1], value, name)
    if origin is tuple:
        return _read_tuple(arguments[0], value, name)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return hint(value)
    if hasattr(hint, "from_json"):
        return hint.from_json(value)
    if dataclasses.is_dataclass(hint):
        return from_json(typing.cast("type[Any]", hint), value)
    if hint is float and type(value) is int:
        return float(value)
    if type(value) is not hint:
        raise ValueError(f"{name} is {value!r}")
    return value


def _read_union(kinds: tuple[Any, ...], value: Any, name: str) -> Any:
    if value is None and types.NoneType in kinds:
        return None
    plain = [kind for kind in kinds if kind is not types.NoneType]
    if len(plain) == 1:
        return _read(plain[0], value, name)
    if type(value) not in plain:
        raise ValueError(f"{name} is {value!r}")
    return value


def _read_pairs(kind: Any, value: Any, name: str) -> Any:
    if not isinstance(value, Mapping):
        raise ValueError(f"{name} is {value!r}")
    return tuple(sorted((str(key), _read(kind, item, str(key))) for key, item in value.items()))


def _read_tuple(kind: Any, value: Any, name: str) -> Any:
    if not isinstance(value, list | tuple):
        raise ValueError(f"{name} is {value!r}")
    return tuple(_read(kind, item, name) for item in value)
