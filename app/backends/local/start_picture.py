"""The picture and the mask that a request starts from, cut to its size."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageOps

from app.core.errors import UserError
from app.core.message import message
from app.core.request import GenerationRequest, ImageInput, Role
from app.diffusion.model import Array, LatentModel, Pixels
from app.diffusion.sampler import Start
from app.library import paths
from app.library.pictures import images


@dataclass(frozen=True, slots=True)
class StartPicture:
    """A start picture of the request's size.

    Attributes:
        pixels: (H, W, 3) uint8.
        strength: 0..1, how far to go from it.
        mask: (H, W) float32, 1 where to make anew, 0 where the picture is kept; None for everywhere.
    """

    pixels: Pixels
    strength: float
    mask: Array | None = None

    def encode(self, model: LatentModel, cell: int) -> Start:
        """What the sampler needs of it. `cell` is the side in latents of what the transformer sees as one token."""
        latents = model.encode_image(self.pixels[None])
        if self.mask is None:
            return Start(latents, self.strength)
        side = model.spatial_factor * cell
        height, width = self.mask.shape
        # A token is generated anew as soon as one of its pixels is to be.
        tokens = self.mask.reshape(height // side, side, width // side, side).max((1, 3)) > 0
        mask = tokens.repeat(cell, 0).repeat(cell, 1).astype(np.float32)
        return Start(latents, self.strength, mask[None, None])

    def keep_unmasked(self, generated: Pixels) -> Pixels:
        """`generated` where the mask is white, the start picture itself where it is black."""
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
    start, mask_input = request.input(Role.INIT), request.input(Role.MASK)
    if start is None:
        return None
    size = (request.width or 0, request.height or 0)
    pixels = _fitted(start, size)
    if mask_input is None:
        return StartPicture(np.asarray(pixels), start.strength)
    strokes = _fitted(mask_input, size, backdrop="black")  # what is transparent was not painted over: it is kept
    mask: Array = np.asarray(strokes.convert("L"), np.float32) * np.float32(1 / 255)
    if not mask.any():
        raise UserError(
            message("The mask is black all over, so nothing would change."),
            message("Paint white what is to change."),
        )
    return StartPicture(np.asarray(pixels), start.strength, mask)


def _fitted(source: ImageInput, size: tuple[int, int], backdrop: str = "white") -> Image.Image:
    picture = Image.fromarray(images.decode(paths.expanded(source.path), backdrop))
    return picture if picture.size == size else ImageOps.fit(picture, size, Image.Resampling.LANCZOS)
