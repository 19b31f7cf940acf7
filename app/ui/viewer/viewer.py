"""The viewer: one picture or clip as large as the window, over everything else."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QMargins, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QImage,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractButton, QApplication, QMainWindow, QVBoxLayout, QWidget

from app.core.errors import UserError
from app.library.pictures.clips.reading import SUFFIXES
from app.library.pictures.reading import is_clip
from app.ui.background import Background
from app.ui.controls.style.theme import colours
from app.ui.gallery.files.dropping import DragOut
from app.ui.viewer.bar import ViewerBar
from app.ui.viewer.cover import Cover
from app.ui.viewer.notes import paint_note
from app.ui.viewer.player.bar import PlayerBar
from app.ui.viewer.player.playback import Playback
from app.ui.viewer.reading import fitted, read
from app.ui.viewer.view import View
from app.ui.words import wording
from app.ui.words.language import set_translated

MARGIN = 24
EDGE = 44
"""Points above the picture, where the buttons are, and beneath it."""
FOOT = 28
"""Height of the line beneath the picture."""
PLAYER = 40
"""Height of a clip's buttons, between it and that line."""


class Viewer(QWidget):
    """Covers the window. Space, Esc, a button and a click beside the picture close it, the arrow keys walk on,
    + - 0 1, the wheel and a pinch zoom, a drag and two fingers pan; a picture that fits is dragged out of the window.
    A clip plays: there, Space pauses it, and it has the further keys of `PlayerBar`.

    Signals:
        walked(int): show the next (1) or the previous (-1) picture.
        opened: the viewer covers the window now.
        closed: the viewer has closed.
        frameShown: `playback` shows another frame, or has opened a clip or let go of it.
        problem(UserError): the picture cannot be shown.
    """

    walked = Signal(int)
    opened = Signal()
    closed = Signal()
    frameShown = Signal()
    problem = Signal(object)

    def __init__(self, parent: QMainWindow, background: Background) -> None:
        super().__init__(parent)
        self.view = View(self, _margins(), fills=True)
        self.setObjectName("viewer")
        set_translated(self, lambda: self.tr("Viewer"), self.setAccessibleName)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self._background = background
        self._path: Path | None = None
        self._image = QImage()
        self._fitted = QImage()
        self._place = ""
        self._prompt = ""
        self._dragged: QPointF | None = None
        self._pressed: QPointF | None = None  # where, beside the picture
        self._refit = QTimer(self, singleShot=True, interval=80)
        self._refit.timeout.connect(self._fit)
        self._cover = Cover(self, parent)
        DragOut(self, self._draggable, lambda: QPixmap.fromImage(self._seen()))
        self.bar = ViewerBar()
        self.bar.closeAsked.connect(self.dismiss)
        self._messages = QVBoxLayout()
        self._messages.setContentsMargins(MARGIN, 0, MARGIN, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 8, 0)
        column.addWidget(self.bar, 0, Qt.AlignmentFlag.AlignRight)
        column.addLayout(self._messages)
        column.addStretch()
        self.playback = Playback(self)
        self.playback.opened.connect(self._clip_opened)
        self.playback.shown.connect(self._show_frame)
        self.playback.changed.connect(self.frameShown)
        self.playback.failed.connect(self._cannot_show)
        self.player = PlayerBar(self.playback)
        self.player.setFixedHeight(PLAYER)
        for button in self.player.findChildren(QAbstractButton):
            button.installEventFilter(self.bar)
        foot = QVBoxLayout()
        foot.setContentsMargins(MARGIN - 6, 0, MARGIN - 14, EDGE - 4)
        foot.addWidget(self.player)
        column.addLayout(foot)
        self._end_clip()
        self.hide()

    def open(self, path: Path, place: str) -> None:
        """Show a picture; `place` says where it stands in the list."""
        self._path = path
        self.set_place(place)
        self._prompt = ""
        self._end_clip()
        self.view.fit()
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self._set_image(QImage(), QImage())
        if not self.isVisible():
            self._cover.show()
            self.opened.emit()
        self.setFocus()
        self.update()
        if path.suffix.lower() in SUFFIXES:
            self.playback.open(path)
            return
        size = self._fitting_size()

        def work() -> tuple[QImage, QImage] | None:
            if is_clip(path):
                return None
            image = read(path)
            return image, fitted(image, size)

        self._background.run(work, lambda images: self._loaded(path, images), lambda error: self._failed(path, error))

    def set_place(self, place: str) -> None:
        """Say where the picture stands in the list: "2 / 14"."""
        if place != self._place:
            self._place = place
            self.update()

    def set_caption(self, path: Path, prompt: str) -> None:
        """The prompt of the picture that is shown."""
        if path == self._path:
            self._prompt = wording.one_line(prompt)
            self.setAccessibleDescription(self._prompt)
            self.update()

    def take_in(self, message: QWidget) -> None:
        """Show what tells messages above the picture."""
        self._messages.addWidget(message)

    def path(self) -> Path | None:
        """The picture that is shown; None while the viewer is closed."""
        return self._path

    def zoom_factor(self) -> float:
        """Pixels of the screen per pixel of the picture."""
        return self.view.zoom

    def set_zoom(self, zoom: float | None) -> None:
        """Zoom to a factor, or fit the window with None."""
        if zoom is None:
            self.view.fit()
        else:
            self.view.set_zoom(zoom)
        self._moved()

    def step(self, steps: float) -> None:
        """Zoom in for positive steps, out for negative ones."""
        self.set_zoom(self.zoom_factor() * 1.5**steps)

    def dismiss(self) -> None:
        """Close the viewer, if it is open."""
        if self.isHidden():
            return
        self.hide()
        self._end_clip()
        self._set_image(QImage(), QImage())
        self._path = None
        self.closed.emit()

    def _draggable(self, where: QPointF) -> list[Path]:
        """The picture under the mouse; where it is larger than the window, the mouse moves it instead."""
        seen = self._path is not None and self.view.fits and self.view.target.contains(where)
        return [self._path] if seen and self._path is not None else []

    # -- the picture

    def _loaded(self, path: Path, images: tuple[QImage, QImage] | None) -> None:
        if path != self._path:
            return
        if images is None:
            self.playback.open(path)
        else:
            self._set_image(*images)
            self.update()

    # -- a clip

    def shows_clip(self) -> bool:
        """Whether a clip is open; its frames are those of `playback`. One frame alone is a picture."""
        return self.playback.facts is not None and self.playback.facts.frames > 1

    def _clip_opened(self) -> None:
        if self.shows_clip():
            self.view.set_margins(_margins(PLAYER))
            self.player.show()

    def close_down(self) -> None:
        """Before the window goes."""
        self.playback.close(wait=True)

    def _end_clip(self) -> None:
        self.playback.close()
        self.view.set_margins(_margins())
        self.player.hide()

    def _show_frame(self, image: QImage) -> None:
        self._set_image(image, QImage())
        self.update()

    def _set_image(self, image: QImage, fitting: QImage) -> None:
        self._image, self._fitted = image, fitting
        self.view.bounds = QRectF(image.rect())

    def _moved(self) -> None:
        """Follow the view."""
        self.setCursor(Qt.CursorShape.ArrowCursor if self.view.fits else Qt.CursorShape.OpenHandCursor)
        self.update()

    def _failed(self, path: Path, error: UserError) -> None:
        if path == self._path:  # else another one is shown meanwhile, or this one was deleted
            self._cannot_show(error)

    def _cannot_show(self, error: UserError) -> None:
        self.dismiss()
        self.problem.emit(error)

    def _fit(self) -> None:
        """Make the copy that fits the window, smoothly scaled, in the other thread."""
        image, path, size = self._image, self._path, self._fitting_size()
        if image.isNull() or self.shows_clip():
            self.update()
            return

        def take(fitting: QImage) -> None:
            if path == self._path:
                self._fitted = fitting
                self.update()

        self._background.run(lambda: fitted(image, size), take)
        self.update()

    def _seen(self) -> QImage:
        """What is seen where all of it fits. The frames of a clip are scaled as they are drawn."""
        return self._image if self._fitted.isNull() else self._fitted

    def _fitting_size(self) -> QSize:
        """The room for the picture, in pixels of the screen."""
        return self.view.room.size().toSize() * self.devicePixelRatioF()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), colours().color("viewer"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self.view.fits or self.view.zoom < 2)
        painter.drawImage(self.view.target, self._seen() if self.view.fits else self._image)
        if not self._image.isNull():
            self._paint_foot(painter)

    def _paint_foot(self, painter: QPainter) -> None:
        """Say where the picture stands in the list and how large it is; its prompt, where it leaves room for that."""
        foot = QRectF(MARGIN, self.height() - FOOT - 8, self.width() - 2 * MARGIN, FOOT)
        percent = self.tr("{n} %").format(n=round(self.zoom_factor() * 100))
        muted, middle = colours().color("muted"), Qt.AlignmentFlag.AlignVCenter
        for side, text in ((Qt.AlignmentFlag.AlignLeft, self._place), (Qt.AlignmentFlag.AlignRight, percent)):
            paint_note(painter, foot, middle | side, text, muted)
        if self.view.fits:
            room = int(foot.width() - 160)
            text = painter.fontMetrics().elidedText(self._prompt, Qt.TextElideMode.ElideRight, room)
            paint_note(painter, foot, Qt.AlignmentFlag.AlignCenter, text, muted)

    # -- keys and mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if self.shows_clip() and self.player.take_key(event):
            return
        if key in (Qt.Key.Key_Escape, Qt.Key.Key_Space) or event.matches(QKeySequence.StandardKey.Close):
            self.dismiss()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Up):
            self.walked.emit(-1)
        elif key in (Qt.Key.Key_Right, Qt.Key.Key_Down):
            self.walked.emit(1)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.step(1)
        elif key == Qt.Key.Key_Minus:
            self.step(-1)
        elif key == Qt.Key.Key_0:
            self.set_zoom(None)
        elif key == Qt.Key.Key_1:
            self.set_zoom(1.0)
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.view.wheel(event)
        self._moved()

    def event(self, event: QEvent) -> bool:
        if self.view.pinch(event):
            self._moved()
            return True
        return super().event(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.set_zoom(1.0 if self.view.fits else None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        inside = self.view.target.contains(event.position())
        self._pressed = None if inside else event.position()
        if inside and not self.view.fits:
            self._dragged = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged is not None:
            self.view.pan(event.position() - self._dragged)
            self._dragged = event.position()
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        pressed, self._pressed = self._pressed, None
        if self._dragged is not None:
            self._dragged = None
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        elif pressed is not None:
            moved = (event.position() - pressed).manhattanLength()
            if moved < QApplication.startDragDistance():
                self.dismiss()

    def resizeEvent(self, event: QResizeEvent) -> None:
        if self.isVisible():
            self._refit.start()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes round within the viewer: what is underneath is out of reach while it is open."""
        parts: list[QWidget] = [*self.player.stops.values(), *self.bar.buttons.values()]
        stops = [self, *(part for part in parts if part.isEnabled() and part.isVisible())]
        focused = QApplication.focusWidget()
        here = stops.index(focused) if focused in stops else 0
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        stops[(here + (1 if forward else -1)) % len(stops)].setFocus(reason)
        return True


def _margins(more: int = 0) -> QMargins:
    """Around the picture, in points; `more` beneath it."""
    return QMargins(MARGIN, EDGE, MARGIN, EDGE + more)
