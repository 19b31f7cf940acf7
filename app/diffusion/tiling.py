"""Where a deep-compression autoencoder can be cut into tiles without changing a pixel. Numbers only, for any framework.

The linear attention of an EfficientViT block sums over all tokens, so a tile decoded alone is a different picture. But
those blocks stand at low resolution; what follows them in the decoder (and precedes them in the encoder) is convolution
and per-pixel norm, which sees no further than its receptive field. That run can be computed tile by tile, each with a
halo of that width, and gives the same pixels. Structure: DC-AE (https://arxiv.org/abs/2410.10733), as diffusers'
`AutoencoderDC` builds it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal, NamedTuple

Op = Literal["conv", "up", "down"]
"""What widens a receptive field: a 3x3 convolution, a change to twice or to half the resolution."""


class Span(NamedTuple):
    """One piece of a side."""

    source: slice
    """The window of the input, halo included."""
    crop: slice
    """The part of that window's output that is exact."""
    target: slice
    """Where that part belongs in the whole output."""


class Tile(NamedTuple):
    """One piece of a picture: each field is (rows, columns), as in `Span`."""

    source: tuple[slice, slice]
    crop: tuple[slice, slice]
    target: tuple[slice, slice]


@dataclass(frozen=True, slots=True)
class ConvRun:
    """A run of stages without attention.

    Attributes:
        stages: their indices in `up_blocks` or `down_blocks`, in the order in which they are computed.
        blocks: for each block in that order, the operations that widen the receptive field. The encoder's `conv_in` is
            the first; the decoder's `norm_out`, activation and `conv_out` are the last.
    """

    stages: tuple[int, ...]
    blocks: tuple[tuple[Op, ...], ...]

    @property
    def ops(self) -> tuple[Op, ...]:
        """The operations of all blocks."""
        return tuple(op for block in self.blocks for op in block)

    @property
    def halo(self) -> int:
        """How many pixels of the run's input beyond a window the window's output depends on."""
        return self.reach(0)

    def reach(self, block: int) -> int:
        """The same for the input of one block: what is computed beyond it need not go on."""
        reach = 0
        for op in reversed([op for ops in self.blocks[block:] for op in ops]):
            if op == "conv":
                reach += 1
            elif op == "up":
                reach = -(-reach // 2)
            else:
                reach *= 2
        return reach

    @property
    def up(self) -> int:
        """Pixels of the output per pixel of the input, along a side."""
        return int(2 ** self.ops.count("up"))

    @property
    def down(self) -> int:
        """Pixels of the input per pixel of the output, along a side."""
        return int(2 ** self.ops.count("down"))

    def output_size(self, height: int, width: int) -> tuple[int, int]:
        """The size of the output for an input of (height, width)."""
        return height * self.up // self.down, width * self.up // self.down

    def tiles(self, height: int, width: int, size: int) -> list[Tile]:
        """Tiles that cover an input of (height, width) exactly once.

        `size` is the side of a tile, without its halo, in pixels of the picture: of the output where the run goes up,
        of the input where it goes down. Tiles are made as equal as the grid allows.
        """
        step = max(1, size // self.up // self.down) * self.down
        rows = list(spans(height, step, self.halo, up=self.up, down=self.down))
        columns = list(spans(width, step, self.halo, up=self.up, down=self.down))
        return [Tile((r.source, c.source), (r.crop, c.crop), (r.target, c.target)) for r in rows for c in columns]

    def trims(self, tile: Tile) -> list[tuple[slice, slice]]:
        """What to keep of each block's output within a tile, so that the halo shrinks on the way.

        Each is (rows, columns) of a block's output, where the block before it was trimmed too. After the last one, the
        tile needs no `crop`. Saves two thirds of the work of small tiles, and as much memory.
        """
        return list(zip(*(self._trims(source, target) for source, _, target in zip(*tile, strict=True)), strict=True))

    def windows(self, height: int, width: int, size: int) -> list[int]:
        """How many pixels each block takes, of all `tiles` together: those of its input and the halo that is left."""
        rows, columns = (self._lengths(length, size) for length in (height, width))
        return [high * wide for high, wide in zip(rows, columns, strict=True)]

    def _lengths(self, length: int, size: int) -> list[int]:
        """The inputs of each block along a side, one piece's after the other's."""
        step = max(1, size // self.up // self.down) * self.down
        pieces = []
        for source, _, target in spans(length, step, self.halo, up=self.up, down=self.down):
            taken = source, *self._trims(source, target)
            pieces.append([window.stop - window.start for window in taken[: len(self.blocks)]])
        return [sum(lengths) for lengths in zip(*pieces, strict=True)]

    def _trims(self, source: slice, target: slice) -> Iterator[slice]:
        start, stop = source.start, source.stop
        up, down = self.up, self.down
        for index, ops in enumerate(self.blocks, start=1):
            for op in ops:
                if op == "up":
                    start, stop, up = 2 * start, 2 * stop, up // 2
                elif op == "down":
                    start, stop, down = start // 2, stop // 2, down // 2
            # windows stay on multiples of what is still to be merged
            reach = -(-self.reach(index) // down) * down
            first = max(start, target.start * down // up - reach)
            last = min(stop, target.stop * down // up + reach)
            yield slice(first - start, last - start)
            start, stop = first, last


def spans(length: int, step: int, halo: int, *, up: int = 1, down: int = 1) -> Iterator[Span]:
    """Cut a side of `length` input pixels into equal pieces of at most `step`, each with `halo` more on either side.

    The window ends where the picture ends, so that there a convolution pads with zeros as it does in the whole picture.
    Windows start and end on multiples of `down`, so that strided convolutions meet the same phase.
    """
    if length % down:
        raise ValueError(f"a side of {length} pixels is not a multiple of {down}")
    units, halo = length // down, -(-halo // down)
    pieces = -(-units // max(1, step // down))
    edges = [units * i // pieces for i in range(pieces + 1)]
    for start, stop in pairwise(edges):
        first, last = max(0, start - halo), min(units, stop + halo)
        yield Span(
            slice(first * down, last * down),
            slice((start - first) * up, (stop - first) * up),
            slice(start * up, stop * up),
        )


def decoder_tail(config: Mapping[str, Any]) -> ConvRun:
    """What follows the decoder's last attention: the stages `stages`, then `norm_out`, the activation and `conv_out`.

    Args:
        config: config.json of an `AutoencoderDC`.
    """
    channels, layers = config["decoder_block_out_channels"], config["decoder_layers_per_block"]
    attention = _attention_stages(config["decoder_block_types"], layers)
    stages = tuple(reversed(range(attention[0] if attention else len(channels))))
    enlarge: tuple[Op, ...] = ("up", "conv") if config["upsample_block_type"] == "interpolate" else ("conv", "up")
    blocks: list[tuple[Op, ...]] = []
    for stage in stages:
        if stage < len(channels) - 1 and layers[stage] > 0:
            blocks.append(enlarge)
        blocks += [("conv", "conv")] * layers[stage]
    blocks.append(("conv",) if layers[0] > 0 else enlarge)
    return ConvRun(stages, tuple(blocks))


def encoder_head(config: Mapping[str, Any]) -> ConvRun:
    """What precedes the encoder's first attention: `conv_in`, then the stages `stages`.

    Args:
        config: config.json of an `AutoencoderDC`.
    """
    channels, layers = config["encoder_block_out_channels"], config["encoder_layers_per_block"]
    attention = _attention_stages(config["encoder_block_types"], layers)
    stages = tuple(range(attention[0] if attention else len(channels)))
    # A convolution of stride 2 sees what one of stride 1 sees that then keeps every other pixel.
    blocks: list[tuple[Op, ...]] = [("conv",) if layers[0] > 0 else ("conv", "down")]
    for stage in stages:
        blocks += [("conv", "conv")] * layers[stage]
        if stage < len(channels) - 1 and layers[stage] > 0:
            blocks.append(("conv", "down"))
    return ConvRun(stages, tuple(blocks))


def _attention_stages(block_types: str | Sequence[str], layers: Sequence[int]) -> list[int]:
    if isinstance(block_types, str):
        block_types = [block_types] * len(layers)
    kinds = zip(block_types, layers, strict=True)
    return [i for i, (kind, count) in enumerate(kinds) if kind != "ResBlock" and count > 0]
