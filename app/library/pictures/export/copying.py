"""Copies of pictures for others: under a name and in a format of the user's choice. Nothing is lost on the way."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path

from app.core.errors import UserError
from app.core.message import message
from app.library.files import disk_error, save_file
from app.library.pictures import images
from app.library.pictures.export import carried, rewriting
from app.library.pictures.export.clip_copies import export_clip
from app.library.pictures.formats import xmp_marks
from app.library.pictures.formats.opening import opened
from app.library.pictures.formats.xmp_marks import XmpMarks
from app.library.pictures.metadata import OWN_KEY
from app.library.pictures.reading import is_clip


def export_all(
    sources: Sequence[Path],
    targets: Sequence[Path],
    on_progress: Callable[[int, int], None] = lambda done, total: None,
    *,
    replace: bool = False,
    words: bool = True,
    marks: Callable[[Path], XmpMarks | None] = lambda source: None,
) -> tuple[list[Path], dict[Path, UserError]]:
    """Export pictures, each for itself, as `export`.

    Args:
        marks: tells those of each picture.
        on_progress: is told so many of all are done, in this thread.

    Returns:
        The new files, and for each picture that could not be exported its error.
    """
    exported: list[Path] = []
    errors: dict[Path, UserError] = {}
    for done, (source, target) in enumerate(zip(sources, targets, strict=True)):
        on_progress(done, len(sources))
        try:
            exported.append(export(source, target, replace=replace, words=words, marks=marks(source)))
        except UserError as error:
            errors[source] = error
    return exported, errors


def export(
    source: Path, target: Path, *, replace: bool = False, words: bool = True, marks: XmpMarks | None = None
) -> Path:
    """Save a copy of a picture, or of a clip as `export_clip`. The name's suffix gives the format; in the picture's own
    format it keeps each byte.

    Whatever the file says of itself goes along, another program's words unchanged, except for the paths of this
    machine that older versions of this app wrote.

    Args:
        replace: a file of that name is replaced, in one step; else a number is added to a taken name.
        words: whether the copy says how the picture was made; without, it says nothing but that a model made it.
        marks: the rating and the star that the copy names, with its words; None for those that the file names itself.

    Returns:
        The new file.

    Raises:
        UserError: it cannot be read or saved; an older file stands as it was.
    """
    if is_clip(source):
        return export_clip(source, target, replace=replace, words=words, marks=marks)
    file_format = images.format_of(target)
    images.read(source)  # refuses what is damaged or too large, in words
    if source.resolve() == target.resolve():
        return source
    data = _content(source, file_format, marks) if words else _wordless(source, file_format)
    try:
        return save_file(target, data, replace=replace)
    except OSError as error:
        raise disk_error(error, message("“{name}” could not be exported", name=source.name), target.parent) from error


def _wordless(source: Path, file_format: str) -> bytes:
    """The bytes of a copy that does not say how the picture was made."""
    return carried.encode(images.with_transparency(source), carried.read(source).without_words(), file_format)


def _content(source: Path, file_format: str, marks: XmpMarks | None) -> bytes:
    """The bytes of the copy."""
    with opened(source) as picture:
        real = (
            "JPEG" if picture.image.format == "MPO" else picture.image.format or ""
        )  # of phones: JPEG, and more behind
        same = real.lower() == file_format
        picture.file.seek(0)
        data = picture.file.read() if same else b""
    before = carried.read(source)
    after = before.without_places() if OWN_KEY in before.texts else before
    if marks is not None:
        after = dataclasses.replace(after, xmp=xmp_marks.written(before.xmp, marks))
    if same and after == before:
        return data
    kept = rewriting.rewritten(data, before, after) if same else None
    return carried.encode(images.with_transparency(source), after, file_format) if kept is None else kept
