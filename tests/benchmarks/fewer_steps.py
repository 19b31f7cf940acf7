"""What fewer steps cost: pictures of the starter beside those of all 20 steps.

    python tests/benchmarks/fewer_steps.py [--scenes N] [--backend torch|mlx] [--choices SOLVER:STEPS ...]

For each choice: the cost in passes of the transformer, the median PSNR to the full picture, and the share of the
scene's attributes (subject, colour, place, ...) that the project's own reader finds right. "Quick" is dpmpp:10.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "packaging" / "starter_model")]

from captions import full_caption  # noqa: E402
from evaluate import held_out_scenes  # noqa: E402
from reader import agreement, load_reader  # noqa: E402

from app.composition import local_backends  # noqa: E402
from app.core.events import Generated  # noqa: E402
from app.core.request import GenerationRequest  # noqa: E402
from app.engine.worker import set_up_process  # noqa: E402
from tests.benchmarks.figures import Figure, print_report  # noqa: E402

FULL = 20
CHOICES = ["dpmpp:14", "dpmpp:12", "dpmpp:10", "dpmpp:8", "euler:20", "euler:10"]
QUICK = "dpmpp:10"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenes", type=int, default=16)
    parser.add_argument("--backend", default="torch", choices=("torch", "mlx"))
    parser.add_argument("--choices", nargs="+", default=CHOICES)
    options = parser.parse_args()
    set_up_process()
    backend, reader = local_backends()[options.backend], load_reader()
    scenes = held_out_scenes(options.scenes)

    def pictures(solver: str, steps: int) -> np.ndarray:
        made = []
        for number, scene in enumerate(scenes):
            wish = GenerationRequest(full_caption(scene, "en"), seed=1000 + number, steps=steps, solver=solver)
            events = backend.generate(backend.capabilities(wish.model).resolve(wish), lambda: False)
            made += [event.output.pixels for event in events if isinstance(event, Generated)]
        return np.stack(made)

    full = pictures("dpmpp", FULL)
    costs = {}
    for choice in (f"dpmpp:{FULL}", *options.choices):
        solver, steps = choice.split(":")
        shown = full if choice == f"dpmpp:{FULL}" else pictures(solver, int(steps))
        squares = ((shown.astype(np.float64) - full) ** 2).mean((1, 2, 3))
        costs[choice] = {
            "passes": int(steps) / FULL,
            "psnr": round(float(np.median(10 * np.log10(255**2 / np.maximum(squares, 1e-9)))), 1),
            "right": round(statistics.mean(agreement(scenes, reader.read(shown)).values()), 3),
        }
    figures = {}
    if (quick := costs.get(QUICK)) is not None:
        words = "half of the steps (“Quick”) beside all of them, the starter"
        psnr, right = quick["psnr"], round(100 * quick["right"])
        figures["psnr"] = Figure(f"{words}: PSNR", psnr, None, "dB", psnr, more_is_better=True)
        figures["right"] = Figure(f"{words}: attributes that are right", right, None, "%", right, more_is_better=True)
    print_report("fewer_steps", figures, choices=costs)


if __name__ == "__main__":
    main()
