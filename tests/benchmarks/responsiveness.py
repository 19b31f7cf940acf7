"""The longest stall of the window's thread while a real job runs: a timer beats every 5 ms, the longest gap counts.

    python tests/benchmarks/responsiveness.py [--steps N]

Beside it: the longest time that the thread itself computed between two beats; the longest gap while nothing runs; and
the longest gap of a thread that only sleeps. They tell how much of a stall is a busy machine's.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.benchmarks.beats import BEAT_MS, Beats, wait  # noqa: E402
from tests.benchmarks.figures import Figure, on_the_clock, print_report  # noqa: E402

TARGET_MS = 50.0
IDLE_SECONDS = 3.0
TIMEOUT_SECONDS = 600.0
SCATTER = 0.1
"""What one run's longest work differs from another's."""


class Bystander(threading.Thread):
    """A thread that only sleeps: its longest gap is what the machine does to everybody."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.gaps: list[float] = []
        self.running = True

    def run(self) -> None:
        latest = time.perf_counter()
        while self.running:
            time.sleep(BEAT_MS / 1000)
            now = time.perf_counter()
            self.gaps.append(now - latest)
            latest = now


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ["SANA_STUDIO_HOME"] = home
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        measure(options.steps)
    return 0


def measure(steps: int) -> None:
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QPlainTextEdit, QPushButton, QSpinBox

    from app.engine.jobs import Job, JobState
    from app.ui.main_window import MainWindow
    from app.window import application, open_engine

    app = application()
    engine = open_engine()
    window = MainWindow(engine)
    engine.start()
    window.resize(1280, 800)
    window.show()
    QTest.qWait(500)

    beats = Beats()
    beats.start()
    wait(lambda: False, IDLE_SECONDS)
    idle = beats.gaps

    ended: list[Job] = []
    previews: list[Any] = []
    engine.jobEnded.connect(ended.append)
    engine.previewed.connect(lambda *args: previews.append(args))
    prompt, generate = window.findChild(QPlainTextEdit, "promptEdit"), window.findChild(QPushButton, "generateButton")
    steps_box = window.findChild(QSpinBox, "stepsBox")
    assert prompt is not None
    assert generate is not None
    if steps_box is not None:
        steps_box.setValue(steps)
    QTest.keyClicks(prompt, "a red sailboat on the sea at sunset")
    bystander = Bystander()
    bystander.start()
    began = time.perf_counter()
    beats.start()
    generate.click()
    wait(lambda: bool(ended), TIMEOUT_SECONDS)
    wait(lambda: False, 1.0)  # the picture comes into the gallery
    beats.stop()
    gaps = beats.gaps
    bystander.running = False
    seconds = time.perf_counter() - began
    window.close()
    engine.shutdown()
    app.quit()
    if not ended or ended[0].state is not JobState.FINISHED:
        raise SystemExit(f"the job did not finish: {ended[0].state.value if ended else 'too slow'}")
    own, machine = max(beats.work), max(bystander.gaps)
    print_report(
        "responsiveness",
        {
            "stall": Figure(
                "longest stall of the window while a picture is generated", _ms(max(gaps)), TARGET_MS, "ms"
            ),
            "own work": on_the_clock(
                "longest own work of the window's thread while a picture is generated", _ms(own), TARGET_MS, "ms",
                own, SCATTER,
            ),
        },
        {"A thread that only sleeps": f"was kept waiting {_ms(machine)} ms in the same time"},
        seconds=round(seconds, 1),
        beats=len(gaps),
        previews=len(previews),
        longest_five_ms=[_ms(gap) for gap in sorted(gaps)[-5:]],
        beats_over_target=sum(gap * 1000 > TARGET_MS for gap in gaps),
        idle_longest_ms=_ms(max(idle)),
        bystander_over_target=sum(gap * 1000 > TARGET_MS for gap in bystander.gaps),
    )  # fmt: skip


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)


if __name__ == "__main__":
    sys.exit(main())
