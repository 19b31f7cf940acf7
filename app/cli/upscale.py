"""The command `upscale`."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

from app.cli.options import backend_of, model_of
from app.cli.output import EXIT_OK, EXIT_USER, cancelled, console, print_json, stoppable
from app.core.enlarge import EnlargeRequest
from app.core.errors import GenerationCancelled, UserError
from app.core.events import CancelCheck, Cancelled, Failed, Generated, Loading, Progress, Stage
from app.core.message import message
from app.core.output import ImageOutput
from app.engine import enlarging
from app.engine.session import Plan, Session
from app.library import paths
from app.library.files import check_writable
from app.library.pictures import images
from app.library.pictures.export.enlarged import file_name, save_enlarged


def upscale(options: argparse.Namespace, session: Session) -> int:
    """Enlarge pictures, each for itself: what is wrong with one is told, and the others are made."""
    files = [paths.expanded(file).absolute() for file in options.files]
    folder, name = _place(options.out, len(files))
    _check_refine(options)
    # A wrong wish is told before any file is opened.
    session.choose(EnlargeRequest("", backend=backend_of(options.backend, session)))
    made: list[dict[str, Any]] = []
    try:
        with stoppable() as cancel:
            for file in files:
                try:
                    made.append(_upscale(file, options, (folder or file.parent, name), session, cancel))
                except UserError as error:
                    console.print(f"sana-studio: {error}")
    except GenerationCancelled:
        return cancelled()
    if options.json:
        print_json(made)
    else:
        for row in made:
            print(row["path"])
    return EXIT_OK if len(made) == len(files) else EXIT_USER


def _upscale(
    file: Path, options: argparse.Namespace, place: tuple[Path, str], session: Session, cancel: CancelCheck
) -> dict[str, Any]:
    """Make one picture larger; returns its report."""
    wish = enlarging.wish(
        session.registry, file, options.factor, upscaler=enlarging.own_upscaler(options.upscaler or ""),
        backend=backend_of(options.backend, session), strength=options.refine or 0.0, prompt=options.prompt,
        model=model_of(options.model, session) if options.model else "",
    )  # fmt: skip
    plan = session.resolve(session.choose(wish))
    target = place[0] / (place[1] or file_name(file, options.factor))
    check_writable(target.parent)
    started = time.perf_counter()
    generated = _generated(file, plan, session, cancel)
    assert isinstance(generated.output, ImageOutput)
    picture = save_enlarged(generated.output.pixels, file, target, generated.provenance)
    console.print(picture.path)
    return _json_of(picture, generated, plan.request, time.perf_counter() - started)


def _generated(file: Path, plan: Plan[EnlargeRequest], session: Session, cancel: CancelCheck) -> Generated:
    """Run it and tell how it stands.

    Raises:
        UserError: it did not work.
        GenerationCancelled: the user pressed Ctrl+C.
    """
    result: Generated | None = None
    for event in session.run(plan.backend, plan.request, cancel):
        match event:
            case Loading(doing):
                console.print(f"{plan.backend.name}: {doing}")
            case Progress(_, done, total, seconds_left, stage):
                left = f", {seconds_left:.0f} s left" if seconds_left is not None else ""
                word = "step" if stage is Stage.GENERATE else "part"
                console.print(f"{file.name}, {word} {done} of {total}{left}", passing=True)
            case Generated():
                result = event
            case Failed(problem, remedy):
                raise UserError(problem, remedy)
            case Cancelled():
                raise GenerationCancelled
    assert result is not None
    return result


def _json_of(picture: images.Picture, made: Generated, request: EnlargeRequest, seconds: float) -> dict[str, Any]:
    """What `--json` says of a picture."""
    return {
        "path": str(picture.path), "width": picture.width, "height": picture.height, "seconds": round(seconds, 3),
        "backend": made.provenance.backend, "device": made.provenance.device, "upscaler": request.upscaler,
        "factor": request.factor, **_refined(request, made),
    }  # fmt: skip


def _refined(request: EnlargeRequest, made: Generated) -> dict[str, Any]:
    """What refining adds to that."""
    if request.refine is None:
        return {}
    how = made.provenance
    return {
        "refine": request.strength, "model": how.model, "precision": how.precision, "seed": request.refine.seed,
        "peak_memory_bytes": how.peak_memory_bytes,
    }  # fmt: skip


def _check_refine(options: argparse.Namespace) -> None:
    refine = options.refine
    if refine is None and (options.prompt or options.model):
        raise UserError(
            message("A prompt and a model are for refining alone."),
            message("Add --refine 0.2, or leave them out."),
        )
    if refine is not None and not 0 < refine <= 1:
        raise UserError(
            message("A strength of {strength:g} is out of range.", strength=refine),
            message("Choose more than 0, at most 1."),
        )


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
