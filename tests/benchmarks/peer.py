"""Our networks beside those of sanasprint-mlx (https://github.com/Ray0907/sanasprint-mlx) on MLX's CPU build: the same
random weights of Sana-Sprint 0.6B's widths, a step of the transformer and the decoder, whole and in tiles.

    python tests/benchmarks/peer.py --peer FOLDER [--rounds N]

FOLDER is a checkout of the peer. Each case runs in a fresh process, ours and the peer's in turns: ratios of the time,
medians of the rounds, and of the memory that MLX had in use at most, weights included. Beside them stands how far each
is from diffusers' networks. What takes long is measured in one round.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.benchmarks.figures import Figure, print_report, ratio  # noqa: E402
from tests.benchmarks.fresh import environment  # noqa: E402


class Case(NamedTuple):
    """What both compute: their inputs' name, README's words for it, and the side of the tiles."""

    inputs: str
    what: str
    tile: int = 0
    long: bool = False

    @property
    def name(self) -> str:
        return f"{self.inputs} tiles" if self.tile else self.inputs


CASES = (
    Case("step", "four blocks of Sprint's transformer, 1024 px"),
    Case("step with a short prompt", "four blocks of Sprint's transformer, 1024 px, a prompt of 60 of 300 tokens"),
    Case("decode 256", "Sprint's decoder, 256 px whole"),
    Case("decode 512", "Sprint's decoder, 512 px whole", long=True),
    Case("decode 512", "Sprint's decoder, 512 px in tiles of 256", tile=256, long=True),
)


class Run(NamedTuple):
    seconds: float
    processor: float
    bytes: float
    error: float
    """The largest difference to diffusers."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    if not (options.peer / "src" / "sanasprint_mlx").is_dir():
        parser.error(f"{options.peer} is no checkout of sanasprint-mlx")
    with tempfile.TemporaryDirectory() as folder:
        start(["peer_checkpoint.py", folder], Path(folder))
        runs = {case: measured(case, Path(folder), options) for case in CASES}
    figures = {name: figure for case, each in runs.items() for name, figure in figures_of(case, *each)}
    print_report(
        "peer", figures,
        runs={case.name: {"ours": ours, "peer": peer} for case, (ours, peer) in runs.items()},
    )  # fmt: skip
    return 0


def measured(case: Case, folder: Path, options: argparse.Namespace) -> tuple[list[Run], list[Run]]:
    """Our runs and the peer's."""
    ours, peer = [], []
    for _ in range(1 if case.long else options.rounds):
        ours.append(run("ours", case, folder, options.peer))
        peer.append(run("peer", case, folder, options.peer))
    return ours, peer


def run(who: str, case: Case, folder: Path, peer: Path) -> Run:
    result = folder / "result.npy"
    words = ["peer_part.py", who, case.inputs.split()[0], str(folder), str(folder / f"{case.inputs}.npz"), str(result)]
    more = ["--tile", str(case.tile)] if case.tile else []
    told = json.loads(start([*words, *more, "--peer", str(peer.absolute())], folder))
    error = float(np.abs(np.load(result) - np.load(folder / f"{case.inputs}.reference.npy")).max())
    return Run(**told, error=error)


def start(words: list[str], home: Path) -> str:
    """What a process of ours prints."""
    words = [sys.executable, str(Path(__file__).with_name(words[0])), *words[1:]]
    return subprocess.run(words, env=environment(home), stdout=subprocess.PIPE, text=True, check=True).stdout


def figures_of(case: Case, ours: list[Run], peer: list[Run]) -> Iterator[tuple[str, Figure]]:
    errors = f"differences to diffusers: {_most(ours)}, the peer's {_most(peer)}"
    what = f"{case.what}, MLX, of the time of sanasprint-mlx ({errors})"
    yield case.name, ratio(what, [each.seconds for each in ours], [each.seconds for each in peer], 1.0)
    what = f"{case.what}, MLX, of the peak memory of sanasprint-mlx"
    yield f"{case.name} memory", ratio(what, [each.bytes for each in ours], [each.bytes for each in peer], 1.0)


def _most(runs: list[Run]) -> str:
    """Such as `4e-06`."""
    return f"{max(each.error for each in runs):.0e}"


if __name__ == "__main__":
    sys.exit(main())
