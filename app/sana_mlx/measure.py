"""Measures the peak memory of a picture, with random weights of a model's full size.

    python -m app.sana_mlx.measure --size 0.6B --precision 4bit --width 1024

The weights are made where they are used, already quantized, so no checkpoint is needed and none is downloaded. The
parts run as for a picture: the text encoder reads a prompt of full length and leaves, the transformer makes one step,
the decoder decodes. Two options for machines that are slow:

    --blocks 1        computes one block of each network, of the decoder one of each stage and one tile, with all of
                      them loaded. Each block is evaluated by itself, so the peak is that of all of them.
    --short-products  takes 32 inputs of each product with quantized weights, for which MLX's CPU build has no fast
                      kernel. The result is all that is allocated either way.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

from app.diffusion.tiling import ConvRun, Tile

from .blas import load_openblas
from .config import AutoencoderConfig, TextEncoderConfig, TransformerConfig
from .memory import CAPTION_TOKENS, PROMPT_TOKENS, estimate_peak

# The published widths and depths (SANA paper, Table 1; SANA 1.5, Section 2).
TRANSFORMERS = {
    "0.6B": TransformerConfig(
        num_attention_heads=36,
        num_layers=28,
        num_cross_attention_heads=16,
        cross_attention_head_dim=72,
        cross_attention_dim=1152,
    ),
    "1.6B": TransformerConfig(),
    "4.8B": TransformerConfig(num_layers=60),
}
STAGES = ("ResBlock",) * 3 + ("EfficientViTBlock",) * 3
AUTOENCODER = AutoencoderConfig(
    encoder_block_types=STAGES,
    decoder_block_types=STAGES,
    downsample_block_type="Conv",
    upsample_block_type="interpolate",
    scaling_factor=0.41407,
)
GEMMA = TextEncoderConfig(
    hidden_size=2304,
    num_hidden_layers=26,
    intermediate_size=9216,
    num_attention_heads=8,
    num_key_value_heads=4,
    head_dim=256,
    vocab_size=256000,
    rms_norm_eps=1e-6,
    rope_theta=10000.0,
    query_pre_attn_scalar=256,
    attn_logit_softcapping=50.0,
    windows=(4096, None) * 13,
)
PARTS = ("text_encoder", "transformer", "decoder")


class OneTile(ConvRun):
    """A run of which one tile is computed: one in the middle, with its halo on all sides."""

    def tiles(self, height: int, width: int, size: int) -> list[Tile]:
        every = super().tiles(height, width, size)
        columns = len({tile.target[1].start for tile in every})
        return [every[len(every) // columns // 2 * columns + columns // 2]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", choices=TRANSFORMERS, default="0.6B")
    parser.add_argument("--precision", choices=("float32", "bfloat16", "8bit", "4bit"), default="4bit")
    parser.add_argument("--width", type=int, default=1024)
    parser.add_argument("--height", type=int, help="the width, if not given")
    parser.add_argument("--tile", type=int, default=256, help="side of the decoder's tiles; 0: the whole picture")
    parser.add_argument("--blocks", type=int, help="compute so many blocks of each network, and one tile")
    parser.add_argument("--short-products", action="store_true", help="32 inputs of products with quantized weights")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    options = parser.parse_args()
    load_openblas()
    measure(options)


def measure(options: argparse.Namespace) -> None:
    import mlx.core as mx

    width, height, tile = options.width, options.height or options.width, options.tile or None
    config = replace(TRANSFORMERS[options.size], sample_size=max(width, height) // AUTOENCODER.factor)
    dtype = mx.float32 if options.precision == "float32" else mx.bfloat16
    bits = {"8bit": 8, "4bit": 4}.get(options.precision)
    size = (1, height // AUTOENCODER.factor, width // AUTOENCODER.factor, AUTOENCODER.latent_channels)
    latents = mx.random.normal(size).astype(dtype)
    if options.short_products:
        mx.quantized_matmul = short_product
    print(f"Sana {options.size}, {options.precision}, {width} x {height}, tiles of {tile}, {mx.default_device()}")
    if "text_encoder" in options.parts:
        _text_encoder(dtype, bits, options.blocks)
    transformer = _transformer(config, latents, bits, options.blocks) if "transformer" in options.parts else None
    if "decoder" in options.parts:
        _decoder(latents, tile, options.blocks)
    del transformer
    peak = estimate_peak(config, AUTOENCODER, GEMMA, width, height, options.precision, tile)
    parts = (("text encoder", peak.text_encoder), ("transformer", peak.transformer), ("decoder", peak.decoder))
    print("estimated     ", ", ".join(f"{name} {size / 1e9:.2f} GB" for name, size in parts), end="")
    print(f"; the process {peak.total / 1e9:.2f} GB")


def short_product(x: Any, weight: Any, *args: Any, **options: Any) -> Any:
    """In place of `mx.quantized_matmul`: 32 channels of x (..., inputs), times ones, to (..., outputs).

    Zeros would not do: computed in no time, they never let MLX allocate ahead.
    """
    return x[..., :32] @ _ones(len(weight), x.dtype)


@cache
def _ones(outputs: int, dtype: Any) -> Any:
    import mlx.core as mx

    return mx.ones((32, outputs), dtype)


def _text_encoder(dtype: Any, bits: int | None, blocks: int | None) -> None:
    import mlx.core as mx

    from .text_encoder import TextEncoder

    model = fill(TextEncoder(GEMMA), dtype, bits)
    every = model.model.layers
    model.model.layers = every[:blocks]
    model.config = replace(GEMMA, windows=GEMMA.windows[:blocks])
    report("text encoder", lambda: mx.eval(model(mx.zeros((1, PROMPT_TOKENS), mx.uint32))))


def _transformer(config: TransformerConfig, latents: Any, bits: int | None, blocks: int | None) -> Any:
    import mlx.core as mx

    from .transformer import SanaTransformer

    model = fill(SanaTransformer(config), latents.dtype, bits)
    every = model.transformer_blocks
    model.transformer_blocks = every[:blocks]
    caption = mx.random.normal((1, CAPTION_TOKENS, config.caption_channels)).astype(latents.dtype)
    report("transformer", lambda: mx.eval(model(latents, mx.array([500.0]), caption)))
    model.transformer_blocks = every
    return model


def _decoder(latents: Any, tile: int | None, blocks: int | None) -> None:
    import mlx.core as mx

    from .autoencoder import Decoder, UpBlock
    from .tiling import decode

    model = fill(Decoder(AUTOENCODER), latents.dtype, None)
    every = [list(stage) for stage in model.up_blocks]
    if blocks is not None:
        model.tiled = OneTile(model.tiled.stages, model.tiled.blocks)
        for stage in model.up_blocks:
            kept = blocks + isinstance(stage[0], UpBlock)
            stage[kept:] = [lambda x: x] * len(stage[kept:])
    report("decoder", lambda: decode(model, latents, tile, lambda pixels: pixels.astype(mx.uint8)))
    model.up_blocks = every


def fill(model: Any, dtype: Any, bits: int | None) -> Any:
    """Random weights, made already quantized: their values do not matter to the memory."""
    import mlx.core as mx
    from mlx.utils import tree_flatten

    from .quantize import quantize

    model.set_dtype(dtype)
    if bits is not None:
        quantize(model, bits)
    for name, old in tree_flatten(model.parameters()):
        if old.dtype == mx.uint32:
            new = mx.random.randint(0, 2**31, old.shape, mx.uint32)
        else:
            new = (mx.random.normal(old.shape, dtype) / 256).astype(dtype)
        mx.eval(new)
        model.load_weights([(name, new)], strict=False)
    return model


def report(name: str, run: Callable[[], object]) -> tuple[int, int]:
    """Run and print what it took. Returns the bytes that were in use before, and at most."""
    import mlx.core as mx

    mx.clear_cache()
    mx.reset_peak_memory()
    weights, start = mx.get_active_memory(), time.perf_counter()
    run()
    seconds = time.perf_counter() - start
    process = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    print(
        f"{name:14} weights {weights / 1e9:5.2f} GB, peak {mx.get_peak_memory() / 1e9:5.2f} GB, "
        f"process so far {process / 1e9:5.2f} GB, {seconds:.0f} s",
        flush=True,
    )
    return weights, mx.get_peak_memory()


if __name__ == "__main__":
    main()
