"""Clips on disk: the file that the worker finished is moved into the pictures' folder."""

from __future__ import annotations

import time
from pathlib import Path

from app.core.message import message
from app.core.output import ClipOutput, Provenance
from app.core.request import GenerationRequest
from app.library.files import disk_error, move_to_free_name
from app.library.pictures.images import Picture, file_name


def keep(clip: ClipOutput, request: GenerationRequest, provenance: Provenance, folder: Path) -> Picture:
    """Move a clip into `folder`, under a name as a picture's. Nothing is replaced.

    Raises:
        UserError: it cannot be moved; the clip stays where the worker wrote it.
    """
    created = time.time()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = move_to_free_name(clip.path, folder, file_name(request, created) + clip.path.suffix)
    except OSError as error:
        raise disk_error(error, message("The clip could not be saved"), folder) from error
    return Picture(path, clip.width, clip.height, created, request, provenance)
