"""The command `generate`."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from app.backends.base import Estimate, Lost, Placement, Recovers
from app.cli.options import backend_of, extension_of, inputs_of, loras_of, model_of, variations_of
from app.cli.output import EXIT_BUG, EXIT_OK, EXIT_USER, cancelled, console, print_json, stoppable
from app.cli.results import check_result, keep_frames
from app.cli.target import Target
from app.core import jsonable
from app.core.errors import GenerationCancelled, UserError
from app.core.events import CancelCheck, Cancelled, Event, Failed, Finished, Generated, Loading, Progress, Stage
from app.core.grid import Grid, parse_grid
from app.core.message import message
from app.core.output import ClipOutput
from app.core.request import GenerationRequest
from app.engine.consent import NotAllowedError, allow, check_leaving
from app.engine.saving import MOST_WAITING, Saving
from app.engine.session import Plan, Session
from app.engine.spending import SPEND_UP_TO
from app.library.pictures import images

EARLIER_SECONDS = 30
"""How long `generate` waits at its end for pictures of commands that were killed."""


def generate(options: argparse.Namespace, session: Session) -> int:
    wish = GenerationRequest(
        prompt=options.prompt, negative=options.negative, model=model_of(options.model, session),
        backend=backend_of(options.backend, session), width=options.width, height=options.height, steps=options.steps,
        guidance=options.guidance, solver=options.solver, seed=options.seed, count=options.count,
        precision=options.precision, inputs=inputs_of(options, session), extend=extension_of(options.extend),
        detail=options.detail,
        variations=variations_of(options), style=options.style,
        loras=loras_of(options, session), frames=options.frames, fps=options.fps,
    )  # fmt: skip
    grid = parse_grid(options.grid) if options.grid else None
    if grid is None:
        requests = session.requests(wish)
    else:
        requests = tuple(cell for cells in session.cells(wish, grid) for cell in cells)
    target = Target(options.out, sum(request.count for request in requests), session)
    session.look(wish.backend)
    any_model = options.model is None and not (grid is not None and grid.changes("model"))
    plans = [session.choose(request, any_model=any_model) for request in requests]
    made: list[dict[str, Any]] = []
    end: Event = Finished()
    try:
        with stoppable() as cancel:
            for plan in plans:
                check_result(plan, options, target)
            plans = _prepared(plans, session, cancel)
            for number, plan in enumerate(plans, start=1):
                keep_frames(plan, options.frames_out, number, len(plans))
                more, end = _run(plan, session, target, cancel)
                made += more
                if not isinstance(end, Finished):
                    break
            if grid is not None and isinstance(end, Finished):
                made += _sheets(grid, plans, made, target)
            _report(made, options.json)
            if isinstance(end, Finished) and isinstance(plan.backend, Recovers):
                _fetch_earlier(plan.backend, session, cancel)
    except GenerationCancelled:
        end = Cancelled()
    match end:
        case Finished():
            return EXIT_OK
        case Failed():
            return _explain(end, plan, session)
        case _:
            return cancelled()


def _prepared(
    plans: Sequence[Plan[GenerationRequest]], session: Session, cancel: CancelCheck
) -> list[Plan[GenerationRequest]]:
    """The plans with resolved requests; says what they will run on, and what is worth knowing of that, once."""
    prepared = []
    lines: dict[str, None] = {}
    for plan in plans:
        session.look_up(plan, cancel)
        _ask_to_leave(plan, session)
        capabilities, wished = plan.backend.capabilities(plan.request.model), plan.request
        prepared.append(session.take_up(session.resolve(plan), wished.seed))
        lines[f"{plan.backend.name}: {plan.why}."] = None
        lines |= {str(note): None for note in (*capabilities.notes, *capabilities.ignored(wished))}
        if plan.backend.remote is not None:
            lines[str(plan.backend.remote.sends)] = None
            if plan.backend.remote.charges:
                lines[_price(plan.backend.estimate(prepared[-1].request))] = None
    for line in lines:
        console.print(line)
    return prepared


def _ask_to_leave(plan: Plan[GenerationRequest], session: Session) -> None:
    """Raises NotAllowedError where its user does not agree, or is not there, that a request leaves this machine."""
    try:
        check_leaving(plan.backend, session.settings)
    except NotAllowedError as error:
        if not sys.stdin.isatty():
            remedy = message(
                "Run this in a terminal to be asked, or allow it in Settings, {name}.", name=plan.backend.name
            )
            raise UserError(error.message, remedy) from None
        print(f"{error.message} Allow it? [y/N] ", end="", file=sys.stderr, flush=True)
        if sys.stdin.readline().strip().lower() not in ("y", "yes"):
            raise
        allow(session.settings, error.host)


def _run(
    plan: Plan[GenerationRequest], session: Session, target: Target, cancel: CancelCheck
) -> tuple[list[dict[str, Any]], Event]:
    """Generate, and where it would cost more than the limit, once more if the user agrees."""
    made, end = _save_all(session.run(plan.backend, plan.request, cancel), plan, target)
    agreed = _agreed(end)
    if agreed is not None:
        made, end = _save_all(session.run(plan.backend, plan.request, cancel, agreed), plan, target)
    return made, end


def _sheets(
    grid: Grid, plans: Sequence[Plan[GenerationRequest]], made: Sequence[dict[str, Any]], target: Target
) -> list[dict[str, Any]]:
    """Save the sheets of grids whose pictures are all made; returns their reports."""
    size = grid.columns * grid.rows
    reports = []
    for start in range(0, len(made), size):
        paths = [Path(row["path"]) for row in made[start : start + size]]
        saved = target.save_sheet(grid, plans[start].request, paths)
        console.print(str(saved.path))
        report = dict.fromkeys(made[start])
        report |= {"path": str(saved.path), "width": saved.width, "height": saved.height, "seed": saved.seed}
        reports.append({**report, "prompt": saved.prompt, "sheet": True, "grid": jsonable.to_json(grid)})
    return reports


def _explain(end: Failed, plan: Plan[GenerationRequest], session: Session) -> int:
    """Say what went wrong and what may help; returns the exit status."""
    remedy = end.remedy
    if SPEND_UP_TO in end.suggestion:  # here nobody can press a button
        remedy = message("Run this in a terminal to be asked, or raise the limit in Settings, Cloud.")
    print(f"sana-studio: {end.message} {remedy}".rstrip(), file=sys.stderr)
    elsewhere = session.offer(plan.request, plan.backend, memory=False)
    if elsewhere:
        console.print(f"The cloud may do it: --backend {elsewhere['backend']} --model {elsewhere['model']}")
    return EXIT_BUG if end.bug else EXIT_USER


def _price(estimate: Estimate) -> str:
    """What a picture in the cloud will take, as far as it is known."""
    time = f"about {estimate.seconds:.0f} s each" if estimate.seconds is not None else "time unknown"
    return f"Estimate: {time}, {f'about ${estimate.cost:.4f} in all' if estimate.cost is not None else 'cost unknown'}."


def _agreed(end: Event) -> float | None:
    """What the user agrees to spend; None where there is nothing to ask, or nobody."""
    if not isinstance(end, Failed) or SPEND_UP_TO not in end.suggestion or not sys.stdin.isatty():
        return None
    print(f"{end.message} Generate it anyway? [y/N] ", end="", file=sys.stderr, flush=True)
    return float(end.suggestion[SPEND_UP_TO]) if sys.stdin.readline().strip().lower() in ("y", "yes") else None


def _fetch_earlier(backend: Recovers, session: Session, cancel: CancelCheck) -> None:
    """Fetch pictures that were under way when an earlier command was killed. What takes long is left for later."""
    latest = time.monotonic() + EARLIER_SECONDS
    for found in backend.recover(lambda: cancel() or time.monotonic() > latest):
        if isinstance(found, Lost):
            console.print(f"An earlier picture is lost: {found.message}")
            continue
        picture = session.save(found.request, found.generated)
        console.print(f"A picture that was under way earlier is fetched: {picture.path}")


def _save_all(
    events: Iterator[Event], plan: Plan[GenerationRequest], target: Target
) -> tuple[list[dict[str, Any]], Event]:
    """Save each picture as it comes; returns their reports, and how the job ended: also if one is not saved."""
    made: list[dict[str, Any]] = []

    def save(event: Generated) -> None:
        picture_file = target.save(event, plan.request)
        if event.picture == 0 and event.provenance.prompt_cut:
            console.print(
                message("The prompt is too long; its end is left out: {text}", text=event.provenance.prompt_cut)
            )
        cost = event.provenance.cost
        console.print(f"{picture_file.path} (${cost:.4f})" if cost is not None else str(picture_file.path))
        made.append({**_json_of(picture_file, event), "prompt": picture_file.prompt})

    try:
        with Saving(save, aside=plan.backend.placement is Placement.WORKER) as saving:
            end = _tell(events, saving, target, "clip" if plan.request.frames else "picture")
    except UserError as error:
        return made, Failed(error.message, error.remedy)
    return made, end


def _tell(events: Iterator[Event], saving: Saving, target: Target, kind: str) -> Event:
    """Say how far each picture or clip is, and let it be saved; returns how the job ended."""
    end: Event = Cancelled()
    first = target.saved
    printed: object = None  # a log gets each message once, and a line at each quarter instead of a moving one
    for event in events:
        end = event
        saving.wait(MOST_WAITING)
        match event:
            case Loading(doing):
                console.print(doing, passing=doing == printed)
                printed = doing
            case Progress(picture, step, steps, seconds_left, stage, together):
                left = f", {seconds_left:.0f} s left" if seconds_left is not None else ""
                quarter = (first + picture, stage, 4 * step // steps)
                done = f"step {step} of {steps}"
                if stage is Stage.DECODE:
                    done = "decoding" if steps == 1 else f"frame {step} of {steps}"
                last = first + picture + together
                pictures = f"{kind} {last}" if together == 1 else f"{kind}s {last - together + 1}-{last}"
                line = f"{pictures} of {target.count}, {done}{left}"
                console.print(line, passing=sys.stderr.isatty() or quarter == printed)
                printed = quarter
            case Generated():
                saving.add(event)
    return end


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
        print_json(made)
    else:
        for picture in made:
            print(picture["path"])
