"""Pixels as the rest of the program has them: RGB in the sRGB colour space, opaque unless transparency is asked for.

Big pictures are converted in strips of rows, so that no second copy of them in full size is ever held.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

    Convert = Callable[[Image.Image], Image.Image]

log = logging.getLogger(__name__)

_STRIP_PIXELS = 4_000_000
_SPACES = {"RGB ": "RGB", "CMYK": "CMYK", "GRAY": "L"}
"""Pillow's modes by ICC's names of the colour spaces."""


def flat(image: Image.Image, profile: bytes = b"", reduce: int = 1, backdrop: str | None = "white") -> Image.Image:
    """RGB in sRGB, at one `reduce`-th of the size.

    Args:
        image: decoded or not, in any of Pillow's modes.
        profile: its ICC profile; empty, or one that cannot be used, counts as sRGB.
        backdrop: the colour that transparent parts show; None to keep them, in RGBA.
    """
    convert = _conversion(image, profile, backdrop)
    if convert is None and reduce == 1:
        return image
    width, height = image.size
    mode = "RGBA" if backdrop is None and image.has_transparency_data else "RGB"
    from app.library.pictures.formats.pillow import Image

    result = Image.new(mode, (-(-width // reduce), -(-height // reduce)))
    rows = max(1, _STRIP_PIXELS // (width * reduce)) * reduce
    for top in range(0, height, rows):
        strip = image.crop((0, top, width, min(height, top + rows)))
        if convert is not None:
            strip = convert(strip)
        result.paste(strip.reduce(reduce) if reduce > 1 else strip, (0, top // reduce))
    return result


def _conversion(image: Image.Image, profile: bytes, backdrop: str | None) -> Convert | None:
    """What makes sRGB of a strip, opaque on a backdrop; None where it is that."""
    transparent = image.has_transparency_data
    transform = _transform(profile, _base(image.mode)) if profile else None
    if image.mode == "RGB" and not transparent and transform is None:
        return None

    def convert(strip: Image.Image) -> Image.Image:
        if strip.mode.startswith("I"):
            strip = _eight_bits(strip)
        elif strip.mode == "F":
            strip = _of_unit(strip)
        alpha = strip.convert("RGBA").getchannel("A") if transparent else None
        colours = strip if strip.mode == _base(strip.mode) else strip.convert(_base(strip.mode))
        colours = transform(colours) if transform is not None else colours
        colours = colours if colours.mode == "RGB" else colours.convert("RGB")
        if alpha is None:
            return colours
        if backdrop is None:
            colours.putalpha(alpha)
            return colours
        from app.library.pictures.formats.pillow import Image

        opaque = Image.new("RGB", strip.size, backdrop)
        opaque.paste(colours, mask=alpha)
        return opaque

    return convert


def _base(mode: str) -> str:
    """The mode without transparency and palette in which a picture's profile describes its colours."""
    if mode in {"1", "L", "LA", "La", "F"} or mode.startswith("I"):
        return "L"
    return "CMYK" if mode == "CMYK" else "RGB"


def _transform(profile: bytes, mode: str) -> Convert | None:
    from PIL import ImageCms  # most pictures need none

    intent, flags = ImageCms.Intent.RELATIVE_COLORIMETRIC, ImageCms.Flags.BLACKPOINTCOMPENSATION
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if _SPACES.get(source.profile.xcolor_space) != mode or ImageCms.getProfileName(source).startswith("sRGB"):
            return None
        target = ImageCms.createProfile("sRGB")
        transform = ImageCms.buildTransform(source, target, mode, "RGB", intent, flags)
    except Exception as error:  # what a strange profile leads to is no closed set
        log.info("A colour profile cannot be used and counts as sRGB: %s", error)
        return None
    return lambda strip: ImageCms.applyTransform(strip, transform) or strip


def _eight_bits(image: Image.Image) -> Image.Image:
    """16 bits of grey, which Pillow would cut off at 255."""
    import numpy as np  # it takes a tenth of a second, and most pictures need none

    from app.library.pictures.formats.pillow import Image

    return Image.fromarray((np.asarray(image) // 257).clip(0, 255).astype(np.uint8))


def _of_unit(image: Image.Image) -> Image.Image:
    """Grey in floats, of which 0 is black and 1 white; Pillow would take them for 0 to 255."""
    import numpy as np

    from app.library.pictures.formats.pillow import Image

    grey = np.nan_to_num(np.asarray(image), nan=0.0, posinf=1.0, neginf=0.0)
    return Image.fromarray((grey.clip(0, 1) * 255).round().astype(np.uint8))
