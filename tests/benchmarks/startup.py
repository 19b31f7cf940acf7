"""From the start of a fresh process until the window has been painted, and what that process imported, as a ratio to
what Python needs to import Qt alone, in turns in one run.

On a busy machine the processor's seconds tell more: on a free one they are about all there is.

python tests/benchmarks/startup.py [--runs N]
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.benchmarks.figures import Figure, print_report, ratio  # noqa: E402
from tests.benchmarks.fresh import compiled  # noqa: E402

HEAVY = ("torch", "mlx", "mlx_lm", "diffusers", "transformers", "replicate")
TARGET_RATIO = 5.0
STAGES = ("importing Qt", "importing the app", "making the window", "dressing, laying out and painting it")

# What app.main and app.window.main do, up to the first paint of the window.
CHILD = """
import gc, json, sys, time
gc.disable()
stages = []
import PySide6.QtWidgets
stages.append(time.process_time())
import app.ui
from PySide6.QtCore import QEvent, QObject
from app.library import logs
from app.ui.main_window import MainWindow
from app.window import application, open_engine
stages.append(time.process_time())

class Painted(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            stages.append(time.process_time())
            heavy = [name for name in HEAVY if name in sys.modules]
            print(json.dumps({"moment": time.time(), "stages": stages, "heavy": heavy}), flush=True)
            app.exit()
        return False

app = application()
logs.set_up()
engine = open_engine()
window = MainWindow(engine)
watch = Painted()
window.centralWidget().installEventFilter(watch)
engine.start()
stages.append(time.process_time())
window.show()
app.exec()
engine.shutdown()
"""
QT_ALONE = """
import PySide6.QtWidgets, json, time
print(json.dumps({"moment": time.time(), "stages": [time.process_time()], "heavy": []}))
"""


def run(code: str, home: Path) -> tuple[float, list[float], list[str]]:
    """Seconds, the processor's seconds at the end of each stage, and the heavy packages that were imported."""
    began = time.time()
    done = subprocess.run(
        [sys.executable, "-c", f"HEAVY = {HEAVY!r}\n{code}"],
        env=compiled(home), cwd=ROOT, capture_output=True, text=True, timeout=300, check=True,
    )  # fmt: skip
    told = json.loads(done.stdout.splitlines()[0])
    return told["moment"] - began, told["stages"], told["heavy"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        run(CHILD, Path(home))  # the first one compiles Python's files
        alone, whole = [], []
        for _ in range(options.runs):
            alone.append(run(QT_ALONE, Path(home)))
            whole.append(run(CHILD, Path(home)))
    seconds, seconds_alone = [each[0] for each in whole], [each[0] for each in alone]
    busy, busy_alone = [each[1][-1] for each in whole], [each[1][-1] for each in alone]
    heavy = sorted({name for each in whole for name in each[2]})
    stages = [statistics.median(times) for times in zip(*(each[1] for each in whole), strict=True)]
    qt = statistics.median(busy_alone)
    spent = [
        f"{(end - start) / qt:.1f} {name}" for name, start, end in zip(STAGES, [0.0, *stages], stages, strict=False)
    ]
    what = "start to first paint of the window, of the time that importing Qt takes"
    print_report(
        "startup",
        {
            "clock": ratio(what, seconds, seconds_alone, TARGET_RATIO, digits=1),
            "processor": ratio(f"{what}, processor time", busy, busy_alone, TARGET_RATIO, digits=1),
            "heavy": Figure("heavy libraries that the window imports before it", len(heavy), 0),
        },
        {"The start, in times of importing Qt": ", ".join(spent), **({"Heavy": heavy} if heavy else {})},
        seconds={"window": round(statistics.median(seconds), 3), "qt": round(statistics.median(seconds_alone), 3)},
        processor_seconds={"window": round(statistics.median(busy), 3), "qt": round(qt, 3)},
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
