"""Two pictures of the same shape on top of each other, with a divider: before on its left, after on its right."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QMargins, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from app.ui.background import Background
from app.ui.controls.style.icons import IconButton
from app.ui.controls.style.theme import colours
from app.ui.viewer.compare.pair import Pair, find_pair
from app.ui.viewer.cover import Cover
from app.ui.viewer.notes import paint_note
from app.ui.viewer.reading import read
from app.ui.viewer.view import View
from app.ui.words.language import on_language_change, set_translated

HANDLE = 14
"""Points beside the divider within which the mouse takes hold of it."""
STEP, LEAP = 0.02, 0.1
"""How far an arrow key moves the divider, alone and with Shift, as a share of what is seen."""
MARGIN, HEAD, FOOT = 24, 44, 24


class BeforeAfter(QWidget):
    """Covers the window. The mouse and the arrow keys move the divider, Home and End push it to a side; + - 0 1, the
    wheel and a pinch zoom both pictures, a drag moves them where they are larger than the window; Esc, Space and a
    button close it.

    Signals:
        closed: the pictures are no longer compared.
        problem(UserError): there are no two pictures to compare.
    """

    closed = Signal()
    problem = Signal(object)

    def __init__(self, parent: QMainWindow, background: Background) -> None:
        super().__init__(parent)
        self.view = View(self, QMargins(MARGIN, HEAD, MARGIN, FOOT))
        self.setObjectName("compareView")
        set_translated(self, lambda: self.tr("Before and after"), self.setAccessibleName)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self._cover = Cover(self, parent)
        self._background = background
        self._pair: Pair | None = None
        self._images = QImage(), QImage()
        self._opened = 0
        self._held = ""  # by the mouse: "divider" or "picture"
        self._from = QPointF()
        self.divider = 0.5
        self.close_button = IconButton("close", lambda: self.tr("Close"), side=20)
        self.close_button.setObjectName("closeBeforeAfterButton")
        self.close_button.clicked.connect(self.dismiss)
        head = QHBoxLayout()
        head.addStretch()
        head.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 8, 0)
        column.addLayout(head)
        column.addStretch()
        on_language_change(self, self._describe)
        self.hide()

    def open(self, paths: list[Path]) -> None:
        """Compare a picture with the one that it was made from, or two pictures."""
        self._opened += 1
        number = self._opened

        def work() -> tuple[Pair, QImage, QImage]:
            pair = find_pair(paths)
            return pair, read(pair.before), read(pair.after)

        def take(found: tuple[Pair, QImage, QImage]) -> None:
            if number == self._opened:
                self._show(*found)

        self._background.run(work, take, self.problem.emit)

    def dismiss(self) -> None:
        """Close it, if it is open."""
        self._opened += 1
        if self.isHidden():
            return
        self.hide()
        self._pair = None
        self._set_images(QImage(), QImage())
        self.closed.emit()

    def set_divider(self, share: float) -> None:
        """Put the divider at a share (0..1) of what is seen of the pictures, from the left."""
        self.divider = max(0.0, min(1.0, share))
        self._describe()
        self.update()

    def seen(self) -> QRectF:
        """Where pictures are seen, in points."""
        return self.view.target.intersected(self.view.area)

    def handle(self) -> QPointF:
        """The middle of the divider, in points."""
        seen = self.seen()
        return QPointF(seen.left() + self.divider * seen.width(), seen.center().y())

    def _show(self, pair: Pair, before: QImage, after: QImage) -> None:
        self._pair, self.divider = pair, 0.5
        self._set_images(before, after)
        self._describe()
        self._cover.show()
        self.setFocus()

    def _set_images(self, before: QImage, after: QImage) -> None:
        self._images = before, after
        self.view.bounds = QRectF(after.rect())
        self.view.fit()

    def _describe(self) -> None:
        if self._pair is not None:
            words = self.tr("“{before}” up to {n} %, then “{after}”").format(
                before=self._pair.before.name, after=self._pair.after.name, n=round(100 * self.divider)
            )
            self.setAccessibleDescription(words)

    def paintEvent(self, event: QPaintEvent) -> None:
        scheme, painter = colours(), QPainter(self)
        painter.fillRect(self.rect(), scheme.color("viewer"))
        if self._pair is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        target, seen, handle = self.view.target, self.seen(), self.handle()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self.view.zoom < 2)
        halves = QRectF(seen), QRectF(seen)
        halves[0].setRight(handle.x())
        halves[1].setLeft(handle.x())
        for image, half in zip(self._images, halves, strict=True):
            painter.setClipRect(half)
            painter.drawImage(target, image)
        painter.setClipping(False)
        painter.setPen(QPen(scheme.color("viewer"), 4))
        painter.drawLine(QPointF(handle.x(), seen.top()), QPointF(handle.x(), seen.bottom()))
        painter.setPen(QPen(scheme.color("accent"), 2))
        painter.drawLine(QPointF(handle.x(), seen.top()), QPointF(handle.x(), seen.bottom()))
        painter.setBrush(scheme.color("raised"))
        painter.drawEllipse(handle, HANDLE, HANDLE)
        for side in (-1, 1):
            tip = QPointF(handle.x() + side * 9, handle.y())
            for up in (-1, 1):
                painter.drawLine(tip, QPointF(handle.x() + side * 4, handle.y() + up * 5))
        self._paint_names(painter, seen)

    def _paint_names(self, painter: QPainter, seen: QRectF) -> None:
        room = seen.adjusted(16, 12, -16, -12)
        for side, words in (
            (Qt.AlignmentFlag.AlignLeft, self.tr("Before")),
            (Qt.AlignmentFlag.AlignRight, self.tr("After")),
        ):
            paint_note(painter, room, Qt.AlignmentFlag.AlignTop | side, words, colours().color("text"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        step = LEAP if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else STEP
        if key in (Qt.Key.Key_Escape, Qt.Key.Key_Space) or event.matches(QKeySequence.StandardKey.Close):
            self.dismiss()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.set_divider(self.divider + (step if key == Qt.Key.Key_Right else -step))
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.set_divider(float(key == Qt.Key.Key_End))
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self.view.set_zoom(self.view.zoom * (1 / 1.5 if key == Qt.Key.Key_Minus else 1.5))
            self.update()
        elif key == Qt.Key.Key_0:
            self.view.fit()
            self.update()
        elif key == Qt.Key.Key_1:
            self.view.set_zoom(1.0)
            self.update()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.view.wheel(event)
        self.update()

    def event(self, event: QEvent) -> bool:
        if self.view.pinch(event):
            self.update()
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._from = event.position()
        near = abs(event.position().x() - self.handle().x()) <= HANDLE
        self._held = "divider" if self.view.fits or near else "picture"
        self.mouseMoveEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place, seen = event.position(), self.seen()
        near = abs(place.x() - self.handle().x()) <= HANDLE
        self.setCursor(Qt.CursorShape.SplitHCursor if near or self._held == "divider" else Qt.CursorShape.ArrowCursor)
        if seen.isEmpty():
            return
        if self._held == "divider":
            self.set_divider((place.x() - seen.left()) / seen.width())
        elif self._held == "picture":
            self.view.pan(place - self._from)
            self._from = place
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._held = ""

    def focusNextPrevChild(self, forward: bool) -> bool:
        """What is underneath is out of reach."""
        (self if self.close_button.hasFocus() else self.close_button).setFocus(Qt.FocusReason.TabFocusReason)
        return True
