"""Networks with exactly the weights of a checkpoint's files."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

from app.backends.local.misfits import SENSELESS, is_out_of_memory, misfits, senseless
from app.backends.local.torch.fixes import make_contiguous
from app.library.models.checkpoint.checkpoint import Checkpoint
from app.library.models.checkpoint.controlnet import ControlNet
from app.library.models.weights.tensors import FLOAT8, StoredTensor, check_fit
from app.library.models.weights.weights import Weights


def load_transformer(checkpoint: Checkpoint, device: str, dtype: Any) -> Any:
    """diffusers' transformer with the weights of the checkpoint. Raises UserError where they do not fit it."""
    from diffusers import SanaTransformer2DModel

    weights = checkpoint.weights["transformer"]
    network = _empty_network(checkpoint.name, checkpoint.transformer, SanaTransformer2DModel)
    _fill(network, weights, weights.tensors, device, dtype)
    _fill_positions(network, checkpoint.transformer, device, dtype)
    return network


def load_controlnet(controlnet: ControlNet, device: str, dtype: Any) -> Any:
    """diffusers' ControlNet with these weights. Raises UserError where they do not fit it."""
    from diffusers import SanaControlNetModel

    network = _empty_network(controlnet.name, controlnet.config, SanaControlNetModel)
    _fill(network, controlnet.weights, controlnet.weights.tensors, device, dtype)
    _fill_positions(network, controlnet.config, device, dtype)
    return network


def load_autoencoder(checkpoint: Checkpoint) -> Any:
    """diffusers' autoencoder without weights; its halves get theirs from `fill_half`."""
    from diffusers import AutoencoderDC

    return _empty_network(checkpoint.name, checkpoint.vae, AutoencoderDC)


def fill_half(vae: Any, half: str, checkpoint: Checkpoint, device: str, dtype: Any) -> None:
    """Give the autoencoder's "encoder" or "decoder" its weights. Raises UserError where they do not fit it."""
    other = {"encoder": "decoder.", "decoder": "encoder."}[half]
    weights = checkpoint.weights["vae"]
    tensors = {name: tensor for name, tensor in weights.tensors.items() if not name.startswith(other)}
    _fill(getattr(vae, half), weights, tensors, device, dtype, f"{half}.")


def load_text_encoder(checkpoint: Checkpoint, device: str, dtype: Any) -> Any:
    """Gemma, given its weights: left to find them, transformers takes what config.json names, even a pickle."""
    import torch
    from huggingface_hub.errors import StrictDataclassError
    from transformers import Gemma2Config, Gemma2Model
    from transformers.utils import logging

    logging.disable_progress_bar()
    tensors = checkpoint.weights["text_encoder"].tensors
    try:
        config = Gemma2Config.from_dict(dict(checkpoint.text_encoder))
        with torch.device("meta"):
            shapes = _shapes(Gemma2Model(config))
        with misfits(checkpoint.weight_files("text_encoder")):
            check_fit(shapes, tensors)
        encoder = Gemma2Model.from_pretrained(
            None,
            config=config,
            state_dict=_read(tensors, "cpu", dtype),
            dtype=dtype,
            attn_implementation="eager",  # the only one that caps the scores as Gemma does
        )
    except (*SENSELESS, StrictDataclassError) as error:
        if is_out_of_memory(error):
            raise
        raise senseless(checkpoint.name) from error
    return encoder.eval().requires_grad_(False).to(device)


def _empty_network(model: str, config: Mapping[str, Any], architecture: Any) -> Any:
    """One of diffusers' networks, as the config of a model's part describes it.

    Its own loader first fills the network with random numbers when the package accelerate is missing, which takes
    twice the memory and, for a large model, longer than reading the file.
    """
    import torch

    try:
        with _quiet(), torch.device("meta"):
            return architecture.from_config(dict(config)).eval().requires_grad_(False)
    except SENSELESS as error:
        raise senseless(model) from error


def _fill(
    network: Any, weights: Weights, tensors: Mapping[str, StoredTensor], device: str, dtype: Any, prefix: str = ""
) -> None:
    """Give a network exactly these tensors of some weights, whose names begin with `prefix`."""
    with misfits(weights.files):
        check_fit({f"{prefix}{name}": shape for name, shape in _shapes(network).items()}, tensors)
    state = {name.removeprefix(prefix): tensor for name, tensor in _read(tensors, device, dtype).items()}
    network.load_state_dict(state, strict=False, assign=True)  # but for batch norms' counters
    network.requires_grad_(False)
    if device == "mps":
        make_contiguous(network)


def _shapes(network: Any) -> dict[str, tuple[int, ...]]:
    """What a network needs of a checkpoint."""
    state = network.state_dict()
    return {name: tuple(tensor.shape) for name, tensor in state.items() if not name.endswith("num_batches_tracked")}


def _read(tensors: Mapping[str, StoredTensor], device: str, dtype: Any) -> dict[str, Any]:
    """The tensors, one after the other, in the type and on the device where they are needed."""
    from safetensors import safe_open

    weights: dict[str, Any] = {}
    with contextlib.ExitStack() as stack:
        paths = {tensor.file for tensor in tensors.values()}
        files = {path: stack.enter_context(safe_open(path, "pt")) for path in paths}
        for name, tensor in tensors.items():
            rows = tensor.rows
            file = files[tensor.file]
            values = file.get_slice(tensor.key)[slice(*rows)] if rows else file.get_tensor(tensor.key)
            if tensor.dtype in FLOAT8:
                values = values.float() * _scale(file, tensor)
            if tensor.dtype == "F64":
                values = values.float()  # Apple's GPU has no such numbers
            weights[name] = values.to(device, dtype)
    return weights


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


def _fill_positions(network: Any, config: Mapping[str, Any], device: str, dtype: Any) -> None:
    """What is computed rather than stored, the table of positions: taken from the same network without its layers."""
    if not any(buffer.is_meta for buffer in network.buffers()):
        return
    with _quiet():
        small = type(network).from_config({**config, "num_layers": 0})
    for name, buffer in small.named_buffers():
        module, _, key = name.rpartition(".")
        setattr(network.get_submodule(module), key, buffer.to(device, dtype))


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Without diffusers' warnings about keys of a config that it does not know; the strict load tells what matters."""
    from diffusers.utils import logging

    before = logging.get_verbosity()
    logging.set_verbosity_error()
    try:
        yield
    finally:
        logging.set_verbosity(before)
