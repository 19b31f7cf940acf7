"""SANA as functions on numpy arrays.

    model = SanaMLX(Path("Sana_600M_1024px_diffusers"), precision="4bit", clip=True, tile=512, cache=Path("cache"))
    embeddings, mask = model.encode_prompt(ids, attention_mask, keep)      # loads Gemma-2
    model.drop_text_encoder()                                              # and gives its memory back
    velocity = model.velocity(latents, timestep, embeddings, mask)         # loads the transformer
    pixels = model.decode(latents)                                         # loads the decoder
    model.free()

Everything loads when it is first needed, or earlier with `load_text_encoder`, `load_transformer`, `load_decoder` and
`load_encoder`. All arrays that go in and come out are numpy's; latents are (B, C, h, w) float32 in the transformer's
scale. Construct, use and free a model on one thread.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
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

from .autoencoder import Decoder, Encoder
from .autoencoder import sanitize as sanitize_autoencoder
from .autoencoder import stored_shape as autoencoder_shape
from .config import BITS, AutoencoderConfig, TextEncoderConfig, TransformerConfig
from .controlnet import SanaControlNet
from .lora import set_changes
from .quantize import cache_file, load_packed, load_quantized, save_cached
from .text_encoder import TextEncoder
from .tiling import OnTile, decode, encode
from .transformer import SanaTransformer
from .transformer import stored_shape as transformer_shape
from .weights import VARIANTS, assign, check_network, find_weights, materialize, read_config, read_tensors

Array = npt.NDArray[np.float32]
PARTS = ("transformer", "vae", "text_encoder")
Precision = Literal["float32", "bfloat16", "8bit", "4bit"]
Network = TypeVar("Network", bound=nn.Module)


class SanaMLX:
    """A checkpoint in diffusers layout.

    Args:
        folder: with transformer/, vae/ and text_encoder/.
        precision: of the weights. With 8 and 4 bits the transformer and the text encoder are quantized, the rest and
            all activations are bfloat16.
        clip: clip the linear attention to float16's range, as checkpoints trained in float16 need it. None: do so where
            the weights are stored in float16, which tells nothing of a float32 file of such a checkpoint.
        tile: side in pixels of the tiles in which pictures are decoded and encoded; None for whole pictures. It changes
            memory and time, not the pixels, and may be changed at any time.
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
        clip: bool | None = None,
        tile: int | None = None,
        cache: Path | None = None,
        configs: Mapping[str, Mapping[str, Any]] | None = None,
        tensors: Mapping[str, Mapping[str, StoredTensor]] | None = None,
        packed: Collection[str] = (),
    ) -> None:
        self.folder, self.precision, self.clip, self.tile = folder, precision, clip, tile
        self.cache = cache
        self.dtype = mx.float32 if precision == "float32" else mx.bfloat16
        configs = configs or {part: read_config(folder / part) for part in PARTS}
        self.transformer_config = TransformerConfig.from_dict(configs["transformer"])
        self.autoencoder_config = AutoencoderConfig.from_dict(configs["vae"])
        self.text_encoder_config = TextEncoderConfig.from_dict(configs["text_encoder"])
        # float32 wants the most exact file there is, the others the smallest
        variants = VARIANTS[::-1] if precision == "float32" else VARIANTS
        self._tensors = tensors or {part: _tensors_in(folder / part, part, variants) for part in PARTS}
        self._packed = packed
        self._changes: Mapping[str, LowRank] = {}
        self._transformer: SanaTransformer | None = None
        self._text_encoder: TextEncoder | None = None
        self._decoder: Decoder | None = None
        self._encoder: Encoder | None = None
        self._control_source: tuple[Mapping[str, Any], Mapping[str, StoredTensor]] | None = None
        self._controlnet: SanaControlNet | None = None

    @property
    def latent_channels(self) -> int:
        return self.transformer_config.in_channels

    @property
    def spatial_factor(self) -> int:
        """Pixels per latent along a side."""
        return self.autoencoder_config.factor

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

    def velocity(
        self,
        latents: Array,
        timestep: float,
        embeddings: Array,
        mask: Array | None = None,
        guidance: float | None = None,
        control: Array | None = None,
        control_scale: float = 1.0,
    ) -> Array:
        """One forward pass of the transformer, and of the ControlNet before it.

        Args:
            latents: (B, C, h, w).
            timestep: as the schedule counts it. It is multiplied with `timestep_scale` here, as diffusers does for
                models without embedded guidance.
            embeddings: (1 or B, n, channels).
            mask: (1 or B, n); None where nothing is padded.
            guidance: the guidance scale, for models with embedded guidance. It is multiplied with
                `guidance_embeds_scale` here.
            control: (1, C, h, w), the encoded picture that the ControlNet follows; None to do without it.
            control_scale: the weight of what the ControlNet adds.

        Returns:
            (B, C, h, w) float32.
        """
        config, batch = self.transformer_config, len(latents)
        time = timestep if config.guidance_embeds else timestep * config.timestep_scale
        transformer, noisy = self.load_transformer(), _channels_last(latents).astype(self.dtype)
        timesteps, caption = mx.full((batch,), time), _rows(embeddings, batch).astype(self.dtype)
        padding = None if mask is None or mask.all() else _rows(mask, batch)
        residuals: Iterable[mx.array] = ()
        if control is not None:
            picture = _channels_last(control)
            residuals = self.load_controlnet()(noisy, picture, timesteps, caption, padding, control_scale)
        out = transformer(
            noisy,
            timesteps,
            caption,
            padding,
            None if guidance is None else mx.full((batch,), guidance * config.guidance_embeds_scale),
            residuals,
        )
        # A network that also learned a variance puts it behind the velocity.
        return _channels_first(out[..., : config.in_channels])

    def decode(self, latents: Array, on_tile: OnTile | None = None) -> npt.NDArray[np.uint8]:
        """(B, C, h, w) latents to pixels (B, H, W, 3).

        `on_tile(done, total)` is called after each tile and often before the first; raising in it stops the work.

        Raises:
            FloatingPointError: the decoder's output is not finite.
        """
        decoder, scale = self.load_decoder(), self.autoencoder_config.scaling_factor
        pictures = []
        for i, latent in enumerate(np.split(latents.transpose(0, 2, 3, 1), len(latents))):
            scaled = (mx.array(latent) / scale).astype(self.dtype)
            pictures.append(decode(decoder, scaled, self.tile, _to_uint8, _nth(on_tile, i, len(latents))))
        return np.concatenate(pictures)

    def encode_image(self, pixels: npt.NDArray[np.uint8], on_tile: OnTile | None = None) -> Array:
        """Pixels (B, H, W, 3), whose sides are multiples of `spatial_factor`, to latents (B, C, h, w)."""
        if any(side % self.spatial_factor for side in pixels.shape[1:3]):
            raise ValueError(f"the sides of a picture must be multiples of {self.spatial_factor}")
        encoder, scale = self.load_encoder(), self.autoencoder_config.scaling_factor
        latents = [
            _channels_first(scale * encode(encoder, picture, self.tile, self.dtype, _nth(on_tile, i, len(pixels))))
            for i, picture in enumerate(np.split(pixels.astype(np.float32) / 127.5 - 1, len(pixels)))
        ]
        return np.concatenate(latents)

    def load_text_encoder(self) -> TextEncoder:
        if self._text_encoder is None:
            encoder = TextEncoder(self.text_encoder_config)
            check_network(encoder.model, self._tensors["text_encoder"])
            self._text_encoder = self._load(encoder, "text_encoder", TextEncoder.sanitize)
        return self._text_encoder

    def load_transformer(self) -> SanaTransformer:
        if self._transformer is None:
            transformer = SanaTransformer(self.transformer_config, self._clips())
            check_network(transformer, self._tensors["transformer"], transformer_shape)
            self._transformer = self._load(transformer, "transformer", SanaTransformer.sanitize)
            set_changes(self._transformer, self._changes, self.dtype)
        return self._transformer

    def set_controlnet(self, config: Mapping[str, Any], tensors: Mapping[str, StoredTensor]) -> None:
        """Use this ControlNet from now on; it is loaded when it is first needed.

        Args:
            config: its config.json.
            tensors: where its tensors are.
        """
        if self._control_source is None or self._control_source[1] is not tensors:
            self._control_source, self._controlnet = (config, tensors), None
            mx.clear_cache()

    def drop_controlnet(self) -> None:
        """Free the memory of the ControlNet, and forget it."""
        self._control_source = self._controlnet = None
        mx.clear_cache()

    def load_controlnet(self) -> SanaControlNet:
        if self._controlnet is None:
            if self._control_source is None:
                raise ValueError("there is no ControlNet")
            config, tensors = self._control_source
            controlnet = SanaControlNet(TransformerConfig.from_dict(config), self._clips())
            check_network(controlnet, tensors, transformer_shape)
            self._controlnet = self._load(controlnet, "controlnet", SanaControlNet.sanitize, tensors=tensors)
        return self._controlnet

    def load_decoder(self) -> Decoder:
        if self._decoder is None:
            self._decoder = Decoder(self.autoencoder_config)
            self._load_autoencoder(self._decoder, "decoder")
        return self._decoder

    def load_encoder(self) -> Encoder:
        if self._encoder is None:
            self._encoder = Encoder(self.autoencoder_config)
            self._load_autoencoder(self._encoder, "encoder")
        return self._encoder

    def set_clip(self, clip: bool) -> None:
        """Clip the linear attention to float16's range from now on, or do not."""
        self.clip = clip
        for network in (self._transformer, self._controlnet):
            for block in network.transformer_blocks if network is not None else ():
                block.attn1.clip = clip

    def set_changes(self, changes: Mapping[str, LowRank]) -> None:
        """Add what `read_changes` makes of LoRAs to the transformer's layers from now on, instead of what was."""
        if changes is not self._changes and self._transformer is not None:
            set_changes(self._transformer, changes, self.dtype)
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

    @property
    def has_text_encoder(self) -> bool:
        """Whether the text encoder is loaded."""
        return self._text_encoder is not None

    def drop_text_encoder(self) -> None:
        """Free the memory of the text encoder; the next prompt loads it again."""
        self._text_encoder = None
        mx.clear_cache()

    def drop_encoder(self) -> None:
        """Free the memory of the autoencoder's encoder; the next start picture loads it again."""
        self._encoder = None
        mx.clear_cache()

    def free(self) -> None:
        """Free all memory; what is needed again loads again."""
        self._transformer = self._text_encoder = self._decoder = self._encoder = self._controlnet = None
        mx.clear_cache()

    def _clips(self) -> bool:
        """Whether to clip the linear attention."""
        if self.clip is None:
            return any(tensor.dtype == "F16" for tensor in self._tensors["transformer"].values())
        return self.clip

    def _load(
        self,
        model: Network,
        part: str,
        sanitize: Callable[[dict[str, mx.array]], dict[str, mx.array]],
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

    def _load_autoencoder(self, model: Encoder | Decoder, part: str) -> None:
        other = {"encoder": "decoder.", "decoder": "encoder."}[part]
        tensors = {name: tensor for name, tensor in self._tensors["vae"].items() if not name.startswith(other)}
        check_network(model, tensors, autoencoder_shape, f"{part}.")
        assign(model, sanitize_autoencoder(read_tensors(tensors, self.dtype), part), self.dtype)
        materialize(model)


def _tensors_in(folder: Path, part: str, variants: Sequence[str]) -> Mapping[str, StoredTensor]:
    return find_tensors(part, {file: read_header(file) for file in find_weights(folder, variants)})[0]


def _rows(values: Array, batch: int) -> mx.array:
    return mx.array(np.broadcast_to(values, (batch, *values.shape[1:])))


def _channels_last(latents: Array) -> mx.array:
    return mx.array(latents.transpose(0, 2, 3, 1))


def _channels_first(x: mx.array) -> Array:
    return np.array(x.transpose(0, 3, 1, 2).astype(mx.float32))


def _to_uint8(pixels: mx.array) -> mx.array:
    # Clipping would hide a breakdown: some kernels turn NaN into a number.
    if not mx.isfinite(pixels).all():
        raise FloatingPointError("the decoder's output is not finite")
    return mx.round(mx.clip(pixels.astype(mx.float32) * 127.5 + 127.5, 0, 255)).astype(mx.uint8)


def _nth(on_tile: OnTile | None, index: int, count: int) -> OnTile | None:
    """Progress of the `index`-th of `count` pictures as progress of all of them."""
    if on_tile is None:
        return None
    return lambda done, total: on_tile(index * total + done, count * total)
