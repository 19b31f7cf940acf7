"""The command line: the same parts as the window, without it.

Exit status: 0, 2 for what the user can mend, 1 for a bug, 130 when cancelled, 141 when nobody reads the output.
"""

from __future__ import annotations

import argparse
import getpass
import io
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app import __version__
from app.backends.base import Backend, Estimate, LooksUp, Lost, Placement, Recovers, SelfTestable
from app.backends.bench.rounds import bench as run_bench
from app.backends.bench.table import table as bench_table
from app.backends.local.backend import LocalBackend
from app.backends.selftest.table import table as self_test_table
from app.composition import Studio, studio
from app.core.errors import GenerationCancelled, UserError
from app.core.events import CancelCheck, Cancelled, Event, Failed, Finished, Generated, Loading, Progress, Stage
from app.core.message import message
from app.core.output import ClipOutput
from app.core.request import DEFAULT_STRENGTH, SPEND_UP_TO, GenerationRequest, ImageInput, Role
from app.engine.self_test import self_test as run_self_test
from app.engine.worker import converted
from app.engine.worker_process import WorkerProcess
from app.library import paths, secrets
from app.library.files import check_writable
from app.library.pictures import clips, images

EXIT_OK, EXIT_BUG, EXIT_USER, EXIT_CANCELLED, EXIT_PIPE = 0, 1, 2, 130, 141
EARLIER_SECONDS = 30
"""How long `generate` waits at its end for pictures of commands that were killed."""


def main(arguments: Sequence[str]) -> int:
    """Run one command; returns the exit status."""
    sys.stdout, sys.stderr = sys.stdout or _nowhere(), sys.stderr or _nowhere()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a path may hold what the terminal cannot show
    try:
        parts = studio()
        options = _parser(parts).parse_args(arguments)
        status: int = options.run(options, parts)
        sys.stdout.flush()
    except UserError as error:
        print(f"sana-studio: {error}", file=sys.stderr)
        return EXIT_USER
    except BrokenPipeError:  # who reads the output has seen enough, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for the flush at Python's end
        return EXIT_PIPE
    return status


def _nowhere() -> io.TextIOWrapper:
    """What stands in for an output that the program was started without."""
    return io.TextIOWrapper(io.FileIO(os.devnull, "w"))


def generate(options: argparse.Namespace, parts: Studio) -> int:
    request = GenerationRequest(
        prompt=options.prompt, negative=options.negative, model=_model(options.model, parts), backend=options.backend,
        width=options.width, height=options.height, steps=options.steps, guidance=options.guidance,
        solver=options.solver, seed=options.seed, count=options.count, precision=options.precision,
        inputs=_inputs(options),
    )  # fmt: skip
    target = _Target(options.out, request.count, parts)
    backend, why = parts.registry.choose(request.backend, None if options.model is None else request.model)
    if options.model is None and request.model not in dict(backend.models()):
        request = request.replace(model=next(iter(backend.models()), (request.model, ""))[0])

    stop = threading.Event()
    previous = signal.signal(signal.SIGINT, lambda *_: stop.set())
    worker = WorkerProcess()
    try:
        if isinstance(backend, LooksUp):
            backend.look_up(request.model, stop.is_set)
        capabilities = backend.capabilities(request.model)
        ignored = capabilities.ignored(request)
        resolved = capabilities.resolve(request)
        if request.seed is None and isinstance(backend, Recovers):
            unfinished = backend.unfinished_seed(resolved)
            resolved = resolved if unfinished is None else resolved.replace(seed=unfinished)
        request = resolved
        _print(f"{backend.name}: {why}.")
        for note in (*capabilities.notes, *ignored):
            _print(note)
        if backend.remote is not None:
            _print(_price(backend.estimate(request)))
        parts.registry.check_memory(backend, request)
        made, end = _save_all(_events(worker, backend, request, stop.is_set), request, target)
        agreed = _agreed(end)
        if agreed:
            request = request.replace(**agreed)
            made, end = _save_all(_events(worker, backend, request, stop.is_set), request, target)
        _report(made, options.json)
        if isinstance(end, Finished) and isinstance(backend, Recovers):
            _fetch_earlier(backend, parts, stop.is_set)
    except GenerationCancelled:
        end = Cancelled()
    finally:
        signal.signal(signal.SIGINT, previous)
        worker.stop()
    match end:
        case Finished():
            return EXIT_OK
        case Failed(problem, remedy, bug):
            if _is_limit(end):  # here nobody can press a button
                remedy = message("Run this in a terminal to be asked, or raise the limit in Settings, Cloud.")
            print(f"sana-studio: {problem} {remedy}".rstrip(), file=sys.stderr)
            elsewhere = parts.registry.elsewhere(request) if backend.remote is None else {}
            if elsewhere:
                _print(f"The cloud may do it: --backend {elsewhere['backend']} --model {elsewhere['model']}")
            return EXIT_BUG if bug else EXIT_USER
        case _:
            print("sana-studio: cancelled", file=sys.stderr)
            return EXIT_CANCELLED


def _events(
    worker: WorkerProcess, backend: Backend, request: GenerationRequest, cancel: CancelCheck
) -> Iterator[Event]:
    if backend.placement is Placement.WORKER:
        return worker.generate(backend.id, request, cancel)
    return converted(lambda: backend.generate(request, cancel))


def _price(estimate: Estimate) -> str:
    """What a picture in the cloud will take, as far as it is known."""
    time = f"about {estimate.seconds:.0f} s each" if estimate.seconds is not None else "time unknown"
    return f"Estimate: {time}, {f'about ${estimate.cost:.4f} in all' if estimate.cost is not None else 'cost unknown'}."


def _is_limit(end: Event) -> bool:
    """Whether the job ended because it would cost more than the monthly limit."""
    return isinstance(end, Failed) and SPEND_UP_TO in dict(end.suggestion.get("options", ()))


def _agreed(end: Event) -> Mapping[str, Any]:
    """The changes to the request that its user agrees to; empty where there is nothing to ask, or nobody."""
    if not isinstance(end, Failed) or not _is_limit(end) or not sys.stdin.isatty():
        return {}
    print(f"{end.message} Generate it anyway? [y/N] ", end="", file=sys.stderr, flush=True)
    return end.suggestion if sys.stdin.readline().strip().lower() in ("y", "yes") else {}


def _fetch_earlier(backend: Recovers, parts: Studio, cancel: CancelCheck) -> None:
    """Fetch pictures that were under way when an earlier command was killed. What takes long is left for later."""
    latest = time.monotonic() + EARLIER_SECONDS
    for found in backend.recover(lambda: cancel() or time.monotonic() > latest):
        if isinstance(found, Lost):
            _print(f"An earlier picture is lost: {found.message}")
            continue
        generated, file_format = found.generated, str(parts.settings.get("file_format"))
        request = found.request.of_picture(generated.seed)
        picture = parts.gallery().save(generated.output, request, generated.provenance, file_format)
        _print(f"A picture that was under way earlier is fetched: {picture.path}")


class _Target:
    """Where `generate` puts its pictures: the library, a folder, or a file (numbered where there are several)."""

    def __init__(self, out: str | None, count: int, parts: Studio) -> None:
        self._parts = parts
        self._out = paths.expanded(out).absolute() if out else None
        self._count = count
        self._format = str(parts.settings.get("file_format"))
        self._is_folder = self._out is not None and (
            os.path.isdir(self._out)  # noqa: PTH112 - a name may be too long to ask for
            or not self._out.suffix
            or str(out).endswith(os.sep)
        )
        # What is wrong here is reported before the work rather than after it.
        if self._out is not None and not self._is_folder:
            images.format_of(self._out)
            check_writable(self._out.parent)
        else:
            check_writable(self._out or parts.settings.pictures_folder())

    def save(self, event: Generated, request: GenerationRequest) -> images.Picture:
        single = request.of_picture(event.seed)
        output, made = event.output, event.provenance
        if self._out is None:
            return self._parts.gallery().save(output, single, made, self._format)
        if isinstance(output, ClipOutput):
            return clips.keep(output, single, made, self._out if self._is_folder else self._out.parent)
        if self._is_folder:
            return images.save(output.pixels, single, made, self._out, self._format)
        path = self._out
        if self._count > 1:
            path = path.with_stem(f"{path.stem}-{event.picture + 1}")
        return images.save_as(output.pixels, single, made, path)


def _save_all(
    events: Iterator[Event], request: GenerationRequest, target: _Target
) -> tuple[list[dict[str, Any]], Event]:
    """Save each picture as it comes; returns their reports, and how the job ended: also if one is not saved."""
    made: list[dict[str, Any]] = []
    end: Event = Cancelled()
    printed: object = None  # a log gets each message once, and a line at each quarter instead of a moving one
    for event in events:
        end = event
        match event:
            case Loading(doing):
                _print(doing, passing=doing == printed)
                printed = doing
            case Progress(picture, step, steps, seconds_left, stage):
                left = f", {seconds_left:.0f} s left" if seconds_left is not None else ""
                quarter = (picture, stage, 4 * step // steps)
                done = "decoding" if stage is Stage.DECODE else f"step {step} of {steps}"
                line = f"picture {picture + 1} of {request.count}, {done}{left}"
                _print(line, passing=sys.stderr.isatty() or quarter == printed)
                printed = quarter
            case Generated():
                try:
                    picture_file = target.save(event, request)
                except UserError as error:
                    return made, Failed(error.message, error.remedy)
                if event.picture == 0 and event.provenance.prompt_cut:
                    _print(
                        message("The prompt is too long; its end is left out: {text}", text=event.provenance.prompt_cut)
                    )
                cost = event.provenance.cost
                _print(f"{picture_file.path} (${cost:.4f})" if cost is not None else str(picture_file.path))
                made.append(_json_of(picture_file, event))
    return made, end


def _json_of(picture: images.Picture, event: Generated) -> dict[str, Any]:
    """What `--json` says of a picture; the contract's keys are always there."""
    always = ("seconds", "peak_memory_bytes", "backend", "device", "precision", "model")
    output, made = event.output, event.provenance
    return {
        "path": str(picture.path),
        "seed": event.seed,
        "width": picture.width,
        "height": picture.height,
        **({"frames": output.frames, "fps": output.fps} if isinstance(output, ClipOutput) else {}),
        **dict.fromkeys(always),
        **made.to_json(),
        **({"note": str(made.note)} if made.note else {}),
    }


def _report(made: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        _print_json(made)
    else:
        for picture in made:
            print(picture["path"])


def doctor(options: argparse.Namespace, parts: Studio) -> int:
    """What each backend can do on this machine, and why not."""
    rows = []
    for backend in parts.registry.backends.values():
        status = backend.check()
        rows.append(
            {
                "backend": backend.id,
                "name": backend.name,
                "status": status.state.value,
                "reason": str(status.reason),
                "remedy": str(status.remedy),
                "device": status.device,
                "models": [model for model, _ in backend.models()] if status.ready else [],
            }
        )
    if options.json:
        _print_json(rows)
        return EXIT_OK
    for row in rows:
        print(f"{row['name']:<12} {row['status']:<14} {row['reason']}")
        if row["remedy"]:
            print(f"{'':<12} {'':<14} → {row['remedy']}")
    return EXIT_OK


def self_test(options: argparse.Namespace, parts: Studio) -> int:
    """Compare what each local backend computes here with stored references; see `app.engine.self_test`."""
    model = _model(options.model, parts)
    stop = threading.Event()
    previous = signal.signal(signal.SIGINT, lambda *_: stop.set())
    worker = WorkerProcess()
    reports = []
    try:
        for backend in _local(parts, options.backend):
            report = run_self_test(worker, backend, parts.settings, stop.is_set, model=model, on_progress=_print)
            _print(report.summary)
            if not options.json:
                print(self_test_table(report.name, report.reports), end="\n\n", flush=True)
            reports.append(report)
    except GenerationCancelled:
        print("sana-studio: cancelled", file=sys.stderr)
        return EXIT_CANCELLED
    finally:
        signal.signal(signal.SIGINT, previous)
        worker.stop()
    passed = all(report.passed for report in reports)
    summary = " ".join(str(report.summary) for report in reports)
    if options.json:
        document = {"passed": passed, "summary": summary, "backends": [report.to_json() for report in reports]}
        _print_json(document)
    return EXIT_OK if passed else EXIT_BUG


def bench(options: argparse.Namespace, parts: Studio) -> int:
    """How long each stage takes here; see `app.backends.bench`."""
    result = run_bench(_local(parts, options.backend), _model(options.model, parts), _print)
    if options.json:
        _print_json(result)
    else:
        print(bench_table(result))
    return EXIT_OK


def _local(parts: Studio, wish: str | None) -> list[LocalBackend]:
    """The local backend of that name, or all that are ready."""
    if wish is not None:
        backend, _ = parts.registry.choose(wish, "starter")
        if not isinstance(backend, LocalBackend):
            raise UserError(
                message("{name} does not compute on this machine.", name=backend.name), message("Choose mlx or torch.")
            )
        return [backend]
    local = [backend for backend in parts.registry.backends.values() if isinstance(backend, LocalBackend)]
    ready = [backend for backend in local if backend.check().ready]
    if not ready:
        raise UserError(message("No backend on this machine is ready."), message("See: sana-studio doctor"))
    return ready


def models_list(options: argparse.Namespace, parts: Studio) -> int:
    rows = parts.models.describe()
    if options.json:
        _print_json(rows)
        return EXIT_OK
    for row in rows:
        print(f"{row['id']:<28} {row['state']:<10} {row['download_bytes'] / 1e9:5.1f} GB  {row['licence']}")
    return EXIT_OK


def models_download(options: argparse.Namespace, parts: Studio) -> int:
    spec = parts.models.spec(options.id)
    if not parts.models.licence_accepted(spec):
        _accept_licence(options, parts, spec)

    tenths = 0  # where there is no terminal, a log gets a line at each tenth instead of a moving bar

    def progress(done: int, total: int, seconds_left: float | None) -> None:
        nonlocal tenths
        bar = "#" * int(30 * done / max(1, total))
        left = f"  {seconds_left:.0f} s left" if seconds_left is not None else ""
        line = f"[{bar:<30}] {done / 1e6:,.0f} of {total / 1e6:,.0f} MB{left}"
        if sys.stderr.isatty():
            _print(line, passing=True)
        elif int(10 * done / max(1, total)) > tenths:
            tenths = int(10 * done / max(1, total))
            _print(line)

    stop = threading.Event()
    previous = signal.signal(signal.SIGINT, lambda *_: stop.set())
    try:
        parts.models.download(options.id, progress, stop.is_set)
    except GenerationCancelled:
        _print("Paused. What has arrived is kept; the same command goes on with it.")
        return EXIT_CANCELLED
    finally:
        signal.signal(signal.SIGINT, previous)
    _print(f"{spec.name} is ready.")
    if options.json:
        _print_json(next(row for row in parts.models.describe() if row["id"] == options.id))
    return EXIT_OK


def _accept_licence(options: argparse.Namespace, parts: Studio, spec: Any) -> None:
    print(f"{spec.name} comes under {spec.licence}: {spec.licence_url}", file=sys.stderr)
    if not options.accept_licence:
        if not sys.stdin.isatty():
            raise UserError(
                message("The licence has not been accepted."), message("Read it, then add --accept-licence.")
            )
        print("Do you accept it? [y/N] ", end="", file=sys.stderr, flush=True)
        if sys.stdin.readline().strip().lower() not in ("y", "yes"):
            raise UserError(message("The licence has not been accepted."), message("Nothing was downloaded."))
    parts.models.accept_licence(spec)


def models_remove(options: argparse.Namespace, parts: Studio) -> int:
    freed = parts.models.remove(options.id)
    if options.json:
        _print_json({"id": options.id, "freed_bytes": freed})
    else:
        print(f"{freed / 1e6:,.0f} MB are free again.")
    return EXIT_OK


def keys_list(options: argparse.Namespace, parts: Studio) -> int:
    """Which keys of online services there are, and where each comes from. Never the keys themselves."""
    rows = [{"name": name, "source": secrets.get(name).source} for name in secrets.VARIABLES]
    if options.json:
        _print_json(rows)
    else:
        for row in rows:
            print(f"{row['name']:<12} {row['source'] or 'none'}")
    return EXIT_OK


def keys_set(options: argparse.Namespace, parts: Studio) -> int:
    """Keep a key in the keychain. It is typed or piped, never an argument: arguments are seen by others."""
    try:
        value = getpass.getpass(f"Key for {options.name}: ") if sys.stdin.isatty() else sys.stdin.readline()
    except EOFError:
        value = ""
    if not secrets.lasting():
        raise UserError(
            message("There is no keychain to keep the key in."),
            message("Set {variable} in the environment.", variable=secrets.VARIABLES[options.name]),
        )
    secrets.set(options.name, value)
    return keys_list(options, parts)


def keys_remove(options: argparse.Namespace, parts: Studio) -> int:
    secrets.delete(options.name)
    return keys_list(options, parts)


def _model(wish: str | None, parts: Studio) -> str:
    """A model id as it is, a folder as an absolute path: the worker has another working directory in a bundle."""
    if wish is None:
        return "starter"
    return parts.models.absolute(wish)


def _print_json(document: Any) -> None:
    """The one document on stdout, in ASCII, which every pipe and log takes."""
    print(json.dumps(document, indent=2))


def _inputs(options: argparse.Namespace) -> tuple[ImageInput, ...]:
    """The pictures to start from.

    Raises:
        UserError: what stands there makes no sense without a start picture.
    """
    if not options.init_image:
        if options.strength is not None:
            raise UserError(
                message("A strength needs a start picture."),
                message("Name one with --init-image, or leave --strength out."),
            )
        if options.mask:
            raise UserError(
                message("A mask needs a start picture."), message("Name one with --init-image, or leave --mask out.")
            )
        return ()
    strength = DEFAULT_STRENGTH if options.strength is None else options.strength
    inputs = [ImageInput(Role.INIT, _absolute(options.init_image), strength)]
    if options.mask:
        inputs.append(ImageInput(Role.MASK, _absolute(options.mask)))
    return tuple(inputs)


def _absolute(path: str) -> str:
    return str(paths.expanded(path).absolute()) if path else ""


class _Console:
    """Prints on stderr. A passing line (progress) is overwritten by the next one, and only a terminal sees it."""

    def __init__(self) -> None:
        self._passing = False

    def print(self, text: object, *, passing: bool = False) -> None:
        terminal = sys.stderr.isatty()
        if passing and not terminal:
            return
        if self._passing:
            print("\r\033[K", end="", file=sys.stderr)
        print(text, end="" if passing else "\n", file=sys.stderr, flush=True)
        self._passing = passing


_print = _Console().print


def _parser(parts: Studio) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="sana-studio", description="Make pictures with SANA. Without a command it opens the window."
    )
    parser.add_argument("--version", action="version", version=f"Sana Studio {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    tested = "|".join(id for id, backend in parts.registry.backends.items() if isinstance(backend, SelfTestable))

    command = commands.add_parser("generate", help="generate pictures")
    command.add_argument("prompt", metavar="PROMPT")
    command.add_argument(
        "--model",
        metavar="ID|FOLDER",
        help="a model's id, a checkpoint in diffusers layout, or a transformer alone (FILE@ID: made from ID)",
    )
    command.add_argument("--backend", default="auto", metavar="|".join(("auto", *parts.registry.backends)))
    command.add_argument("--negative", default="", metavar="TEXT", help="what to avoid")
    command.add_argument("--width", type=int, metavar="N")
    command.add_argument("--height", type=int, metavar="N")
    command.add_argument("--steps", type=int, metavar="N")
    command.add_argument("--guidance", type=float, metavar="X")
    command.add_argument("--solver", choices=("dpmpp", "euler", "scm"))
    command.add_argument("--seed", type=int, metavar="N")
    command.add_argument("--count", type=int, default=1, metavar="N")
    command.add_argument("--precision", default="auto", choices=("auto", "float32", "bfloat16", "8bit", "4bit"))
    command.add_argument("--init-image", default="", metavar="FILE", help="a picture to start from")
    command.add_argument("--strength", type=float, metavar="X", help="how far to go from it (0 to 1)")
    command.add_argument("--mask", default="", metavar="FILE", help="white is generated anew, black is kept")
    command.add_argument("--out", metavar="FILE|FOLDER", help="where to save (default: your pictures folder)")
    _finish(command, generate)

    command = commands.add_parser("self-test", help="prove that each local backend computes the right numbers")
    command.add_argument("--backend", metavar=tested, help="only this one")
    command.add_argument("--model", metavar="ID|FOLDER", help="another model than the starter")
    _finish(command, self_test)

    command = commands.add_parser("bench", help="measure each local backend, and diffusers' own pipeline beside it")
    command.add_argument("--backend", metavar=tested, help="only this one")
    command.add_argument("--model", metavar="ID|FOLDER", help="another model than the starter")
    _finish(command, bench)

    _finish(commands.add_parser("doctor", help="what each backend can do on this machine, and why not"), doctor)

    group = commands.add_parser("models", help="list, download and remove models")
    actions = group.add_subparsers(metavar="ACTION", required=True)
    _finish(actions.add_parser("list", help="all models and their state"), models_list)
    command = actions.add_parser("download", help="fetch a model")
    command.add_argument("id", metavar="ID")
    command.add_argument("--accept-licence", action="store_true", help="accept the model's licence")
    _finish(command, models_download)
    command = actions.add_parser("remove", help="free a model's space")
    command.add_argument("id", metavar="ID")
    _finish(command, models_remove)

    group = commands.add_parser("keys", help="the keys of online services, in the system's keychain")
    actions = group.add_subparsers(metavar="ACTION", required=True)
    _finish(actions.add_parser("list", help="which keys there are, and where they come from"), keys_list)
    for action, help_text, run in (
        ("set", "keep a key; it is typed or read from standard input", keys_set),
        ("remove", "forget a key", keys_remove),
    ):
        command = actions.add_parser(action, help=help_text)
        command.add_argument("name", choices=tuple(secrets.VARIABLES))
        _finish(command, run)
    return parser


def _finish(command: argparse.ArgumentParser, run: Any) -> None:
    command.add_argument("--json", action="store_true", help="one JSON document on stdout")
    command.set_defaults(run=run)
