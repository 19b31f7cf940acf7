"""The picture that a request starts from: what of it changes, what the model sees of it, and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageOps

from app.backends.local.canvas import Canvas, around, whole
from app.core.capabilities import Capabilities
from app.core.errors import UserError
from app.core.message import message
from app.core.request import Extension, GenerationRequest, ImageInput, Role
from app.diffusion.filling import continued, filled
from app.diffusion.masks import Region, blurred, depth, feathered, grown
from app.diffusion.model import Array, LatentModel, Pixels
from app.diffusion.sampler import Start
from app.library import paths
from app.library.pictures import images

VISIBLE = 0.1
"""What is darker in a mask, such as a JPEG's noise, counts as black where its shape is asked for."""
SHAPE = 0.02
"""By so much of itself a mask's aspect ratio may differ from the start picture's: sides are whole pixels."""
NOISE = 0.2
"""Of white: so light are the pixels around what is white in a mask that was saved with loss, though they were black."""
ENLARGED = 1.25
"""A detail pass by itself is worth it from this scale on."""
PREVIEW = 256
"""Pixels of the longer side of a preview of a picture of which a part is made anew; fewer than twice as many."""


@dataclass(frozen=True, slots=True)
class StartPicture:
    """A start picture of the request's size.

    Attributes:
        pixels: (H, W, 3) uint8, with what it is extended by filled from its edges.
        strength: 0..1, how far to go from it.
        canvas: what the model sees of it.
        token: pixels along a side of a token.
        mask: (H, W) float32, 1 where to make it anew, 0 where it is kept, in between how much of the way to go there;
            None for everywhere.
        hole: (H, W), where there was no picture before it was extended; None for nowhere.
    """

    pixels: Pixels
    strength: float
    canvas: Canvas
    token: int
    mask: Array | None = None
    hole: Region | None = None

    @property
    def in_part(self) -> bool:
        """Whether the model sees a part of it alone: the detail pass."""
        height, width, _ = self.pixels.shape
        return self.canvas.window != (0, 0, width, height)

    def encode(self, model: LatentModel) -> Start:
        """What the sampler needs of it."""
        latents = model.encode_image(self.canvas.cut(self.pixels)[None])
        if self.mask is None:
            return Start(latents, self.strength)
        mask = self.seen_mask(self.mask)
        height, width, side = *latents.shape[2:], model.spatial_factor
        cells = mask.reshape(height, side, width, side).mean((1, 3), dtype=np.float32)
        return Start(latents, self.strength, cells[None, None])

    def seen_mask(self, mask: Array) -> Array:
        """The mask of the canvas, 0..1. What is made anew reaches half a token beyond it and fades there, so that the
        model can join it to what is kept; those pixels are not used.
        """
        return blurred(grown(self.canvas.cut(mask).clip(0, 1), self.token // 2), self.token * 3 // 8)

    def finished(self, generated: Pixels) -> Pixels:
        """The result, (H, W, 3), of a canvas that was generated. Where the mask is black it is the start picture.

        At the edge of what is kept, what was generated takes over its colours, which fade within a token, and gives way
        to the start picture within a quarter of one. A hole shows no start picture: there its edge goes on a little.
        """
        patch = self.canvas.back(generated)
        if self.mask is None:
            return patch
        mask, before = self.mask[self.canvas.inner], self.pixels[self.canvas.inner].astype(np.float32)
        inside, reach = mask > 0, max(8, round(self.token / self.canvas.scale))
        away, steps = continued(before - patch, ~inside, reach)
        fading = np.where(steps > 0, 1 - steps / reach, 0)
        # Of what is nearly black little is used.
        share = feathered(inside, reach // 4) * (mask * 4).clip(0, 1)
        if self.hole is not None:
            hole = self.hole[self.canvas.inner]
            edge, steps = continued(before, ~inside, reach // 8)
            share = np.where(hole, np.where(steps > 0, steps / (reach // 8 + 1), 1), share)
            before = np.where(hole[..., None], edge, before)
        mixed = before + share[..., None] * (patch + fading[..., None] * away - before)
        result = self.pixels.copy()
        result[self.canvas.inner] = np.where(inside[..., None], mixed.round().clip(0, 255), before)
        return result

    def previewed(self, small: Pixels) -> Pixels:
        """A preview (h, w, 3) of the result, of one of the canvas: what is kept is there as it is."""
        if self.mask is None:
            return small
        factor = max(1, max(self.pixels.shape[:2]) // PREVIEW)
        left, top, right, bottom = (-(-edge // factor) for edge in self.canvas.window)
        (width, height), more = self.canvas.size, self.canvas.padding
        x, y = small.shape[1] / width, small.shape[0] / height
        box = (more.left * x, more.top * y, (width - more.right) * x, (height - more.bottom) * y)
        patch = Image.fromarray(small).resize((right - left, bottom - top), Image.Resampling.BICUBIC, box)
        result = self.pixels[::factor, ::factor].copy()
        share = self.mask[::factor, ::factor, None][top:bottom, left:right]
        before = result[top:bottom, left:right]
        result[top:bottom, left:right] = (before + share * (np.asarray(patch, np.float32) - before)).round()
        return result


def load_start_picture(request: GenerationRequest, limits: Capabilities) -> StartPicture | None:
    """A resolved request's start picture; None where it has none.

    The files are turned upright. What has another size than the request is scaled to cover it and cut at the longer
    sides; what has the same size is left as it is.

    Args:
        limits: of the model.

    Raises:
        UserError: a file is no picture, too large, or missing; or the mask is black all over, or of another shape.
    """
    start, mask_input = request.input(Role.INIT), request.input(Role.MASK)
    if start is None:
        return None
    more, token = request.extend or Extension(), int(limits.size.step)
    width, height = request.width or 0, request.height or 0
    picture = _opened(start)
    size = (width - more.width, height - more.height)
    pixels = np.asarray(_fitted(picture, size, Image.Resampling.LANCZOS))
    mask = None if mask_input is None else _mask(mask_input, picture.size, size)
    if request.extend is None:
        canvas = whole(width, height, token) if mask is None else _canvas(mask, request, limits)
        return StartPicture(pixels, start.strength, canvas, token, mask)
    edges = ((more.top, more.bottom), (more.left, more.right))
    hole = np.pad(np.zeros(pixels.shape[:2], np.bool_), edges, constant_values=True)
    mask = np.pad(np.zeros(pixels.shape[:2], np.float32) if mask is None else mask, edges, constant_values=1)
    extended = filled(np.pad(pixels.astype(np.float32), (*edges, (0, 0))), ~hole).round().astype(np.uint8)
    canvas = whole(width, height, token, more)
    return StartPicture(extended, start.strength, canvas, token, mask, hole)


def _canvas(mask: Array, request: GenerationRequest, limits: Capabilities) -> Canvas:
    """All of the picture, or, where the model would see too little of what is masked, what surrounds that alone."""
    height, width = mask.shape
    token = int(limits.size.step)
    part = mask > min(VISIBLE, mask.max() / 2)
    detail = around(part, limits)
    if not limits.sizes.holds(width, height):
        return detail
    thin = depth(part, token // 2).max() < token // 2
    wanted = thin and detail.scale >= ENLARGED if request.detail is None else request.detail and detail.scale > 1
    return detail if wanted else whole(width, height, token)


def _mask(source: ImageInput, picture: tuple[int, int], size: tuple[int, int]) -> Array:
    strokes = _opened(source, backdrop="black")  # what is transparent was not painted over: it is kept
    (width, height), (own_width, own_height) = strokes.size, picture
    if abs(width * own_height / (height * own_width) - 1) > SHAPE:
        raise UserError(
            message(
                "The mask has {width} × {height} pixels, the start picture {own_width} × {own_height}.",
                width=width, height=height, own_width=own_width, own_height=own_height,
            ),
            message("Use a mask of the start picture's size."),
        )  # fmt: skip
    # By means: a pixel with nothing but black beneath it stays black.
    mask = np.asarray(_fitted(strokes.convert("L"), size, Image.Resampling.BOX), np.float32) * np.float32(1 / 255)
    if images.is_lossy(paths.expanded(source.path)):
        least = min(NOISE, float(mask.max()) / 2)
        mask = ((mask - least) / (1 - least)).clip(0, 1)
    if not mask.any():
        raise UserError(
            message("The mask is black all over, so nothing would change."),
            message("Paint white what is to change."),
        )
    return mask


def _opened(source: ImageInput, backdrop: str = "white") -> Image.Image:
    return Image.fromarray(images.decode(paths.expanded(source.path), backdrop))


def _fitted(picture: Image.Image, size: tuple[int, int], resampling: Image.Resampling) -> Image.Image:
    return picture if picture.size == size else ImageOps.fit(picture, size, resampling)
