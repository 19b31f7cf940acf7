"""Files of ours that go into pictures: masks that were painted here, pictures that were pasted or fetched.

They stay as long as a job, the panel or a saved picture may need them.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import logging
import time
from pathlib import Path

from app.core.errors import UserError
from app.core.message import message
from app.library import paths
from app.library.files import disk_error, replace_file
from app.library.pictures.formats.opening import FORMATS, MAX_PIXELS

log = logging.getLogger(__name__)

OLD_SECONDS = 24 * 3600
"""What is younger stays, whoever needs it: the panel tells only at times what it holds."""
_MENTIONED_IN = ("queue.json", "window.json", "sources.json")
"""The files that name what jobs, the panel and saved pictures were made of."""


def folder() -> Path:
    return paths.home() / "inputs"


def keep(data: bytes, kind: str, suffix: str) -> Path:
    """Keep a file under a name that its content gives; the same content is kept once.

    Args:
        kind: "mask" or "picture", the beginning of its name.
        suffix: of its format, such as ".png".

    Raises:
        UserError: it cannot be written.
    """
    path = folder() / f"{kind}-{hashlib.sha256(data).hexdigest()[:16]}{suffix}"
    try:
        if not path.exists():
            replace_file(path, data)
    except OSError as error:
        raise disk_error(error, message("The picture could not be kept"), path.parent) from error
    return path


def keep_picture(data: bytes) -> Path:
    """Keep the file of a picture that came without one.

    Raises:
        UserError: it is no picture that can be read, or cannot be written.
    """
    from app.library.pictures.formats.pillow import Image

    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            suffix = f".{str(image.format).lower()}"
            whole = image.width * image.height <= MAX_PIXELS
            if whole:
                image.load()
    except Exception:  # Pillow meets broken files with a dozen types of exceptions
        whole = False
    if not whole:
        raise UserError(
            message("What came is no picture that can be read."), message("Save it as PNG or JPEG, and drop the file.")
        )
    return keep(data, "picture", ".jpg" if suffix == ".jpeg" else suffix)


def remove_unused() -> None:
    """Remove what no job, no panel and no remembered picture names any more."""
    try:
        old = [path for path in folder().iterdir() if path.stat().st_mtime < time.time() - OLD_SECONDS]
        known = b"\n".join(_content(paths.home() / name) for name in _MENTIONED_IN) if old else b""
    except OSError:  # there is nothing, or one cannot tell
        return
    for path in old:
        if path.name.encode() not in known:
            with contextlib.suppress(OSError):
                path.unlink()
                log.info("Removed %s, which nothing needs any more", path)


def _content(path: Path) -> bytes:
    """Raises OSError where it is there and cannot be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
