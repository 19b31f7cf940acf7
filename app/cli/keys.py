"""The commands of `keys`: the keys of online services, in the system's keychain."""

from __future__ import annotations

import argparse
import getpass
import sys

from app.cli.output import EXIT_OK, print_json
from app.core.errors import UserError
from app.core.message import message
from app.engine.session import Session
from app.library import secrets


def keys_list(options: argparse.Namespace, session: Session) -> int:
    """Which keys of online services there are, and where each comes from. Never the keys themselves."""
    rows = [{"name": name, "source": secrets.get(name).source} for name in secrets.VARIABLES]
    if options.json:
        print_json(rows)
    else:
        for row in rows:
            print(f"{row['name']:<12} {row['source'] or 'none'}")
    return EXIT_OK


def keys_set(options: argparse.Namespace, session: Session) -> int:
    """Keep a key in the keychain. It is typed or piped, never an argument: arguments are seen by others."""
    try:
        value = getpass.getpass(f"Key for {options.name}: ") if sys.stdin.isatty() else sys.stdin.readline()
    except EOFError:
        value = ""
    if not secrets.lasting():
        raise UserError(
            message("There is no keychain to keep the key in."),
            message("Set {variable} in the environment.", variable=secrets.VARIABLES[options.name])
            if secrets.VARIABLES[options.name]
            else message("Add the endpoint anew with a variable that holds it: --key-env."),
        )
    secrets.set(options.name, value)
    return keys_list(options, session)


def keys_remove(options: argparse.Namespace, session: Session) -> int:
    secrets.delete(options.name)
    return keys_list(options, session)
