"""The least that a picture takes: the networks, twenty Euler steps, a PNG. No settings, no checks, no previews.

    python tests/benchmarks/minimal.py torch|mlx FOLDER FILE [REPEATS]

With REPEATS it makes so many more, each of another prompt, and prints the seconds of each step as JSON lists.
"""

from __future__ import annotations

import itertools
import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

STEPS, GUIDANCE, SIDE = 20, 4.5, 256


def load(backend: str, folder: Path) -> Any:
    from app.library.models.checkpoint.checkpoint import open_checkpoint

    checkpoint = open_checkpoint(folder)
    if backend == "mlx":
        from app.backends.local.mlx_model import MLXModel

        return MLXModel(checkpoint, "float32", 2**33)
    from app.backends.local.torch.model import TorchModel

    return TorchModel(checkpoint, "float32", "cpu")


def picture(model: Any, prompt: str) -> tuple[np.ndarray, list[float]]:
    """Pixels (H, W, 3), and the seconds after which each step was done."""
    began, done = time.perf_counter(), []
    told = [model.encode_prompt(""), model.encode_prompt(prompt)]
    side, shift = SIDE // model.spatial_factor, model.shift(SIDE, SIDE, STEPS)
    latents = np.random.default_rng(1).standard_normal((1, model.latent_channels, side, side), np.float32)
    sigmas = np.linspace(1, 0, STEPS + 1, dtype=np.float32)
    sigmas = shift * sigmas / (1 + (shift - 1) * sigmas)
    for sigma, following in itertools.pairwise(sigmas):
        without, wanted = np.split(model.velocity(latents, float(1000 * sigma), told), 2)
        latents = latents + (following - sigma) * (without + GUIDANCE * (wanted - without))
        done.append(time.perf_counter() - began)
    return model.decode(latents)[0], done


def main(backend: str, folder: str, file: str, repeats: str = "0") -> None:
    model = load(backend, Path(folder))
    pixels, _ = picture(model, "a red sailboat")
    Image.fromarray(pixels).save(file)
    if int(repeats):
        print(json.dumps([picture(model, f"a red sailboat {number}")[1] for number in range(int(repeats))]))


if __name__ == "__main__":
    main(*sys.argv[1:])
