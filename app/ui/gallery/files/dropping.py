"""Pictures in and out of the window by drag and drop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QMimeData, QObject, QPointF, QRectF, Qt, QUrl
from PySide6.QtGui import QDrag, QDropEvent, QImage, QMouseEvent, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from app.library.pictures.reading import is_clip
from app.ui.controls.style.theme import colours

_IMAGE = "application/x-qt-image"
CARRIED = 128
"""Pixels of the width of what is dragged."""


def dropped_picture(data: QMimeData) -> Path | None:
    """The first local file of a drop, if there is one. Whether it is a picture is for the reader to say."""
    for url in data.urls():
        if url.isLocalFile():
            return Path(url.toLocalFile())
    return None


def accept_copy(event: QDropEvent) -> None:
    """Take what is dragged as a copy, whatever its source proposes: told of a move, it would delete its file."""
    event.setDropAction(Qt.DropAction.CopyAction)
    event.accept()


class PictureMime(QMimeData):
    """File addresses of pictures, and the first one's pixels, which are read only if the receiver asks for them. Of a
    clip there are none: who takes pixels would get a single frame.
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        super().__init__()
        self._first = "" if is_clip(paths[0]) else str(paths[0])
        self.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])

    def formats(self) -> list[str]:
        return [*super().formats(), _IMAGE] if self._first else super().formats()

    def hasFormat(self, mimetype: str) -> bool:
        return (mimetype == _IMAGE and bool(self._first)) or super().hasFormat(mimetype)

    def retrieveData(self, mimetype: str, preferred: Any) -> Any:
        if mimetype == _IMAGE and self._first:
            return QImage(self._first)
        return super().retrieveData(mimetype, preferred)


def drag_out(source: QWidget, paths: Sequence[Path], pixmap: QPixmap | None) -> None:
    """Drag pictures to another program. Only ever a copy: the files stay in the gallery."""
    drag = QDrag(source)
    drag.setMimeData(PictureMime(paths))
    if pixmap is not None and not pixmap.isNull():
        drag.setPixmap(carried(pixmap, len(paths)))
    drag.exec(Qt.DropAction.CopyAction)


def carried(pixmap: QPixmap, count: int) -> QPixmap:
    """What is seen under the mouse: the first picture, with the number of all where there are several."""
    small = pixmap.scaledToWidth(CARRIED, Qt.TransformationMode.SmoothTransformation)
    if count < 2:
        return small
    painter = QPainter(small)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ratio = small.devicePixelRatio()
    width = max(24, painter.fontMetrics().horizontalAdvance(str(count)) + 14)
    badge = QRectF(small.width() / ratio - width - 6, 6, width, 24)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colours().color("fill"))
    painter.drawRoundedRect(badge, 12, 12)
    painter.setPen(Qt.GlobalColor.white)
    painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, str(count))
    painter.end()
    return small


class DragOut(QObject):
    """Lets pictures be dragged out of a widget that is no list.

    Args:
        source: the widget in which the mouse is pressed.
        paths: the pictures that a press at this place of the widget would drag; none where there is nothing to drag.
        pixmap: what is seen under the mouse meanwhile.
    """

    def __init__(
        self, source: QWidget, paths: Callable[[QPointF], Sequence[Path]], pixmap: Callable[[], QPixmap]
    ) -> None:
        super().__init__(source)
        self._source = source
        self._paths = paths
        self._pixmap = pixmap
        self._pressed: QPointF | None = None
        source.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QMouseEvent):
            return False
        left = Qt.MouseButton.LeftButton
        if event.type() == QEvent.Type.MouseButtonPress and event.button() == left:
            self._pressed = event.position()
        elif event.type() == QEvent.Type.MouseButtonRelease:
            self._pressed = None
        elif event.type() == QEvent.Type.MouseMove and self._pressed is not None and event.buttons() & left:
            pressed = self._pressed
            if (event.position() - pressed).manhattanLength() >= QApplication.startDragDistance():
                self._pressed = None
                paths = self._paths(pressed)
                if paths:
                    drag_out(self._source, paths, self._pixmap())
                    return True
        return False


def dropped_files(data: QMimeData, suffix: str) -> list[Path]:
    """The local files of a drop whose names end so; `suffix` is in lower case."""
    paths = (Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile())
    return [path for path in paths if path.suffix.lower() == suffix]
