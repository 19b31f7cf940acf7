"""Pictures on the clipboard: their files' addresses at once, the pixels of the first as soon as they are read. A clip
is its file alone.

They are read in the background, for whoever pastes asks in the window's thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QGuiApplication, QImage, QStandardItem, QStandardItemModel

from app.library.pictures.reading import is_clip
from app.ui.background import Background
from app.ui.viewer.reading import read


def copy(paths: Sequence[Path], background: Background) -> None:
    """Put pictures on the clipboard."""
    clipboard = QGuiApplication.clipboard()
    urls = [QUrl.fromLocalFile(str(path)) for path in paths]
    clipboard.setMimeData(_data(urls))

    def add(image: QImage) -> None:
        if clipboard.mimeData().urls() == urls:  # nothing else was copied meanwhile
            data = _data(urls)
            data.setImageData(image)
            clipboard.setMimeData(data)

    def work() -> QImage:
        return QImage() if is_clip(paths[0]) else read(paths[0])

    background.run(work, lambda image: None if image.isNull() else add(image))


def _data(urls: list[QUrl]) -> QMimeData:
    """Data that Qt itself has made. The clipboard destroys it after Python has ended, which aborts the process where
    Python has made it.
    """
    model = QStandardItemModel()
    model.appendRow(QStandardItem())
    data = model.mimeData([model.index(0, 0)])
    data.clear()
    data.setUrls(urls)
    return data
