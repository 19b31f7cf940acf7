"""The peak memory of a clip, from networks with random weights of the true sizes: of the transformer one block.

Run: python -m tests.benchmarks.video_memory [--model 720p] [--frames 81] [--precision 4bit] [--tile 256]

Every block of the transformer is evaluated by itself, so its peak is that of one block, and the weights of the rest
besides: these are counted. Two things save time where nothing fast computes them, and allocate the same: products with
quantized weights take 32 of their inputs, and with --short so do the decoder's convolutions. What the CPU build copies
for a convolution is then missing; on a Mac there is no such copy.
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
from app.sana_mlx.measure import GEMMA, fill, report, short_product  # noqa: E402
from app.sana_mlx.memory import CAPTION_TOKENS, PROCESS, text_encoder_peak  # noqa: E402
from app.sana_mlx.video.autoencoder_memory import autoencoder_work  # noqa: E402
from app.sana_mlx.video.autoencoders import autoencoder_of  # noqa: E402
from app.sana_mlx.video.config import VideoTransformerConfig, autoencoder_config  # noqa: E402
from app.sana_mlx.video.memory import Clip, video_transformer_weights, video_transformer_work  # noqa: E402
from app.sana_mlx.video.transformer import SanaVideoTransformer  # noqa: E402


@dataclass(frozen=True)
class Model:
    """A published model: its transformer, its autoencoder's kind, whose other values are the defaults, and the size of
    its clips in pixels."""

    transformer: VideoTransformerConfig
    autoencoder: dict[str, Any]
    size: tuple[int, int]


MODELS = {
    "720p": Model(
        VideoTransformerConfig(in_channels=128, out_channels=128, mlp_ratio=3.0, patch_size=(1, 1, 1), sample_size=22),
        {"_class_name": "AutoencoderKLLTX2Video", "decoder_causal": False}, (1280, 704),
    ),
    "480p": Model(VideoTransformerConfig(mlp_ratio=3.0), {"_class_name": "AutoencoderKLWan"}, (832, 480)),
}  # fmt: skip
DTYPES = {4: mx.float32, 2: mx.bfloat16}
convolution = mx.conv2d


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", choices=MODELS, default="720p")
    parser.add_argument("--frames", type=int, default=81)
    parser.add_argument("--precision", choices=("float32", "bfloat16", "8bit", "4bit"), default="4bit")
    parser.add_argument("--size", type=int, nargs=2, metavar=("WIDTH", "HEIGHT"), help="the model's own, if not given")
    parser.add_argument("--tile", type=int, help="side of the decoder's tiles; whole frames, if not given")
    parser.add_argument("--short", action="store_true", help="32 inputs of the decoder's convolutions")
    parser.add_argument("--parts", nargs="+", choices=("transformer", "decoder"), default=["transformer", "decoder"])
    options = parser.parse_args()
    mx.quantized_matmul = short_product
    if options.short:
        mx.conv2d = short_convolution
    model = MODELS[options.model]
    width, height = options.size or model.size
    clip = Clip(width, height, options.frames)
    print(f"SANA-Video {options.model}, {clip}, {options.precision}, tiles of {options.tile}, {mx.default_device()}")
    phases = {}
    if "transformer" in options.parts:
        phases["transformer"] = transformer(model, clip, options.precision)
    if "decoder" in options.parts:
        phases["decoder"] = decoder(model, clip, options.precision, options.tile, unfolds=not options.short)
    item, bits = item_and_bits(options.precision)
    phases["text encoder"] = text_encoder_peak(GEMMA, item, bits)[1]
    largest = max(phases, key=lambda name: phases[name])
    print(f"The process: {(phases[largest] + PROCESS) / 1e9:.2f} GB, while the {largest} works")


def transformer(model: Model, clip: Clip, precision: str) -> int:
    """The peak of a step of the whole transformer in bytes."""
    config = model.transformer
    item, bits = item_and_bits(precision)
    network: Any = fill(SanaVideoTransformer(replace(config, num_layers=1)), DTYPES[item], bits)
    frames, rows, columns = latent_size(model, clip)
    latents = mx.random.normal((1, frames, rows, columns, config.in_channels)).astype(DTYPES[item])
    caption = mx.random.normal((1, CAPTION_TOKENS, config.caption_channels)).astype(DTYPES[item])
    mx.eval(latents, caption)
    before, peak = report("one block", lambda: mx.eval(network(latents, mx.array([500.0]), caption)))
    tokens = rows * columns // (config.patch_size[1] * config.patch_size[2])
    return told(
        "transformer",
        video_transformer_weights(config, item, bits),
        peak - before,
        video_transformer_work(config, frames, tokens, item, unfolds=True),
    )


def decoder(model: Model, clip: Clip, precision: str, tile: int | None, unfolds: bool) -> int:
    """The peak of decoding a clip in bytes."""
    item, _ = item_and_bits(precision)
    autoencoder = autoencoder_of(model.autoencoder)
    network: Any = fill(autoencoder.halves["decoder"](), DTYPES[item], None)
    latents = mx.random.normal((1, *latent_size(model, clip), model.transformer.in_channels))
    mx.eval(latents)

    def decode() -> None:
        for piece in autoencoder.decode_chunks(network, latents, tile):
            mx.eval(piece)

    before, peak = report("decoder", decode)
    expected = autoencoder_work(autoencoder.config, clip.width * clip.height, tile, item, unfolds)
    return told("decoder", before, peak - before, expected)


def told(name: str, weights: int, besides: int, expected: int) -> int:
    print(
        f"{name:14} weights {weights / 1e9:5.2f} GB, besides {besides / 1e9:5.2f} GB "
        f"(estimated {expected / 1e9:5.2f} GB), together {(weights + besides) / 1e9:5.2f} GB"
    )
    return weights + besides


def latent_size(model: Model, clip: Clip) -> tuple[int, int, int]:
    config = autoencoder_config(model.autoencoder)
    frames = latent_frames(clip.frames, config.temporal_factor)
    return frames, clip.height // config.factor, clip.width // config.factor


def item_and_bits(precision: str) -> tuple[int, int | None]:
    """Bytes of a number that is not quantized, and the bits of one that is."""
    return (4 if precision == "float32" else 2), BITS.get(precision)


def short_convolution(x: mx.array, weight: mx.array, *args: Any, **options: Any) -> mx.array:
    """In place of `mx.conv2d`: of 32 channels."""
    if x.shape[-1] != weight.shape[-1]:  # in groups
        return convolution(x, weight, *args, **options)
    return convolution(x[..., :32], weight[..., :32], *args, **options)


if __name__ == "__main__":
    main()
