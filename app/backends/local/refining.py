"""A large picture as the start picture of one that is painted through windows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
from PIL import Image, ImageFilter

from app.backends.local.canvas import whole
from app.backends.local.start_picture import StartPicture
from app.core.events import Event, Generated
from app.core.output import ImageOutput
from app.core.request import GenerationRequest, Role
from app.diffusion.model import Pixels
from app.library.models.checkpoint.checkpoint import Checkpoint

SMALLEST = 4
"""A side is made as long as this part of the model's own size at least: the model knows no smaller pictures."""

SHAPES = 1.0
"""Standard deviation, in pixels of the small picture, of the blur that tells shapes and colours from detail."""
_ROWS = 256


def framed(pixels: Pixels, checkpoint: Checkpoint, strength: float) -> tuple[StartPicture, tuple[int, int]]:
    """A start picture whose sides fit the model, and the (height, width) of the part that is the picture.

    Rows and columns are added below and at the right, mirrored, so that the model sees no edge there.
    """
    height, width, _ = pixels.shape
    unit = checkpoint.spatial_factor * checkpoint.patch_size
    least = max(unit, checkpoint.base_size // SMALLEST // unit * unit)
    more = [max(least, -(-side // unit) * unit) - side for side in (height, width)]
    if any(more):
        mode = "symmetric" if min(height, width) > 1 else "edge"
        pixels = np.pad(pixels, ((0, more[0]), (0, more[1]), (0, 0)), mode=mode)  # type: ignore[call-overload]
    canvas = whole(pixels.shape[1], pixels.shape[0], unit)
    return StartPicture(pixels, strength, canvas, unit), (height, width)


def painted_over(
    pixels: Pixels,
    request: GenerationRequest,
    checkpoint: Checkpoint,
    generate: Callable[[GenerationRequest, StartPicture], Iterator[Event]],
) -> Iterator[Event]:
    """What `generate` tells of the request for `pixels` painted over; the picture that comes has their size."""
    start = request.input(Role.INIT)
    assert start is not None
    picture, (height, width) = framed(pixels, checkpoint, start.strength)
    request = request.replace(height=picture.pixels.shape[0], width=picture.pixels.shape[1])
    for event in generate(request, picture):
        if isinstance(event, Generated) and isinstance(event.output, ImageOutput):
            yield replace(event, output=ImageOutput(event.output.pixels[:height, :width]))
        else:
            yield event


def with_shapes_of(known: Pixels, detail: Pixels, factor: int) -> Pixels:
    """The fine detail of one picture on the shapes and colours of another: both (height, width, 3).

    A window shows a part of the picture, and the prompt speaks of the whole: the model may see a second horizon there.
    What the small picture showed is known better, so only what is finer comes from the model.

    Args:
        factor: how many times `known` was enlarged.
    """
    blur = ImageFilter.GaussianBlur(SHAPES * factor)
    wanted, found = (np.asarray(Image.fromarray(pixels).filter(blur)) for pixels in (known, detail))
    result = np.empty_like(detail)
    for top in range(0, len(detail), _ROWS):  # a few rows at a time: the picture may be large
        rows = slice(top, top + _ROWS)
        mixed = detail[rows].astype(np.int16) + wanted[rows] - found[rows]
        result[rows] = mixed.clip(0, 255).astype(np.uint8)
    return result
