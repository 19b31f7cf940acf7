"""One of the pictures that are compared, with the settings in which it differs beneath it."""

from __future__ import annotations

import html
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QPixmap, QWheelEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.core.message import Message
from app.ui.controls.style.theme import colours
from app.ui.gallery.inspector.facts import FactRow
from app.ui.viewer.view import View
from app.ui.words import wording
from app.ui.words.messages import translated

LONGEST = 160
"""Characters of a setting that are shown."""


SHORT = 24
"""Characters of a value that stay on one line."""


class ComparePane(QWidget):
    """Zooms and pans its picture.

    Signals:
        moved: the user has zoomed or panned it.
        resetAsked: the user double-clicks.
    """

    moved = Signal()
    resetAsked = Signal()

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.setObjectName("comparePane")
        self.path = path
        self.canvas = _Canvas()
        self.canvas.moved.connect(self.moved)
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

    def show_problem(self, problem: Message) -> None:
        """Say in its place why it cannot be shown."""
        self.canvas.problem = problem
        self.canvas.setAccessibleName(self.path.stem)
        self.canvas.setAccessibleDescription(translated(problem))
        self.canvas.update()

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
    moved = Signal()
    resetAsked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.view = View(self)
        self._pixmap = QPixmap()
        self.problem: Message | None = None
        self._dragged: QPointF | None = None
        self.setMinimumSize(80, 80)

    def show_image(self, image: QImage) -> None:
        self._pixmap = QPixmap.fromImage(image)
        self.view.bounds = QRectF(self._pixmap.rect())
        self.update()

    def follow(self, view: View) -> None:
        """Show what another picture shows."""
        if view is not self.view:
            self.view.follow(view)
        self._show_view()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self.view.zoom < 2)
        if not self._pixmap.isNull():
            painter.drawPixmap(self.view.target, self._pixmap, QRectF(self._pixmap.rect()))
        elif self.problem is not None:
            painter.setPen(colours().color("danger"))
            place = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(QRectF(self.rect()).adjusted(16, 0, -16, 0), place, translated(self.problem))

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.view.wheel(event)
        self.moved.emit()

    def event(self, event: QEvent) -> bool:
        if self.view.pinch(event):
            self.moved.emit()
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._dragged = event.position()
            self._show_view()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged is not None:
            self.view.pan(event.position() - self._dragged)
            self._dragged = event.position()
            self.moved.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragged = None
        self._show_view()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.resetAsked.emit()

    def _show_view(self) -> None:
        shape = Qt.CursorShape.ArrowCursor if self.view.fits else Qt.CursorShape.OpenHandCursor
        self.setCursor(Qt.CursorShape.ClosedHandCursor if self._dragged is not None else shape)
        self.update()
