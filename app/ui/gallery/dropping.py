"""Pictures in and out of the window by drag and drop."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QDrag, QImage, QPixmap
from PySide6.QtWidgets import QWidget

_IMAGE = "application/x-qt-image"


def dropped_picture(data: QMimeData) -> Path | None:
    """The first local file of a drop, if there is one. Whether it is a picture is for the reader to say."""
    for url in data.urls():
        if url.isLocalFile():
            return Path(url.toLocalFile())
    return None


class PictureMime(QMimeData):
    """File addresses of pictures, and the first one's pixels, which are read only if the receiver asks for them."""

    def __init__(self, paths: Sequence[Path]) -> None:
        super().__init__()
        self._first = str(paths[0])
        self.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])

    def formats(self) -> list[str]:
        return [*super().formats(), _IMAGE]

    def hasFormat(self, mimetype: str) -> bool:
        return mimetype == _IMAGE or super().hasFormat(mimetype)

    def retrieveData(self, mimetype: str, preferred: Any) -> Any:
        if mimetype == _IMAGE:
            return QImage(self._first)
        return super().retrieveData(mimetype, preferred)


def drag_out(source: QWidget, paths: Sequence[Path], pixmap: QPixmap | None) -> None:
    """Drag pictures to another program. Only ever a copy: the files stay in the gallery."""
    drag = QDrag(source)
    drag.setMimeData(PictureMime(paths))
    if pixmap is not None and not pixmap.isNull():
        drag.setPixmap(pixmap.scaledToWidth(128, Qt.TransformationMode.SmoothTransformation))
    drag.exec(Qt.DropAction.CopyAction)
