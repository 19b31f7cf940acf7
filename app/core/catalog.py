"""The models the app knows by name, as data: `resources/catalog.toml`, one table for each."""

from __future__ import annotations

import dataclasses
import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.core.errors import UserError
from app.core.families import flux, sana, sana_video
from app.core.families.sana import TOKEN_PIXELS
from app.core.memory import GIB, peak_memory
from app.core.message import message

FAMILIES = (*sana.FAMILIES, sana_video.SANA_VIDEO, *flux.FAMILIES)
SOLVERS = ("dpmpp", "euler", "scm")
VARIANTS = ("", "fp16", "bf16")
PRECISIONS = ("float32", "bfloat16", "8bit", "4bit")

_ID = re.compile(r"[a-z0-9][a-z0-9.-]*")
_LANGUAGE = re.compile(r"[a-z]{2}")
_REPO = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*", re.ASCII)
_REVISION = re.compile(r"(?!.*\.\.)[\w.][\w./-]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """One model of the catalog.

    Attributes:
        id: name of its table; what requests and the command line call it.
        name: display name.
        family: "sana", "sana-1.5", "sana-sprint", "sana-video", or one of `core.families.flux`.
        base_size: side of the square that it was trained for, in pixels.
        parameters: number of parameters of the transformer.
        steps, guidance, solver, shift: defaults. `shift` is that of the flow-matching schedule; 1 where there is none.
        clip: whether it was trained in float16, its linear attention clamped to +-65504.
        languages: of the prompts, as ISO 639-1 codes.
        good_for: one plain sentence on what to choose it for.
        licence, licence_url: name of the licence of the weights, and where it can be read.
        licence_notes: what else holds, in plain words; empty where nothing does.
        repo, revision, variant: where the weights are on the Hugging Face hub. `variant` is the precision in the weight
            files' names; empty for files without one.
        bundled: folder below resources/ of a model that comes with the app, which has no repo.
        download_bytes: size of the files that the app downloads.
        recommended_from_gb: memory of a Mac from which it is what a newcomer should get; None where it never is.
        knows: what it can show, in a few words; empty where it shows anything.
        knows_more: the same in one or two plain sentences.
        packed: the precision in which alone its weights are to be had; empty where they are whole.
        measured_memory: peak memory in bytes at `base_size`, by backend and precision, where it was measured.
        frames: of a clip where nobody says; 0 for a model that makes pictures.
        fits: of a ControlNet, the ids of the models that it was made for; empty for a model that makes pictures.
    """

    id: str
    name: str
    family: str
    base_size: int
    parameters: int
    steps: int
    guidance: float
    solver: str
    shift: float
    clip: bool
    languages: tuple[str, ...]
    good_for: str
    licence: str
    licence_url: str
    licence_notes: str = ""
    repo: str = ""
    revision: str = "main"
    variant: str = ""
    bundled: str = ""
    download_bytes: int = 0
    recommended_from_gb: int | None = None
    knows: str = ""
    knows_more: str = ""
    packed: str = ""
    measured_memory: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    fits: tuple[str, ...] = ()
    frames: int = 0

    def peak_memory(self, backend: str, precision: str) -> tuple[int, bool]:
        """Peak memory in bytes of a picture of `base_size`, or of a usual clip, and whether it was measured or
        is an estimate.
        """
        measured = self.measured_memory.get(backend, {}).get(precision)
        if measured is not None:
            return measured, True
        if self.family == sana_video.SANA_VIDEO:
            clip = sana_video.published_size(self.parameters, self.base_size, self.frames)
            return peak_memory(clip, *sana_video.own_size(self.base_size), precision), False
        size = sana.model_size(self.parameters)
        if self.family in flux.FAMILIES:
            size, precision = flux.model_size(self.family, self.parameters), self.packed or precision
        return peak_memory(size, self.base_size, self.base_size, precision), False


_CHOICES = {"family": FAMILIES, "solver": SOLVERS, "variant": VARIANTS, "packed": ("", "4bit", "8bit")}
_TEXT = ((str,), "a text")
_KINDS: dict[str, tuple[tuple[type, ...], str]] = {
    "clip": ((bool,), "true or false"),
    "languages": ((list,), "a list"),
    "measured_memory": ((dict,), "a table"),
    **dict.fromkeys(("guidance", "shift"), ((int, float), "a number")),
    **dict.fromkeys(
        ("base_size", "parameters", "steps", "download_bytes", "recommended_from_gb", "frames"),
        ((int,), "a whole number"),
    ),
}
_FIELDS = {item.name: item for item in dataclasses.fields(ModelSpec) if item.name not in ("id", "fits")}
_REQUIRED = {
    name
    for name, item in _FIELDS.items()
    if item.default is dataclasses.MISSING and item.default_factory is dataclasses.MISSING
}


def load_catalog(text: str) -> dict[str, ModelSpec]:
    """Read a catalog, in the order in which it is shown.

    Raises:
        UserError: it is not TOML, or a table does not fit the schema; the message names the table and the key.
    """
    return {name: _spec(name, values) for name, values in _tables(text).items()}


def load_controlnets(text: str, catalog: Mapping[str, ModelSpec]) -> dict[str, ModelSpec]:
    """Read a list of ControlNets. What its tables leave out of a `ModelSpec` is that of the first model that they fit.

    Raises:
        UserError: as `load_catalog` does, or it fits a model that is not in the catalog.
    """
    found = {}
    for name, values in _tables(text).items():
        given = dict(values) if isinstance(values, dict) else {}
        fits = given.pop("fits", None)
        if not isinstance(fits, list) or not fits or not all(model in catalog for model in fits):
            raise _error(f"table [{name}], key “fits”: {fits!r} are not models of the catalog")
        base = catalog[fits[0]]
        spec = _spec(name, {key: _plain(getattr(base, key)) for key in _REQUIRED} | given)
        found[name] = dataclasses.replace(spec, fits=tuple(fits))
    return found


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _tables(text: str) -> dict[str, Any]:
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _error(f"it is not TOML: {error}") from None
    if not tables:
        raise _error("it has no models")
    return tables


def recommend(catalog: Mapping[str, ModelSpec], memory_bytes: int, chip: str) -> ModelSpec:
    """What a newcomer should get on a machine with this memory and chip, e.g. "Apple M4 Pro".

    The small Apple chips and anything else get a few-step model, since twenty steps would try a newcomer's patience;
    where memory is too small for any, it is the bundled model.
    """
    strong = any(grade in chip.split() for grade in ("Pro", "Max", "Ultra"))
    fitting = [
        spec
        for spec in catalog.values()
        if spec.recommended_from_gb is not None
        and spec.recommended_from_gb * GIB <= memory_bytes
        and (strong or spec.family == "sana-sprint")
    ]
    if not fitting:
        return next(spec for spec in catalog.values() if spec.bundled)
    return max(fitting, key=lambda spec: spec.recommended_from_gb or 0)


def _spec(name: str, values: Any) -> ModelSpec:
    if not isinstance(values, dict):
        raise _error(f"“{name}” is not a table")
    if not _ID.fullmatch(name):
        raise _error(f"table [{name}] must be called by small letters, digits, dots and hyphens")
    for key in values:
        if key not in _FIELDS:
            raise _error(f"table [{name}] has the unknown key “{key}”")
    for key in sorted(_REQUIRED):
        if key not in values:
            raise _error(f"table [{name}] lacks the key “{key}”")
    for key, value in values.items():
        problem = _problem(key, value)
        if problem:
            raise _error(f"table [{name}], key “{key}”: {problem}")
    if bool(values.get("repo")) == bool(values.get("bundled")):
        raise _error(f"table [{name}] needs either “repo” or “bundled”")
    if values.get("repo") and not values.get("download_bytes"):
        raise _error(f"table [{name}] lacks the key “download_bytes”")
    if (values["family"] == "sana-sprint") != (values["solver"] == "scm"):
        raise _error(f"table [{name}]: the solver scm belongs to the family sana-sprint and to no other")
    if (values["family"] == sana_video.SANA_VIDEO) != ("frames" in values):
        raise _error(f"table [{name}]: the key “frames” belongs to the family sana-video and to no other")
    return ModelSpec(id=name, **{**values, "languages": tuple(values["languages"])})


def _problem(key: str, value: Any) -> str:
    """What is wrong with a value; empty where nothing is."""
    kinds, word = _KINDS.get(key, _TEXT)
    if type(value) not in kinds:
        return f"{value!r} is not {word}"
    if key in _CHOICES and value not in _CHOICES[key]:
        return f"{value!r} is none of {', '.join(repr(choice) for choice in _CHOICES[key])}"
    if key in _REQUIRED and value in ("", []):
        return "it is empty"
    if isinstance(value, int | float) and not isinstance(value, bool) and not 0 < value < math.inf:
        return f"{value!r} is not more than 0"
    if key == "base_size" and value % TOKEN_PIXELS:
        return f"{value!r} is not a multiple of {TOKEN_PIXELS}"
    if key == "languages" and not all(isinstance(code, str) and _LANGUAGE.fullmatch(code) for code in value):
        return f"{value!r} are not two-letter codes"
    if key == "repo" and value and not _REPO.fullmatch(value):
        return f"{value!r} is not “owner/name”"
    if key == "revision" and not _REVISION.fullmatch(value):
        return f"{value!r} is not a branch, tag or commit"
    if key == "licence_url" and not value.startswith("https://"):
        return f"{value!r} is not an https address"
    if key == "bundled" and value and (not value.isidentifier()):
        return f"{value!r} is not the plain name of a folder"
    if key == "measured_memory":
        for backend, precisions in value.items():
            if not isinstance(precisions, dict) or not all(
                name in PRECISIONS and type(n) is int and n > 0 for name, n in precisions.items()
            ):
                return f"{backend} needs precisions and bytes, like {{ bfloat16 = 9000000000 }}"
    return ""


def _error(problem: str) -> UserError:
    return UserError(
        message("The model catalog is wrong: {problem}.", problem=problem),
        message("Correct resources/catalog.toml, or install the app again."),
    )
