"""Seconds from the start of a fresh process until the window has been painted, and what that process imported; and how
many times that is of what Python needs to import Qt alone, in the same run.

On a busy machine the seconds of the processor tell more: on a free one they are about all there is.

python tests/benchmarks/startup.py [--runs N]
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("torch", "mlx", "mlx_lm", "diffusers", "transformers", "replicate")
TARGET_SECONDS = 1.0
TARGET_RATIO = 5.0

# What app.main and app.window.main do, up to the first paint of the window.
CHILD = """
import gc, sys, time
gc.disable()
from app import composition
from PySide6.QtCore import QEvent, QObject
from app.library import logs
from app.ui.main_window import MainWindow
from app.window import application, open_engine

class Painted(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            print(time.time(), time.process_time(), [name for name in HEAVY if name in sys.modules], flush=True)
            app.exit()
        return False

app = application()
logs.set_up()
engine = open_engine()
window = MainWindow(engine)
watch = Painted()
window.centralWidget().installEventFilter(watch)
engine.start()
window.show()
app.exec()
engine.shutdown()
"""


def run(home: Path) -> tuple[float, float, list[str]]:
    """Seconds, the processor's seconds, and the heavy packages that were imported."""
    environment = {**os.environ, "SANA_STUDIO_HOME": str(home), "PYTHONPATH": str(ROOT)}
    environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    # As for a user, Python's files are compiled once, wherever this runs.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment["PYTHONPYCACHEPREFIX"] = str(home / "compiled")
    began = time.time()
    done = subprocess.run(
        [sys.executable, "-c", f"HEAVY = {HEAVY!r}\n{CHILD}"],
        env=environment, cwd=ROOT, capture_output=True, text=True, timeout=300, check=True,
    )  # fmt: skip
    moment, busy, heavy = done.stdout.splitlines()[0].split(" ", 2)
    return float(moment) - began, float(busy), json.loads(heavy.replace("'", '"'))


def bare_python() -> tuple[float, float]:
    """Seconds, and the processor's seconds, of Python's and Qt's own start."""
    code = "import PySide6.QtWidgets, time; print(time.time(), time.process_time())"
    began = time.time()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    moment, busy = map(float, done.stdout.split())
    return moment - began, busy


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        run(Path(home))  # the first one compiles Python's files
        results, bare = [], []
        for _ in range(options.runs):
            bare.append(bare_python())
            results.append(run(Path(home)))
    seconds_bare, busy_bare = [second for second, _ in bare], [second for _, second in bare]
    seconds, busy = [second for second, _, _ in results], [second for _, second, _ in results]
    heavy = sorted({name for _, _, names in results for name in names})
    report = {
        "benchmark": "startup",
        "seconds_min": round(min(seconds), 3),
        "seconds_median": round(statistics.median(seconds), 3),
        "processor_seconds_min": round(min(busy), 3),
        "processor_seconds_median": round(statistics.median(busy), 3),
        "python_with_qt_min": round(min(seconds_bare), 3),
        "python_with_qt_median": round(statistics.median(seconds_bare), 3),
        "python_with_qt_processor_min": round(min(busy_bare), 3),
        "ratio": round(min(seconds) / min(seconds_bare), 1),
        "processor_ratio": round(min(busy) / min(busy_bare), 1),
        "heavy_imports": heavy,
        "target_seconds": TARGET_SECONDS,
        "target_ratio": TARGET_RATIO,
        "met": min(seconds) < TARGET_SECONDS and min(busy) < TARGET_RATIO * min(busy_bare) and not heavy,
    }
    print(json.dumps(report, indent=2))
    return 1 if heavy else 0


if __name__ == "__main__":
    sys.exit(main())
