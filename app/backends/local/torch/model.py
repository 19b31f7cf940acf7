"""A checkpoint in PyTorch, as the sampler sees it: functions on numpy arrays."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from app.backends.local.misfits import no_encoder
from app.backends.local.torch import autoencoder, loading
from app.backends.local.torch.device import (
    best_device,
    best_precision,
    dtypes,
    empty_cache,
    import_torch,
    total_memory,
    used_memory,
)
from app.backends.local.torch.fixes import clip, pointwise_as_linear
from app.backends.local.torch.lora import add_changes
from app.backends.local.torch.memory import together
from app.diffusion.families.sana import PromptTokens, SanaConditioning, batch, conditioning, read_tokenizer, tokenize
from app.diffusion.model import Array, Control, OnTile, Pixels
from app.library.models.checkpoint.checkpoint import Checkpoint
from app.library.models.checkpoint.controlnet import ControlNet
from app.library.models.loras.changes import LowRank


class TorchModel:
    """A checkpoint in PyTorch. It is loaded part by part, when each is first needed.

    Args:
        checkpoint: the checkpoint.
        precision: "float32", "bfloat16", or "auto" for what suits the device.
        device: "mps", "cuda" or "cpu"; the best there is when left out.
    """

    networks: Any = loading
    """The module that loads the transformer and the autoencoder."""

    def __init__(self, checkpoint: Checkpoint, precision: str = "auto", device: str = "") -> None:
        torch = import_torch()
        self._checkpoint = checkpoint
        self.device = device or best_device(torch)
        self.precision = best_precision(torch, self.device) if precision == "auto" else precision
        # By default cuDNN rounds the inputs of float32 convolutions to 10 bits.
        torch.backends.cudnn.allow_tf32 = self.precision != "float32"
        self._transformer_type, self._text_type, self._vae_type = dtypes(torch, self.precision)
        self.latent_channels = checkpoint.latent_channels
        self.spatial_factor = checkpoint.spatial_factor
        self.guidance_embeds = checkpoint.guidance_embeds
        # On mps results for batches larger than 1 were reported wrong; elsewhere one large batch is faster.
        self.batched = self.device != "mps"
        """Whether the passes of one step go through the transformer as one batch."""
        self.tile: int | None = None
        """Side in pixels of the decoder's tiles; None to decide by this machine's memory. It does not change pixels."""
        self._tokenizer = read_tokenizer(checkpoint.folder)
        self._text_encoder: Any = None
        self._transformer: Any = None
        self._vae: Any = None
        self._control: tuple[ControlNet, Any] | None = None
        self._halves: set[str] = set()
        self._clip = bool(checkpoint.clip)
        self._clip_handles: list[Any] = []
        self._changes: Mapping[str, LowRank] = {}
        self._change_handles: list[Any] = []
        self._peak = 0
        if self.device == "cuda":
            torch.cuda.reset_peak_memory_stats()

    def load(self) -> None:
        """Load what every picture needs; the text encoder follows with the first new prompt."""
        if self._transformer is None:
            self._transformer = self.networks.load_transformer(self._checkpoint, self.device, self._transformer_type)
            self._clip_handles += clip(self._transformer) if self._clip else []
            if self.device == "cpu":
                pointwise_as_linear(self._transformer)
            self._change_handles = add_changes(self._transformer, self._changes)
        self._load_half("decoder")
        self._note_memory()

    def set_clip(self, clip_attention: bool) -> None:
        """As `LocalModel.set_clip` says."""
        self._clip = clip_attention
        for handle in self._clip_handles:
            handle.remove()
        networks = [self._transformer, self._control[1] if self._control else None]
        self._clip_handles = [hook for each in networks if clip_attention and each is not None for hook in clip(each)]

    def set_controlnet(self, controlnet: ControlNet | None) -> None:
        """As `LocalModel.set_controlnet` says."""
        if controlnet == (self._control[0] if self._control else None):
            return
        self._control = None
        empty_cache(self.device)
        if controlnet is not None:
            network = loading.load_controlnet(controlnet, self.device, self._transformer_type)
            if self.device == "cpu":
                pointwise_as_linear(network)
            self._control = controlnet, network
        self.set_clip(self._clip)
        self._note_memory()

    def set_changes(self, changes: Mapping[str, LowRank]) -> None:
        """As `LocalModel.set_changes` says."""
        if changes is not self._changes and self._transformer is not None:
            for handle in self._change_handles:
                handle.remove()
            self._change_handles = add_changes(self._transformer, changes)
        self._changes = changes

    def encode_prompt(self, prompt: str, *, negative: bool = False) -> SanaConditioning:
        import torch

        tokens = self._tokens(prompt, negative=negative)
        # Under Gemma's causal mask no token sees what follows it, so the padding on the right need not be computed.
        used = max(1, int(tokens.mask.sum()))
        keep = tokens.keep[tokens.keep < used]
        if self._text_encoder is None and not self._together:
            self._drop_others()
        with torch.inference_mode():
            ids = torch.from_numpy(tokens.ids[:used]).to(self.device)[None]
            states = self._load_text_encoder()(ids)
            embeddings = states[:, torch.from_numpy(keep).to(self.device)].float().cpu().numpy()
        self._note_memory()
        return conditioning(embeddings, tokens, self.precision)

    def release_text_encoder(self) -> None:
        """Give back the text encoder's memory where it is short."""
        if self._text_encoder is not None and not self._together:
            self._text_encoder = None
            empty_cache(self.device)

    def shift(self, width: int, height: int, steps: int) -> float:
        """As the checkpoint says, alike for all sizes."""
        return self._checkpoint.flow_shift

    def velocity(
        self, latents: Array, timestep: float, conditionings: Sequence[SanaConditioning], guidance: float | None = None,
        control: Control | None = None,
    ) -> Array:  # fmt: skip
        if self.batched:
            return self._forward(latents, timestep, conditionings, guidance, control)
        return np.concatenate([self._forward(latents, timestep, (each,), guidance, control) for each in conditionings])

    def _forward(
        self, latents: Array, timestep: float, conditionings: Sequence[SanaConditioning], guidance: float | None,
        control: Control | None,
    ) -> Array:  # fmt: skip
        import torch

        self.load()
        config, kind = self._transformer.config, self._transformer_type
        # Sprint's schedule is already in the transformer's units.
        scale = 1.0 if self.guidance_embeds else config.timestep_scale
        embeddings, mask = (np.repeat(each, len(latents), axis=0) for each in batch(conditionings))
        latents = np.concatenate([latents] * len(conditionings))
        with torch.inference_mode():
            embedded = None
            if guidance is not None:
                embedded = torch.full([len(latents)], guidance * config.guidance_embeds_scale, device=self.device)
            noisy = torch.from_numpy(latents).to(self.device, kind)
            told = (
                torch.full([len(latents)], timestep * scale, device=self.device),
                torch.from_numpy(embeddings).to(self.device, kind),
                torch.from_numpy(mask).to(self.device),
            )
            residuals = () if control is None else self._residuals(control, noisy, told)
            result = self._transformer(noisy, *told, guidance=embedded, residuals=residuals)
            # A transformer that also predicts a variance has twice the channels.
            velocity: Array = result[:, : self.latent_channels].float().cpu().numpy()
        self._note_memory()
        return velocity

    def _residuals(self, control: Control, noisy: Any, told: tuple[Any, ...]) -> Iterator[Any]:
        """What the ControlNet adds to the transformer's blocks."""
        import torch

        if self._control is None:
            raise ValueError("there is no ControlNet")
        picture = torch.from_numpy(control.latents).to(noisy)
        residuals: Iterator[Any] = self._control[1](noisy, picture, *told, scale=control.scale)
        return residuals

    def decode(self, latents: Array, on_tile: OnTile | None = None) -> Pixels:
        import torch

        self.load()
        with torch.inference_mode():
            scaled = torch.from_numpy(latents).to(self.device) / self._vae.config.scaling_factor
            tile = self._tile_side(*(side * self.spatial_factor for side in latents.shape[2:]))
            pictures = [autoencoder.decode(self._vae, one[None].to(self._vae_type), tile, on_tile) for one in scaled]
        self._note_memory()
        return np.stack(pictures)

    def encode_image(self, pixels: Pixels) -> Array:
        import torch

        if not self._checkpoint.has_encoder:
            raise no_encoder(self._checkpoint)
        self._load_half("encoder")
        with torch.inference_mode():
            pictures = torch.from_numpy(pixels.astype(np.float32) / 127.5 - 1).permute(0, 3, 1, 2)
            tile = self._tile_side(*pixels.shape[1:3])
            latents = [
                autoencoder.encode(self._vae, one[None].to(self._vae_type), tile, self.device) for one in pictures
            ]
            result: Array = (torch.cat(latents).float() * self._vae.config.scaling_factor).cpu().numpy()
        self._note_memory()
        return result

    def peak_memory(self) -> int:
        """Bytes: of the GPU on cuda and mps. On the processor of the process, since that began."""
        self._note_memory()
        return self._peak

    @contextlib.contextmanager
    def trace(self, names: Iterable[str], take: Callable[[str, Array], None]) -> Iterator[None]:
        """As `LocalModel.trace` says."""
        with contextlib.ExitStack() as stack:
            for name in names:
                stack.callback(self._module(name).register_forward_hook(_tracer(name, take)).remove)
            yield

    def close(self) -> None:
        """Give back all memory."""
        self._text_encoder = None
        self._drop_others()

    @property
    def _together(self) -> bool:
        return together(self._checkpoint, self.precision, total_memory(self.device))

    def _drop_others(self) -> None:
        """Give back the memory of all but the text encoder; what is needed again loads again."""
        self._transformer = self._vae = self._control = None
        self._halves.clear()
        self._clip_handles, self._change_handles = [], []
        empty_cache(self.device)

    def _module(self, name: str) -> Any:
        """A module by its name in the checkpoint, with the component before it."""
        part, _, inner = name.partition(".")
        if part == "text_encoder":
            return self._load_text_encoder().get_submodule(inner)
        self.load()
        if inner.startswith("encoder."):
            self._load_half("encoder")
        return {"transformer": self._transformer, "vae": self._vae}[part].get_submodule(inner)

    def _tokens(self, prompt: str, *, negative: bool) -> PromptTokens:
        return tokenize(self._tokenizer, prompt, self._checkpoint.token_limit, negative=negative)

    def _load_half(self, half: str) -> None:
        """The autoencoder's "encoder" or "decoder": most pictures need no encoder."""
        if self._vae is None:
            self._vae = self.networks.load_autoencoder(self._checkpoint)
        if half not in self._halves:
            self.networks.fill_half(self._vae, half, self._checkpoint, self.device, self._vae_type)
            self._halves.add(half)

    def _load_text_encoder(self) -> Any:
        if self._text_encoder is None:
            self._text_encoder = loading.load_text_encoder(self._checkpoint, self.device, self._text_type)
        return self._text_encoder

    def _tile_side(self, height: int, width: int) -> int:
        if self.tile is not None:
            return self.tile
        return autoencoder.tile_side(self._vae.config, height, width, total_memory(self.device))

    def _note_memory(self) -> None:
        self._peak = max(self._peak, used_memory(self.device))


def _tracer(name: str, take: Callable[[str, Array], None]) -> Callable[[Any, Any, Any], None]:
    """A forward hook that gives a module's output away, channels last."""

    def hook(module: Any, inputs: Any, output: Any) -> None:
        tensor = output[0] if isinstance(output, tuple) else output
        if tensor.ndim == 4:  # a picture, channels first
            tensor = tensor.movedim(1, -1)
        take(name, tensor.float().cpu().numpy())

    return hook
