"""Runs one command.

Exit status: 0, 2 for what the user can mend, 1 for a bug, 130 when cancelled, 141 when nobody reads the output.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence

from app.cli.output import EXIT_PIPE, EXIT_USER
from app.cli.parser import make_parser
from app.composition import open_session
from app.core.errors import UserError


def main(arguments: Sequence[str]) -> int:
    """Run one command; returns the exit status."""
    sys.stdout, sys.stderr = sys.stdout or _nowhere(), sys.stderr or _nowhere()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a path may hold what the terminal cannot show
    try:
        session = open_session()
        options = make_parser(session).parse_args(arguments)
        try:
            status: int = options.run(options, session)
        finally:
            session.close()
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
