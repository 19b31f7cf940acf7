"""The app's log: what happened, kept in a few small files that a user can attach to a report."""

from __future__ import annotations

import contextlib
import logging
import logging.handlers
import sys
import threading
from types import TracebackType

from app.library import paths, secrets

MAX_BYTES = 1_000_000
BACKUPS = 3

log = logging.getLogger(__name__)


class RedactingFormatter(logging.Formatter):
    """Blanks every known secret, in the message as in the traceback."""

    def format(self, record: logging.LogRecord) -> str:
        return secrets.redact(super().format(record))


class LogFile(logging.handlers.RotatingFileHandler):
    """The log on disk. Where it cannot be written, on a full disk say, the app goes on without that line."""

    def handleError(self, record: logging.LogRecord) -> None:
        pass

    def close(self) -> None:
        with contextlib.suppress(OSError):
            super().close()


def set_up(name: str = "sana-studio") -> None:
    """Log to "name.log" in `paths.logs()`, and warnings to the standard error; may be called again.

    Exceptions that nobody handles are logged too. Where the folder cannot be written to, the app goes on without a
    file.
    """
    root = logging.getLogger()
    for handler in tuple(root.handlers):
        if isinstance(handler.formatter, RedactingFormatter):
            root.removeHandler(handler)
            handler.close()
    console = logging.StreamHandler()
    console.setLevel(logging.WARNING)
    console.setFormatter(RedactingFormatter("%(levelname)s: %(message)s"))
    root.addHandler(console)
    # What other packages tell below a warning is not for the user's disk: it names addresses and files.
    root.setLevel(logging.WARNING)
    logging.getLogger("app").setLevel(logging.INFO)
    try:
        paths.logs().mkdir(parents=True, exist_ok=True)
        file = LogFile(
            paths.logs() / f"{name}.log", maxBytes=MAX_BYTES, backupCount=BACKUPS, encoding="utf-8", errors="replace"
        )
    except OSError as error:
        log.warning("No log file can be written: %s", error)
    else:
        file.setFormatter(RedactingFormatter("%(asctime)s %(levelname)s %(process)d %(name)s: %(message)s"))
        root.addHandler(file)
    sys.excepthook = _log_unhandled
    threading.excepthook = _log_unhandled_in_thread


def _log_unhandled(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None, where: str = "the main thread"
) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    log.critical("Unhandled in %s", where, exc_info=(kind, error, trace))


def _log_unhandled_in_thread(arguments: threading.ExceptHookArgs) -> None:
    if arguments.exc_value is not None and not issubclass(arguments.exc_type, SystemExit):
        where = arguments.thread.name if arguments.thread else "a thread"
        _log_unhandled(arguments.exc_type, arguments.exc_value, arguments.exc_traceback, where)
