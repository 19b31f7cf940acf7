"""SANA-Video's networks in diffusers, with exactly the weights of a checkpoint's files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.backends.local.misfits import misfits
from app.backends.local.torch.fixes import make_contiguous
from app.backends.local.torch.loading import empty_network, fill, read_tensors, shapes_of
from app.library.models.checkpoint.checkpoint import Checkpoint
from app.library.models.weights.tensors import check_fit

_HALVES = {"encoder": ("encoder.", "quant_conv."), "decoder": ("decoder.", "post_quant_conv.")}
"""How the names of the tensors begin that one direction of an autoencoder needs alone."""


def load_transformer(checkpoint: Checkpoint, device: str, dtype: Any) -> Any:
    """The transformer with the weights of the checkpoint. Raises UserError where they do not fit it."""
    from diffusers.models.transformers.transformer_sana_video import SanaVideoTransformer3DModel, WanRotaryPosEmbed

    weights = checkpoint.weights["transformer"]
    network = empty_network(checkpoint.name, lambda: SanaVideoTransformer3DModel(**_values(checkpoint.transformer)))
    fill(network, weights, weights.tensors, device, dtype)
    config = network.config  # what is computed rather than stored has no memory yet
    network.rope = WanRotaryPosEmbed(config.attention_head_dim, config.patch_size, config.rope_max_seq_len).to(device)
    return network


def load_autoencoder(checkpoint: Checkpoint) -> Any:
    """The autoencoder without weights; its halves get theirs from `fill_half`."""
    from diffusers import AutoencoderKLLTX2Video, AutoencoderKLWan

    kinds = {"AutoencoderKLWan": AutoencoderKLWan, "AutoencoderKLLTX2Video": AutoencoderKLLTX2Video}
    kind = kinds[checkpoint.vae["_class_name"]]
    return empty_network(checkpoint.name, lambda: kind(**_values(checkpoint.vae)))


def fill_half(vae: Any, half: str, checkpoint: Checkpoint, device: str, dtype: Any) -> None:
    """Give the autoencoder what its "encoder" or "decoder" needs. Raises UserError where the weights do not fit it."""
    other = _HALVES["decoder" if half == "encoder" else "encoder"]
    weights = checkpoint.weights["vae"]
    tensors = {name: tensor for name, tensor in weights.tensors.items() if not name.startswith(other)}
    with misfits(weights.files):
        check_fit({name: shape for name, shape in shapes_of(vae).items() if not name.startswith(other)}, tensors)
    vae.load_state_dict(read_tensors(tensors, device, dtype), strict=False, assign=True)
    vae.requires_grad_(False)
    if device == "mps":
        make_contiguous(getattr(vae, half))


def _values(config: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in config.items() if not key.startswith("_")}
