"""The files that went into a picture. Their names and hashes travel with it; their places stay on this machine.

A path tells the user's name and how their disk is ordered, and would go out with each picture that is shared.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from app.core.grid import Grid
from app.core.request import GenerationRequest, ImageInput, LoraUse, Role
from app.library import paths
from app.library.files import exists
from app.library.shared_json import SharedJson

log = logging.getLogger(__name__)

MAX_PLACES = 2000
"""So many places of files are remembered."""
_MODEL = "model:"

Source = TypeVar("Source", ImageInput, LoraUse)


def identified(request: GenerationRequest) -> GenerationRequest:
    """The request with the names and hashes of its files, whose places are remembered. It reads the files."""
    places: dict[str, Any] = {}

    def named(source: Source) -> Source:
        if not source.path:
            return source
        path = paths.expanded(source.path)
        digest = source.digest
        now: tuple[int, int] | None = _stamp(path)
        if now is not None:
            digest = _hash(path, now)
            places[digest] = [str(path.absolute()), now[0], now[1]]
        return replace(source, name=path.name, digest=digest)

    request = _each(request, named)
    for model in (request.model, *(item.model for item in request.inputs)):
        if _is_place(model):
            places[_MODEL + Path(model).name] = model
    if places:
        _remember(places)
    return request


def input_of(path: Path) -> ImageInput:
    """A picture as what another one was made from: its name and hash. Its place is remembered.

    Raises:
        OSError: it cannot be read.
    """
    stamp = _stamp(path)
    if stamp is None:
        raise FileNotFoundError(path)
    digest = _hash(path, stamp)
    _remember({digest: [str(path.absolute()), *stamp]})
    return ImageInput(Role.INIT, name=path.name, digest=digest)


def place_of(source: ImageInput, folder: Path) -> Path | None:
    """Where a picture's input is now: where it was remembered, else in `folder` under its own name; None where the file
    with these contents is in neither place.
    """
    written = _stamp(_file())
    match (_places(written) if written else {}).get(source.digest):
        case [str(place), *then] if tuple(then) == _stamp(Path(place)):
            return Path(place)
    path = folder / Path(source.name).name
    stamp = _stamp(path)
    return path if source.name and stamp is not None and _hash(path, stamp) == source.digest else None


def shareable(request: GenerationRequest) -> GenerationRequest:
    """The request without any place on this machine: what may stand in a picture."""

    def nameless(source: Source) -> Source:
        return replace(source, path="", name=source.name or Path(source.path).name)

    request = _each(request, nameless)
    inputs = tuple(replace(item, model=_name(item.model)) for item in request.inputs)
    return request.replace(model=_name(request.model), inputs=inputs)


def shareable_grid(grid: Grid) -> Grid:
    """The grid with names in the stead of its models' places."""
    return Grid(
        tuple(
            replace(axis, values=tuple(_name(str(value)) for value in axis.values)) if axis.field == "model" else axis
            for axis in grid.axes
        )
    )


def located(request: GenerationRequest) -> GenerationRequest:
    """A picture's request with the places of its files, as far as they are known here and still there."""
    written = _stamp(_file())
    places = _places(written) if written else {}

    def found(source: Source) -> Source:
        match places.get(source.digest):
            case [str(place), *then] if not source.path and tuple(then) == _stamp(Path(place)):
                return replace(source, path=place)
        return source

    def model_found(name: str) -> str:
        model = places.get(_MODEL + name)
        return model if isinstance(model, str) and exists(Path(model)) else name

    request = _each(request, found)
    inputs = tuple(replace(item, model=model_found(item.model)) if item.model else item for item in request.inputs)
    return request.replace(model=model_found(request.model), inputs=inputs)


def digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal digits; empty where it cannot be read."""
    now = _stamp(path)
    try:
        return _hash(path, now) if now else ""
    except OSError:
        return ""


def _each(request: GenerationRequest, change: Callable[[Source], Source]) -> GenerationRequest:
    return request.replace(
        inputs=tuple(map(change, request.inputs)),  # type: ignore[arg-type]
        loras=tuple(map(change, request.loras)),  # type: ignore[arg-type]
    )


def _is_place(model: str) -> bool:
    """Whether a model is named by its place on the disk; catalog ids and a cloud's "owner/name" are none."""
    return os.path.isabs(model) or model.startswith(("~", ".", "\\"))  # noqa: PTH117 - a name, not a path yet


def _name(model: str) -> str:
    return Path(model).name if _is_place(model) else model


@lru_cache(1)
def _places(written: tuple[int, int]) -> dict[str, Any]:
    """What is remembered, as the file was at that moment: many pictures are read in a row."""
    return SharedJson(_file()).read_if_possible()


def _remember(places: dict[str, Any]) -> None:
    try:
        with SharedJson(_file()).edit() as known:
            for key in places:
                known.pop(key, None)  # the newest stand last
            known.update(places)
            for key in list(known)[:-MAX_PLACES]:
                del known[key]
    except OSError as error:
        log.warning("Where a picture's files are could not be kept: %s", error)


def _file() -> Path:
    return paths.home() / "sources.json"


def _stamp(path: Path) -> tuple[int, int] | None:
    """When a file was changed, and its size; None where it is none that can be read."""
    try:
        status = path.stat()
        return (status.st_mtime_ns, status.st_size) if path.is_file() and os.access(path, os.R_OK) else None
    except (OSError, ValueError):
        return None


@lru_cache(64)
def _hash(path: Path, stamp: tuple[int, int]) -> str:
    """SHA-256 of a file as it was at that moment."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
