"""What the networks need on some devices so that their numbers are right, or come faster."""

from __future__ import annotations

import functools
from typing import Any

from app.library.models.weights.tensors import FLOAT16_MAX


def clip(transformer: Any) -> list[Any]:
    """Clip the linear attention's output to float16's range, whatever the type.

    Checkpoints that were trained in float16 learned with that limit and generate wrong pictures without it.

    Returns:
        The hooks, which can be removed.
    """
    import torch

    def hook(module: Any, inputs: Any, output: Any) -> Any:
        # clamp alone would hide a NaN on mps.
        return torch.where(output.isnan(), output, output.clamp(-FLOAT16_MAX, FLOAT16_MAX))

    return [block.attn1.register_forward_hook(hook) for block in transformer.transformer_blocks]


def pointwise_as_linear(network: Any) -> None:
    """Compute 1x1 convolutions as the matrix products that they are.

    They are half of a SANA transformer, and torch's convolution of few tokens on a processor was seen to make the whole
    pass up to a tenth slower.
    """
    import torch

    def forward(module: Any, pixels: Any) -> Any:
        weight = module.weight.flatten(1)
        return torch.nn.functional.linear(pixels.movedim(1, -1), weight, module.bias).movedim(-1, 1)

    for module in network.modules():
        if not isinstance(module, torch.nn.Conv2d):
            continue
        if module.kernel_size == module.stride == (1, 1) and module.padding == (0, 0) and module.groups == 1:
            module.forward = functools.partial(forward, module)


def make_contiguous(network: Any) -> None:
    """Give convolutions, activations and attention contiguous tensors.

    On mps SiLU and convolutions of chunked or permuted tensors, and attention with heads of 64 channels or more on
    permuted ones, were reported to give wrong numbers. The numbers stay the same elsewhere.
    """
    import torch

    def straighten(module: Any, inputs: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(item.contiguous() if isinstance(item, torch.Tensor) else item for item in inputs)

    for module in network.modules():
        if isinstance(module, torch.nn.Conv2d | torch.nn.Linear | torch.nn.SiLU | torch.nn.ReLU):
            module.register_forward_pre_hook(straighten)
    for block in getattr(network, "transformer_blocks", ()):
        block.attn2.contiguous = True
