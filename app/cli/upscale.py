"""The command `upscale`."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

from app.backends.base import GPU_DEVICES, State, Upscales
from app.cli.output import EXIT_OK, EXIT_USER, console, print_json
from app.core.errors import UserError
from app.core.message import any_of, message
from app.core.request import AUTO
from app.engine.session import Session
from app.library import paths
from app.library.files import check_writable
from app.library.pictures import images
from app.library.pictures.export.enlarged import save_enlarged
from app.library.pictures.formats.opening import MAX_DECODED
from app.upscaling.upscalers import SPAN, UPSCALERS, X4PLUS, Enlarge, Upscaler
from app.upscaling.upscalers import upscale as enlarged


def upscale(options: argparse.Namespace, session: Session) -> int:
    """Enlarge pictures, each for itself: what is wrong with one is told, and the others are made."""
    files = [paths.expanded(file).absolute() for file in options.files]
    folder, name = _place(options.out, len(files))
    backend = _backend(options.backend, session)
    device = backend.check().device
    upscaler = UPSCALERS[options.upscaler] if options.upscaler else X4PLUS if device in GPU_DEVICES else SPAN
    console.print(f"{upscaler.name} with {backend.name}.")
    enlarge: Enlarge | None = None
    made: list[dict[str, Any]] = []
    for file in files:
        target = _target(file, options.factor, folder, name)
        try:
            _check(file, options.factor, target)
            enlarge = enlarge or backend.open_upscaler(upscaler)
            started = time.perf_counter()
            picture = _upscale(file, target, options.factor, upscaler, enlarge)
        except UserError as error:
            console.print(f"sana-studio: {error}")
            continue
        made.append(
            {
                "path": str(picture.path), "width": picture.width, "height": picture.height,
                "seconds": round(time.perf_counter() - started, 3), "backend": backend.id, "device": enlarge.device,
                "upscaler": upscaler.id, "factor": options.factor,
            }
        )  # fmt: skip
        console.print(picture.path)
    if options.json:
        print_json(made)
    else:
        for row in made:
            print(row["path"])
    return EXIT_OK if len(made) == len(files) else EXIT_USER


def _upscale(file: Path, target: Path, factor: int, upscaler: Upscaler, enlarge: Enlarge) -> images.Picture:
    pixels = enlarged(
        upscaler,
        enlarge,
        images.decode(file),
        factor,
        on_tile=lambda done, total: console.print(f"{file.name}, part {done} of {total}", passing=True),
    )
    note = message("Enlarged {factor} times with {name}.", factor=factor, name=upscaler.name)
    return save_enlarged(pixels, file, target, note)


def _check(file: Path, factor: int, target: Path) -> None:
    """What is wrong with a file, before the work rather than after it.

    Raises:
        UserError: it is no picture, or the larger one could not be opened or saved.
    """
    picture = images.read(file)
    width, height = factor * picture.width, factor * picture.height
    if width * height > MAX_DECODED:
        raise UserError(
            message(
                "“{name}” would get too large: {width} × {height} pixels.", name=file.name, width=width, height=height
            ),
            message("Use a smaller copy of it."),
        )
    check_writable(target.parent)


def _backend(wish: str, session: Session) -> Upscales:
    """The backend of that name; for "auto" the fastest that works here."""
    known = [backend for backend in session.registry.backends.values() if isinstance(backend, Upscales)]
    if wish != AUTO:
        backend, _ = session.registry.choose(wish, None)
        if isinstance(backend, Upscales):
            return backend
        raise UserError(
            message("{name} does not compute on this machine.", name=backend.name),
            message("Choose {choices}.", choices=any_of([backend.id for backend in known])),
        )
    working = {backend: status for backend in known if (status := backend.check()).state is not State.UNAVAILABLE}
    if not working:
        raise UserError(message("No backend on this machine is ready."), message("See: sana-studio doctor"))
    return min(working, key=lambda backend: backend.speed(working[backend].device))


def _place(out: str | None, count: int) -> tuple[Path | None, str]:
    """The folder of the results (None: beside each picture), and the name of the only one, or nothing."""
    if not out:
        return None, ""
    path = paths.expanded(out).absolute()
    if path.is_dir() or not path.suffix or out.endswith("/"):
        return path, ""
    images.format_of(path)
    if count > 1:
        raise UserError(message("Several pictures do not fit into one file."), message("Name a folder with --out."))
    return path.parent, path.name


def _target(file: Path, factor: int, folder: Path | None, name: str) -> Path:
    """Where a result goes: a picture keeps its format where we write that, else it becomes a PNG."""
    suffix = file.suffix if file.suffix.lower() in images.SUFFIXES else ".png"
    return (folder or file.parent) / (name or f"{file.stem} {factor}x{suffix}")
