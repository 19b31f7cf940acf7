"""What a picture was made from, and what was made from it. Files are known by their hashes, not by their names."""

from __future__ import annotations

from pathlib import Path

from app.core.errors import UserError
from app.core.request import ImageInput, Role
from app.library.pictures import reading
from app.library.pictures.images import Picture
from app.library.pictures.index.index import Index
from app.library.pictures.index.rows import IndexRow, Stamp
from app.library.pictures.sources import digest

_BEGINNING = 500
"""Characters of a prompt that the index keeps as they are written."""


def row(picture: Picture, name: str, stamp: Stamp) -> IndexRow:
    """What the index is to know of a picture that was read, with the marks that the file itself names."""
    request, made = picture.request, picture.provenance
    model = made.model or (request.model if request else "")
    negative = request.negative if request else ""
    seed = picture.seed if picture.seed is not None and abs(picture.seed) < 2**63 else None
    return IndexRow(
        name,
        stamp,
        picture.created,
        words=" ".join((picture.prompt, negative, model, name)),
        prompt=picture.prompt[:_BEGINNING],
        favourite=picture.marks.favourite,
        rating=picture.marks.rating,
        seed=seed,
        width=picture.width,
        height=picture.height,
        model=model,
        backend=made.backend or "",
        frames=picture.frames or 0,
        fps=picture.fps or 0.0,
        parents=tuple({each.digest for each in made_from(picture)}),
    )


def made_from(picture: Picture) -> list[ImageInput]:
    """What a picture was made from: an enlarged one from what it was before, others from the pictures that went in."""
    if picture.provenance.enlarged is not None:
        inputs: tuple[ImageInput, ...] = (picture.provenance.enlarged.source,)
    else:
        inputs = picture.request.inputs if picture.request else ()
    return [each for each in inputs if each.digest and each.role is not Role.MASK]


def parents(index: Index, folder: Path, name: str) -> list[str]:
    """The names of the pictures that one was made from, as far as they are in the folder."""
    try:
        picture = reading.read(folder / name)
    except UserError:  # it is gone meanwhile
        return []
    found: list[str] = []
    for item in made_from(picture):
        found += index.with_digest(folder, [item.digest]) or _called(index, folder, item)
    return list(dict.fromkeys(found))


def children(index: Index, folder: Path, name: str) -> list[str]:
    """The names of the pictures that were made from one."""
    known = index.digest(folder, name) or digest(folder / name)
    if not known:
        return []
    index.set_digest(folder, name, known)
    return index.children(folder, [known])


def note_parents(index: Index, folder: Path, picture: Picture) -> None:
    """Keep the hashes of the pictures that one was just made from: they will be found whatever they are called."""
    for item in made_from(picture):
        if item.path and Path(item.path).is_relative_to(folder):
            index.set_digest(folder, Path(item.path).relative_to(folder).as_posix(), item.digest)


def _called(index: Index, folder: Path, item: ImageInput) -> list[str]:
    """The picture that is called as a file that went in, where it is that file."""
    place = Path(item.path) if item.path else folder / item.name
    if not item.name or not place.is_relative_to(folder) or digest(place) != item.digest:
        return []
    name = place.relative_to(folder).as_posix()
    index.set_digest(folder, name, item.digest)
    return [name] if index.ids(folder, [name]) else []
