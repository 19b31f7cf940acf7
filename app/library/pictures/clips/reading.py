"""A clip's file, from anywhere: its size, its frames one at a time, and what it says of itself."""

from __future__ import annotations

import contextlib
import stat
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from app.core.errors import UserError
from app.core.message import message
from app.core.output import Pixels
from app.library.pictures.clips import boxes

FILMS = (".mp4", ".m4v", ".mov")
SUFFIXES = (*FILMS, ".gif")
"""The files that are clips for us, and `.webp` where it moves."""

MAX_FILE_BYTES = 4_000_000_000
MAX_PIXELS = 36_000_000
"""Of a frame: 8K. A larger one is refused unseen."""
MAX_FRAMES = 200_000
"""Two hours at 24 frames per second."""


class DamagedError(Exception):
    """No frame can be made of what is there."""


class Frames(Protocol):
    """The frames of an open file, whatever decodes them.

    Attributes:
        width, height: pixels, as it is seen.
        count: of the frames.
        fps: frames per second, on average.
        texts: what the file says of itself, by the keys of `embedded.texts`.
    """

    width: int
    height: int
    count: int
    fps: float
    texts: dict[str, str]

    def frame(self, index: int) -> Pixels: ...

    def frames(self, start: int = 0) -> Iterator[Pixels]: ...

    def close(self) -> None: ...


class Clip:
    """An open clip. It is for one thread at a time; `close` it, or use it in a `with`.

    Attributes:
        path: the file.
        width, height: pixels, as it is seen.
        count: how many frames it has, at least 1.
        fps: frames per second, on average.
        texts: what the file says of itself, by the keys of `embedded.texts`.
    """

    def __init__(self, path: Path, frames: Frames) -> None:
        self.path = path
        self.width, self.height = frames.width, frames.height
        self.count, self.fps = frames.count, frames.fps
        self.texts = frames.texts
        self._frames = frames

    @property
    def moves(self) -> bool:
        """Whether there is more than one frame. An MP4 of one is still a clip."""
        return self.count > 1 or self.path.suffix.lower() in FILMS

    @property
    def seconds(self) -> float:
        return self.count / self.fps

    def frame(self, index: int) -> Pixels:
        """One frame, (height, width, 3) uint8 in sRGB, upright. The next ones come quickest.

        Raises:
            IndexError: there is none of this number, counted from 0.
            UserError: it cannot be decoded.
        """
        if not 0 <= index < self.count:
            raise IndexError(f"frame {index} of {self.count}")
        with _told(self.path):
            return self._frames.frame(index)

    def frames(self, start: int = 0) -> Iterator[Pixels]:
        """All frames from `start` on, one at a time. Fewer come of a file that ends earlier than it says.

        Raises:
            UserError: they cannot be decoded.
        """
        with _told(self.path):
            yield from self._frames.frames(start)

    def close(self) -> None:
        self._frames.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_clip(path: Path) -> Clip:
    """Open an MP4, GIF or WebP. Only its description is read; a still GIF or WebP is a clip of one frame.

    Raises:
        UserError: it is missing, no clip that can be read, not whole, or too large.
    """
    with _told(path):
        status = path.stat()
        if not stat.S_ISREG(status.st_mode) and not stat.S_ISDIR(status.st_mode):
            raise ValueError("opening a pipe would wait for its writer")
        if status.st_size > MAX_FILE_BYTES:
            raise boxes.TooMuchError
        with path.open("rb") as file:
            head = file.read(12)
            if head[4:8] in {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"}:
                is_fragmented = boxes.check(file, status.st_size, MAX_FRAMES)
                from app.library.pictures.clips.video import Video

                return Clip(path, Video(path, is_fragmented))
        if head[:3] == b"GIF" or (head[:4], head[8:12]) == (b"RIFF", b"WEBP"):
            from app.library.pictures.clips.sequence import Sequence

            return Clip(path, Sequence(path))
        raise DamagedError


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    """Everything that may be wrong with a file of unknown origin, in words."""
    from app.library.pictures.formats.pillow import Image

    try:
        yield
    except (UserError, IndexError, GeneratorExit):
        raise
    except boxes.NotWholeError as error:
        raise UserError(
            message("“{name}” is not complete: its end is missing.", name=path.name),
            message("Fetch or copy the clip again."),
        ) from error
    except (boxes.TooMuchError, Image.DecompressionBombError, MemoryError) as error:
        raise UserError(
            message("“{name}” is too large, or says that it is.", name=path.name),
            message("Use a shorter or smaller copy of it."),
        ) from error
    except Exception as error:
        # The kinds of exceptions that decoders raise for damaged files are no closed set. FFmpeg's are also of the
        # system's kinds, and mean something else.
        raise _of_the_system(path, error) or UserError(
            message("“{name}” is no clip that can be read, or it is damaged.", name=path.name),
            message("Use a whole MP4, GIF or WebP file."),
        ) from error


def _of_the_system(path: Path, error: Exception) -> UserError | None:
    if type(error) is FileNotFoundError:
        return UserError(
            message("There is no clip “{name}” in “{parent}”.", name=path.name, parent=str(path.parent)),
            message("It was moved or deleted, or the name is mistyped."),
        )
    if type(error) is PermissionError:
        return UserError(
            message("“{name}” may not be read.", name=path.name), message("Allow reading it, or use a copy.")
        )
    if type(error) is IsADirectoryError:
        return UserError(message("“{name}” is a folder.", name=path.name), message("Choose a clip."))
    return None
