"""A picture with round corners that fits its room."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QImage, QImageReader, QPainter, QPaintEvent, QPixmap, QResizeEvent, QTransform
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.controls.style.theme import RADIUS, colours


class PictureLabel(QWidget):
    """As wide as its room, as high as the picture's shape asks, at most square."""

    def __init__(self) -> None:
        super().__init__()
        self._image = QImage()
        self._shape = QSize(1, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_shape(self, width: int, height: int) -> None:
        """Keep room for a picture of this shape and show an empty ground until it comes."""
        self._shape = QSize(max(1, width), max(1, height))
        self._image = QImage()
        self.setFixedHeight(self.heightForWidth(self.width()))
        self.update()

    def set_image(self, image: QImage) -> None:
        self._image = image
        self.update()

    def pixmap(self) -> QPixmap:
        """What is shown."""
        return QPixmap.fromImage(self._image)

    def heightForWidth(self, width: int) -> int:
        return min(width, round(width * self._shape.height() / self._shape.width()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.setFixedHeight(self.heightForWidth(self.width()))

    def sizeHint(self) -> QSize:
        return QSize(236, self.heightForWidth(236))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        size = self._shape.scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        rect = QRectF((self.width() - size.width()) / 2, 0, size.width(), size.height())
        painter.setPen(Qt.PenStyle.NoPen)
        if self._image.isNull():
            painter.setBrush(colours().color("pressed"))
        else:
            brush = QBrush(self._image)
            scale = rect.width() / self._image.width(), rect.height() / self._image.height()
            brush.setTransform(QTransform().translate(rect.x(), rect.y()).scale(*scale))
            painter.setBrush(brush)
        painter.drawRoundedRect(rect, RADIUS, RADIUS)


def jpeg_image(data: bytes) -> QImage:
    """A JPEG's pixels; null where it is none. Any thread may call it.

    The format is named because finding it out asks the reader of SVG, which takes a lock of Qt's that the window's
    thread may hold while it waits for Python: neither would ever go on.
    """
    buffer = QBuffer()
    buffer.setData(data)
    reader = QImageReader(buffer, b"jpg")
    reader.setAutoDetectImageFormat(False)
    return reader.read()
