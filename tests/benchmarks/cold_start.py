"""A picture by a command that starts from nothing, beside a plain script with diffusers' `SanaPipeline` and beside
minimal scripts that load the networks alone (minimal.py): the starter model, 20 steps, the same size and guidance.

    python tests/benchmarks/cold_start.py [--runs N]

One round after the other, each of all contestants; medians. Each computes in one thread, so that none of them burns
time by waiting: on a busy machine the processor's seconds tell more than those on the clock.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.benchmarks.figures import print_report, ratio  # noqa: E402
from tests.benchmarks.fresh import compiled  # noqa: E402

TARGETS = {"torch": 0.6, "mlx": 0.35}
"""Of the plain script's time."""
NAMES = {"torch": "torch", "mlx": "MLX"}

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
        starter, picture = str(ROOT / "resources" / "starter"), str(Path(home) / "picture.png")
        minimal = str(Path(__file__).with_name("minimal.py"))
        wish = ["generate", "a red sailboat", "--model", "starter", "--seed", "1", "--steps", "20", "--guidance", "4.5"]
        commands = {
            "plain": ["-c", PLAIN, starter, picture],
            **{name: ["-m", "app", *wish, "--backend", name, "--out", picture, "--json"] for name in TARGETS},
            **{f"minimal {name}": [minimal, name, starter, picture] for name in TARGETS},
        }
        wall: dict[str, list[float]] = {name: [] for name in commands}
        processor: dict[str, list[float]] = {name: [] for name in commands}
        picture_seconds: dict[str, list[float]] = {name: [] for name in TARGETS}
        for number in range(options.runs + 1):
            for name, command in commands.items():
                seconds, busy, told = run(command, Path(home))
                if number > 0:  # the first round compiles Python's files
                    wall[name].append(seconds)
                    processor[name].append(busy)
                    if name in TARGETS:
                        picture_seconds[name].append(json.loads(told)[0]["seconds"])
    figures, why = {}, {}
    for name, goal in TARGETS.items():
        what = f"a picture by a cold command, {NAMES[name]}, of the time of a plain script with `SanaPipeline`"
        figures[name] = ratio(f"{what}, processor time", processor[name], processor["plain"], goal)
        figures[f"{name} clock"] = ratio(what, wall[name], wall["plain"], goal)
    for name in TARGETS:
        what = (
            f"a picture by a cold command, {NAMES[name]}, of that of a minimal script on our networks, processor time"
        )
        figures[f"{name} minimal"] = ratio(what, processor[name], processor[f"minimal {name}"])
        part = statistics.median(picture_seconds[name]) / statistics.median(wall[name])
        why[NAMES[name]] = f"{part:.0%} of the time is the picture, the rest imports and loading"
    figures["MLX beside torch"] = ratio(
        "a picture by a cold command, MLX's CPU build, of the time of torch", wall["mlx"], wall["torch"]
    )
    print_report(
        "cold_start", figures, why,
        seconds={name: round(statistics.median(times), 2) for name, times in wall.items()},
        processor_seconds={name: round(statistics.median(times), 2) for name, times in processor.items()},
    )  # fmt: skip
    return 0


def run(command: list[str], home: Path) -> tuple[float, float, str]:
    """Seconds on the clock, the processor's, and what was printed."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        [sys.executable, *command],
        env={**compiled(home), "OMP_NUM_THREADS": "1"}, cwd=ROOT,
        capture_output=True, text=True, timeout=600, check=True,
    )  # fmt: skip
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - began, busy, done.stdout


if __name__ == "__main__":
    sys.exit(main())
