"""An enlarged copy of a picture: other pixels, and what the picture says of itself."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from PIL import Image

from app.core.message import Message, message, sentences
from app.core.output import Pixels
from app.library.files import create_file, disk_error
from app.library.pictures import images, metadata
from app.library.pictures.export import carried

_EXIF_IFD = 0x8769
_SIDES = ({0x0100: 1, 0x0101: 0}, {0xA002: 1, 0xA003: 0})
"""EXIF tags of width and height, in the main directory and in that of EXIF, and the axes of the pixels."""


def save_enlarged(pixels: Pixels, source: Path, target: Path, note: Message) -> images.Picture:
    """Save `pixels`, made from the picture `source`, with all that it says of itself. It replaces no file: a number is
    added to a taken name.

    Args:
        pixels: (height, width, 3).
        note: what was done, which our own pictures are told.

    Raises:
        UserError: it cannot be saved, or is too large for the format of the name.
    """
    file_format = images.format_of(target)
    words = _noted(carried.read(source).without_places(), images.read(source), note)
    for directory, sides in zip((words.exif, words.exif.get_ifd(_EXIF_IFD)), _SIDES, strict=True):
        for tag, axis in sides.items():
            if tag in directory:
                directory[tag] = pixels.shape[axis]
    data = carried.encode(Image.fromarray(pixels), words, file_format)
    try:
        path = create_file(target.parent, target.name, data)
    except OSError as error:
        raise disk_error(error, message("The picture could not be saved"), target.parent) from error
    return images.read(path)


def _noted(words: carried.Carried, picture: images.Picture, note: Message) -> carried.Carried:
    if metadata.OWN_KEY not in words.texts or picture.request is None:
        return words
    provenance = picture.provenance
    provenance = replace(provenance, note=sentences(provenance.note, note) if provenance.note else note)
    own = metadata.to_json(picture.request, provenance, time.time())
    return replace(words, texts={**words.texts, metadata.OWN_KEY: own})
