"""The command `doctor`: each way to compute, whether it can be used here and now, what it suits and what it costs."""

from __future__ import annotations

import argparse
import textwrap
from typing import Any

from app.backends.base import Group, HasAccount, OnServer
from app.backends.ways import Way, key_source, look_at_servers, this_machine, ways
from app.cli.output import EXIT_OK, print_json
from app.engine.session import Session
from app.library import machine

WIDTH = 110
INDENT = 32
HEADINGS = {Group.MACHINE: "On this machine", Group.NETWORK: "On this network", Group.CLOUD: "In the cloud"}


def doctor(options: argparse.Namespace, session: Session) -> int:
    """Print the table. Only servers on this machine are asked; nothing is sent anywhere else."""
    look_at_servers(session.registry)
    rows = ways(session.registry)
    if options.json:
        print_json([_document(way, session) for way in rows])
        return EXIT_OK
    print(this_machine(float(session.settings.get("memory_limit_gb"))))
    heading = None
    for way in rows:
        if way.group is not heading:
            heading = way.group
            print(f"\n{HEADINGS[heading]}")
        _print(way, session)
    return EXIT_OK


def _print(way: Way, session: Session) -> None:
    lines = [str(way.status.reason)]
    if way.suits.good_for:
        lines.append(f"Good for: {way.suits.good_for}")
    if way.suits.costs:
        lines.append(f"Costs: {way.suits.costs}")
    backend = session.registry.backends.get(way.id)
    if backend is not None and isinstance(backend, HasAccount) and (source := key_source(backend)):
        lines.append(f"Key: {source}")
    if way.status.remedy:
        lines.append(f"→ {way.status.remedy}")
    for number, line in enumerate(lines):
        start = f"  {way.name!s:<15} {way.status.state.value:<13} " if number == 0 else ""
        print(textwrap.fill(line, WIDTH, initial_indent=f"{start:<{INDENT}}", subsequent_indent=" " * INDENT))


def _document(way: Way, session: Session) -> dict[str, Any]:
    status = way.status
    document: dict[str, Any] = {
        "backend": way.id,
        "name": str(way.name),
        "group": way.group.value,
        "usable": way.usable,
        "status": status.state.value,
        "reason": str(status.reason),
        "remedy": str(status.remedy),
        "good_for": str(way.suits.good_for),
        "costs": str(way.suits.costs),
        "device": status.device,
        "models": [],
    }
    backend = session.registry.backends.get(way.id)
    if backend is None:
        return document
    if way.usable:
        document["models"] = [model for model, _ in backend.models()]
    if backend.group is Group.MACHINE:
        document["chip"] = machine.chip()
        document["memory_bytes"] = machine.total_memory()
        document["memory_limit_bytes"] = machine.memory_budget(float(session.settings.get("memory_limit_gb")))
    if isinstance(backend, HasAccount):
        document["key"] = key_source(backend)
    if isinstance(backend, OnServer):
        document["address"] = backend.address
    return document
