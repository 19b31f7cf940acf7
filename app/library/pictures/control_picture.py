"""A control picture's file, as a ControlNet is given it."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageOps

from app.core.request import ImageInput
from app.library import paths
from app.library.pictures import images
from app.library.pictures.edges import Pixels, control_picture


def read_control_picture(control: ImageInput, size: tuple[int, int]) -> Pixels:
    """Its edges, or itself, as `control.edges` says: (H, W, 3).

    It is turned upright, scaled to cover `size` (width, height) and cut at the longer sides.

    Raises:
        UserError: the file is no picture, too large, or missing; or it shows no edges.
    """
    picture = Image.fromarray(images.decode(paths.expanded(control.path)))
    if picture.size != size:
        picture = ImageOps.fit(picture, size, Image.Resampling.LANCZOS)
    return control_picture(np.asarray(picture), control.edges)
