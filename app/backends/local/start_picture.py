"""The picture and the mask that a request starts from, cut to its size."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageOps

from app.core.errors import UserError
from app.core.message import message
from app.core.request import GenerationRequest
from app.diffusion.model import Array, LatentModel, Pixels
from app.diffusion.sampler import Start
from app.library import paths
from app.library.pictures import images


@dataclass(frozen=True, slots=True)
class StartPicture:
    """A start picture of the request's size.

    Attributes:
        pixels: (H, W, 3) uint8.
        mask: (H, W) float32, 1 where to paint, 0 where the picture is kept; None to paint everywhere.
    """

    pixels: Pixels
    mask: Array | None

    def encode(self, model: LatentModel, strength: float, cell: int) -> Start:
        """What the sampler needs of it. `cell` is the side in latents of what the transformer sees as one token."""
        latents = model.encode_image(self.pixels[None])
        if self.mask is None:
            return Start(latents, strength)
        side = model.spatial_factor * cell
        height, width = self.mask.shape
        # A token is painted anew as soon as one of its pixels is to be.
        tokens = self.mask.reshape(height // side, side, width // side, side).max((1, 3)) > 0
        mask = tokens.repeat(cell, 0).repeat(cell, 1).astype(np.float32)
        return Start(latents, strength, mask[None, None])

    def keep_unmasked(self, generated: Pixels) -> Pixels:
        """`painted` where the mask is white, the start picture itself where it is black."""
        if self.mask is None:
            return generated
        share = self.mask[..., None]
        mixed: Array = share * generated + (1 - share) * self.pixels
        return mixed.round().astype(np.uint8)


def load_start_picture(request: GenerationRequest) -> StartPicture | None:
    """The request's start picture; None where it has none.

    Both files are turned upright, scaled to cover the request's size and cut at the longer sides.

    Raises:
        UserError: a file is no picture, too large, or missing; or the mask is black all over.
    """
    if not request.init_image:
        return None
    size = (request.width or 0, request.height or 0)
    pixels = _fitted(request.init_image, size)
    if not request.mask:
        return StartPicture(np.asarray(pixels), None)
    mask: Array = np.asarray(_fitted(request.mask, size).convert("L"), np.float32) * np.float32(1 / 255)
    if not mask.any():
        raise UserError(
            message("The mask is black all over, so nothing would change."),
            message("Paint white what is to change."),
        )
    return StartPicture(np.asarray(pixels), mask)


def _fitted(path: str, size: tuple[int, int]) -> Image.Image:
    picture = Image.fromarray(images.decode(paths.expanded(path)))
    return picture if picture.size == size else ImageOps.fit(picture, size, Image.Resampling.LANCZOS)
