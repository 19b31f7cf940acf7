"""An enlarged copy of a picture: other pixels, and what the picture says of itself."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from PIL import Image

from app.core.enlarge import Enlarged, EnlargeRequest
from app.core.errors import UserError
from app.core.message import Message, message, sentences
from app.core.output import Pixels, Provenance
from app.library import paths
from app.library.files import create_file, disk_error
from app.library.pictures import images, metadata, sources
from app.library.pictures.export import carried

_EXIF_IFD = 0x8769
_SIDES = ({0x0100: 1, 0x0101: 0}, {0xA002: 1, 0xA003: 0})
"""EXIF tags of width and height, in the main directory and in that of EXIF, and the axes of the pixels."""


def file_name(source: Path, factor: int) -> str:
    """The name of the larger copy: it keeps its format where we write that, else it becomes a PNG."""
    return f"{source.stem} {factor}x{source.suffix if source.suffix.lower() in images.SUFFIXES else '.png'}"


def save_enlarged(pixels: Pixels, source: Path, target: Path, made: Provenance) -> images.Picture:
    """Save `pixels`, made from the picture `source`, with its transparency and all that it says of itself. It replaces
    no file: a number is added to a taken name.

    Args:
        pixels: (height, width, 3).
        made: how they were made, with `enlarged`.

    Raises:
        UserError: it cannot be saved, or is too large for the format of the name.
    """
    assert made.enlarged is not None
    file_format = images.format_of(target)
    words = _with(made.enlarged, carried.read(source).without_places(), images.read(source))
    for directory, sides in zip((words.exif, words.exif.get_ifd(_EXIF_IFD)), _SIDES, strict=True):
        for tag, axis in sides.items():
            if tag in directory:
                directory[tag] = pixels.shape[axis]
    data = carried.encode(_as_transparent(pixels, source), words, file_format)
    try:
        path = create_file(target.parent, target.name, data)
    except OSError as error:
        raise disk_error(error, message("The picture could not be saved"), target.parent) from error
    return images.read(path)


def find(folder: Path, request: EnlargeRequest, since: float) -> Path | None:
    """A picture in `folder` that was made by this request since then (unix time); None where there is none."""
    source = paths.expanded(request.path)
    try:
        made_from = sources.input_of(source)
        entries = list(folder.iterdir())
    except OSError:
        return None
    beginning = Path(file_name(source, request.factor)).stem
    for path in entries:
        if not path.stem.startswith(beginning):
            continue
        try:
            picture = images.read(path)
        except UserError:
            continue
        made = picture.provenance.enlarged
        if made is not None and picture.created >= since - 1 and _same(made, request) and made.source == made_from:
            return path
    return None


def _as_transparent(pixels: Pixels, source: Path) -> Image.Image:
    """An image that lets through what the smaller picture does."""
    image, small = Image.fromarray(pixels), images.with_transparency(source)
    if small.mode == "RGBA":
        image.putalpha(small.getchannel("A").resize(image.size, Image.Resampling.BICUBIC))
    return image


def _same(made: Enlarged, request: EnlargeRequest) -> bool:
    return (made.factor, made.strength or 0.0) == (request.factor, request.strength)


def _with(made: Enlarged, words: carried.Carried, picture: images.Picture) -> carried.Carried:
    """What the picture says, and how it was made larger. Another program's words stay as they are."""
    ours = metadata.OWN_KEY in words.texts
    provenance = picture.provenance if ours else Provenance()
    note = sentences(provenance.note, _note(made)) if provenance.note else _note(made)
    provenance = replace(provenance, note=note, enlarged=made)
    own = metadata.to_json(picture.request if ours else None, provenance, time.time())
    xmp = metadata.repainted_xmp(words.xmp) if made.model is not None else words.xmp
    return replace(words, texts={**words.texts, metadata.OWN_KEY: own}, xmp=xmp)


def _note(made: Enlarged) -> Message:
    if made.model is not None:
        return message(
            "Enlarged {factor} times with {name} and refined with {model}.",
            factor=made.factor, name=made.upscaler, model=made.model,
        )  # fmt: skip
    return message("Enlarged {factor} times with {name}.", factor=made.factor, name=made.upscaler)
