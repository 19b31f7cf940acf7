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

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

import mlx.core as mx
import numpy as np
import numpy.typing as npt

from app.library.models.weights.tensors import StoredTensor

from .autoencoder import Decoder, Encoder
from .autoencoder import sanitize as sanitize_autoencoder
from .autoencoder import stored_shape as autoencoder_shape
from .config import AutoencoderConfig, TransformerConfig
from .controlnet import SanaControlNet
from .parts import Array, Parts, Precision, rows, to_uint8
from .tiling import OnTile, decode, encode
from .transformer import SanaTransformer
from .transformer import stored_shape as transformer_shape
from .weights import assign, check_network, materialize, read_tensors


class SanaMLX(Parts):
    """A checkpoint in diffusers layout.

    Args:
        folder, precision, cache, configs, tensors, packed: as `Parts` says.
        clip: clip the linear attention to float16's range, as checkpoints trained in float16 need it. None: do so where
            the weights are stored in float16, which tells nothing of a float32 file of such a checkpoint.
        tile: side in pixels of the tiles in which pictures are decoded and encoded; None for whole pictures. It changes
            memory and time, not the pixels, and may be changed at any time.

    Raises:
        FileNotFoundError, ValueError: as `Parts` says.
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
        super().__init__(folder, precision=precision, cache=cache, configs=configs, tensors=tensors, packed=packed)
        self.clip, self.tile = clip, tile
        self.transformer_config = TransformerConfig.from_dict(self.configs["transformer"])
        self.autoencoder_config = AutoencoderConfig.from_dict(self.configs["vae"])
        self._transformer: SanaTransformer | None = None
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
        timesteps, caption = mx.full((batch,), time), rows(embeddings, batch).astype(self.dtype)
        padding = None if mask is None or mask.all() else rows(mask, batch)
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
            pictures.append(decode(decoder, scaled, self.tile, to_uint8, _nth(on_tile, i, len(latents))))
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

    def load_transformer(self) -> SanaTransformer:
        if self._transformer is None:
            transformer = SanaTransformer(self.transformer_config, self._clips())
            self._transformer = self._load_changed(transformer, transformer_shape, SanaTransformer.sanitize)
        return self._transformer

    @property
    def loaded_transformer(self) -> SanaTransformer | None:
        """As `Parts` says."""
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

    def _load_autoencoder(self, model: Encoder | Decoder, part: str) -> None:
        other = {"encoder": "decoder.", "decoder": "encoder."}[part]
        tensors = {name: tensor for name, tensor in self._tensors["vae"].items() if not name.startswith(other)}
        check_network(model, tensors, autoencoder_shape, f"{part}.")
        assign(model, sanitize_autoencoder(read_tensors(tensors, self.dtype), part), self.dtype)
        materialize(model)


def _channels_last(latents: Array) -> mx.array:
    return mx.array(latents.transpose(0, 2, 3, 1))


def _channels_first(x: mx.array) -> Array:
    return np.array(x.transpose(0, 3, 1, 2).astype(mx.float32))


def _nth(on_tile: OnTile | None, index: int, count: int) -> OnTile | None:
    """Progress of the `index`-th of `count` pictures as progress of all of them."""
    if on_tile is None:
        return None
    return lambda done, total: on_tile(index * total + done, count * total)
