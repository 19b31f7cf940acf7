"""A video checkpoint in PyTorch, as the sampler sees it: functions on numpy arrays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from app.backends.local.misfits import no_encoder
from app.backends.local.torch.device import total_memory
from app.backends.local.torch.model import TorchModel
from app.backends.local.torch.video import autoencoder, networks
from app.diffusion.families import sana_video
from app.diffusion.families.sana import PromptTokens, SanaConditioning
from app.diffusion.model import Array, Control, OnTile, Pixels
from app.library.models.checkpoint.checkpoint import Checkpoint


class TorchClipModel(TorchModel):
    """A `ClipModel` in PyTorch. What it takes is as in `TorchModel`."""

    networks = networks

    def __init__(self, checkpoint: Checkpoint, precision: str = "auto", device: str = "") -> None:
        super().__init__(checkpoint, precision, device)
        self.temporal_factor = checkpoint.temporal_factor

    def velocity(
        self, latents: Array, timestep: float, conditionings: Sequence[SanaConditioning], guidance: float | None = None,
        control: Control | None = None, held: int = 0,
    ) -> Array:  # fmt: skip
        """As `ClipModel.velocity` says."""
        self.load()
        return np.concatenate([self._pass(latents, timestep, each, held) for each in conditionings])

    def _pass(self, latents: Array, timestep: float, conditioning: SanaConditioning, held: int) -> Array:
        import torch

        with torch.inference_mode():
            noisy = torch.from_numpy(latents).to(self.device, self._transformer_type)
            told = torch.full([1], timestep, device=self.device)
            if held:  # each token is told its own
                patch = self._checkpoint.patch_size
                _, _, frames, height, width = latents.shape
                told = told.repeat(frames, height // patch, width // patch)
                told[:held] = 0
                told = told.flatten()[None]
            embeddings = torch.from_numpy(conditioning.embeddings).to(self.device, self._transformer_type)
            result = self._transformer(noisy, embeddings, told, return_dict=False)[0]
            velocity: Array = result.float().cpu().numpy()
        self._note_memory()
        return velocity

    def decode_frames(self, latents: Array, on_tile: OnTile | None = None) -> Iterator[Pixels]:
        """As `ClipModel.decode_frames` says."""
        import torch

        self.load()
        mean, std = autoencoder.statistics(self._vae)
        own = (torch.from_numpy(latents) * std + mean).to(self.device, self._vae_type)
        memory = total_memory(self.device)
        yield from autoencoder.decode(self._vae, own, self.spatial_factor, memory, on_tile)
        self._note_memory()

    def decode(self, latents: Array, on_tile: OnTile | None = None) -> Pixels:
        """As `ClipModel.decode` says."""
        return np.concatenate(list(self.decode_frames(latents, on_tile)))

    def encode_image(self, pixels: Pixels) -> Array:
        """As `ClipModel.encode_image` says."""
        import torch

        if not self._checkpoint.has_encoder:
            raise no_encoder(self._checkpoint)
        self._load_half("encoder")
        picture = torch.from_numpy(pixels.astype(np.float32) / 127.5 - 1).permute(0, 3, 1, 2)[:, :, None]
        latents = autoencoder.encode(self._vae, picture.to(self.device, self._vae_type)).float().cpu()
        mean, std = autoencoder.statistics(self._vae)
        result: Array = ((latents - mean) / std).numpy()
        self._note_memory()
        return result

    def _tokens(self, prompt: str, *, negative: bool) -> PromptTokens:
        return sana_video.tokenize(self._tokenizer, prompt, self._checkpoint.token_limit, negative=negative)
