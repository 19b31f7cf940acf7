"""A timer in the window's thread: its longest gap is the window's longest stall."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEventLoop, Qt, QTimer

BEAT_MS = 5


class Beats:
    """Beats every 5 ms from `start` to `stop`.

    Attributes:
        gaps: seconds on the clock between two beats.
        work: seconds that the thread itself computed between them, which a busy machine does not stretch.
    """

    def __init__(self) -> None:
        self.gaps: list[float] = []
        self.work: list[float] = []
        self._latest = self._computed = 0.0
        self._timer = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=BEAT_MS)
        self._timer.timeout.connect(self._beat)

    def start(self) -> None:
        self.gaps, self.work = [], []
        self._latest, self._computed = time.perf_counter(), time.thread_time()
        self._timer.start()

    def stop(self) -> None:
        self._beat()
        self._timer.stop()

    def _beat(self) -> None:
        now, own = time.perf_counter(), time.thread_time()
        self.gaps.append(now - self._latest)
        self.work.append(own - self._computed)
        self._latest, self._computed = now, own


def wait(done: Callable[[], bool], seconds: float) -> bool:
    """An event loop as the app's own, nothing but events, until `done`; returns whether it was in time."""
    loop = QEventLoop()
    check = QTimer(interval=20)
    deadline = time.monotonic() + seconds
    check.timeout.connect(lambda: loop.quit() if done() or time.monotonic() > deadline else None)
    check.start()
    loop.exec()
    return done()
