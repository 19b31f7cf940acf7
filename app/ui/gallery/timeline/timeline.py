"""A slim strip with the months of the pictures, or with their days where all are of one month."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QDate, QEvent, QLocale, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from app.ui.controls.style.theme import RADIUS, colours
from app.ui.gallery.timeline.marks import Mark, day, days, months
from app.ui.words.language import language, on_language_change, set_translated

WIDTH = 58
EDGE = 14
"""Points above the first picture's place and beneath the last one's."""
LINE = 17
"""Points between two labels at least."""


class Timeline(QWidget):
    """A press or a drag goes to the pictures of that time; the arrow keys go from month to month.

    Signals:
        jumped(int): the user wants to see this picture of the list, from 0.
    """

    jumped = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("timeline")
        set_translated(self, lambda: self.tr("Timeline"), self.setAccessibleName)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFixedWidth(WIDTH)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._times: Sequence[float] = ()
        self._place = 0
        self.marks: list[Mark] = []
        on_language_change(self, self._retranslate)

    def set_times(self, times: Sequence[float]) -> None:
        """Show when the pictures of the list were made: unix times, in the list's order, sorted either way."""
        self._times = times
        self.marks = months(times)
        if len(self.marks) == 1:
            self.marks = days(times)
        self._describe()
        self.update()

    def set_place(self, place: int) -> None:
        """Tell which picture of the list is the first in sight."""
        if place != self._place:
            self._place = place
            self._describe()
            self.update()

    def words(self, place: int) -> str:
        """The day of a picture: "12 March 2026"."""
        return _locale().toString(_date(day(self._times[place])), QLocale.FormatType.LongFormat)

    def label(self, number: int, *, year: bool) -> str:
        """What stands at a mark: the month, or the day where all are of one month.

        Args:
            year: say of which year, for no label above it does.
        """
        first, last, when = self.marks[0].when, self.marks[-1].when, self.marks[number].when
        if (first.year, first.month) == (last.year, last.month):
            return _locale().toString(_date(when), self.tr("d MMM"))
        return _locale().toString(_date(when), self.tr("MMM yy") if year else self.tr("MMM"))

    def labels(self) -> list[tuple[float, str]]:
        """The labels that there is room for: how far down, in points, and what each says."""
        found: list[tuple[float, str]] = []
        year = None
        for number, mark in enumerate(self.marks):
            y = self.height_of(mark.place)
            if not found or y >= found[-1][0] + LINE:
                found.append((y, self.label(number, year=mark.when.year != year)))
                year = mark.when.year
        return found

    def height_of(self, place: int) -> float:
        """How far down a picture of the list stands, in points."""
        return EDGE + (self.height() - 2 * EDGE) * place / max(1, len(self._times))

    def _at(self, y: float) -> int:
        """The picture of the list at a height."""
        share = (y - EDGE) / max(1, self.height() - 2 * EDGE)
        return max(0, min(len(self._times) - 1, int(share * len(self._times))))

    def _describe(self) -> None:
        if self._times:
            self.setAccessibleDescription(self.words(min(self._place, len(self._times) - 1)))

    def _retranslate(self) -> None:
        self._describe()
        self.update()

    def _go(self, place: int) -> None:
        self.set_place(place)
        self.jumped.emit(place)

    def _tell(self, event: QMouseEvent) -> None:
        if self._times:
            place = self._at(event.position().y())
            QToolTip.showText(event.globalPosition().toPoint(), self.words(place), self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._times:
            near = min(self.marks, key=lambda mark: abs(self.height_of(mark.place) - event.position().y()))
            on_label = abs(self.height_of(near.place) - event.position().y()) < LINE / 2
            self._go(near.place if on_label else self._at(event.position().y()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._tell(event)
        if event.buttons() & Qt.MouseButton.LeftButton and self._times:
            self._go(self._at(event.position().y()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        places = [mark.place for mark in self.marks]
        match event.key():
            case _ if not places:
                super().keyPressEvent(event)
            case Qt.Key.Key_Down:
                self._go(next((place for place in places if place > self._place), places[-1]))
            case Qt.Key.Key_Up:
                self._go(next((place for place in reversed(places) if place < self._place), places[0]))
            case Qt.Key.Key_Home:
                self._go(0)
            case Qt.Key.Key_End:
                self._go(places[-1])
            case _:
                super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        QToolTip.hideText()

    def paintEvent(self, event: QPaintEvent) -> None:
        scheme, painter = colours(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), scheme.color("canvas"))
        font = painter.font()
        font.setPixelSize(11)
        painter.setFont(font)
        painter.setPen(QPen(scheme.color("edge"), 1))
        for mark in self.marks:
            y = round(self.height_of(mark.place))
            painter.drawLine(2, y, 5, y)
        painter.setPen(scheme.color("muted"))
        for top, text in self.labels():
            place = QRectF(8, top - 8, self.width() - 8, 16)
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        if self._times:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(scheme.color("accent"))
            painter.drawRoundedRect(QRectF(0, self.height_of(self._place) - 1.5, 8, 3), 1.5, 1.5)
        if self.hasFocus():
            painter.setPen(QPen(scheme.color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), RADIUS, RADIUS)


def _locale() -> QLocale:
    return QLocale(language() or "en")


def _date(when: date) -> QDate:
    return QDate(when.year, when.month, when.day)
