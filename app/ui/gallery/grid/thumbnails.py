"""Small pictures for the screen, read and cut to size in other threads."""

from __future__ import annotations

import logging
import os
from collections import OrderedDict, deque
from pathlib import Path
from threading import Lock

from PySide6.QtCore import QObject, QRectF, QSize, Qt, QThreadPool, Signal
from PySide6.QtGui import QBrush, QImage, QPainter, QPixmap

from app.core.errors import UserError
from app.core.message import message
from app.library.pictures.gallery import Gallery
from app.ui.controls.picture_label import jpeg_image
from app.ui.controls.style.theme import RADIUS

log = logging.getLogger(__name__)

SIDE, LARGE_SIDE = 512, 1024
"""Pixels of the longer side of the thumbnails on disk: for most tiles, also on a Retina screen; for larger ones."""
KEPT = 400
"""Thumbnails held in memory."""
THREADS = max(2, min(4, (os.cpu_count() or 2) // 2))
"""Reading and reducing a picture takes tens of milliseconds, and a screen shows dozens."""

Key = tuple[Path, int, int, int]


class ThumbnailLoader(QObject):
    """Thumbnails cut to a tile's size, with round corners, read in the order in which they are asked for.

    Signals:
        loaded: some thumbnail that was asked for is there now.
    """

    loaded = Signal()
    _done = Signal(object, object)

    def __init__(self, gallery: Gallery, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._gallery = gallery
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(THREADS)
        self._kept: OrderedDict[Key, QPixmap | None] = OrderedDict()
        self._latest: dict[Path, Key] = {}
        self._stale: set[Key] = set()
        self._wishes: deque[Key] = deque()
        self._lock = Lock()
        self._asked: set[Key] = set()
        self._readers = 0
        self._done.connect(self._take)

    def get(self, path: Path, size: QSize, ratio: float) -> QPixmap | None:
        """The thumbnail that fills `size` points at `ratio` pixels a point, or the last one of this picture in
        another size while it is being read, or None.
        """
        key = (path, round(size.width() * ratio), round(size.height() * ratio), round(ratio * 100))
        if key in self._kept:
            self._kept.move_to_end(key)
            if key in self._stale:
                self._ask(key)
            return self._kept[key]
        self._ask(key)
        other = self._latest.get(path)
        return self._kept.get(other) if other else None

    def failed(self, path: Path) -> bool:
        """Whether the picture was tried and could not be read."""
        key = self._latest.get(path)
        return key is not None and key in self._kept and self._kept[key] is None

    def refresh(self) -> None:
        """Pictures may have been replaced: read each anew when it is next seen. The old ones are shown until then."""
        self._stale.update(self._kept)
        self.loaded.emit()

    def renew(self) -> None:
        """Drop the wishes that nobody has begun to read; what is still seen is asked for again while it is drawn."""
        with self._lock:
            self._asked.difference_update(self._wishes)
            self._wishes.clear()

    def close(self) -> None:
        """Stop reading; waits for what is being read now."""
        self.renew()
        self._pool.waitForDone()

    def _ask(self, key: Key) -> None:
        with self._lock:
            if key in self._asked:
                return
            self._asked.add(key)
            self._wishes.append(key)
            if self._readers == THREADS:
                return
            self._readers += 1
        self._pool.start(self._read)

    def _next(self) -> Key | None:
        with self._lock:
            if self._wishes:
                return self._wishes.popleft()
            self._readers -= 1
            return None

    def _read(self) -> None:
        """Read what is wished for until nothing is left; in a thread of the pool."""
        while (key := self._next()) is not None:
            image: QImage | None = None
            try:
                size = QSize(key[1], key[2])
                image = _cut(read_thumbnail(self._gallery, key[0], _side(size)), size, RADIUS * key[3] / 100)
            except (UserError, OSError) as error:
                log.info("No thumbnail of %s: %s", key[0], error)
            self._done.emit(key, image)

    def _take(self, key: Key, image: QImage | None) -> None:
        with self._lock:
            self._asked.discard(key)
        self._stale.discard(key)
        pixmap = None
        if image is not None:
            pixmap = QPixmap.fromImage(image)
            pixmap.setDevicePixelRatio(key[3] / 100)
        self._kept[key] = pixmap
        self._latest[key[0]] = key
        while len(self._kept) > KEPT:
            old, _ = self._kept.popitem(last=False)
            self._stale.discard(old)
            if self._latest.get(old[0]) == old:
                del self._latest[old[0]]
        self.loaded.emit()


def _side(size: QSize) -> int:
    """Of the thumbnails that are stored, the one that is sharp in so many pixels."""
    return SIDE if max(size.width(), size.height()) <= SIDE else LARGE_SIDE


def read_thumbnail(gallery: Gallery, path: Path, side: int = SIDE) -> QImage:
    """The stored thumbnail of a picture, made if need be. Slow: call it in another thread.

    Raises:
        UserError, OSError: the picture cannot be read.
    """
    image = jpeg_image(gallery.thumbnail(path, side))
    if image.isNull():
        raise UserError(message("The thumbnail of “{name}” cannot be read.", name=path.name))
    return image


def _cut(image: QImage, size: QSize, radius: float) -> QImage:
    """The middle of an image that fills `size`, with round corners."""
    fill = Qt.AspectRatioMode.KeepAspectRatioByExpanding
    scaled = image.scaled(size, fill, Qt.TransformationMode.SmoothTransformation)
    result = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    brush = QBrush(scaled)
    left, top = (scaled.width() - size.width()) / 2, (scaled.height() - size.height()) / 2
    painter.translate(-left, -top)
    painter.setBrush(brush)
    painter.drawRoundedRect(QRectF(left, top, size.width(), size.height()), radius, radius)
    painter.end()
    return result
