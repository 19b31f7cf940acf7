"""The colours of a picture that is transparent in part: what an upscaler gets to see of it."""

from __future__ import annotations

import numpy as np
from PIL import Image

from app.core.output import Pixels
from app.diffusion.filling import filled

LONGEST_FILLED = 2048
"""Pixels of the longer side at which colours are filled in: of what is not seen, a coarse one will do."""


def colours(image: Image.Image) -> Pixels:
    """(height, width, 3) of an RGBA image.

    Where nothing of it is seen, the colours around go on: an upscaler would carry any others into what is seen.
    """
    seen = np.asarray(image.getchannel("A")) > 0
    result: Pixels = np.array(image.convert("RGB"))
    if seen.all():
        return result
    # Colours are averaged by how much of them is seen.
    small = image.convert("RGBa").reduce(-(-max(image.size) // LONGEST_FILLED)).convert("RGBA")
    values, known = np.asarray(small.convert("RGB"), np.float32), np.asarray(small.getchannel("A")) > 0
    beneath = Image.fromarray(filled(values, known).round().clip(0, 255).astype(np.uint8))
    np.copyto(result, np.asarray(beneath.resize(image.size, Image.Resampling.BILINEAR)), where=~seen[..., None])
    return result
