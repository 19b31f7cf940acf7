"""The autoencoders that video checkpoints come with, by the name that their config.json has."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import mlx.core as mx
import mlx.nn as nn

from app.library.models.weights.tensors import StoredTensor

from ..weights import ShapeOf, assign, check_network, materialize, read_tensors
from .config import autoencoder_config
from .ltx import autoencoder as ltx
from .ltx import streaming as ltx_streaming
from .ltx.config import LTXConfig
from .wan import autoencoder as wan
from .wan import streaming as wan_streaming
from .wan.config import WanConfig

Half = Literal["encoder", "decoder"]

OTHERS: dict[Half, tuple[str, str]] = {
    "decoder": ("encoder.", "quant_conv."),
    "encoder": ("decoder.", "post_quant_conv."),
}
"""How the names of the tensors begin that a half does without."""


@dataclass(frozen=True)
class Autoencoder:
    """One kind of autoencoder, with a checkpoint's config.

    Attributes:
        config: the checkpoint's.
        halves: what makes the networks of that config.
        sanitize: the weights of a half in a checkpoint, as its network has them.
        stored_shape: what a parameter's shape is in a checkpoint.
        decode_chunks: (decoder, latents (1, t, h, w, C), side of the tiles, on_tile) to frames (1, n, H, W, 3), about
            [-1, 1], the first ones first.
        encode: (encoder, frames (1, n, H, W, 3) in [-1, 1], side of the tiles) to latents (1, t, h, w, C), the mode.
    """

    config: LTXConfig | WanConfig
    halves: Mapping[Half, Callable[[], nn.Module]]
    sanitize: Callable[[Mapping[str, mx.array], str], dict[str, mx.array]]
    stored_shape: ShapeOf
    decode_chunks: Callable[..., Iterator[mx.array]]
    encode: Callable[..., mx.array]

    @property
    def spatial_factor(self) -> int:
        """Pixels per latent along a side."""
        return self.config.factor

    @property
    def temporal_factor(self) -> int:
        """Frames for each latent frame but the first, which is one frame."""
        return self.config.temporal_factor

    def load(self, half: Half, stored: Mapping[str, StoredTensor], dtype: mx.Dtype) -> nn.Module:
        """A half with its weights.

        Args:
            half: which one.
            stored: the tensors of the whole autoencoder.
            dtype: the type to compute in.

        Raises:
            ValueError: they do not fit.
        """
        network = self.halves[half]()
        tensors = {name: tensor for name, tensor in stored.items() if not name.startswith(OTHERS[half])}
        check_network(network, tensors, self.stored_shape)
        assign(network, self.sanitize(read_tensors(tensors, dtype), half), dtype)
        materialize(network)
        return network


def autoencoder_of(values: Mapping[str, Any]) -> Autoencoder:
    """The autoencoder that a vae/config.json describes. Raises ValueError where it is of another kind."""
    config = autoencoder_config(values)
    if isinstance(config, LTXConfig):
        return Autoencoder(
            config,
            {"encoder": lambda: ltx.Encoder(config), "decoder": lambda: ltx.Decoder(config)},
            ltx.sanitize,
            ltx.stored_shape,
            ltx_streaming.decode_chunks,
            ltx_streaming.encode,
        )
    return Autoencoder(
        config,
        {"encoder": lambda: wan.Encoder(config), "decoder": lambda: wan.Decoder(config)},
        wan.sanitize,
        wan.stored_shape,
        wan_streaming.decode_chunks,
        wan_streaming.encode,
    )
