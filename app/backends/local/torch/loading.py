"""Networks with exactly the weights of a checkpoint's files."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from app.backends.local.backend import SENSELESS, is_out_of_memory
from app.backends.local.torch.fixes import make_contiguous
from app.core.errors import UserError
from app.library.models.checkpoint import Checkpoint
from app.library.models.weights import DOWNLOAD_AGAIN


def load_network(checkpoint: Checkpoint, part: str, architecture: Any, device: str, dtype: Any) -> Any:
    """One of diffusers' networks with exactly the weights of the checkpoint.

    Its own loader first fills the network with random numbers when the package accelerate is missing, which takes
    twice the memory and, for a large model, longer than reading the file.
    """
    import torch

    config = dict(getattr(checkpoint, part))
    try:
        with _quiet(), torch.device("meta"):
            network = architecture.from_config(config)
    except SENSELESS as error:
        raise _unfit(checkpoint.folder / part) from error
    try:
        network.load_state_dict(_read_weights(checkpoint, part, device, dtype), strict=True, assign=True)
    except RuntimeError as error:
        raise _unfit(checkpoint.folder / part) from error
    _fill_buffers(network, architecture, config, device, dtype)
    if device == "mps":
        make_contiguous(network)
    return network.eval().requires_grad_(False)


def load_text_encoder(checkpoint: Checkpoint, device: str, dtype: Any) -> Any:
    """Gemma, given its weights: left to find them, transformers takes what config.json names, even a pickle."""
    from huggingface_hub.errors import StrictDataclassError
    from transformers import Gemma2Config, Gemma2Model
    from transformers.utils import logging

    logging.disable_progress_bar()
    folder = checkpoint.folder / "text_encoder"
    try:
        encoder, problems = Gemma2Model.from_pretrained(
            None,
            config=Gemma2Config.from_dict(dict(checkpoint.text_encoder)),
            state_dict=_read_weights(checkpoint, "text_encoder", "cpu", dtype),
            dtype=dtype,
            attn_implementation="eager",  # the only one that caps the scores as Gemma does
            output_loading_info=True,
        )
    except (*SENSELESS, StrictDataclassError) as error:
        if is_out_of_memory(error):
            raise
        raise _unfit(folder) from error
    if problems["missing_keys"]:
        raise _unfit(folder)
    return encoder.eval().requires_grad_(False).to(device)


def _read_weights(checkpoint: Checkpoint, part: str, device: str, dtype: Any) -> dict[str, Any]:
    """The tensors of exactly the checkpoint's weight files."""
    from safetensors import safe_open

    weights = {}
    for path in checkpoint.weight_files(part):
        with safe_open(path, "pt") as file:
            weights.update({name: file.get_tensor(name).to(device, dtype) for name in file.keys()})  # noqa: SIM118
    return weights


def _fill_buffers(network: Any, architecture: Any, config: Mapping[str, Any], device: str, dtype: Any) -> None:
    """What is computed rather than stored, the table of positions: taken from the same network without its layers."""
    if not any(buffer.is_meta for buffer in network.buffers()):
        return
    with _quiet():
        small = architecture.from_config({**config, "num_layers": 0})
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


def _unfit(folder: Path) -> UserError:
    return UserError(f"The weights in {folder} do not fit its config.json.", DOWNLOAD_AGAIN)
