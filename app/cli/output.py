"""What the command line prints, and with which exit status it ends."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

EXIT_OK, EXIT_BUG, EXIT_USER, EXIT_CANCELLED, EXIT_PIPE = 0, 1, 2, 130, 141


def print_json(document: Any) -> None:
    """The one document on stdout, in ASCII, which every pipe and log takes."""
    print(json.dumps(document, indent=2))


class Console:
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


console = Console()


def cancelled() -> int:
    """Say that the user stopped it; returns the exit status."""
    print("sana-studio: cancelled", file=sys.stderr)
    return EXIT_CANCELLED


@contextmanager
def stoppable() -> Iterator[Callable[[], bool]]:
    """Within it, Ctrl+C lets the yielded function answer True from then on; a second one ends the process at once.

    Python calls no handler while a model computes, so a thread of its own hears of both.
    """
    stop = threading.Event()
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    previous = signal.signal(signal.SIGINT, lambda *_: stop.set())
    wakeup = signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
    threading.Thread(target=_listen, args=(ours, stop), name="Ctrl+C", daemon=True).start()
    try:
        yield stop.is_set
    finally:
        signal.set_wakeup_fd(wakeup)
        signal.signal(signal.SIGINT, previous)
        theirs.close()  # which ends the thread


def _listen(signals: socket.socket, stop: threading.Event) -> None:
    """Read the numbers of the signals that come until nobody is left to send any."""
    presses = 0
    with signals:
        while received := signals.recv(1):
            presses += received[0] == signal.SIGINT
            if presses > 1:
                os._exit(cancelled())
            if presses == 1:
                stop.set()
                console.print("Stopping. Press Ctrl+C again to end at once.")
