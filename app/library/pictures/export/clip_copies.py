"""Copies of clips for others: as MP4, GIF or WebP, and single frames as pictures."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from PIL import Image

from app.core.errors import UserError
from app.core.message import any_of, message
from app.core.output import Pixels
from app.library.files import aside, disk_error, put_in_place, save_file
from app.library.pictures import images, metadata
from app.library.pictures.clips import described, frame_files, mp4, tags
from app.library.pictures.clips.reading import FILMS, Clip, open_clip
from app.library.pictures.clips.writing import MOST_FPS, SUFFIXES, encode
from app.library.pictures.export import carried
from app.library.pictures.formats import gif, webp, xmp_marks
from app.library.pictures.formats.embedded import XMP
from app.library.pictures.formats.xmp_marks import XmpMarks


def export_clip(
    source: Path, target: Path, *, replace: bool = False, words: bool = True, marks: XmpMarks | None = None
) -> Path:
    """Save a copy of a clip, as `copying.export` does of a picture: with another suffix it is encoded anew, and a
    picture's suffix takes its poster.

    Raises:
        UserError: it cannot be read or saved; an older file stands as it was.
    """
    suffix, own = target.suffix.lower(), source.suffix.lower()
    if suffix not in (own, *SUFFIXES, *images.SUFFIXES):
        raise UserError(
            message("“{name}” is no name for a clip.", name=target.name),
            message("Choose a name that ends in {suffixes}.", suffixes=any_of([*SUFFIXES, *images.SUFFIXES])),
        )
    with open_clip(source) as clip:
        if source.resolve() == target.resolve():
            return source
        texts = _texts(clip, words, marks)
        if suffix not in (own, *SUFFIXES):
            return _save_picture(described.poster(clip), texts, source, target, replace)
        try:
            with aside(target.parent) as temporary:
                if suffix == own:
                    _copy(clip, temporary, texts, words)
                elif not (
                    suffix == ".mp4"
                    and own in FILMS
                    and mp4.takes_over(source, temporary, tags.of_mp4(texts), tags.xmp(texts))
                ):
                    encode(temporary, SUFFIXES[suffix], clip.frames(), min(clip.fps, MOST_FPS), texts)
                return put_in_place(temporary, target, replace=replace)
        except OSError as error:
            raise _not_exported(error, source, target.parent) from error


def export_frame(
    source: Path, index: int, target: Path, *, replace: bool = False, words: bool = True, marks: XmpMarks | None = None
) -> Path:
    """Save one frame of a clip, counted from 0, as a picture. As `export_clip`.

    Raises:
        IndexError: there is none of this number.
    """
    images.format_of(target)
    with open_clip(source) as clip:
        return _save_picture(clip.frame(index), _texts(clip, words, marks), source, target, replace)


def export_frames(source: Path, folder: Path, *, words: bool = True) -> Iterator[int]:
    """Save all frames of a clip as numbered PNG files; after each, its number, counted from 1.

    Raises:
        UserError: it cannot be read, or one cannot be saved; those before it stay.
    """
    with open_clip(source) as clip:
        texts = _texts(clip, words, None)

        def png(frame: Pixels) -> bytes:
            return carried.encode(Image.fromarray(frame), _carried(texts), "png")

        for number, _ in enumerate(frame_files.saved(clip.frames(), folder, png), 1):
            yield number


def _texts(clip: Clip, words: bool, marks: XmpMarks | None) -> dict[str, str]:
    """What the copy says of itself; without words, no more than that a model made it."""
    packet = clip.texts.get(XMP, "").encode()
    if words:
        packet = packet if marks is None else xmp_marks.written(packet, marks)
        texts = {key: text for key, text in clip.texts.items() if key != XMP}
    else:
        own = metadata.OWN_KEY in clip.texts
        packet, texts = metadata.source_xmp(packet or metadata.xmp(None)) if own else b"", {}
    return {**texts, XMP: packet.decode("utf-8", "replace")} if packet else texts


def _copy(clip: Clip, target: Path, texts: Mapping[str, str], words: bool) -> None:
    """The same pictures, not encoded again."""
    packet = tags.xmp(texts)
    suffix = clip.path.suffix.lower()
    if words or suffix not in FILMS:
        shutil.copyfile(clip.path, target)
    if suffix in FILMS:
        if not words:
            mp4.copy(clip.path, target, {}, packet, "mov" if suffix == ".mov" else "mp4")
        elif packet != tags.xmp(clip.texts):
            mp4.put_xmp(target, packet)
    elif suffix == ".webp":
        if not words:
            target.write_bytes(webp.without_words(target.read_bytes(), packet))
        elif packet != tags.xmp(clip.texts):
            target.write_bytes(webp.with_words(target.read_bytes(), {webp.XMP: packet}))
    elif not words:
        target.write_bytes(gif.without_words(target.read_bytes()))


def _save_picture(frame: Pixels, texts: Mapping[str, str], source: Path, target: Path, replace: bool) -> Path:
    data = carried.encode(Image.fromarray(frame), _carried(texts), images.format_of(target))
    try:
        return save_file(target, data, replace=replace)
    except OSError as error:
        raise _not_exported(error, source, target.parent) from error


def _carried(texts: Mapping[str, str]) -> carried.Carried:
    return carried.Carried({key: text for key, text in texts.items() if key != XMP}, xmp=tags.xmp(texts))


def _not_exported(error: OSError, source: Path, folder: Path) -> UserError:
    return disk_error(error, message("“{name}” could not be exported", name=source.name), folder)
