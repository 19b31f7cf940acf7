"""The frames of a clip as images, decoded in a thread of its own."""

from __future__ import annotations

import contextlib
import logging
import threading
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage

from app.core.errors import UserError
from app.core.message import message

if TYPE_CHECKING:
    from app.library.pictures.clips.reading import Clip

log = logging.getLogger(__name__)

AHEAD = 4
"""So many frames are decoded before they are wanted."""
AHEAD_BYTES = 64_000_000
"""What they may take together."""
LARGEST = QSize(4096, 4096)
"""Pixels of a frame at most; larger ones are reduced."""


class Facts(NamedTuple):
    """What a clip says of itself."""

    frames: int
    fps: float


class ClipReader(QObject):
    """Opens a clip and decodes what is wanted of it, until it is closed. Only a few frames are kept.

    Args:
        room: frames are reduced to fit this.

    Signals:
        opened(Facts): frames can be asked for.
        came(int, QImage): a frame that was wanted and not there yet.
        failed(UserError): the clip cannot be read, or no further.
    """

    opened = Signal(object)
    came = Signal(int, QImage)
    failed = Signal(object)
    _ended = Signal()

    def __init__(self, path: Path, room: QSize = LARGEST, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._room = room
        self._news = threading.Condition()
        self._closed = False
        self._count = 0
        self._most_ahead = 0
        self._wanted: list[int] = []
        self._ready: dict[int, QImage] = {}
        self._ended.connect(self.deleteLater)  # not before its thread has told the last
        self._thread = threading.Thread(target=self._run, name="clip", daemon=True)

    def start(self) -> None:
        """Open the clip; once its signals are connected."""
        self._thread.start()

    def want(self, index: int, *, ahead: bool = False) -> QImage | None:
        """The frame, or None where it is still to come.

        Args:
            ahead: the frames after it will be wanted soon; after the last one come the first ones again.
        """
        with self._news:
            further = self._most_ahead if ahead else 0
            self._wanted = [(index + step) % max(1, self._count) for step in range(1 + further)]
            self._ready = {number: image for number, image in self._ready.items() if number in self._wanted}
            self._news.notify()
            return self._ready.get(index)

    def close(self, *, wait: bool = False) -> None:
        """Decode nothing more; `wait` until the file is let go."""
        with self._news:
            self._closed = True
            self._ready.clear()
            self._news.notify()
        if wait and self._thread.ident is not None:
            self._thread.join()

    # -- in the other thread

    def _run(self) -> None:
        from app.library.pictures.clips.reading import open_clip  # FFmpeg takes a while

        with contextlib.suppress(RuntimeError):  # the window is gone meanwhile
            try:
                with open_clip(self._path) as clip:
                    self._begin(clip)
                    self._decode(clip)
            except UserError as error:
                self.failed.emit(error)
            except Exception as error:
                log.exception("A clip cannot be played")
                problem = message("That did not work: {error}", error=str(error))
                self.failed.emit(UserError(problem, message("The log has the details.")))
            self._ended.emit()

    def _begin(self, clip: Clip) -> None:
        size = _within(QSize(clip.width, clip.height), self._room)
        with self._news:
            self._count = clip.count
            self._most_ahead = min(AHEAD, clip.count - 1, AHEAD_BYTES // (4 * size.width() * size.height()))
        self.opened.emit(Facts(clip.count, clip.fps))

    def _decode(self, clip: Clip) -> None:
        while (found := self._next()) is not None:
            number, awaited = found
            image = self._image(clip, number)
            with self._news:
                if number in self._wanted:
                    self._ready[number] = image
                awaited = awaited or number == self._wanted[0]
            if awaited:
                self.came.emit(number, image)

    def _next(self) -> tuple[int, bool] | None:
        """The frame to decode, and whether somebody waits for it; None at the end. Waits until there is one."""
        with self._news:
            while not self._closed:
                number = next((each for each in self._wanted if each not in self._ready), None)
                if number is not None:
                    return number, number == self._wanted[0]
                self._news.wait()
        return None

    def _image(self, clip: Clip, number: int) -> QImage:
        pixels = clip.frame(number)
        height, width = pixels.shape[:2]
        shared = QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888)
        image = shared.convertToFormat(QImage.Format.Format_RGB32)  # which is painted in half of the time
        size = _within(image.size(), self._room)
        if size == image.size():
            return image
        ratio, smooth = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
        return image.scaled(size, ratio, smooth)


def _within(size: QSize, room: QSize) -> QSize:
    """A size that fits the room, in the same shape; no larger than it is."""
    if size.width() <= room.width() and size.height() <= room.height():
        return size
    return size.scaled(room, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1))
