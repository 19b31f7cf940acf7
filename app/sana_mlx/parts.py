"""A checkpoint's parts in memory: what SANA and SANA-Video have in common, as functions on numpy arrays."""

from __future__ import annotations

import abc
import errno
import os
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, TypeVar

import mlx.core as mx
import mlx.nn as nn
import numpy as np
import numpy.typing as npt

from app.library.models.loras.changes import LowRank
from app.library.models.weights.header import read_header
from app.library.models.weights.packed import ORIGINALS, originals_to_json
from app.library.models.weights.tensors import Shape, StoredTensor, find_tensors

from .config import BITS, TextEncoderConfig
from .lora import set_changes
from .quantize import cache_file, load_packed, load_quantized, save_cached
from .text_encoder import TextEncoder
from .weights import VARIANTS, ShapeOf, assign, check_network, find_weights, materialize, read_config, read_tensors

Array = npt.NDArray[np.float32]
PARTS = ("transformer", "vae", "text_encoder")
Precision = Literal["float32", "bfloat16", "8bit", "4bit"]
Network = TypeVar("Network", bound=nn.Module)
Sanitize = Callable[[dict[str, mx.array]], dict[str, mx.array]]


class Parts(abc.ABC):
    """A checkpoint in diffusers layout, whose parts are loaded when they are first needed.

    Args:
        folder: with transformer/, vae/ and text_encoder/.
        precision: of the weights. With 8 and 4 bits the transformer and the text encoder are quantized, the rest and
            all activations are bfloat16.
        cache: folder for converted weights, None to convert at each start.
        configs: those of "transformer", "vae" and "text_encoder"; None for what stands in the folder.
        tensors: where the tensors of each are; None for the files that suit the precision best.
        packed: the parts that are kept in the bits of `precision` alone, each in one file.

    Raises:
        FileNotFoundError: a part of the checkpoint is missing, or only there as a pickle.
        ValueError: the checkpoint is of a kind that this port does not know, or does not fit (also when it is loaded).
    """

    def __init__(
        self,
        folder: Path,
        *,
        precision: Precision = "bfloat16",
        cache: Path | None = None,
        configs: Mapping[str, Mapping[str, Any]] | None = None,
        tensors: Mapping[str, Mapping[str, StoredTensor]] | None = None,
        packed: Collection[str] = (),
    ) -> None:
        self.folder, self.precision, self.cache = folder, precision, cache
        self.dtype = mx.float32 if precision == "float32" else mx.bfloat16
        self.configs = configs or {part: read_config(folder / part) for part in PARTS}
        self.text_encoder_config = TextEncoderConfig.from_dict(self.configs["text_encoder"])
        # float32 wants the most exact file there is, the others the smallest
        variants = VARIANTS[::-1] if precision == "float32" else VARIANTS
        self._tensors = tensors or {part: _tensors_in(folder / part, part, variants) for part in PARTS}
        self._packed = packed
        self._changes: Mapping[str, LowRank] = {}
        self._text_encoder: TextEncoder | None = None

    @abc.abstractmethod
    def load_transformer(self) -> nn.Module:
        """The transformer, loaded where it is not."""

    @abc.abstractmethod
    def load_encoder(self) -> nn.Module:
        """The autoencoder's encoder, loaded where it is not."""

    @abc.abstractmethod
    def load_decoder(self) -> nn.Module:
        """The autoencoder's decoder, loaded where it is not."""

    @property
    @abc.abstractmethod
    def loaded_transformer(self) -> nn.Module | None:
        """The transformer where it is loaded."""

    @abc.abstractmethod
    def free(self) -> None:
        """Free all memory; what is needed again loads again."""

    def encode_prompt(
        self, ids: npt.ArrayLike, mask: npt.ArrayLike, keep: npt.ArrayLike | None = None
    ) -> tuple[Array, Array]:
        """The text encoder's hidden states of a prompt.

        Args:
            ids: (length,) token ids, padded on the right or not at all.
            mask: (length,) 1 for a token, 0 for padding.
            keep: the positions that the transformer sees; None for all.

        Returns:
            Embeddings (1, n, channels) and their mask (1, n), all ones: padding has no weight in the attention, so it
            is neither computed nor returned.
        """
        ids, mask = np.asarray(ids), np.asarray(mask)
        keep = np.arange(len(ids)) if keep is None else np.asarray(keep)
        keep = keep[mask[keep] > 0]
        states = self.load_text_encoder()(mx.array(ids[None, : keep.max() + 1]))[:, mx.array(keep)]
        embeddings = np.array(states.astype(mx.float32))
        return embeddings, np.ones(embeddings.shape[:2], np.float32)

    def load_text_encoder(self) -> TextEncoder:
        if self._text_encoder is None:
            encoder = TextEncoder(self.text_encoder_config)
            check_network(encoder.model, self._tensors["text_encoder"])
            self._text_encoder = self._load(encoder, "text_encoder", TextEncoder.sanitize)
        return self._text_encoder

    @property
    def has_text_encoder(self) -> bool:
        """Whether the text encoder is loaded."""
        return self._text_encoder is not None

    def drop_text_encoder(self) -> None:
        """Free the memory of the text encoder; the next prompt loads it again."""
        self._text_encoder = None
        mx.clear_cache()

    def set_changes(self, changes: Mapping[str, LowRank]) -> None:
        """Add what `read_changes` makes of LoRAs to the transformer's layers from now on, instead of what was."""
        if changes is not self._changes and self.loaded_transformer is not None:
            set_changes(self.loaded_transformer, self._arranged(changes), self.dtype)
        self._changes = changes

    def convert(self, part: str) -> Path:
        """The file in the cache with the weights of a part as this precision has them, made where it is not there.

        Those of the transformer and the text encoder are quantized, those of the autoencoder bfloat16 by the names in
        the checkpoint.

        Raises:
            OSError: the file could not be written.
        """
        assert self.cache is not None, "it needs a cache"
        bits = None if part == "vae" else BITS.get(self.precision)
        files = list(dict.fromkeys(tensor.file for tensor in self._tensors[part].values()))
        file = cache_file(self.cache, part, bits or 16, files)
        if bits is None and not file.is_file():
            weights = read_tensors(self._tensors[part], mx.bfloat16)
            save_cached({name: weight.astype(mx.bfloat16) for name, weight in weights.items()}, file)
        elif not file.is_file():
            self.load_transformer() if part == "transformer" else self.load_text_encoder()
        self.free()
        if not file.is_file():
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(file))
        return file

    @property
    def shapes(self) -> dict[str, Shape]:
        """Of the transformer's tensors, by their names in the checkpoint."""
        return {name: tensor.shape for name, tensor in self._tensors["transformer"].items()}

    def _load_changed(self, transformer: Network, shape_of: ShapeOf, sanitize: Sanitize) -> Network:
        """The transformer with its weights and the LoRAs."""
        check_network(transformer, self._tensors["transformer"], shape_of)
        self._load(transformer, "transformer", sanitize)
        set_changes(transformer, self._arranged(self._changes), self.dtype)
        return transformer

    def _arranged(self, changes: Mapping[str, LowRank]) -> Mapping[str, LowRank]:
        """The changes with each layer's inputs in the network's order, where it is not that of the checkpoint."""
        return changes

    def _load(
        self,
        model: Network,
        part: str,
        sanitize: Sanitize,
        tensors: Mapping[str, StoredTensor] | None = None,
    ) -> Network:
        tensors, bits = tensors or self._tensors[part], BITS.get(self.precision)
        files = list(dict.fromkeys(tensor.file for tensor in tensors.values()))

        def source() -> dict[str, mx.array]:
            return sanitize(read_tensors(tensors, self.dtype))

        if bits is None:
            assign(model, source(), self.dtype)
            materialize(model)
        elif part in self._packed:
            load_packed(model, bits, files[0])
        else:
            cached = None if self.cache is None else cache_file(self.cache, part, bits, files)
            load_quantized(model, bits, source, cached, {ORIGINALS: originals_to_json(tensors)})
        return model


def _tensors_in(folder: Path, part: str, variants: Sequence[str]) -> Mapping[str, StoredTensor]:
    return find_tensors(part, {file: read_header(file) for file in find_weights(folder, variants)})[0]


def rows(values: Array, batch: int) -> mx.array:
    """(1 or B, ...) as (B, ...)."""
    return mx.array(np.broadcast_to(values, (batch, *values.shape[1:])))


def to_uint8(pixels: mx.array) -> mx.array:
    """Pixels in -1..1 as they are saved. Raises FloatingPointError where there is NaN or infinity among them."""
    # Clipping would hide a breakdown: some kernels turn NaN into a number.
    if not mx.isfinite(pixels).all():
        raise FloatingPointError("the decoder's output is not finite")
    return mx.round(mx.clip(pixels.astype(mx.float32) * 127.5 + 127.5, 0, 255)).astype(mx.uint8)
