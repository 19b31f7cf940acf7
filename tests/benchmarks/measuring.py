"""What the benchmarks of the gallery have in common: how long the window takes to open, and each of its frames."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from app.engine.engine import Engine
    from app.ui.main_window import MainWindow

Spread = dict[str, float]


class Opened(NamedTuple):
    """A window that has painted its gallery, after how many seconds, and what its own thread computed of them."""

    engine: Engine
    window: MainWindow
    seconds: float
    own_work: float


def open_window() -> Opened:
    """Open the window as the app does."""
    from PySide6.QtCore import QEvent, QObject

    from app.ui.main_window import MainWindow
    from app.window import application, open_engine

    app = application()
    painted: list[float] = []

    class Painted(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint:
                painted.append(time.perf_counter())
            return False

    began, computed = time.perf_counter(), time.thread_time()
    engine = open_engine()
    window = MainWindow(engine)
    watch = Painted()
    window.gallery.viewport().installEventFilter(watch)
    window.show()
    while not painted:
        app.processEvents()
    return Opened(engine, window, painted[0] - began, time.thread_time() - computed)


def frames(window: MainWindow, positions: Iterable[int]) -> dict[str, Spread]:
    """Milliseconds of a frame of the gallery at each position, on the clock and of the thread's own work."""
    from PySide6.QtWidgets import QApplication

    view, bar = window.gallery, window.gallery.verticalScrollBar()
    times, work = [], []
    for position in positions:
        began, computed = time.perf_counter(), time.thread_time()
        bar.setValue(position)
        view.viewport().repaint()
        times.append((time.perf_counter() - began) * 1000)
        work.append((time.thread_time() - computed) * 1000)
        QApplication.processEvents()  # thumbnails arrive between two frames
    return {"clock": spread(times), "own_work": spread(work)}


def spread(times: Iterable[float]) -> Spread:
    ordered = sorted(times)
    return {
        "min": round(ordered[0], 2),
        "median": round(statistics.median(ordered), 2),
        "percentile_95": round(ordered[int(0.95 * len(ordered))], 2),
        "max": round(ordered[-1], 2),
    }
