"""The clip under the pointer plays in its tile."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView

from app.ui.viewer.player.playback import Playback

WAIT_MS = 150
"""So long the pointer rests on a tile before its clip plays: who only passes by reads no files."""


class HoverPlay(QObject):
    """Plays one clip at a time, for as long as the pointer is on its tile. Its frames are no larger than needed.

    Args:
        view: where the tiles are.
        clip_at: the clip whose tile is at a place of the view's viewport, and that tile; None where there is no clip.
    """

    def __init__(self, view: QAbstractItemView, clip_at: Callable[[QPoint], tuple[Path, QRectF] | None]) -> None:
        super().__init__(view)
        self._view = view
        self._clip_at = clip_at
        self._pointer: QPoint | None = None
        self._path: Path | None = None
        self._tile = QRectF()
        self._image = QImage()
        self._wait = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._wait.timeout.connect(self._begin)
        self._playback = Playback(self)
        self._playback.shown.connect(self._show)
        self._playback.failed.connect(self.stop)
        view.viewport().installEventFilter(self)
        view.verticalScrollBar().valueChanged.connect(self.look)

    def image(self, path: Path) -> QImage:
        """The frame that is seen of a clip now; a null image where it does not play."""
        return self._image if path == self._path else QImage()

    def stop(self, *_: object) -> None:
        """Show the poster again."""
        self._wait.stop()
        self._playback.close()
        path, self._path, self._image = self._path, None, QImage()
        if path is not None:
            self._view.viewport().update()

    def close(self) -> None:
        """Before the window goes."""
        self._wait.stop()
        self._playback.close(wait=True)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseMove:
            self._pointer = event.position().toPoint() if event.buttons() == Qt.MouseButton.NoButton else None
            self.look()
        elif event.type() in (QEvent.Type.Leave, QEvent.Type.Hide):
            self._pointer = None
            self.look()
        return False

    def look(self, *_: object) -> None:
        """Follow the pointer, or the tiles that move beneath it."""
        found = self._found()
        if found is None or found[0] != self._path:
            self.stop()
            if found is not None:
                self._wait.start()

    def _found(self) -> tuple[Path, QRectF] | None:
        return self._clip_at(self._pointer) if self._pointer is not None else None

    def _begin(self) -> None:
        found = self._found()
        if found is not None:
            self._path, self._tile = found
            side = round(2 * max(self._tile.width(), self._tile.height()) * self._view.devicePixelRatioF())
            self._playback.open(self._path, QSize(side, side))

    def _show(self, image: QImage) -> None:
        self._image = image
        self._view.viewport().update(QRectF(QPointF(self._tile.topLeft()), self._tile.size()).toAlignedRect())
