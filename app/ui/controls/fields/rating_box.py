"""Five stars to press: a rating from 1 to 5, or none."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QSlider

from app.ui.controls.style.icons import paint_icon
from app.ui.controls.style.theme import colours
from app.ui.words import wording
from app.ui.words.language import on_language_change, set_translated

STARS = 5
SIDE = 22
"""Points of one star, with the room around it."""


class RatingBox(QSlider):
    """Drawn as stars, but a slider for the keyboard and for assistive tools. A press on the star of the present rating
    takes it away; so does 0, and 1 to 5 rate.

    Signals:
        rated(int): the user chose a rating; 0 for none.
    """

    rated = Signal(int)

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setObjectName("ratingBox")
        set_translated(self, lambda: self.tr("Rating"), self.setAccessibleName)
        self.setRange(0, STARS)
        self.setPageStep(1)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self._hovered = 0
        self.valueChanged.connect(self._describe)
        on_language_change(self, self._describe)
        self._describe()

    def sizeHint(self) -> QSize:
        return QSize(STARS * SIDE + 6, SIDE + 4)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _describe(self) -> None:
        words = wording.stars(self.value()) if self.value() else self.tr("Not rated")
        self.setAccessibleDescription(words)
        self.setToolTip(self.tr("{rating}. The keys 1 to 5 rate, 0 takes it away.").format(rating=words))

    def _choose(self, rating: int) -> None:
        self.setValue(rating)
        self.rated.emit(self.value())

    def _star_at(self, where: QPointF) -> int:
        return max(1, min(STARS, int((where.x() - 3) // SIDE) + 1))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            star = self._star_at(event.position())
            self._choose(0 if star == self.value() else star)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hovered = self._star_at(event.position())
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def leaveEvent(self, event: object) -> None:
        self._hovered = 0
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # it scrolls the panel

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if Qt.Key.Key_0 <= key <= Qt.Key.Key_5 and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self._choose(key - Qt.Key.Key_0)
            return
        before = self.value()
        super().keyPressEvent(event)
        if self.value() != before:
            self.rated.emit(self.value())

    def paintEvent(self, event: QPaintEvent) -> None:
        scheme, painter = colours(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shown = self._hovered or self.value()
        for star in range(1, STARS + 1):
            place = QRectF(3 + (star - 1) * SIDE + 2, 4, SIDE - 4, SIDE - 4)
            name, shade = ("star-filled", "warning") if star <= shown else ("star", "muted")
            paint_icon(painter, name, scheme.color(shade), place)
        if self.hasFocus():
            painter.setPen(QPen(scheme.color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 5, 5)
