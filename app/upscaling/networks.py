"""The networks of the upscalers, over the few operations that an array library must offer.

Both enlarge four times. They are convolutions alone, so a pixel of the result depends on a window of the input.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

SPAN_BLOCKS = 6
RRDB_BLOCKS = 23
_DENSE_CONVOLUTIONS = 4
_RESIDUAL = 0.2


class Operations(Protocol):
    """What a network asks of torch or MLX. Arrays are float, and know `+`, `-` and `*`; their layout is the library's
    own.
    """

    def convolution(self, x: Any, name: str) -> Any:
        """The convolution `name` of the weights, with its bias, of stride 1; the size stays."""
        ...

    def silu(self, x: Any) -> Any: ...

    def sigmoid(self, x: Any) -> Any: ...

    def leaky_relu(self, x: Any) -> Any:
        """With a slope of 0.2 below zero."""
        ...

    def concatenate(self, arrays: Sequence[Any]) -> Any:
        """Along the channels."""
        ...

    def repeat(self, x: Any) -> Any:
        """Each pixel becomes two by two."""
        ...

    def pixel_shuffle(self, x: Any) -> Any:
        """Sixteen channels become four by four pixels, as torch's `pixel_shuffle` orders them."""
        ...


def span(ops: Operations, x: Any) -> Any:
    """Swift Parameter-free Attention Network, 48 channels (https://arxiv.org/abs/2311.12770).

    Args:
        x: pixels of 0..255 less the mean colour of the training set.

    Returns:
        Pixels of 0..1, four times as large.
    """
    first = x = ops.convolution(x, "conv_1")
    outputs, inner = [], x
    for number in range(1, SPAN_BLOCKS + 1):
        inner = ops.silu(ops.convolution(x, f"block_{number}.c1_r"))
        change = ops.convolution(ops.silu(ops.convolution(inner, f"block_{number}.c2_r")), f"block_{number}.c3_r")
        # The attention has no weights: what a convolution answers strongly counts more.
        x = (change + x) * (ops.sigmoid(change) - 0.5)
        outputs.append(x)
    joined = ops.concatenate([first, ops.convolution(x, "conv_2"), outputs[0], inner])
    return ops.pixel_shuffle(ops.convolution(ops.convolution(joined, "conv_cat"), "upsampler"))


def rrdb(ops: Operations, x: Any) -> Any:
    """Residual in residual dense blocks, as in ESRGAN (https://arxiv.org/abs/1809.00219).

    Args:
        x: pixels of 0..1.

    Returns:
        Pixels of 0..1, four times as large.
    """
    first = x = ops.convolution(x, "conv_first")
    for block in range(RRDB_BLOCKS):
        inner = x
        for dense in range(1, 4):
            inner = _dense_block(ops, inner, f"body.{block}.rdb{dense}")
        x = inner * _RESIDUAL + x
    x = ops.convolution(x, "conv_body") + first
    for name in ("conv_up1", "conv_up2"):
        x = ops.leaky_relu(ops.convolution(ops.repeat(x), name))
    return ops.convolution(ops.leaky_relu(ops.convolution(x, "conv_hr")), "conv_last")


def _dense_block(ops: Operations, x: Any, name: str) -> Any:
    features = [x]
    for number in range(1, _DENSE_CONVOLUTIONS + 1):
        features.append(ops.leaky_relu(ops.convolution(ops.concatenate(features), f"{name}.conv{number}")))
    return ops.convolution(ops.concatenate(features), f"{name}.conv5") * _RESIDUAL + x
