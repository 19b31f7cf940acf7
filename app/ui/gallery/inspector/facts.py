"""What is known of pictures, row by row as the inspector shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any, NamedTuple

from app.core.enlarge import Enlarged, EnlargeRequest, Request
from app.core.lora_tags import tag_name
from app.core.request import GenerationRequest, Role
from app.library.pictures.images import Picture
from app.ui.words import wording
from app.ui.words.wording import NO_BREAK

_BITS = {"float32": 32, "bfloat16": 16, "float16": 16, "8bit": 8, "4bit": 4}


class FactRow(NamedTuple):
    """A line about a picture; `link` is an address that its text opens."""

    caption: str
    text: str
    link: str = ""


class Different(Enum):
    """Stands for a value in which several pictures differ."""

    DIFFERENT = "different"


DIFFERENT = Different.DIFFERENT


def request_rows(request: Request) -> list[FactRow]:
    """What was asked for, row by row."""
    return _enlarge_rows(request) if isinstance(request, EnlargeRequest) else _generation_rows(request)


def clip_rows(frames: int, fps: float) -> list[FactRow]:
    """How long a clip is, and how fast."""
    tr = wording.tr
    return [FactRow(tr("Length"), wording.clip_length(frames, fps)), FactRow(tr("Frames a second"), f"{fps:g}")]


def _enlarge_rows(request: EnlargeRequest) -> list[FactRow]:
    tr = wording.tr
    rows = [
        FactRow(tr("Enlarged from"), Path(request.path).name),
        FactRow(tr("Size"), f"{request.width} × {request.height}"),
        FactRow(tr("Enlarged with"), wording.upscaler(request.upscaler)),
    ]
    if request.refine is not None:
        rows += [FactRow(tr("Refined with"), request.refine.model), FactRow(tr("Change"), f"{request.strength:.0%}")]
    return rows


def _enlarged_rows(made: Enlarged) -> list[FactRow]:
    tr = wording.tr
    rows = [
        FactRow(tr("Enlarged from"), wording.shortened(made.source.name)),
        FactRow(tr("Enlarged with"), f"{made.factor}× · {wording.shortened(made.upscaler)}"),
    ]
    if made.model is not None and made.strength is not None:
        rows.append(FactRow(tr("Refined with"), f"{wording.shortened(made.model)} · {made.strength:.0%}"))
    return rows


def _generation_rows(request: GenerationRequest) -> list[FactRow]:
    tr = wording.tr
    rows = [FactRow(tr("Size"), f"{request.width} × {request.height}")]
    if request.frames is not None and request.fps:
        rows += clip_rows(request.frames, request.fps)
        rows += [FactRow(tr("Draft of"), wording.clip_length(request.whole, request.fps))] if request.whole else []
    if request.steps is not None:
        guided = request.guidance is not None and request.guidance != 1
        caption = tr("Steps · guidance") if guided else tr("Steps")
        rows.append(FactRow(caption, f"{request.steps} · {request.guidance:g}" if guided else str(request.steps)))
    rows.append(FactRow(tr("Seed"), str(request.seed)))
    if request.template:
        rows.append(FactRow(tr("Typed"), wording.shortened(request.template)))
    if request.style:
        rows.append(FactRow(tr("Style"), wording.of_style(request.style)))
    for each in request.variations:
        rows.append(FactRow(tr("Variation"), f"{each.seed} · {each.amount:.0%}"))
    if request.negative:
        rows.append(FactRow(tr("Negative"), wording.shortened(request.negative)))
    if start := request.input(Role.INIT):
        name = start.name or Path(start.path).name
        if request.frames is not None:
            rows.append(FactRow(tr("First frame"), name))
        else:
            rows.append(FactRow(tr("Started from"), name))
            change = f"{start.strength:.0%}"
            rows.append(FactRow(tr("Change"), tr("{n} of a part", n=change) if request.input(Role.MASK) else change))
    if control := request.input(Role.CONTROL):
        rows.append(FactRow(tr("Edges from"), f"{control.name or Path(control.path).name} · {control.strength:g}"))
    for lora in request.loras:
        name = tag_name(lora.name or Path(lora.path).name)
        rows.append(FactRow(tr("LoRA"), f"{wording.shortened(name)} · {lora.weight:g}"))
    for name, value in request.options:
        rows.append(FactRow(name.replace("_", " ").capitalize(), wording.shortened(str(value))))
    return rows


def picture_rows(picture: Picture, backend_name: Callable[[str], str]) -> list[FactRow]:
    """Everything that is known of a picture, row by row. `backend_name` gives a backend's name for its id."""
    tr, made, request = wording.tr, picture.provenance, picture.request
    rows: list[FactRow] = []
    model = made.model or (request.model if request else "")
    bits = _BITS.get(made.precision or "")
    if model:
        precision = tr("{n} bit", n=bits).replace(" ", NO_BREAK)
        rows.append(FactRow(tr("Model"), f"{model} · {precision}" if bits else model))
    places = ((made.backend, backend_name), (made.device, wording.device))
    where = [words(name) for name, words in places if name]
    if where:
        rows.append(FactRow(tr("Ran on"), " · ".join(where)))
    if made.enlarged is not None or made.grid is not None:
        rows.append(FactRow(tr("Size"), f"{picture.width} × {picture.height}"))
        rows += _enlarged_rows(made.enlarged) if made.enlarged is not None else []
        rows += [row for row in _generation_rows(request) if row.caption != tr("Size")] if request else []
    else:
        size = [FactRow(tr("Size"), f"{picture.width} × {picture.height}")]
        size += clip_rows(picture.frames, picture.fps) if picture.frames and picture.fps else []
        rows += _generation_rows(request) if request else size
    if request and request.solver:
        rows.append(FactRow(tr("Solver"), wording.SOLVER_NAMES.get(request.solver, request.solver)))
    took = []
    if made.seconds is not None:
        took.append(wording.seconds(made.seconds))
    if made.peak_memory_bytes is not None:
        took.append(wording.size(made.peak_memory_bytes))
    if took:
        rows.append(FactRow(tr("Took"), " · ".join(took)))
    if made.cost is not None:
        rows.append(FactRow(tr("Cost"), wording.money(made.cost)))
    if made.source:
        rows.append(FactRow(tr("Made with"), made.source))
    if made.unread:
        rows.append(FactRow(tr("Not understood"), wording.shortened(", ".join(made.unread))))
    if made.grid:
        rows.append(FactRow(tr("Grid"), " × ".join(wording.grid_field(axis.field) for axis in made.grid.axes)))
    rows.append(FactRow(tr("Made"), wording.moment(datetime.fromtimestamp(picture.created))))
    if made.licence:
        rows.append(FactRow(tr("Licence"), made.licence, made.licence_url or ""))
    return rows


def common(pictures: Iterable[Picture]) -> dict[str, Any]:
    """The settings of several pictures by name, with `DIFFERENT` for those in which they differ and None for those
    that are not known.
    """
    result: dict[str, Any] = {}
    for picture in pictures:
        settings = _settings(picture)
        result = {name: value if settings[name] == value else DIFFERENT for name, value in (result or settings).items()}
    return result


def common_rows(settings: dict[str, Any], backend_name: Callable[[str], str]) -> list[FactRow]:
    """What `common` found, without the prompt and what is not known."""
    tr = wording.tr
    return [
        FactRow(caption, tr("different") if value is DIFFERENT else _value_text(name, value, backend_name))
        for name, caption in _captions().items()
        if name in _IN_COMMON and (value := settings.get(name)) not in (None, "")
    ]


def differences(pictures: Sequence[Picture], backend_name: Callable[[str], str]) -> list[list[FactRow]]:
    """For each picture the settings in which it differs from one of the others; "none" where it has none."""
    tr = wording.tr
    each = [_settings(picture) for picture in pictures]
    differ = [name for name in _captions() if len({str(settings[name]) for settings in each}) > 1]
    return [
        [
            FactRow(
                _captions()[name],
                tr("none") if settings[name] in (None, "") else _value_text(name, settings[name], backend_name),
            )
            for name in differ
        ]
        for settings in each
    ]


_IN_COMMON = ("model", "backend", "size", "length", "steps", "guidance", "solver", "seed", "negative")
"""The settings that stand in the inspector for several pictures."""


def _captions() -> dict[str, str]:
    tr = wording.tr
    return {
        "prompt": tr("Prompt"), "model": tr("Model"), "backend": tr("Ran on"), "precision": tr("Precision"),
        "size": tr("Size"), "length": tr("Length"), "steps": tr("Steps"), "guidance": tr("Guidance"),
        "solver": tr("Solver"),
        "seed": tr("Seed"), "variation": tr("Variation"), "negative": tr("Negative"), "start": tr("Started from"),
        "change": tr("Change"), "control": tr("Edges from"), "loras": tr("LoRA"), "style": tr("Style"),
        "enlarged": tr("Enlarged with"),
    }  # fmt: skip


def _value_text(name: str, value: Any, backend_name: Callable[[str], str]) -> str:
    words: dict[str, Callable[[Any], str]] = {
        "backend": backend_name,
        "negative": wording.shortened,
        "guidance": lambda value: f"{value:g}",
        "change": lambda value: f"{value:.0%}",
        "solver": lambda value: wording.SOLVER_NAMES.get(value, str(value)),
    }
    return words.get(name, str)(value)


def _settings(picture: Picture) -> dict[str, Any]:
    request, made = picture.request, picture.provenance
    start = request.input(Role.INIT) if request else None
    control = request.input(Role.CONTROL) if request else None
    loras = request.loras if request else ()
    return {
        "prompt": request.prompt if request else None,
        "model": made.model or (request.model if request else ""),
        "backend": made.backend or "",
        "size": f"{picture.width} × {picture.height}",
        "length": wording.clip_length(picture.frames, picture.fps) if picture.frames and picture.fps else None,
        "steps": request.steps if request else None,
        "guidance": request.guidance if request else None,
        "solver": request.solver if request else None,
        "seed": request.seed if request else None,
        "variation": ", ".join(f"{each.seed} {each.amount:.0%}" for each in request.variations) if request else None,
        "negative": request.negative if request else None,
        "precision": made.precision,
        "start": (start.name or Path(start.path).name) if start else None,
        "change": start.strength if start else None,
        "control": f"{control.name or Path(control.path).name} {control.strength:g}" if control else None,
        "style": wording.of_style(request.style) if request else None,
        "loras": ", ".join(f"{each.name or Path(each.path).stem} {each.weight:g}" for each in loras),
        "enlarged": f"{made.enlarged.factor}× · {made.enlarged.upscaler}" if made.enlarged else None,
    }
