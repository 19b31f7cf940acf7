"""Starts the app: the window, or the command line where a command is given."""

from __future__ import annotations

import gc
import importlib
import os
import sys
from collections.abc import Sequence

COMMANDS = ("generate", "self-test", "bench", "doctor", "upscale", "models", "keys", "endpoints")


def main(arguments: Sequence[str] | None = None) -> int:
    """The console script, `python -m app` and the bundle's entry. Returns the exit status."""
    if getattr(sys, "frozen", False):
        from multiprocessing import freeze_support

        freeze_support()  # in the bundle, the worker process starts here too
    try:
        return _run(sys.argv[1:] if arguments is None else arguments)
    except KeyboardInterrupt:
        print("sana-studio: cancelled", file=sys.stderr)
        return 130


def _run(arguments: Sequence[str]) -> int:
    arguments = [_path(argument) for argument in arguments]
    files = [argument for argument in arguments if is_link(argument) or os.path.isfile(argument)]  # noqa: PTH113
    if arguments and (arguments[0] in COMMANDS or len(files) < len(arguments)):
        from app import cli
        from app.library import logs

        logs.set_up("command")
        return cli.main(arguments)
    if not has_display():
        from app import tour

        return tour.main()
    return _window(files)


def _window(files: Sequence[str]) -> int:
    """Open the window, in an order that lets it be seen soon."""
    # Nothing of what is imported and made by then is garbage; looking for some takes a tenth of the time.
    gc.disable()
    # Before anything else imports Qt: PySide would read the source of every module that is imported.
    importlib.import_module("app.ui")
    from app import window

    return window.main(files)


def _path(argument: str) -> str:
    """An argument, as a path where it is the address of a file: so desktops name files to an app that opens links."""
    if not argument.startswith("file:///"):
        return argument
    from urllib.parse import unquote

    return unquote(argument.removeprefix("file://"))


def is_link(argument: str) -> bool:
    """Whether it is a link as in `core.links`, which is not imported for that: most starts have none."""
    return argument[:12].lower() == "sana-studio:"


def has_display() -> bool:
    """Whether a window can be seen: always on a Mac; on Linux where there is an X or Wayland display.

    With QT_QPA_PLATFORM=offscreen it is drawn, but nobody sees it.
    """
    if os.environ.get("QT_QPA_PLATFORM") == "offscreen":
        return False
    if sys.platform != "linux":
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


if __name__ == "__main__":
    sys.exit(main())
