"""Networks with exactly the weights of a checkpoint's files."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from app.backends.local.misfits import SENSELESS, misfits, senseless
from app.backends.local.torch.fixes import make_contiguous
from app.library.models.checkpoint.checkpoint import Checkpoint
from app.library.models.checkpoint.controlnet import ControlNet
from app.library.models.weights.tensors import FLOAT8, StoredTensor, check_fit
from app.library.models.weights.weights import Weights
from app.sana_mlx.config import AutoencoderConfig, TextEncoderConfig, TransformerConfig

PORTION = 2**26
"""Numbers that are read of a file before it is closed and opened again, which takes a millisecond."""


def load_transformer(checkpoint: Checkpoint, device: str, dtype: Any) -> Any:
    """The transformer with the weights of the checkpoint. Raises UserError where they do not fit it."""
    from app.backends.local.torch.networks.transformer import SanaTransformer

    weights = checkpoint.weights["transformer"]
    config = TransformerConfig.from_dict(checkpoint.transformer)
    network = empty_network(checkpoint.name, lambda: SanaTransformer(config))
    fill(network, weights, weights.tensors, device, dtype)
    return network


def load_controlnet(controlnet: ControlNet, device: str, dtype: Any) -> Any:
    """The ControlNet with these weights. Raises UserError where they do not fit it."""
    from app.backends.local.torch.networks.controlnet import SanaControlNet

    config = TransformerConfig.from_dict(controlnet.config)
    network = empty_network(controlnet.name, lambda: SanaControlNet(config))
    fill(network, controlnet.weights, controlnet.weights.tensors, device, dtype)
    return network


def load_autoencoder(checkpoint: Checkpoint) -> Any:
    """The autoencoder without weights; its halves get theirs from `fill_half`."""
    from app.backends.local.torch.networks.autoencoder import Autoencoder

    return empty_network(checkpoint.name, lambda: Autoencoder(AutoencoderConfig.from_dict(checkpoint.vae)))


def fill_half(vae: Any, half: str, checkpoint: Checkpoint, device: str, dtype: Any) -> None:
    """Give the autoencoder's "encoder" or "decoder" its weights. Raises UserError where they do not fit it."""
    other = {"encoder": "decoder.", "decoder": "encoder."}[half]
    weights = checkpoint.weights["vae"]
    tensors = {name: tensor for name, tensor in weights.tensors.items() if not name.startswith(other)}
    fill(getattr(vae, half), weights, tensors, device, dtype, f"{half}.")


def load_text_encoder(checkpoint: Checkpoint, device: str, dtype: Any) -> Any:
    """Gemma with the weights of the checkpoint. Raises UserError where they do not fit it."""
    from app.backends.local.torch.networks.text_encoder import TextEncoder

    weights = checkpoint.weights["text_encoder"]
    encoder = empty_network(checkpoint.name, lambda: TextEncoder(TextEncoderConfig.from_dict(checkpoint.text_encoder)))
    fill(encoder, weights, weights.tensors, device, dtype)
    return encoder


def empty_network(model: str, make: Callable[[], Any]) -> Any:
    """A network of a model without memory for its weights. Raises UserError where its description makes no sense."""
    import torch

    try:
        with torch.device("meta"):
            return make().eval().requires_grad_(False)
    except SENSELESS as error:
        raise senseless(model) from error


def fill(
    network: Any, weights: Weights, tensors: Mapping[str, StoredTensor], device: str, dtype: Any, prefix: str = ""
) -> None:
    """Give a network exactly these tensors of some weights, whose names begin with `prefix`."""
    with misfits(weights.files):
        check_fit({f"{prefix}{name}": shape for name, shape in shapes_of(network).items()}, tensors)
    state = {name.removeprefix(prefix): tensor for name, tensor in read_tensors(tensors, device, dtype).items()}
    network.load_state_dict(state, strict=False, assign=True)  # but for batch norms' counters
    network.requires_grad_(False)
    if device == "mps":
        make_contiguous(network)


def shapes_of(network: Any) -> dict[str, tuple[int, ...]]:
    """What a network needs of a checkpoint."""
    state = network.state_dict()
    return {name: tuple(tensor.shape) for name, tensor in state.items() if not name.endswith("num_batches_tracked")}


def read_tensors(tensors: Mapping[str, StoredTensor], device: str, dtype: Any) -> dict[str, Any]:
    """The tensors, one after the other, in the type and on the device where they are needed."""
    from safetensors import safe_open

    weights: dict[str, Any] = {}
    for path, names in _portions(tensors):
        with safe_open(path, "pt") as file:
            for name in names:
                tensor = tensors[name]
                rows = tensor.rows
                values = file.get_slice(tensor.key)[slice(*rows)] if rows else file.get_tensor(tensor.key)
                if tensor.dtype in FLOAT8:
                    values = values.float() * _scale(file, tensor)
                if tensor.dtype == "F64":
                    values = values.float()  # Apple's GPU has no such numbers
                weights[name] = values.to(device, dtype)
    return weights


def _portions(tensors: Mapping[str, StoredTensor]) -> Iterator[tuple[Path, list[str]]]:
    """Names of tensors to read from a file before it is closed: until then, all that was read of it stays in memory
    besides what is made of it.
    """
    for path in dict.fromkeys(tensor.file for tensor in tensors.values()):
        names: list[str] = []
        parameters = 0
        for name, tensor in tensors.items():
            if tensor.file == path:
                names.append(name)
                parameters += math.prod(tensor.shape)
            if parameters >= PORTION:
                yield path, names
                names, parameters = [], 0
        if names:
            yield path, names


def _scale(file: Any, tensor: StoredTensor) -> Any:
    """What 8-bit floats are multiplied with: one number, or one for each row."""
    if not tensor.scale:
        return 1.0
    scale = file.get_tensor(tensor.scale).float().flatten()
    if len(scale) == 1:
        return scale[0]
    if tensor.rows is not None:
        scale = scale[slice(*tensor.rows)]
    return scale.reshape(-1, *[1] * (len(tensor.shape) - 1))
