"""Jobs are put in another order with the mouse."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QWidget

from app.ui.controls.style.theme import colours
from app.ui.jobs.list.row import JobRow

EDGE = 28
"""So near the edge of what is seen, in points, the list begins to scroll."""
SCROLL = 9
"""Points that it scrolls each time."""


class Reordering(QObject):
    """A row is pressed, dragged, and let go where a line shows the place; Esc calls it off.

    Args:
        area: what scrolls.
        inner: what holds the rows in it.
        rows: the rows that can be moved, in order.
        drop: puts a job in front of another one, or at the end for None.
    """

    def __init__(
        self,
        area: QScrollArea,
        inner: QWidget,
        rows: Callable[[], list[JobRow]],
        drop: Callable[[str, str | None], object],
    ) -> None:
        super().__init__(area)
        self._area = area
        self._inner = inner
        self._rows = rows
        self._drop = drop
        self._pressed: tuple[JobRow, QPoint] | None = None
        self._dragged: JobRow | None = None
        self._job_id = ""
        self._before: str | None = None
        self._line: QFrame | None = None
        self._scrolling = QTimer(self, interval=25)
        self._scrolling.timeout.connect(self._scroll)

    @property
    def active(self) -> bool:
        """Whether a row is being dragged."""
        return self._dragged is not None

    def watch(self, row: JobRow) -> None:
        """Let this row be dragged."""
        row.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and self.active and event.key() == Qt.Key.Key_Escape:
            if event.type() == QEvent.Type.KeyPress:
                self.end()
            return True
        if not isinstance(event, QMouseEvent) or not isinstance(watched, JobRow):
            return False
        place = event.globalPosition().toPoint()
        match event.type():
            case QEvent.Type.MouseButtonPress if event.button() == Qt.MouseButton.LeftButton:
                self._pressed = (watched, place) if watched in self._rows() else None
                return True
            case QEvent.Type.MouseMove if self._pressed is not None:
                self._move(place)
                return True
            case QEvent.Type.MouseButtonRelease if event.button() == Qt.MouseButton.LeftButton:
                job_id, before, dropped = self._job_id, self._before, self.active
                self.end()
                if dropped and job_id != before:
                    self._drop(job_id, before)
                return True
        return False

    def end(self) -> None:
        """Let go of the row; it stays where it is."""
        self._pressed = None
        self._scrolling.stop()
        if self._dragged is not None:
            self._dragged.dragged = False
            self._dragged.unsetCursor()
            self._dragged.update()
            self._dragged = None
        if self._line is not None:
            self._line.hide()

    def _move(self, place: QPoint) -> None:
        assert self._pressed is not None
        row, start = self._pressed
        if self._dragged is None:
            if (place - start).manhattanLength() < QApplication.startDragDistance():
                return
            self._dragged, self._job_id, row.dragged = row, row.job_id, True
            row.setCursor(Qt.CursorShape.ClosedHandCursor)
            row.update()
            self._scrolling.start()
        self._aim(place)

    def _aim(self, place: QPoint) -> None:
        """Find where the row would go, and show it."""
        inner = self._inner
        y, rows = inner.mapFromGlobal(place).y(), self._rows()
        target = next((row for row in rows if y < row.geometry().center().y()), None)
        self._before = target.job_id if target is not None else None
        edge = target.geometry().top() if target is not None else rows[-1].geometry().bottom()
        line = self._shown_line()
        line.setGeometry(0, max(0, edge - 1), inner.width(), 3)
        line.show()
        line.raise_()

    def _shown_line(self) -> QFrame:
        if self._line is None:
            self._line = QFrame(self._inner)
            self._line.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._line.setStyleSheet(f"background: {colours().accent}; border-radius: 1px;")
        return self._line

    def _scroll(self) -> None:
        """Go on scrolling while the pointer is at an edge."""
        place = self._area.cursor().pos()
        y, height = self._area.viewport().mapFromGlobal(place).y(), self._area.viewport().height()
        step = -SCROLL if y < EDGE else SCROLL if y > height - EDGE else 0
        if step:
            bar = self._area.verticalScrollBar()
            bar.setValue(bar.value() + step)
            self._aim(place)
