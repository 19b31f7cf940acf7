"""The commands of `endpoints`: servers and services of the user's own."""

from __future__ import annotations

import argparse
import getpass
import sys
import time
from typing import Any

from app.backends.base import HasTest
from app.cli.output import EXIT_OK, EXIT_USER, console, print_json
from app.core.errors import UserError
from app.core.message import message
from app.engine.session import Session
from app.library import paths, secrets
from app.library.endpoints import Endpoint, Kind


def endpoints_add(options: argparse.Namespace, session: Session) -> int:
    """Keep an endpoint. Without a variable, a terminal is asked for the key, which then stands in the keychain."""
    endpoint = session.endpoints.add(
        Endpoint(
            options.name, Kind(options.kind), options.url, options.key_env, options.model, _template(options.template),
            options.price,
        )
    )  # fmt: skip
    if not endpoint.key_env and sys.stdin.isatty():
        try:
            _ask_for_key(endpoint)
        except UserError:
            session.endpoints.remove(endpoint.name)
            raise
    if options.json:
        print_json(_row(endpoint))
    else:
        print(_line(endpoint))
    return EXIT_OK


def endpoints_list(options: argparse.Namespace, session: Session) -> int:
    endpoints = session.endpoints.list()
    if options.json:
        print_json([_row(endpoint) for endpoint in endpoints])
    else:
        for endpoint in endpoints:
            print(_line(endpoint))
    return EXIT_OK


def endpoints_test(options: argparse.Namespace, session: Session) -> int:
    """Ask the endpoint something that costs nothing; exit status 2 where it does not work."""
    endpoint = session.endpoints.get(options.name)
    backend = session.registry.backends[endpoint.name]
    assert isinstance(backend, HasTest)
    began = time.monotonic()
    try:
        answer, error = str(backend.test()), None
    except UserError as refused:
        answer, error = "", refused
    if options.json:
        seconds = round(time.monotonic() - began, 3)
        told = {"answer": answer, "error": str(error.message) if error else None}
        print_json({"name": endpoint.name, "kind": str(endpoint.kind), "ok": error is None, "seconds": seconds, **told})
    elif error is None:
        print(f"{endpoint.name}: {answer}")
    if error is not None:
        console.print(f"sana-studio: {error}")
        return EXIT_USER
    return EXIT_OK


def endpoints_remove(options: argparse.Namespace, session: Session) -> int:
    session.endpoints.remove(options.name)
    return endpoints_list(options, session)


def _ask_for_key(endpoint: Endpoint) -> None:
    try:
        value = getpass.getpass(f"Key for {endpoint.name} (empty: it needs none): ").strip()
    except EOFError:
        value = ""
    if not value:
        return
    if not secrets.lasting():
        raise UserError(
            message("There is no keychain to keep the key in."), message("Name a variable that holds it: --key-env.")
        )
    secrets.set(endpoint.secret, value)


def _template(file: str | None) -> str:
    if not file:
        return ""
    try:
        return paths.expanded(file).read_text(encoding="utf-8")
    except (OSError, ValueError):
        raise UserError(
            message("The template “{name}” cannot be read.", name=file), message("Name a text file with a JSON object.")
        ) from None


def _row(endpoint: Endpoint) -> dict[str, Any]:
    """An endpoint as JSON. Never its key."""
    return {
        "name": endpoint.name,
        "kind": str(endpoint.kind),
        "url": endpoint.url,
        "key_env": endpoint.key_env or None,
        "model": endpoint.model or None,
        "price": endpoint.price,
    }


def _line(endpoint: Endpoint) -> str:
    return f"{endpoint.name:<20} {endpoint.kind:<12} {endpoint.url}"
