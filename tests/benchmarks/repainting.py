"""How much of a seam is left where a picture was repainted or extended, with the bundled model on drawn scenes.

The step across the edge, in the mean over its pixels, is compared with the picture's own steps from pixel to pixel:
1 is no more than is everywhere. Beside it stands what a plain paste of what was generated would give.

python tests/benchmarks/repainting.py [--scenes N] [--backend torch|mlx]
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "packaging" / "starter_model")]

from captions import full_caption  # noqa: E402
from drawing import draw_scene  # noqa: E402
from scenes import SIDE, Scene, sample_scene  # noqa: E402

from app.backends.local.mlx import MLXBackend  # noqa: E402
from app.backends.local.start_picture import StartPicture  # noqa: E402
from app.backends.local.torch import TorchBackend  # noqa: E402
from app.core.events import Generated  # noqa: E402
from app.core.output import ImageOutput  # noqa: E402
from app.core.request import Extension, GenerationRequest, ImageInput, Role  # noqa: E402
from app.engine.worker import set_up_process  # noqa: E402
from app.library.models.store import Models  # noqa: E402
from app.library.settings import Settings  # noqa: E402
from tests.benchmarks.figures import Figure, print_report  # noqa: E402

MASK = (70, 70, 186, 225)
EXTENSION = Extension(left=64, right=64)
TARGET = 1.5


def steps(pixels: np.ndarray) -> np.ndarray:
    """The mean step from each column to the next, (W - 1,)."""
    return np.abs(np.diff(pixels.astype(float), axis=1)).mean((0, 2))


def generated(backend: Any, wish: GenerationRequest, size: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """The result, and what a plain paste would have been."""
    plain: list[np.ndarray] = []
    finished = StartPicture.finished

    def watched(start: StartPicture, pixels: np.ndarray) -> np.ndarray:
        mask = start.mask
        assert mask is not None
        plain.append(np.where((mask > 0)[..., None], start.canvas.back(pixels), start.pixels))
        return finished(start, pixels)

    request = backend.capabilities(wish.model).resolve(wish, size)
    with patch.object(StartPicture, "finished", watched):
        (told,) = (event for event in backend.generate(request, lambda: False) if isinstance(event, Generated))
    assert isinstance(told.output, ImageOutput)
    return told.output.pixels, plain[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenes", type=int, default=8)
    parser.add_argument("--backend", choices=("torch", "mlx"), default="torch")
    options = parser.parse_args()
    set_up_process()
    settings = Settings()
    kind = {"torch": TorchBackend, "mlx": MLXBackend}[options.backend]
    backend = kind(Models(settings), settings)
    rng = random.Random(0)
    seams: dict[str, list[tuple[float, float]]] = {"repainted": [], "extended": []}
    with tempfile.TemporaryDirectory() as folder:
        start, mask = Path(folder) / "start.png", Path(folder) / "mask.png"
        strokes = Image.new("L", (SIDE, SIDE))
        strokes.paste(255, MASK)
        strokes.save(mask)
        for number in range(options.scenes):
            scene: Scene = replace(sample_scene(rng), position="center")
            before = draw_scene(scene, rng)
            before.save(start)
            own = steps(np.asarray(before)).mean()
            init = ImageInput(Role.INIT, str(start), 1.0)
            wish = GenerationRequest(full_caption(scene, "en"), seed=number, inputs=(init,))
            repainted = wish.replace(inputs=(init, ImageInput(Role.MASK, str(mask))))
            left, top, right, bottom = MASK
            pair = generated(backend, repainted, before.size)
            seams["repainted"].append(
                tuple(steps(each[top:bottom])[[left - 1, right - 1]].mean() / own for each in pair)
            )
            pair = generated(backend, wish.replace(extend=EXTENSION), before.size)
            edges = [EXTENSION.left - 1, EXTENSION.left + SIDE - 1]
            seams["extended"].append(tuple(steps(each)[edges].mean() / own for each in pair))
    report = {}
    for name, pairs in seams.items():
        ours, plain = np.array(pairs).mean(0)
        edge = "what was repainted" if name == "repainted" else "what was added"
        words = f"step across the edge of {edge}, of the picture's own steps (a plain paste: {plain:.1f})"
        report[name] = Figure(words, round(float(ours), 2), TARGET, compared=round(float(ours), 3))
    print_report(
        "repainting", report,
        at_most={name: np.round(np.array(pairs).max(0), 2).tolist() for name, pairs in seams.items()},
    )  # fmt: skip


if __name__ == "__main__":
    main()
