"""What each stage computes and moves on a GPU, counted from the graphs of the networks at their true sizes.

    python -m tests.benchmarks.movement [--size 0.6B] [--side 1024] [--precision bfloat16]

Nothing is computed: the graphs are made of what the networks do with the shapes, on any machine. Norms and attention
are one kernel each, elementwise work is fused as far as it can be, and a view is free until something needs its values
in order. Operations are in GFLOP, bytes in MB:

    layers       read and written by products, convolutions, norms and sums, weights included
    elementwise  by what stands between them
    copies       by reshaping what is not in order, putting together, padding and repeating
    widened      how much of all these is float32
    intensity    operations for each byte
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import mlx.core as mx

from app.sana_mlx import measure, tiling
from app.sana_mlx.autoencoder import Decoder, run_blocks
from app.sana_mlx.memory import PROMPT_TOKENS
from app.sana_mlx.text_encoder import TextEncoder
from app.sana_mlx.transformer import SanaTransformer
from app.sana_mlx.video.autoencoders import autoencoder_of
from app.sana_mlx.video.transformer import SanaVideoTransformer
from tests.benchmarks.video_memory import MODELS

CAPTION = 60
FRAMES = 6
"""Latent frames of a clip; the models make 11 or 21."""
LAYERS = {"Matmul", "AddMM", "Convolution", "Sort", "Softmax", "Sum", "Reduce", "Gather"}
COPIES = {"Concatenate", "Pad", "Scan", "SliceUpdate"}
VIEWS = {"Transpose", "Broadcast", "Slice", "Split", "ExpandDims", "Squeeze", "Flatten", "Unflatten", "Reshape"}


@dataclass
class Moved:
    """Operations, and bytes of each kind."""

    operations: float = 0.0
    layers: float = 0.0
    elementwise: float = 0.0
    copies: float = 0.0
    widened: float = 0.0

    def row(self, name: str, count: int = 1) -> str:
        moved = self.layers + self.elementwise + self.copies
        values = [self.operations / 1e9, self.layers / 1e6, self.elementwise / 1e6, self.copies / 1e6]
        cells = [f"{value * count:,.0f}" for value in (*values, self.widened / 1e6)]
        return f"| {name} | {' | '.join(cells)} | {self.operations / moved:,.0f} |"


@dataclass(slots=True)
class _Value:
    size: int
    bytes: int
    wide: bool
    order: tuple[int, ...] = ()
    """The axes of what lies in memory, where they were swapped."""
    ordered: bool = True
    """Its values lie in order, so that it can be reshaped and convolved as it is."""
    given: bool = False
    """It is made of the stage's inputs: the rest are weights, which are there."""
    fused: bool = False
    """Elementwise work has made it, which does not write it if elementwise work reads it."""
    written: bool = False


def moved(run: Callable[..., Any], *inputs: mx.array) -> Moved:
    """What a function of arrays does."""
    steps: list[dict[str, Any]] = []
    mx.export_function(steps.append, run, *inputs)
    total, values = Moved(), dict[str, _Value]()
    results: list[str] = []
    for step in steps:
        if step["type"] == "inputs":
            values |= {name: _value(shape, dtype, given=True) for name, shape, dtype in step["inputs"]}
        elif step["type"] == "outputs":
            results = [name for name, *_ in step["outputs"]]
        elif step["type"] == "constants":
            values |= {name: _value(array.shape, array.dtype) for name, array in step["constants"]}
        elif step["type"] == "primitive":
            _add(total, step, values)
    for name in results:
        _write(total, values[name])
    return total


def _value(shape: tuple[int, ...], dtype: mx.Dtype, given: bool = False) -> _Value:
    size = math.prod(shape)
    return _Value(size, size * dtype.size, dtype == mx.float32, given=given)


def _add(total: Moved, step: dict[str, Any], values: dict[str, _Value]) -> None:
    name, shapes = step["name"], [shape for _, shape, _ in step["inputs"]]
    sources = [values[source] for source, *_ in step["inputs"]]
    outputs = {target: _value(shape, dtype) for target, shape, dtype in step["outputs"]}
    values |= outputs
    if name == "Broadcast":  # nothing more is read
        values[step["outputs"][0][0]].bytes = sources[0].bytes
    if not any(source.given for source in sources):
        return
    out = next(iter(outputs.values()))
    for each in outputs.values():
        each.given = True
    if name in VIEWS:
        source = sources[0]
        ordered = _ordered(name, step, shapes[0], source)
        reshapes = name in ("Reshape", "Flatten", "Unflatten")
        if reshapes and not source.ordered:
            _move(total, "copies", source, out)
        for each in outputs.values():
            each.ordered, each.fused, each.written = ordered or reshapes, source.fused, source.written
            each.order = _order(name, step, shapes[0], source)
    elif name in COPIES:
        _move(total, "copies", *sources, out)
    elif name in LAYERS:
        total.operations += _operations(name, shapes, out)
        for source in sources:
            if name == "Convolution" and not source.ordered and source.given:
                _move(total, "copies", source, source)
        _move(total, "layers", *sources, out)
    else:
        for source in sources:
            if not source.fused:
                _count(total, "elementwise", source)
        for each in outputs.values():
            each.fused = True


def _ordered(name: str, step: dict[str, Any], shape: tuple[int, ...], source: _Value) -> bool:
    """Whether a view has its values in order."""
    if name == "Transpose":
        order = _order(name, step, shape, source)
        axes = [order[place] for place, axis in enumerate(step["arguments"][0]) if shape[axis] > 1]
        return axes == sorted(axes) and (source.ordered or bool(source.order))
    out = step["outputs"][0][1]
    if name in ("Slice", "Split"):
        changed = next((axis for axis, pair in enumerate(zip(shape, out, strict=True)) if pair[0] != pair[1]), None)
        return source.ordered and (changed is None or math.prod(shape[:changed]) == 1)
    return source.ordered and math.prod(out) == source.size


def _order(name: str, step: dict[str, Any], shape: tuple[int, ...], source: _Value) -> tuple[int, ...]:
    """Of a view; other views of what was swapped are taken for out of order."""
    if name != "Transpose" or not (source.ordered or source.order):
        return ()
    return tuple((source.order or range(len(shape)))[axis] for axis in step["arguments"][0])


def _operations(name: str, shapes: list[tuple[int, ...]], out: _Value) -> float:
    if name in ("Matmul", "AddMM"):
        first = shapes[0] if name == "Matmul" or len(shapes[0]) > 1 else shapes[1]
        return 2.0 * out.size * first[-1]
    if name == "Convolution":
        return 2.0 * out.size * math.prod(shapes[1][1:])
    return 0.0


def _move(total: Moved, kind: str, *arrays: _Value) -> None:
    for array in arrays[:-1]:
        _write(total, array)
    for array in arrays:
        _count(total, kind, array)


def _write(total: Moved, array: _Value) -> None:
    """Something reads it that is not elementwise, so that it must be there."""
    if array.fused and not array.written:
        array.written = True
        _count(total, "elementwise", array)


def _count(total: Moved, kind: str, array: _Value) -> None:
    setattr(total, kind, getattr(total, kind) + array.bytes)
    total.widened += array.bytes * array.wide


def stages(size: str, side: int, dtype: mx.Dtype) -> Iterator[str]:
    """The rows of the table."""
    latent = side // measure.AUTOENCODER.factor
    text = TextEncoder(replace(measure.GEMMA, windows=measure.GEMMA.windows[:1]))
    text.set_dtype(dtype)
    layer, states = text.model.layers[0], mx.zeros((1, PROMPT_TOKENS, measure.GEMMA.hidden_size), dtype)
    causal = mx.ones((PROMPT_TOKENS, PROMPT_TOKENS), mx.bool_)
    yield moved(lambda x: layer(x, causal), states).row("text encoder, 560 tokens", measure.GEMMA.num_hidden_layers)

    config = replace(measure.TRANSFORMERS[size], num_layers=1)
    transformer = SanaTransformer(config)
    transformer.set_dtype(dtype)
    block, width = transformer.transformer_blocks[0], config.width
    arrays = [mx.zeros((1, latent * latent, width), dtype), mx.zeros((1, CAPTION, width), dtype)]
    arrays.append(mx.zeros((1, 6, width), dtype))
    step = moved(lambda x, caption, time: block(x, caption, None, time, (latent, latent)), *arrays)
    yield step.row(f"transformer {size}, a pass", measure.TRANSFORMERS[size].num_layers)

    decoder = Decoder(measure.AUTOENCODER)
    decoder.set_dtype(dtype)
    latents = mx.zeros((1, latent, latent, measure.AUTOENCODER.latent_channels), dtype)
    yield moved(decoder, latents).row("decoder, whole")
    for tile in (512, 256):
        yield moved(lambda x, tile=tile: _in_tiles(decoder, x, tile), latents).row(f"decoder, tiles of {tile}")
    yield from _clips(dtype)


def _in_tiles(decoder: Decoder, latents: mx.array, tile: int) -> list[mx.array]:
    """As `tiling.decode`, without fetching what it computes."""
    run = decoder.tiled
    x = tiling._in_strips(decoder.head(latents), decoder.body(), tile, lambda: None)
    tiles = run.tiles(x.shape[1], x.shape[2], tile)
    return [run_blocks(decoder.tail(), x[:, *piece.source], run.trims(piece)) for piece in tiles]


def _clips(dtype: mx.Dtype) -> Iterator[str]:
    """A block of each published transformer of clips, and its decoder, at the models' own size."""
    for name, model in MODELS.items():
        config = replace(model.transformer, num_layers=1)
        transformer = SanaVideoTransformer(config)
        transformer.set_dtype(dtype)
        autoencoder = autoencoder_of(model.autoencoder)
        width, height = (side // autoencoder.spatial_factor for side in model.size)
        latents = mx.zeros((1, FRAMES, height, width, config.in_channels), dtype)
        caption = mx.zeros((1, CAPTION, config.caption_channels), dtype)

        def step(x: mx.array, caption: mx.array, network: Any = transformer) -> mx.array:
            return network(x, mx.array([500.0]), caption)

        yield moved(step, latents, caption).row(f"clip {name}: a block of the transformer, {FRAMES} latent frames")
        decoder = autoencoder.halves["decoder"]()
        decoder.set_dtype(dtype)

        def decode(x: mx.array, kind: Any = autoencoder, network: Any = decoder) -> list[mx.array]:
            return list(kind.decode_chunks(network, x))

        yield moved(decode, latents).row(f"clip {name}: its decoder, {FRAMES} latent frames")


def as_on_a_gpu() -> None:
    """Let norms and attention be one operation, and nothing wait."""
    mx.disable_compile()  # what is fused is not exported
    names = vars(mx.fast)
    names["rms_norm"] = names["layer_norm"] = lambda x, *_, **__: mx.sort(x)
    names["scaled_dot_product_attention"] = lambda q, k, v, *_, **__: (q @ k.swapaxes(-1, -2)) @ v
    vars(mx)["eval"] = lambda *_: None
    # what copies cannot be exported; this is as large
    vars(mx)["contiguous"] = lambda x: mx.cumsum(x, axis=-1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", choices=measure.TRANSFORMERS, default="0.6B")
    parser.add_argument("--side", type=int, default=1024)
    parser.add_argument("--precision", choices=("bfloat16", "float32"), default="bfloat16")
    options = parser.parse_args()
    as_on_a_gpu()
    print(f"{options.size}, {options.side} x {options.side}, {options.precision}\n")
    print("| stage | GFLOP | layers | elementwise | copies | widened | intensity |")
    print("|---|---|---|---|---|---|---|")
    for row in stages(options.size, options.side, getattr(mx, options.precision)):
        print(row, flush=True)


if __name__ == "__main__":
    main()
