"""A finished clip that the worker wrote becomes a file of its user's, which says how it was made."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

from app.core.message import message
from app.core.output import ClipOutput, Provenance
from app.core.request import GenerationRequest
from app.library.files import aside, disk_error, put_in_place
from app.library.pictures import metadata
from app.library.pictures.clips import mp4, tags
from app.library.pictures.clips.reading import open_clip
from app.library.pictures.clips.writing import format_of, write_clip
from app.library.pictures.images import Picture, file_name
from app.library.pictures.sources import identified


def keep(clip: ClipOutput, request: GenerationRequest, provenance: Provenance, folder: Path) -> Picture:
    """Put a clip into `folder`, which is created if it is missing, under a name as a picture's. Nothing is replaced.

    Raises:
        UserError: it cannot be saved; the clip stays where the worker wrote it.
    """
    created, request = time.time(), identified(request)
    path = _copied(clip, folder / (file_name(request, created) + ".mp4"), request, provenance, created, replace=False)
    return _picture(clip, path, request, provenance, created)


def save_as(clip: ClipOutput, request: GenerationRequest, provenance: Provenance, path: Path) -> Picture:
    """As `keep`, in the file that the user named: its suffix gives the format, and an older file is replaced.

    Raises:
        UserError: the suffix is none of a clip, or it cannot be saved; an older file stands as it was.
    """
    created, request = time.time(), identified(request)
    if format_of(path) == "mp4":
        _copied(clip, path, request, provenance, created, replace=True)
    else:
        with open_clip(clip.path) as frames:
            write_clip(path, frames.frames(), clip.fps, metadata.texts(request, provenance, created))
        _let_go(clip)
    return _picture(clip, path, request, provenance, created)


def _copied(
    clip: ClipOutput, path: Path, request: GenerationRequest, made: Provenance, created: float, *, replace: bool
) -> Path:
    """The MP4 with its texts, from one disk to another if need be."""
    texts = metadata.texts(request, made, created)
    try:
        with aside(path.parent) as temporary:
            mp4.copy(clip.path, temporary, tags.of_mp4(texts), tags.xmp(texts))
            path = put_in_place(temporary, path, replace=replace)
    except OSError as error:
        raise disk_error(error, message("The clip could not be saved"), path.parent) from error
    _let_go(clip)
    return path


def _let_go(clip: ClipOutput) -> None:
    with contextlib.suppress(OSError):
        clip.path.unlink()


def _picture(
    clip: ClipOutput, path: Path, request: GenerationRequest, provenance: Provenance, created: float
) -> Picture:
    return Picture(path, clip.width, clip.height, created, request, provenance, frames=clip.frames, fps=clip.fps)
