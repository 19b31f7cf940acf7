"""The viewer: one picture as large as the window, over everything else."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QImageReader,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QMainWindow, QWidget

from app.core.errors import UserError
from app.ui.background import Background
from app.ui.language import say
from app.ui.theme import colours

MARGIN = 24
LARGEST_ZOOM = 8.0


class Viewer(QWidget):
    """Covers the window. Space and Esc close it, the arrow keys walk on, + - 0 1 and the wheel zoom, a drag pans.

    Signals:
        walked(int): show the next (1) or the previous (-1) picture.
        closed: the viewer has closed.
        problem(UserError): the picture cannot be shown.
    """

    walked = Signal(int)
    closed = Signal()
    problem = Signal(object)

    def __init__(self, parent: QMainWindow, background: Background) -> None:
        super().__init__(parent)
        self.setObjectName("viewer")
        say(self, lambda: self.tr("Viewer"), self.setAccessibleName)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self._background = background
        self._path: Path | None = None
        self._image = QImage()
        self._fitted = QImage()
        self._place = ""
        self._prompt = ""
        self._zoom: float | None = None  # pixels of the screen per pixel of the picture; None fits the window
        self._middle = QPointF()  # the point of the picture in the middle of the window, in its pixels
        self._dragged: QPointF | None = None
        self._refit = QTimer(self, singleShot=True, interval=80)
        self._refit.timeout.connect(self._fit)
        self._window = parent
        parent.installEventFilter(self)
        self.hide()

    def open(self, path: Path, place: str) -> None:
        """Show a picture; `place` says where it stands in the list."""
        self._path = path
        self._place = place
        self._prompt = ""
        self._zoom = None
        self._image = QImage()
        self._fitted = QImage()
        if not self.isVisible():
            self._cover()
            self.show()
            self.raise_()
        self.setFocus()
        self.update()
        self._background.run(lambda: _read(path), lambda image: self._loaded(path, image), self._failed)

    def set_caption(self, path: Path, prompt: str) -> None:
        """The prompt of the picture that is shown."""
        if path == self._path:
            self._prompt = " ".join(prompt.split())
            self.setAccessibleDescription(self._prompt)
            self.update()

    def path(self) -> Path | None:
        return self._path

    def zoom_factor(self) -> float:
        """Pixels of the screen per pixel of the picture."""
        return self._fit_zoom() if self._zoom is None else self._zoom

    def set_zoom(self, zoom: float | None) -> None:
        """Zoom to a factor, or fit the window with None."""
        if zoom is not None:
            fit = self._fit_zoom()
            zoom = max(min(fit, 1.0), min(max(LARGEST_ZOOM, 2 * fit), zoom))
            if self._zoom is None:
                self._middle = QPointF(self._image.width() / 2, self._image.height() / 2)
        self._zoom = zoom
        self.setCursor(Qt.CursorShape.ArrowCursor if zoom is None else Qt.CursorShape.OpenHandCursor)
        self._keep_inside()
        self.update()

    def dismiss(self) -> None:
        self.hide()
        self._image = self._fitted = QImage()
        self._path = None
        self.closed.emit()

    # -- the picture

    def _cover(self) -> None:
        """Lie over the whole window but its menu bar."""
        bar = self._window.menuBar()
        top = 0 if bar.isNativeMenuBar() or bar.isHidden() else bar.height()
        self.setGeometry(self._window.rect().adjusted(0, top, 0, 0))

    def _loaded(self, path: Path, image: QImage) -> None:
        if path == self._path:
            self._image = image
            self._fit()

    def _failed(self, error: UserError) -> None:
        self.dismiss()
        self.problem.emit(error)

    def _fit(self) -> None:
        """Make the copy that fits the window, smoothly scaled, in the other thread."""
        image, path = self._image, self._path
        ratio = self.devicePixelRatioF()
        size = (QSize(self._room().size().toSize()) * ratio).boundedTo(image.size() * 4)
        if image.isNull() or path is None:
            return
        keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation

        def take(fitted: QImage) -> None:
            if path == self._path:
                self._fitted = fitted
                self.update()

        self._background.run(lambda: image.scaled(size, keep, smooth), take)
        self.update()

    def _room(self) -> QRectF:
        return QRectF(self.rect()).adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN - 20)

    def _fit_zoom(self) -> float:
        if self._image.isNull():
            return 1.0
        room, ratio = self._room(), self.devicePixelRatioF()
        return min(room.width() * ratio / self._image.width(), room.height() * ratio / self._image.height())

    def _keep_inside(self) -> None:
        """Let no drag move the picture out of sight."""
        zoom = self.zoom_factor() / self.devicePixelRatioF()
        half = QPointF(self.width() / 2 / zoom, self.height() / 2 / zoom)
        for axis, length in (("X", self._image.width()), ("Y", self._image.height())):
            reach = half.x() if axis == "X" else half.y()
            value = self._middle.x() if axis == "X" else self._middle.y()
            value = length / 2 if length <= 2 * reach else max(reach, min(length - reach, value))
            (self._middle.setX if axis == "X" else self._middle.setY)(value)

    def paintEvent(self, event: QPaintEvent) -> None:
        scheme = colours()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor("#111113") if scheme.window < "#8" else QColor("#ececef"))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self._zoom is None or self._zoom < 2)
        zoom = self.zoom_factor() / self.devicePixelRatioF()
        size = self._image.size().toSizeF() * zoom
        if self._zoom is None:
            target = QRectF(0, 0, size.width(), size.height())
            target.moveCenter(self._room().center())
            painter.drawImage(target, self._image if self._fitted.isNull() else self._fitted)
        else:
            left, top = self.width() / 2 - self._middle.x() * zoom, self.height() / 2 - self._middle.y() * zoom
            painter.drawImage(QRectF(left, top, size.width(), size.height()), self._image)
        painter.setPen(scheme.color("muted"))
        foot = QRectF(MARGIN, self.height() - 36, self.width() - 2 * MARGIN, 28)
        if self._zoom is None and not self._image.isNull():
            room = int(foot.width() - 160)
            text = painter.fontMetrics().elidedText(self._prompt, Qt.TextElideMode.ElideRight, room)
            percent = self.tr("{n} %").format(n=round(self.zoom_factor() * 100))
            painter.drawText(foot, Qt.AlignmentFlag.AlignVCenter, self._place)
            painter.drawText(foot, Qt.AlignmentFlag.AlignCenter, text)
            painter.drawText(foot, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, percent)

    # -- keys and mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Escape, Qt.Key.Key_Space) or event.matches(QKeySequence.StandardKey.Close):
            self.dismiss()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Up):
            self.walked.emit(-1)
        elif key in (Qt.Key.Key_Right, Qt.Key.Key_Down):
            self.walked.emit(1)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.set_zoom(self.zoom_factor() * 1.5)
        elif key == Qt.Key.Key_Minus:
            self.set_zoom(self.zoom_factor() / 1.5)
        elif key == Qt.Key.Key_0:
            self.set_zoom(None)
        elif key == Qt.Key.Key_1:
            self.set_zoom(1.0)
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            event.accept()  # what is underneath is out of reach while the viewer is open
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        steps = event.angleDelta().y() / 120
        if steps:
            self.set_zoom(self.zoom_factor() * 1.2**steps)
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.set_zoom(1.0 if self._zoom is None else None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._zoom is not None:
            self._dragged = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged is not None:
            self._middle -= (event.position() - self._dragged) * (self.devicePixelRatioF() / self.zoom_factor())
            self._dragged = event.position()
            self._keep_inside()
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._dragged is not None:
            self._dragged = None
            self.setCursor(Qt.CursorShape.OpenHandCursor)

    def resizeEvent(self, event: QResizeEvent) -> None:
        if self.isVisible():
            self._keep_inside()
            self._refit.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._cover()
        return False

    def focusNextPrevChild(self, forward: bool) -> bool:
        return False


def _read(path: Path) -> QImage:
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    image = reader.read()
    if image.isNull():
        raise UserError(f"“{path.name}” cannot be opened.", "The file may be damaged or no longer there.")
    return image
