"""What fewer steps cost: pictures of the starter beside those of all 20 steps.

    python tests/benchmarks/fewer_steps.py [--scenes N] [--backend torch|mlx]

Each line: the cost in passes of the transformer, the median PSNR to the full picture, and the share of the scene's
attributes (subject, colour, place, ...) that the project's own reader finds right.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "packaging" / "starter_model"))

from captions import full_caption  # noqa: E402
from evaluate import held_out_scenes  # noqa: E402
from reader import agreement, load_reader  # noqa: E402

from app.composition import local_backends  # noqa: E402
from app.core.events import Generated  # noqa: E402
from app.core.request import GenerationRequest  # noqa: E402

FULL = 20
CHOICES = [("dpmpp", steps) for steps in (14, 12, 10, 8)] + [("euler", FULL), ("euler", 10)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenes", type=int, default=16)
    parser.add_argument("--backend", default="torch", choices=("torch", "mlx"))
    options = parser.parse_args()
    backend, reader = local_backends()[options.backend], load_reader()
    scenes = held_out_scenes(options.scenes)

    def pictures(solver: str, steps: int) -> np.ndarray:
        made = []
        for number, scene in enumerate(scenes):
            wish = GenerationRequest(full_caption(scene, "en"), seed=1000 + number, steps=steps, solver=solver)
            events = backend.generate(backend.capabilities(wish.model).resolve(wish), lambda: False)
            made += [event.output.pixels for event in events if isinstance(event, Generated)]
        return np.stack(made)

    def report(solver: str, steps: int, shown: np.ndarray) -> None:
        right = statistics.mean(agreement(scenes, reader.read(shown)).values())
        squares = ((shown.astype(np.float64) - full) ** 2).mean((1, 2, 3))
        decibels = np.median(10 * np.log10(255**2 / np.maximum(squares, 1e-9)))
        print(f"{solver:6} {steps:3} steps   {steps / FULL:.2f} of the passes   {decibels:5.1f} dB   {right:.0%} right")

    full = pictures("dpmpp", FULL)
    report("dpmpp", FULL, full)
    for solver, steps in CHOICES:
        report(solver, steps, pictures(solver, steps))


if __name__ == "__main__":
    main()
