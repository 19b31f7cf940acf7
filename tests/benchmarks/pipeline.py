"""What several pictures gain by being made at once: the starter, everything in turns in one run.

    python tests/benchmarks/pipeline.py [--runs N] [--backend torch|mlx] [--steps N]

Ratios, medians of the runs: a picture's steps in a batch beside the same steps alone; pictures that are decoded in a
thread beside the sampler beside those that are decoded after it; and how long a picture is encoded and saved, which
nobody waits for any more, as a share of how long it is made.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from app.engine.worker import set_up_process  # noqa: E402

SIZES = (2, 4, 8)
PICTURES = 3


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--backend", default="torch", choices=("torch", "mlx"))
    parser.add_argument("--steps", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ["SANA_STUDIO_HOME"] = home
        set_up_process()
        print(json.dumps(measure(options.backend, options.runs, options.steps, Path(home)), indent=2))
    return 0


def measure(name: str, runs: int, steps: int, home: Path) -> dict[str, Any]:
    from app.backends.local.backend import LocalBackend
    from app.composition import local_backends
    from app.core.output import Provenance
    from app.core.request import GenerationRequest
    from app.diffusion.noise import Noise
    from app.diffusion.sampler import sample
    from app.diffusion.solvers import make_solver
    from app.library.pictures import images

    backend = local_backends()[name]
    assert isinstance(backend, LocalBackend)
    wish = GenerationRequest("a red sailboat on the sea", seed=1, steps=steps)
    request = backend.capabilities("starter").resolve(wish)
    checkpoint = backend.checkpoint("starter")
    model = backend.open_model(checkpoint, "float32")
    prompt, negative = model.encode_prompt(request.prompt), model.encode_prompt("", negative=True)
    width, height = request.width or 0, request.height or 0
    size = (height // model.spatial_factor, width // model.spatial_factor)

    def denoised(seed: int, pictures: int = 1, count: int = steps) -> np.ndarray:
        solver = make_solver(request.solver or "", count, model.shift(width, height, count), checkpoint.solver_order)
        noise = Noise(seed, pictures=pictures)
        return list(sample(model, solver, noise, size, prompt, negative, request.guidance or 1.0))[-1].denoised

    def one_after_another() -> list[np.ndarray]:
        return [model.decode(denoised(seed)) for seed in range(PICTURES)]

    def beside() -> list[np.ndarray]:
        with ThreadPoolExecutor(1) as thread:
            under_way = [thread.submit(model.decode, denoised(seed)) for seed in range(PICTURES)]
            return [each.result() for each in under_way]

    pixels = model.decode(denoised(0))[0]
    times: dict[str, list[float]] = {}

    def timed(kind: str, work: Callable[[], Any]) -> float:
        began = time.perf_counter()
        work()
        seconds = time.perf_counter() - began
        times.setdefault(kind, []).append(seconds)
        return seconds

    ratios: dict[str, list[float]] = {}
    for _ in range(runs):
        alone = timed("one picture's steps", lambda: denoised(1))
        for pictures in SIZES:
            batch = timed(f"steps of {pictures}", partial(denoised, 1, pictures))
            ratios.setdefault(f"batch of {pictures}, each picture", []).append(batch / pictures / alone)
        after = timed("decoded after", one_after_another)
        ratios.setdefault("decoded beside the sampler", []).append(timed("decoded beside", beside) / after)
        save = lambda: images.save(pixels, request, Provenance(), home / "pictures")  # noqa: E731
        ratios.setdefault("saving", []).append(timed("saving", save) / (after / PICTURES))
    return {
        "benchmark": "pipeline",
        "backend": name,
        "device": model.device,
        "steps": steps,
        "seconds": {kind: round(statistics.median(each), 3) for kind, each in times.items()},
        "ratio": {kind: round(statistics.median(each), 3) for kind, each in ratios.items()},
    }


if __name__ == "__main__":
    sys.exit(main())
