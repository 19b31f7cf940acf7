"""Tells how far a long piece of file work is."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from app.ui.controls.message_bar import MessageBar

PATIENCE = 1.0
"""Seconds before anything is told."""
INTERVAL = 0.1
"""Seconds between two looks."""


class ProgressNotice(QObject):
    """Shows in the message bar how much is done, once the work takes longer than a moment.

    Args:
        words: what to say for so many per cent.
    """

    _advanced = Signal(int)

    def __init__(self, bar: MessageBar, words: Callable[[int], str]) -> None:
        super().__init__(bar)
        self._bar = bar
        self._words = words
        self._next = time.monotonic() + PATIENCE
        self._ended = False
        self._advanced.connect(self._show)

    def advance(self, done: int, total: int) -> None:
        """So many of all are done. May be called from the thread that does them."""
        now = time.monotonic()
        if now >= self._next and done < total:
            self._next = now + INTERVAL
            self._advanced.emit(100 * done // total)

    def end(self) -> None:
        """Tell no more."""
        self._ended = True
        self.deleteLater()

    def _show(self, percent: int) -> None:
        if not self._ended:
            self._bar.show_notice(lambda: self._words(percent), stay=True)
