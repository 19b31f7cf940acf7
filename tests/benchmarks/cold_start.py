"""A picture by a command that starts from nothing, beside a plain script with diffusers' `SanaPipeline`: the starter
model, 20 steps, the same size and guidance.

    python tests/benchmarks/cold_start.py [--runs N]

One round after the other, each of all contestants; medians. Each computes in one thread, so that none of them burns
time by waiting: on a busy machine the processor's seconds tell more than those on the clock.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TARGETS = {"torch": 0.6, "mlx": 0.35}
"""Of the plain script's time."""

PLAIN = """
import sys
import torch
from diffusers import SanaPipeline
pipeline = SanaPipeline.from_pretrained(sys.argv[1], torch_dtype=torch.float32, local_files_only=True)
pipeline(
    prompt="a red sailboat", width=256, height=256, num_inference_steps=20, guidance_scale=4.5,
    generator=torch.Generator().manual_seed(1), use_resolution_binning=False, complex_human_instruction=None,
    max_sequence_length=120,
).images[0].save(sys.argv[2])
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        picture = str(Path(home) / "picture.png")
        wish = ["generate", "a red sailboat", "--model", "starter", "--seed", "1", "--steps", "20", "--guidance", "4.5"]
        commands = {
            "plain": ["-c", PLAIN, str(ROOT / "resources" / "starter"), picture],
            **{name: ["-m", "app", *wish, "--backend", name, "--out", picture] for name in TARGETS},
        }
        times: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
        for number in range(options.runs + 1):
            for name, command in commands.items():
                taken = run(command, Path(home))
                if number > 0:  # the first round compiles Python's files
                    times[name].append(taken)
    wall, processor = (
        {name: statistics.median(pair[kind] for pair in pairs) for name, pairs in times.items()} for kind in (0, 1)
    )
    ratios = {name: round(processor[name] / processor["plain"], 2) for name in TARGETS}
    report = {
        "benchmark": "cold_start",
        "seconds": {name: round(value, 2) for name, value in wall.items()},
        "processor_seconds": {name: round(value, 2) for name, value in processor.items()},
        "ratio": {name: round(wall[name] / wall["plain"], 2) for name in TARGETS},
        "processor_ratio": ratios,
        "target_ratio": TARGETS,
        "met": all(ratios[name] <= target for name, target in TARGETS.items()),
    }
    print(json.dumps(report, indent=2))
    return 0


def run(command: list[str], home: Path) -> tuple[float, float]:
    """Seconds on the clock, and the processor's."""
    environment = {**os.environ, "SANA_STUDIO_HOME": str(home), "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    # As for a user, Python's files are compiled once, wherever this runs.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment["PYTHONPYCACHEPREFIX"] = str(home / "compiled")
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, *command], env=environment, cwd=ROOT, capture_output=True, timeout=600, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - began, busy


if __name__ == "__main__":
    sys.exit(main())
