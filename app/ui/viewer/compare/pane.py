"""One of the pictures that are compared, with the settings in which it differs beneath it."""

from __future__ import annotations

import html
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QPixmap, QWheelEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.ui.controls.style.theme import colours
from app.ui.gallery.inspector.facts import FactRow
from app.ui.viewer.compare.look import Look
from app.ui.words import wording

LONGEST = 160
"""Characters of a setting that are shown."""


SHORT = 24
"""Characters of a value that stay on one line."""


class ComparePane(QWidget):
    """Asks for another look where the mouse turns or drags.

    Signals:
        lookAsked(Look): the user zooms or pans.
        resetAsked: the user double-clicks.
    """

    lookAsked = Signal(object)
    resetAsked = Signal()

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.setObjectName("comparePane")
        self.path = path
        self.canvas = _Canvas()
        self.canvas.lookAsked.connect(self.lookAsked)
        self.canvas.resetAsked.connect(self.resetAsked)
        self.caption = QLabel()
        self.caption.setWordWrap(True)
        self.caption.setMinimumWidth(1)
        self.caption.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        self.caption.setObjectName("compareCaption")
        self.caption.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.canvas, 1)
        column.addWidget(self.caption)

    def show_image(self, image: QImage) -> None:
        self.canvas.show_image(image)

    def show_differences(self, rows: Sequence[FactRow], same: str) -> None:
        """Say how it differs from the others; `same` is what to say where it does not."""
        muted = colours().muted
        parts = [
            f'<span style="color: {muted}">{html.escape(_joined(row.caption))}</span>&nbsp;'
            f"<b>{html.escape(_unbroken(wording.shortened(row.text, LONGEST)))}</b>"
            for row in rows
        ]
        self.caption.setText(" &nbsp; ".join(parts) or f'<span style="color: {muted}">{html.escape(same)}</span>')
        words = ", ".join(f"{row.caption} {wording.shortened(row.text, LONGEST)}" for row in rows) or same
        self.canvas.setAccessibleName(self.path.stem)
        self.canvas.setAccessibleDescription(words)
        self.caption.setAccessibleName(words)


def _joined(caption: str) -> str:
    """A caption that no line breaks, in Chinese neither."""
    return "\u2060".join(caption.replace(" ", wording.NO_BREAK))


def _unbroken(text: str) -> str:
    """A short value on one line; a long one may break."""
    return text.replace(" ", wording.NO_BREAK) if len(text) <= SHORT else text


class _Canvas(QWidget):
    lookAsked = Signal(object)
    resetAsked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._pixmap = QPixmap()
        self._look = Look()
        self._dragged: QPointF | None = None
        self.setMinimumSize(80, 80)

    def show_image(self, image: QImage) -> None:
        self._pixmap = QPixmap.fromImage(image)
        self.update()

    def look(self, look: Look) -> None:
        self._look = look
        shape = Qt.CursorShape.OpenHandCursor if look.zoom > 1 else Qt.CursorShape.ArrowCursor
        self.setCursor(Qt.CursorShape.ClosedHandCursor if self._dragged is not None else shape)
        self.update()

    def target(self) -> QRectF:
        """Where the picture lies."""
        return self._look.target(QSizeF(self._pixmap.size()), QRectF(self.rect()))

    def scale(self) -> float:
        """Pixels of the screen per pixel of the picture, at a zoom of 1."""
        if self._pixmap.isNull():
            return 1.0
        fit = Look().target(QSizeF(self._pixmap.size()), QRectF(self.rect()))
        return fit.width() * self.devicePixelRatioF() / self._pixmap.width()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        target = self.target()
        fine = self._look.zoom * self.scale() < 2
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, fine)
        if not self._pixmap.isNull():
            painter.drawPixmap(target, self._pixmap, QRectF(self._pixmap.rect()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        target, place = self.target(), event.position()
        steps = event.angleDelta().y() / 120
        if steps and not target.isEmpty():
            at = (place.x() - target.left()) / target.width(), (place.y() - target.top()) / target.height()
            self.lookAsked.emit(self._look.zoomed(1.2**steps, at))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._dragged = event.position()
            self.look(self._look)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        target = self.target()
        if self._dragged is not None and not target.isEmpty():
            moved, self._dragged = event.position() - self._dragged, event.position()
            self.lookAsked.emit(self._look.panned(moved.x() / target.width(), moved.y() / target.height()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragged = None
        self.look(self._look)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.resetAsked.emit()
