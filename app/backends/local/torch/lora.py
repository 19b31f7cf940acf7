"""LoRAs beside the layers that they change, as in `app/sana_mlx/lora.py`: nothing is merged into the weights."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.library.models.loras.changes import LowRank

Hook = Callable[[Any, Any, Any], Any]


def add_changes(network: Any, changes: Mapping[str, LowRank]) -> list[Any]:
    """Add changes to the output of the layers that they name.

    Returns:
        The hooks, which can be removed.
    """
    layers = ((network.get_submodule(name), change) for name, change in changes.items())
    return [layer.register_forward_hook(_hook(layer, change)) for layer, change in layers]


def _hook(layer: Any, change: LowRank) -> Hook:
    import torch

    def moved(values: Any) -> Any:
        return torch.from_numpy(values).to(layer.weight)  # its device and its type

    if isinstance(layer, torch.nn.Linear):
        return _linear(moved(change.a), moved(change.b))
    if layer.groups > 1:
        return _grouped(moved((change.b @ change.a).reshape(layer.weight.shape)))
    if layer.kernel_size == layer.stride == (1, 1):
        return _pointwise(moved(change.a), moved(change.b))
    return _convolution(moved(change.a.reshape(-1, *layer.weight.shape[1:])), moved(change.b))


def _linear(a: Any, b: Any) -> Hook:
    from torch.nn.functional import linear

    return lambda layer, inputs, output: output + linear(linear(inputs[0], a), b)


def _pointwise(a: Any, b: Any) -> Hook:
    """A product of matrices: torch's convolution of few tokens on a processor is slower."""

    def hook(layer: Any, inputs: Any, output: Any) -> Any:
        x = inputs[0]
        return output + (b @ (a @ x.flatten(2))).unflatten(2, x.shape[2:])

    return hook


def _convolution(a: Any, b: Any) -> Hook:
    """Of pictures or of clips."""
    from torch.nn.functional import conv2d, conv3d

    convolved = conv3d if a.ndim == 5 else conv2d

    def hook(layer: Any, inputs: Any, output: Any) -> Any:
        x = convolved(inputs[0], a, None, layer.stride, layer.padding, layer.dilation)
        return output + (b @ x.flatten(2)).unflatten(2, x.shape[2:])

    return hook


def _grouped(weight: Any) -> Hook:
    from torch.nn.functional import conv2d

    def hook(layer: Any, inputs: Any, output: Any) -> Any:
        return output + conv2d(inputs[0], weight, None, layer.stride, layer.padding, layer.dilation, layer.groups)

    return hook
