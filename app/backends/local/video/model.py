"""What a local backend needs of a video checkpoint that it has in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import numpy as np

from app.backends.local.model import LocalModel
from app.diffusion.model import Array, Control, OnTile, Pixels


class ClipModel(LocalModel, Protocol):
    """A video checkpoint as a backend has it in memory. Its latents are (1, C, t, h, w) float32 in the scale that the
    transformer works in: what the autoencoder's mean and deviation do to them is done inside.
    """

    temporal_factor: int
    """Frames for each latent frame but the first, which is one frame: 4 (Wan) or 8 (LTX)."""

    def velocity(
        self,
        latents: Array,
        timestep: float,
        conditionings: Sequence[Any],
        guidance: float | None = None,
        control: Control | None = None,
        held: int = 0,
    ) -> Array:
        """As `LatentModel.velocity` says, one of the conditionings after the other, since a clip is large.

        The first `held` latent frames are given, not noisy: theirs is the timestep 0 (picture to video). Returns
        (len(conditionings), C, t, h, w) float32; what it says of the held ones is not used.
        """
        ...

    def decode_frames(self, latents: Array, on_tile: OnTile | None = None) -> Iterator[Pixels]:
        """(1, C, t, h, w) latents as frames, the first ones first: (n, H, W, 3) uint8 in pieces of a few.

        The clip is never whole in memory: who takes a piece is done with it before the next. `on_tile(done, total)`
        counts all pieces and tiles of the clip. Raises NotFiniteError where the decoder breaks down.
        """
        ...

    def encode_image(self, pixels: Pixels) -> Array:
        """A first frame, (1, H, W, 3) uint8, as latents (1, C, 1, h, w): the mode, as the transformer sees it.

        Raises UserError where the checkpoint has no encoder.
        """
        ...

    def decode(self, latents: Array, on_tile: OnTile | None = None) -> Pixels:
        """The whole of a short clip at once, (n, H, W, 3)."""
        return np.concatenate(list(self.decode_frames(latents, on_tile)))
