"""Pictures by processes that are warm, ours beside diffusers' `SanaPipeline`: the figures of `sana-studio bench`.

python tests/benchmarks/pictures.py
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.benchmarks.figures import Figure, print_report  # noqa: E402
from tests.benchmarks.fresh import environment  # noqa: E402

PARTS = {"step": "a step", "decode": "decoding"}


def main() -> int:
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(
            [sys.executable, "-m", "app", "bench", "--json"],
            env=environment(Path(home)), cwd=ROOT, stdout=subprocess.PIPE, text=True, timeout=600, check=True,
        )  # fmt: skip
    result = json.loads(done.stdout)
    ratios = result["ratios"]
    figures: dict[str, Figure] = {}
    for pair, words in (("torch/diffusers", "torch"), ("mlx/diffusers", "MLX")):
        if pair in ratios:
            goals = ratios[pair]["targets"] if pair.startswith("torch") else {}
            figures |= {
                f"{words} {name}": figure(
                    f"a picture, {prompt}, {words}, of the time of `SanaPipeline`", ratios[pair], name, goals
                )
                for name, prompt in (("picture", "new prompt"), ("reroll", "known prompt"))
            }
    if beside := _beside(ratios):
        figures |= {
            f"MLX {name}": figure(f"{what} on MLX's CPU build, of torch's time", beside, name, {})
            for name, what in PARTS.items()
        }
    print_report("pictures", figures, {"bench": " ".join(result["verdict"])}, result=result)
    return 0


def figure(what: str, ratios: dict[str, Any], name: str, goals: dict[str, float]) -> Figure:
    return Figure(what, round(ratios[name], 2), goals.get(name), compared=ratios[name])


def _beside(ratios: dict[str, Any]) -> dict[str, float]:
    """MLX's times over torch's."""
    if "mlx/torch" in ratios:
        return dict(ratios["mlx/torch"])
    return {name: 1 / value for name, value in ratios.get("torch/mlx", {}).items() if value}


if __name__ == "__main__":
    sys.exit(main())
