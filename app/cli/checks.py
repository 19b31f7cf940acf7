"""The commands `self-test` and `bench`: whether this machine computes rightly, and how fast."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from app.backends.base import STARTER, OwnSelfTest, SelfTestable
from app.backends.bench.rounds import bench as run_bench
from app.backends.bench.table import table as bench_table
from app.backends.local.backend import LocalBackend
from app.backends.selftest.table import table as self_test_table
from app.cli.options import backend_of, model_of
from app.cli.output import EXIT_BUG, EXIT_OK, cancelled, console, print_json, stoppable
from app.core.errors import GenerationCancelled, UserError
from app.core.message import any_of, message
from app.engine.self_test import self_test as run_self_test
from app.engine.session import Session


def self_test(options: argparse.Namespace, session: Session) -> int:
    """Compare what each local backend computes here with stored references; see `app.engine.self_test`."""
    model = model_of(options.model, session)
    reports = []
    try:
        with stoppable() as cancel:
            for backend in _tested(session, options.backend, model):
                report = run_self_test(
                    session.worker, backend, session.settings, cancel, model=model, on_progress=console.print
                )
                console.print(report.summary)
                if not options.json:
                    print(self_test_table(report.name, report.reports), end="\n\n", flush=True)
                reports.append(report)
    except GenerationCancelled:
        return cancelled()
    passed = all(report.passed for report in reports)
    summary = " ".join(str(report.summary) for report in reports)
    if options.json:
        document = {"passed": passed, "summary": summary, "backends": [report.to_json() for report in reports]}
        print_json(document)
    return EXIT_OK if passed else EXIT_BUG


def bench(options: argparse.Namespace, session: Session) -> int:
    """How long each stage takes here; see `app.backends.bench`."""
    model = model_of(options.model, session)
    backends = [
        backend
        for backend in _tested(session, options.backend, model)
        if isinstance(backend, LocalBackend) and not isinstance(backend, OwnSelfTest)
    ]
    if not backends:
        raise UserError(message("The benchmark measures Sana alone."), message("Leave out --backend."))
    result = run_bench(backends, model, console.print)
    if options.json:
        print_json(result)
    else:
        print(bench_table(result))
    return EXIT_OK


def _tested(session: Session, wish: str | None, model: str) -> list[SelfTestable]:
    """The backend of that name, or all that are ready and have the model, of those that can be tested."""
    known = {id: backend for id, backend in session.registry.backends.items() if isinstance(backend, SelfTestable)}
    if wish is not None:
        backend, _ = session.registry.choose(backend_of(wish, session), model)
        if not isinstance(backend, SelfTestable):
            raise UserError(
                message("{name} does not compute on this machine.", name=backend.name),
                message("Choose {choices}.", choices=any_of(list(known))),
            )
        _check_pictures([backend], model)
        return [backend]
    ready = [backend for backend in known.values() if backend.check().ready]
    if not ready:
        raise UserError(message("No backend on this machine is ready."), message("See: sana-studio doctor"))
    having = [backend for backend in ready if _has(backend, model)]
    _check_pictures(having, model)
    if not having:
        ready[0].checkpoint(model)  # says why not
    return having


def _check_pictures(backends: Sequence[SelfTestable], model: str) -> None:
    """Raises UserError where a model makes no pictures, which are what is compared and timed."""
    if model != STARTER and backends and (checkpoint := backends[0].checkpoint(model)).makes_clips:
        raise UserError(
            message("{model} makes clips, and this command tests with pictures.", model=checkpoint.name),
            message("Leave out --model."),
        )


def _has(backend: SelfTestable, model: str) -> bool:
    if model == STARTER and isinstance(backend, OwnSelfTest):
        return True
    try:
        backend.checkpoint(model)
    except UserError:
        return False
    return True
