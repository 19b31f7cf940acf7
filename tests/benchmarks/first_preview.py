"""From Generate to the first preview, in a worker that got ready ahead: the starter model on PyTorch and on MLX, and in
turns with them a process that holds diffusers' `SanaPipeline`, and a minimal script that holds the networks.

    python tests/benchmarks/first_preview.py [--runs N]

The goal is two steps' time and 0.2 s. diffusers and the script show no preview: there the end of the first step counts.
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

import psutil

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from app.composition import local_backends  # noqa: E402
from app.core.events import Preview, Progress, Stage  # noqa: E402
from app.core.request import GenerationRequest  # noqa: E402
from app.engine.worker_process import WorkerProcess  # noqa: E402
from tests.benchmarks.figures import print_report, ratio  # noqa: E402

ALLOWED_SECONDS = 0.2
REST_SECONDS = 2.0
NAMES = {"torch": "torch", "mlx": "MLX"}
STARTER = ROOT / "resources" / "starter"

# The second picture's steps: the first warms the process up.
PLAIN = """
import sys, time
import torch
from diffusers import SanaPipeline
pipeline = SanaPipeline.from_pretrained(sys.argv[1], torch_dtype=torch.float32, local_files_only=True)
pipeline.set_progress_bar_config(disable=True)
def picture(prompt):
    marks, began = [], time.perf_counter()
    def mark(pipeline, step, timestep, values):
        marks.append(time.perf_counter() - began)
        return values
    pipeline(
        prompt=prompt, width=256, height=256, num_inference_steps=20, guidance_scale=4.5,
        generator=torch.Generator().manual_seed(1), use_resolution_binning=False, complex_human_instruction=None,
        max_sequence_length=120, callback_on_step_end=mark,
    )
    return marks
picture("a red sailboat")
print([picture("a blue house in the snow")])
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ["SANA_STUDIO_HOME"] = home
        measure(options.runs, Path(home) / "picture.png")
    return 0


def measure(runs: int, picture: Path) -> None:
    minimal = str(Path(__file__).with_name("minimal.py"))
    firsts: dict[str, list[float]] = {name: [] for name in ("torch", "mlx", "minimal torch", "minimal mlx", "plain")}
    steps: dict[str, list[float]] = {name: [] for name in NAMES}
    for _ in range(runs):
        for name in NAMES:
            first, step = ready_ahead(name)
            firsts[name].append(first)
            steps[name].append(step)
            firsts[f"minimal {name}"].append(first_step([minimal, name, str(STARTER), str(picture), "1"]))
        firsts["plain"].append(first_step(["-c", PLAIN, str(STARTER)]))
    figures, why = {}, {}
    for name, words in NAMES.items():
        step = statistics.median(steps[name])
        goal = 2 * step + ALLOWED_SECONDS
        goals = [2 * each + ALLOWED_SECONDS for each in steps[name]]
        what = f"Generate to the first preview, {words}, of two steps' time and {ALLOWED_SECONDS} s"
        figures[name] = ratio(what, firsts[name], goals, 1.0)
        figures[f"{name} minimal"] = ratio(
            f"Generate to the first preview, {words}, of the first step in a minimal script that holds our networks",
            firsts[name],
            firsts[f"minimal {name}"],
        )
        first = statistics.median(firsts[name])
        why[words] = f"{first:.2f} s, of which one step {step:.2f} s; goal {goal:.2f} s"
    figures["torch plain"] = ratio(
        "Generate to the first preview, torch, of the first step in a process that holds `SanaPipeline`",
        firsts["torch"],
        firsts["plain"],
    )
    print_report(
        "first_preview", figures, why,
        seconds={name: round(statistics.median(each), 3) for name, each in firsts.items()},
        step_seconds={name: round(statistics.median(each), 3) for name, each in steps.items()},
    )  # fmt: skip


def ready_ahead(name: str) -> tuple[float, float]:
    """Seconds from asking a worker that holds the model for a picture until its first preview, and of a step."""
    wish = GenerationRequest("a red sailboat on the sea", seed=1)
    request = local_backends()[name].capabilities("starter").resolve(wish)
    worker = WorkerProcess()
    worker.prepare(name, GenerationRequest("", model="starter"))
    wait_for_rest(worker)
    times = first_preview(worker, name, request)
    worker.stop()
    return times


def first_step(command: list[str]) -> float:
    """Seconds until the end of the first step, as a warm process of these words tells."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_WAIT_POLICY": "PASSIVE"}
    done = subprocess.run(
        [sys.executable, *command], env=environment, capture_output=True, text=True, timeout=300, check=True
    )
    return float(json.loads(done.stdout)[0][0])


def wait_for_rest(worker: WorkerProcess) -> None:
    """Until the worker computes nothing any more."""
    process, before = psutil.Process(worker.pid), -1.0
    while (now := sum(process.cpu_times()[:2])) > before:
        before = now
        time.sleep(REST_SECONDS)


def first_preview(worker: WorkerProcess, name: str, request: GenerationRequest) -> tuple[float, float]:
    """Seconds until the first preview, and of one of the steps after it."""
    began = time.perf_counter()
    shown = 0.0
    done: list[float] = []
    for event in worker.generate(name, request, lambda: False):
        now = time.perf_counter()
        if isinstance(event, Preview):
            shown = shown or now - began
        if isinstance(event, Progress) and event.stage is Stage.GENERATE:
            done.append(now)
    return shown, (done[-1] - done[0]) / (len(done) - 1)


if __name__ == "__main__":
    sys.exit(main())
