"""SANA-Video as functions on numpy arrays.

    model = SanaVideoMLX(Path("SANA-Video_2B_720p_diffusers"), precision="4bit", tile=512, cache=Path("cache"))
    embeddings, mask = model.encode_prompt(ids, attention_mask, keep)      # loads Gemma-2
    model.drop_text_encoder()                                              # and gives its memory back
    velocity = model.velocity(latents, timestep, embeddings)               # loads the transformer
    for frames in model.decode_frames(latents):                            # loads the decoder
        ...
    model.free()

All arrays that go in and come out are numpy's; latents are (B, C, t, h, w) float32 in the transformer's scale.
Construct, use and free a model on one thread.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import mlx.core as mx
import mlx.nn as nn
import numpy as np
import numpy.typing as npt

from app.library.models.loras.changes import LowRank
from app.library.models.weights.tensors import StoredTensor

from ..parts import Array, Parts, Precision, rows, to_uint8
from ..tiling import OnTile
from .autoencoders import Half, autoencoder_of
from .config import VideoTransformerConfig
from .transformer import SanaVideoTransformer, arranged, stored_shape


class SanaVideoMLX(Parts):
    """A checkpoint in diffusers layout.

    Args:
        folder, precision, cache, configs, tensors, packed: as `Parts` says.
        tile: side in pixels of the tiles in which clips are decoded and encoded; None for whole frames. It may be
            changed at any time.

    Raises:
        FileNotFoundError, ValueError: as `Parts` says.
    """

    def __init__(
        self,
        folder: Path,
        *,
        precision: Precision = "bfloat16",
        tile: int | None = None,
        cache: Path | None = None,
        configs: Mapping[str, Mapping[str, Any]] | None = None,
        tensors: Mapping[str, Mapping[str, StoredTensor]] | None = None,
        packed: Collection[str] = (),
    ) -> None:
        super().__init__(folder, precision=precision, cache=cache, configs=configs, tensors=tensors, packed=packed)
        self.tile = tile
        self.transformer_config = VideoTransformerConfig.from_dict(self.configs["transformer"])
        self._autoencoder = autoencoder_of(self.configs["vae"])
        self._transformer: SanaVideoTransformer | None = None
        self._decoder: nn.Module | None = None
        self._encoder: nn.Module | None = None

    @property
    def latent_channels(self) -> int:
        return self.transformer_config.in_channels

    @property
    def spatial_factor(self) -> int:
        """Pixels per latent along a side."""
        return self._autoencoder.spatial_factor

    @property
    def temporal_factor(self) -> int:
        """Frames for each latent frame but the first, which is one frame."""
        return self._autoencoder.temporal_factor

    @property
    def loaded_transformer(self) -> SanaVideoTransformer | None:
        """As `Parts` says."""
        return self._transformer

    def velocity(
        self, latents: Array, timestep: float, embeddings: Array, mask: Array | None = None, held: int = 0
    ) -> Array:
        """One forward pass of the transformer.

        Args:
            latents: (B, C, t, h, w).
            timestep: as the schedule counts it.
            embeddings: (1 or B, n, channels).
            mask: (1 or B, n); None where nothing is padded.
            held: so many latent frames at the beginning are given: their timestep is 0.

        Returns:
            (B, C, t, h, w) float32.
        """
        batch, transformer = len(latents), self.load_transformer()
        out = transformer(
            _channels_last(latents).astype(self.dtype),
            mx.full((batch,), timestep),
            rows(embeddings, batch).astype(self.dtype),
            None if mask is None or mask.all() else rows(mask, batch),
            held,
        )
        # A network that also learned a variance puts it behind the velocity.
        return _channels_first(out[..., : self.latent_channels])

    def decode_frames(self, latents: Array, on_tile: OnTile | None = None) -> Iterator[npt.NDArray[np.uint8]]:
        """(1, C, t, h, w) latents to the frames of a clip, the first ones first, (n, H, W, 3) in pieces of a few.

        `on_tile(done, total)` is called while it works; raising in it stops the work.

        Raises:
            FloatingPointError: the decoder's output is not finite.
        """
        decoder = self.load_decoder()
        for piece in self._autoencoder.decode_chunks(decoder, _channels_last(latents), self.tile, on_tile):
            yield np.array(to_uint8(piece[0]))

    def encode_image(self, pixels: npt.NDArray[np.uint8]) -> Array:
        """A first frame (1, H, W, 3), whose sides are multiples of `spatial_factor`, to latents (1, C, 1, h, w)."""
        if any(side % self.spatial_factor for side in pixels.shape[1:3]):
            raise ValueError(f"the sides of a frame must be multiples of {self.spatial_factor}")
        clip = mx.array(pixels[:, None].astype(np.float32) / 127.5 - 1).astype(self.dtype)
        return _channels_first(self._autoencoder.encode(self.load_encoder(), clip, self.tile))

    def load_transformer(self) -> SanaVideoTransformer:
        """As `Parts` says."""
        if self._transformer is None:
            transformer = SanaVideoTransformer(self.transformer_config)
            self._transformer = self._load_changed(transformer, stored_shape, SanaVideoTransformer.sanitize)
        return self._transformer

    def load_decoder(self) -> nn.Module:
        if self._decoder is None:
            self._decoder = self._load_half("decoder")
        return self._decoder

    def load_encoder(self) -> nn.Module:
        if self._encoder is None:
            self._encoder = self._load_half("encoder")
        return self._encoder

    def drop_transformer(self) -> None:
        """Free the memory of the transformer; the next step loads it again."""
        self._transformer = None
        mx.clear_cache()

    def drop_encoder(self) -> None:
        """Free the memory of the autoencoder's encoder; the next start picture loads it again."""
        self._encoder = None
        mx.clear_cache()

    def drop_decoder(self) -> None:
        """Free the memory of the autoencoder's decoder; the next clip loads it again."""
        self._decoder = None
        mx.clear_cache()

    def free(self) -> None:
        """As `Parts` says."""
        self._transformer = self._text_encoder = self._decoder = self._encoder = None
        mx.clear_cache()

    def _arranged(self, changes: Mapping[str, LowRank]) -> Mapping[str, LowRank]:
        """As `Parts` says."""
        return arranged(changes)

    def _load_half(self, half: Half) -> nn.Module:
        return self._autoencoder.load(half, self._tensors["vae"], self.dtype)


def _channels_last(latents: Array) -> mx.array:
    return mx.array(latents.transpose(0, 2, 3, 4, 1))


def _channels_first(x: mx.array) -> Array:
    return np.array(x.transpose(0, 4, 1, 2, 3).astype(mx.float32))
