"""The commands of `models`: list, download, compact, remove."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from app.backends.base import Packs
from app.backends.registry import unusable
from app.cli.output import EXIT_CANCELLED, EXIT_OK, cancelled, console, print_json, stoppable
from app.core.errors import GenerationCancelled, UserError
from app.core.message import message
from app.engine.session import Session
from app.library.models.sharing import shared_parts

if TYPE_CHECKING:
    from app.core.catalog import ModelSpec
    from app.library.models.hub.downloads import Need


_PARTS = {"text_encoder": "text encoder", "vae": "autoencoder", "transformer": "transformer"}


def size(count: int) -> str:
    """Bytes in words."""
    return f"{count / 1e9:.1f} GB" if count >= 1e8 else f"{count / 1e6:,.1f} MB"


def models_list(options: argparse.Namespace, session: Session) -> int:
    rows = [*session.models.describe(), *(model.to_json() for model in session.models.list_controlnets())]
    planned = session.models.planned
    if options.json:
        print_json([*rows, *(model.to_json() for model in planned)])
        return EXIT_OK
    for row in rows:
        print(f"{row['id']:<28} {row['state']:<10} {row['download_bytes'] / 1e9:5.1f} GB  {row['licence']}")
    for shared in shared_parts(session.models.list()):
        names = f"{', '.join(shared.models[:-1])} and {shared.models[-1]}"
        print(f"One {_PARTS[shared.part]} ({size(shared.size)}) serves {names}.")
    for model in planned:
        print(f"{model.id:<28} not yet    {model.why} It would need: {model.needs[:1].lower()}{model.needs[1:]}")
    return EXIT_OK


def models_download(options: argparse.Namespace, session: Session) -> int:
    spec = session.models.spec(options.id)
    if not session.models.licence_accepted(spec):
        _accept_licence(options, session, spec)

    tenths = 0  # where there is no terminal, a log gets a line at each tenth instead of a moving bar

    def progress(done: int, total: int, seconds_left: float | None) -> None:
        nonlocal tenths
        bar = "#" * int(30 * done / max(1, total))
        left = f"  {seconds_left:.0f} s left" if seconds_left is not None else ""
        line = f"[{bar:<30}] {done / 1e6:,.0f} of {total / 1e6:,.0f} MB{left}"
        if sys.stderr.isatty():
            console.print(line, passing=True)
        elif int(10 * done / max(1, total)) > tenths:
            tenths = int(10 * done / max(1, total))
            console.print(line)

    def begin(need: Need) -> None:
        others = f"; {size(need.shared)} are here already, with another model" if need.shared else ""
        console.print(f"{size(need.fetch)} to download{others}.")

    try:
        with stoppable() as cancel:
            session.models.download(options.id, progress, cancel, begin)
    except GenerationCancelled:
        console.print("Paused. What has arrived is kept; the same command goes on with it.")
        return EXIT_CANCELLED
    console.print(f"{spec.name} is ready.")
    if options.json:
        print_json(session.models.look(options.id).to_json())
    return EXIT_OK


def _accept_licence(options: argparse.Namespace, session: Session, spec: ModelSpec) -> None:
    print(f"{spec.name} comes under {spec.licence}: {spec.licence_url}", file=sys.stderr)
    if not options.accept_licence:
        if not sys.stdin.isatty():
            raise UserError(
                message("The licence has not been accepted."), message("Read it, then add --accept-licence.")
            )
        if not _says_yes("Do you accept it?"):
            raise UserError(message("The licence has not been accepted."), message("Nothing was downloaded."))
    session.models.accept_licence(spec)


def models_remove(options: argparse.Namespace, session: Session) -> int:
    freed = session.models.remove(options.id)
    if options.json:
        print_json({"id": options.id, "freed_bytes": freed})
    else:
        print(f"{freed / 1e6:,.0f} MB are free again.")
    return EXIT_OK


def models_compact(options: argparse.Namespace, session: Session) -> int:
    """Keep a model in few bits alone."""
    spec = session.models.spec(options.id)
    session.models.resolve(spec.id)  # what is not here is told first
    backend = _packing(session, spec)
    question = (
        f"{spec.name} is kept in {options.precision} for {backend.name} alone; its other files are deleted, and other "
        "precisions need the download again."
    )
    _confirm(question, agreed=options.yes, option="--yes")
    try:
        with stoppable() as cancel:
            freed = session.models.compact(
                spec.id, lambda checkpoint, folder: backend.pack(checkpoint, options.precision, folder, cancel)
            )
    except GenerationCancelled:
        return cancelled()
    if options.json:
        print_json({**session.models.look(spec.id).to_json(), "freed_bytes": freed})
    else:
        print(f"{size(freed)} are free again.")
    return EXIT_OK


def _packing(session: Session, spec: ModelSpec) -> Packs:
    """The backend that has a model and keeps weights in few bits.

    Raises:
        UserError: none does, or it cannot be used now.
    """
    packing = [backend for backend in session.registry.backends.values() if isinstance(backend, Packs)]
    for backend in packing:
        status = backend.check()
        if not status.ready:
            raise unusable(backend, status)
        if spec.id in dict(backend.models()):
            return backend
    raise UserError(
        message("{name} cannot be made smaller.", name=spec.name),
        message("Some models come in few bits already: see the list of models."),
    )


def _confirm(question: str, *, agreed: bool, option: str) -> None:
    """Ask on the terminal. Raises UserError unless the answer is yes."""
    if agreed:
        return
    print(question, file=sys.stderr)
    if not sys.stdin.isatty():
        raise UserError(message("Nothing was changed."), message("Add {option} to agree.", option=option))
    if not _says_yes("Go on?"):
        raise UserError(message("Nothing was changed."))


def _says_yes(question: str) -> bool:
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")
