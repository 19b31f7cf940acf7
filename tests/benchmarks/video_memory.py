"""The peak memory of a clip, from one block of each network with random weights of the true sizes.

Run: python -m tests.benchmarks.video_memory [--model 720p] [--frames 81] [--precision 4bit] [--parts transformer]

Every block is evaluated by itself, so a network's peak is that of one block, and the weights of the rest besides: these
are counted. Products with quantized weights take 32 of their inputs, for which MLX's CPU build has no fast kernel; what
is allocated is the same.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from typing import Any

from app.sana_mlx.blas import load_openblas

load_openblas()

import mlx.core as mx  # noqa: E402

from app.core.families.sana_video import latent_frames  # noqa: E402
from app.sana_mlx.config import BITS  # noqa: E402
from app.sana_mlx.measure import fill, report, short_product  # noqa: E402
from app.sana_mlx.memory import CAPTION_TOKENS, PROCESS  # noqa: E402
from app.sana_mlx.video.config import VideoTransformerConfig  # noqa: E402
from app.sana_mlx.video.memory import video_transformer_weights, video_transformer_work  # noqa: E402
from app.sana_mlx.video.transformer import SanaVideoTransformer  # noqa: E402


@dataclass(frozen=True)
class Model:
    """A published model: its transformer, the size of its clips, and its autoencoder's factors."""

    transformer: VideoTransformerConfig
    size: tuple[int, int]
    factor: int
    temporal_factor: int


MODELS = {
    "720p": Model(
        VideoTransformerConfig(in_channels=128, out_channels=128, mlp_ratio=3.0, patch_size=(1, 1, 1), sample_size=22),
        (1280, 704), 32, 8,
    ),
    "480p": Model(VideoTransformerConfig(mlp_ratio=3.0), (832, 480), 8, 4),
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", choices=MODELS, default="720p")
    parser.add_argument("--frames", type=int, default=81)
    parser.add_argument("--precision", choices=("float32", "bfloat16", "8bit", "4bit"), default="4bit")
    options = parser.parse_args()
    mx.quantized_matmul = short_product
    model = MODELS[options.model]
    print(f"SANA-Video {options.model}, {options.frames} frames, {options.precision}, {mx.default_device()}")
    transformer(model, options.frames, options.precision)


def transformer(model: Model, frames: int, precision: str) -> int:
    """The peak of a step of the whole transformer in bytes."""
    config, (width, height) = model.transformer, model.size
    item, bits = 4 if precision == "float32" else 2, BITS.get(precision)
    dtype = mx.float32 if item == 4 else mx.bfloat16
    network: Any = fill(SanaVideoTransformer(replace(config, num_layers=1)), dtype, bits)
    sides = (latent_frames(frames, model.temporal_factor), height // model.factor, width // model.factor)
    latents = mx.random.normal((1, *sides, config.in_channels)).astype(dtype)
    caption = mx.random.normal((1, CAPTION_TOKENS, config.caption_channels)).astype(dtype)
    mx.eval(latents, caption)
    before, peak = report("one block", lambda: mx.eval(network(latents, mx.array([500.0]), caption)))
    weights = video_transformer_weights(config, item, bits)
    tokens = sides[1] * sides[2] // (config.patch_size[1] * config.patch_size[2])
    expected = video_transformer_work(config, sides[0], tokens, item, unfolds=True)
    whole = weights + peak - before
    print(
        f"transformer    weights {weights / 1e9:5.2f} GB, besides {(peak - before) / 1e9:5.2f} GB "
        f"(estimated {expected / 1e9:5.2f} GB), the process {(whole + PROCESS) / 1e9:5.2f} GB"
    )
    return whole


if __name__ == "__main__":
    main()
