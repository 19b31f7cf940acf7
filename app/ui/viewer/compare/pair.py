"""Which two pictures are before and after. The files are read: call it in another thread."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.core.errors import UserError
from app.core.message import message
from app.library.files import exists
from app.library.pictures import images, sources
from app.library.pictures.images import Picture

TOLERANCE = 0.02
"""How much the shapes of two pictures may differ: sides are rounded to what a model takes."""


@dataclass(frozen=True, slots=True)
class Pair:
    before: Path
    after: Path


def find_pair(paths: list[Path]) -> Pair:
    """A picture and the one that it was made from, or two pictures, the older one before.

    Raises:
        UserError: the other picture cannot be found, or their shapes differ.
    """
    pictures = sorted((images.read(path) for path in paths), key=lambda picture: picture.created)
    if len(pictures) == 1:
        pictures.insert(0, images.read(_parent(pictures[0])))
    before, after = pictures
    if abs(before.width * after.height / (before.height * after.width) - 1) > TOLERANCE:
        raise UserError(
            message("“{first}” and “{second}” differ in their shapes.", first=before.path.name, second=after.path.name),
            message("Choose two pictures of the same shape, or compare them side by side."),
        )
    return Pair(before.path, after.path)


def _parent(picture: Picture) -> Path:
    source = picture.made_from
    if source is not None:
        if source.path and exists(Path(source.path)):
            return Path(source.path)
        found = sources.place_of(source, picture.path.parent)
        if found is not None:
            return found
    raise UserError(
        message("The picture that “{name}” was made from cannot be found.", name=picture.path.name),
        message("It may have been changed, moved or deleted. Select two pictures to compare them."),
    )
