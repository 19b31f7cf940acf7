"""Whether memory grows: many pictures of mixed sizes, prompts and models, by the engine and its worker as in the app.

    python tests/benchmarks/soak.py [--pictures N] [--steps N] [--backends torch mlx]

Two models, the starter and a random one, take turns on both backends, so that each is loaded anew all the time. After
each round of 20 pictures, which are alike but for their prompts, a line says what the worker and the main process have
resident. It fails where either has grown by more than 3 % between the end of the warm-up and the last picture.
"""

from __future__ import annotations

import argparse
import itertools
import os
import sys
import tempfile
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from app.core.request import GenerationRequest  # noqa: E402
from tests.benchmarks.fresh import write_model  # noqa: E402

ROUND, WARM_UP = 20, 40
MOST_GROWTH = 1.03
TIMEOUT_SECONDS = 1200.0
SIZES = ((128, 128), (256, 256), (192, 128), (128, 256), (256, 192))
SUBJECTS = ("red boat", "green house", "yellow moon", "blue fish", "old tree", "small bird", "white cloud")
PLACES = ("on the sea", "in the snow", "at night", "under the sun", "by the lake")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=int, default=200)
    parser.add_argument("--steps", type=int, default=2)
    parser.add_argument("--backends", nargs="+", choices=("torch", "mlx"), default=["torch", "mlx"])
    options = parser.parse_args()
    if options.pictures <= WARM_UP or options.pictures % ROUND:
        parser.error(f"--pictures has to be a multiple of {ROUND} above {WARM_UP}")
    with tempfile.TemporaryDirectory() as home:
        os.environ["SANA_STUDIO_HOME"] = home
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        random_model = Path(home, "random")
        write_model(random_model, sample_size=64)
        return soak(("starter", str(random_model)), options.backends, options.pictures, options.steps)


def soak(models: tuple[str, ...], backends: list[str], pictures: int, steps: int) -> int:
    """0 where neither process has grown."""
    from PySide6.QtCore import QCoreApplication

    from app.engine.jobs import Job, JobState
    from app.window import open_engine

    app = QCoreApplication([])
    engine = open_engine()
    ended: list[Job] = []
    engine.jobEnded.connect(ended.append)
    # All at once, for between two jobs the app would test itself. The backend changes least often and the size most.
    kinds = itertools.cycle(itertools.product(backends, range(ROUND // len(SIZES) // len(backends)), SIZES))
    for number, (backend, turn, (width, height)) in zip(range(1, pictures + 1), kinds, strict=False):
        subject, place = SUBJECTS[number % len(SUBJECTS)], PLACES[number % len(PLACES)]
        engine.submit(
            GenerationRequest(
                f"a {subject} {place} {number}", model=models[turn % len(models)], backend=backend, seed=number,
                steps=steps, width=width, height=height,
            )
        )  # fmt: skip
    engine.start()
    warm = last = (0, 0)
    told, heard = 0, time.monotonic()
    while told < pictures:
        app.processEvents()
        time.sleep(0.01)
        if len(ended) < told + ROUND:
            if time.monotonic() - heard > TIMEOUT_SECONDS:
                raise SystemExit(f"{ROUND} pictures after the first {told} took too long")
            continue
        if failed := [job.failure for job in ended if job.state is not JobState.FINISHED]:
            raise SystemExit(f"a picture was not finished: {failed[0]}")
        told, heard, worker = told + ROUND, time.monotonic(), engine.worker.pid
        assert worker is not None
        last = resident(worker), resident(os.getpid())
        print(f"{told:4} pictures: the worker {last[0] / 1e6:.1f} MB, the app {last[1] / 1e6:.1f} MB", flush=True)
        warm = last if told == WARM_UP else warm
    engine.shutdown()
    growth = [now / before for now, before in zip(last, warm, strict=True)]
    print(f"From {WARM_UP} pictures on: the worker {growth[0]:.3f}, the app {growth[1]:.3f} (at most {MOST_GROWTH})")
    return int(max(growth) > MOST_GROWTH)


def resident(process: int) -> int:
    """Bytes of memory that a process has resident."""
    return int(psutil.Process(process).memory_info().rss)


if __name__ == "__main__":
    sys.exit(main())
