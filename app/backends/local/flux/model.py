"""A checkpoint of mflux's families as a `LocalModel`: its networks alone, each loaded when it is first needed.

mflux computes in the type that `ModelConfig.precision` names, for the whole process; one process holds one model.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import mlx.core as mx
import mlx.nn as nn
import numpy as np
from mflux.models.common.config import ModelConfig

from app.backends.local.flux.families import family_of
from app.backends.local.flux.family import FluxConditioning
from app.backends.local.flux.networks import load, mapped_names
from app.backends.local.misfits import SENSELESS, is_out_of_memory, misfits, no_encoder, senseless
from app.core.errors import NotFiniteError, UserError
from app.core.message import message
from app.diffusion.model import Array, Control, OnTile, Pixels
from app.library.models.checkpoint.checkpoint import Checkpoint
from app.library.models.checkpoint.controlnet import ControlNet
from app.library.models.weights.tensors import MisfitError
from app.sana_mlx.lora import set_changes
from app.sana_mlx.memory import PROCESS
from app.sana_mlx.tracing import find_module, traced

if TYPE_CHECKING:
    from app.library.models.loras.changes import LowRank

BITS = {"4bit": 4, "8bit": 8}
ENCODERS = ("text_encoder", "text_encoder_2")


class FluxModel:
    """A checkpoint in MLX.

    Args:
        checkpoint: the checkpoint.
        precision: "float32", "bfloat16", "8bit" or "4bit".
        device: "metal", "cuda" or "cpu".
        together: whether all parts stay loaded; else the text encoder leaves before the transformer comes.
    """

    guidance_embeds = False

    def __init__(self, checkpoint: Checkpoint, precision: str, device: str, *, together: bool) -> None:
        self._checkpoint = checkpoint
        self._together = together
        self._family = family_of(checkpoint.family)
        self._networks: dict[str, nn.Module] = {}
        self._tokenizers: Mapping[str, Any] | None = None
        self._changes: Mapping[str, LowRank] = {}
        self._names: Mapping[str, str] = {}
        self.device, self.precision = device, precision
        self.latent_channels = checkpoint.latent_channels
        self.spatial_factor = checkpoint.spatial_factor
        self._dtype = mx.float32 if precision == "float32" else mx.bfloat16
        ModelConfig.precision = self._dtype
        mx.reset_peak_memory()

    def load(self) -> None:
        self._network("transformer")

    def set_clip(self, clip_attention: bool) -> None:
        """As `LocalModel.set_clip` says: there is no linear attention in these."""

    def set_controlnet(self, controlnet: ControlNet | None) -> None:
        """As `LocalModel.set_controlnet` says: none is offered for these."""

    def set_changes(self, changes: Mapping[str, LowRank]) -> None:
        """As `LocalModel.set_changes` says."""
        if changes is self._changes or not (changes or self._changes):
            return
        network = self._network("transformer")
        if not self._names:
            self._names = self._module_names()
        set_changes(network, {self._names[name]: change for name, change in changes.items()}, self._dtype)
        self._changes = changes

    def encode_prompt(self, prompt: str, *, negative: bool = False) -> FluxConditioning:
        if not self._together and "transformer" in self._networks:
            self._drop(*self._networks)
        networks = {part: self._network(part) for part in ENCODERS if part in self._family.networks}
        with self._sensible():
            if self._tokenizers is None:
                self._tokenizers = self._family.tokenizers(self._checkpoint.folder)
            # Half of a surrogate pair is no character: the tokenizers would refuse it.
            text = prompt.encode("utf-8", "replace").decode()
            conditioning = self._family.encode(text, self._tokenizers, networks)
            mx.eval(conditioning.arrays)
        if not all(bool(mx.isfinite(array).all()) for array in conditioning.arrays):
            raise NotFiniteError(message("the prompt embedding"), self.precision)
        return conditioning

    def release_text_encoder(self) -> None:
        if not self._together:
            self._drop(*ENCODERS)

    def shift(self, width: int, height: int, steps: int) -> float:
        """As `LatentModel.shift` says."""
        return self._family.shift(width, height, steps)

    def velocity(
        self, latents: Array, timestep: float, conditionings: Sequence[FluxConditioning],
        guidance: float | None = None, control: Control | None = None,
    ) -> Array:  # fmt: skip
        network = self._network("transformer")
        given = mx.array(latents).astype(self._dtype)
        found = []
        for conditioning in conditionings:
            velocity = self._family.velocity(network, given, timestep, conditioning)
            found.append(np.array(velocity.astype(mx.float32)))
        return np.concatenate(found)

    def decode(self, latents: Array, on_tile: OnTile | None = None) -> Pixels:
        network = self._network("vae")
        picture = self._family.decode(network, mx.array(latents).astype(self._dtype)).astype(mx.float32)
        if not bool(mx.isfinite(picture).all()):
            raise NotFiniteError(message("the decoded picture"), self.precision)
        levels = mx.clip(picture / 2 + 0.5, 0, 1) * 255
        return np.array(mx.round(levels).astype(mx.uint8).transpose(0, 2, 3, 1))

    def encode_image(self, pixels: Pixels) -> Array:
        if not self._checkpoint.has_encoder:
            raise no_encoder(self._checkpoint)
        network = self._network("vae")
        picture = mx.array(pixels).astype(mx.float32).transpose(0, 3, 1, 2) / 127.5 - 1
        latents = self._family.encode_image(network, picture.astype(self._dtype)).astype(mx.float32)
        if not bool(mx.isfinite(latents).all()):
            raise NotFiniteError(message("the encoded picture"), self.precision)
        return np.array(latents)

    def peak_memory(self) -> int:
        """Bytes that MLX had in use at most, and the process itself; on a Mac the GPU has no memory of its own."""
        return PROCESS + int(mx.get_peak_memory())

    @contextlib.contextmanager
    def trace(self, names: Iterable[str], take: Callable[[str, Array], None]) -> Iterator[None]:
        """As `LocalModel.trace` says; the names are those of mflux's modules."""
        with contextlib.ExitStack() as stack:
            for name in names:
                part, _, module = name.partition(".")
                found = find_module(self._network(part), module)
                stack.enter_context(traced(found, functools.partial(take, name)))
            yield

    def close(self) -> None:
        self._drop(*self._networks)

    def _network(self, part: str) -> nn.Module:
        if part not in self._networks:
            config = {"transformer": self._checkpoint.transformer, "vae": self._checkpoint.vae}.get(part)
            if config is None:
                config = self._checkpoint.text_encoder if part == "text_encoder" else {}
            weights = self._checkpoint.weights[part]
            with self._sensible(), misfits(weights.files):
                bits = BITS.get(self.precision, 0)
                self._networks[part] = load(self._family.networks[part], config, weights, bits, self._dtype)
        return self._networks[part]

    def _module_names(self) -> dict[str, str]:
        """The module of each layer, by the layer's name in the checkpoint."""
        names = [name for name in self._checkpoint.weights["transformer"].tensors if name.endswith(".weight")]
        found = mapped_names(self._family.networks["transformer"], names)
        return {name.removesuffix(".weight"): mlx.removesuffix(".weight") for name, mlx in found.items()}

    def _drop(self, *parts: str) -> None:
        for part in parts:
            self._networks.pop(part, None)
            if part == "transformer":
                self._changes = {}
        mx.clear_cache()

    @contextlib.contextmanager
    def _sensible(self) -> Iterator[None]:
        """What a network raises that trips over a checkpoint's values, as a message for the user."""
        try:
            yield
        except (UserError, MisfitError):
            raise
        except SENSELESS as error:
            if is_out_of_memory(error):
                raise
            raise senseless(self._checkpoint.name) from error
