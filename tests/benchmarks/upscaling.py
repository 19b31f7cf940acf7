"""How long enlarging takes here: seconds for a megapixel of the larger picture, for each network and backend.

Run: python -m tests.benchmarks.upscaling [SIDE]
"""

from __future__ import annotations

import sys
import time

import numpy as np

from app.backends.local.mlx import MLXBackend
from app.backends.local.torch import TorchBackend
from app.library import paths
from app.library.models.store import Models
from app.library.pictures import images
from app.library.settings import Settings
from app.upscaling.upscalers import FACTOR, UPSCALERS, upscale


def main(side: int = 128) -> None:
    settings = Settings()
    models = Models(settings)
    pixels = np.ascontiguousarray(images.decode(paths.resources() / "starter" / "samples.jpg")[:side, :side])
    for backend in (TorchBackend(models, settings), MLXBackend(models, settings)):
        for upscaler in UPSCALERS.values():
            enlarge = backend.open_upscaler(upscaler)
            began = time.perf_counter()
            for _ in upscale(upscaler, enlarge, pixels):
                pass
            seconds = (time.perf_counter() - began) / ((FACTOR * side) ** 2 / 1e6)
            print(f"{backend.name:8} {enlarge.device:5} {upscaler.name:20} {seconds:8.2f} s a megapixel")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
