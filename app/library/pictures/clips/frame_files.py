"""A clip's frames as numbered PNG files, each pixel as it was generated."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from PIL import Image

from app.core.errors import UserError
from app.core.message import message
from app.core.output import Pixels
from app.library.files import disk_error, replace_file

_NAME = re.compile(r"frame-(\d{5,})\.png")


def png(frame: Pixels) -> bytes:
    """The file of a frame that says nothing of itself."""
    buffer = io.BytesIO()
    Image.fromarray(frame).save(buffer, "PNG", compress_level=3)
    return buffer.getvalue()


def saved(frames: Iterable[Pixels], folder: Path, encode: Callable[[Pixels], bytes] = png) -> Iterator[Pixels]:
    """Pass frames on, each once it is in `folder` (created if missing) as "frame-00001.png" and so on.

    What an earlier clip left there under these names is replaced, as far as it was longer removed.

    Args:
        frames: each (height, width, 3) uint8.
        encode: makes the file of a frame.

    Raises:
        UserError: one cannot be saved; those before it stay.
    """
    number = 0
    for number, frame in enumerate(frames, 1):
        with _told(folder):
            replace_file(folder / f"frame-{number:05}.png", encode(frame), durable=False)
        yield frame
    with _told(folder):
        for path in folder.iterdir():
            found = _NAME.fullmatch(path.name)
            if found and int(found[1]) > number:
                path.unlink()


@contextlib.contextmanager
def _told(folder: Path) -> Iterator[None]:
    try:
        yield
    except UserError:
        raise
    except OSError as error:
        raise disk_error(error, message("The frames could not be saved"), folder) from error
