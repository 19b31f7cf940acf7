"""The queue as a list that opens above the strip: what runs, waits, is paused, has failed or ended."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import (
    QBitmap,
    QEnterEvent,
    QHideEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.engine.jobs import Job, JobState
from app.ui.controls.buttons import push_button
from app.ui.controls.style.theme import colours
from app.ui.controls.text.labels import label
from app.ui.jobs.list.job_list import JobList
from app.ui.words.language import on_language_change, set_translated

WIDTH = 430
HIGHEST = 440
CORNER = 9


class JobsPopover(QWidget):
    """Opens above the button that it belongs to.

    Signals:
        intended(str, str): job id and intent, as in `intents`.
        moveAsked(str, object): as in `JobList`.
        pauseAsked, clearAsked: the user pressed the button.
        undoAsked: the user pressed the keys of Undo, which do not reach the menus from here.
    """

    intended = Signal(str, str)
    moveAsked = Signal(str, object)
    pauseAsked = Signal()
    clearAsked = Signal()
    undoAsked = Signal()

    def __init__(self, parent: QWidget, backend_name: Callable[[str], str]) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setObjectName("jobsPopover")
        set_translated(self, lambda: self.tr("Jobs"), self.setAccessibleName)
        self.setFixedWidth(WIDTH)
        self._jobs: Sequence[Job] = ()
        self._ended: Sequence[Job] = ()
        self._paused = False
        self._anchor = parent
        self._title = label("", "heading")
        self._pause = push_button("pauseQueueButton", "", self.pauseAsked.emit)
        self._clear = push_button("clearQueueButton", lambda: self.tr("Clear All"), self.clearAsked.emit)
        set_translated(
            self._clear, lambda: self.tr("Remove all jobs but the running one; Undo brings them back"),
            self._clear.setToolTip,
        )  # fmt: skip
        self._head = QHBoxLayout()
        self._head.setContentsMargins(14, 10, 14, 10)
        self._head.setSpacing(8)
        self._head.addWidget(self._title, 1)
        self._head.addWidget(self._pause)
        self._head.addWidget(self._clear)
        self.list = JobList(backend_name)
        self.list.intended.connect(self.intended)
        self.list.moveAsked.connect(self.moveAsked)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(1, 1, 1, 1)
        whole.setSpacing(0)
        whole.addLayout(self._head)
        whole.addWidget(self.list, 1)
        self._show_head()
        on_language_change(self, self._show_head)

    def show_jobs(self, jobs: Sequence[Job], ended: Sequence[Job], *, paused: bool) -> None:
        """List the jobs of the queue, and those that have ended, the latest of them last."""
        self._jobs, self._ended, self._paused = jobs, ended, paused
        if self.isVisible():
            self._refresh()

    def empty(self) -> bool:
        return not self._jobs and not self._ended

    def open_above(self, widget: QWidget) -> None:
        self._anchor = widget
        self.list.set_jobs(self._jobs, self._ended)
        self._show_head()
        self._fit()
        self.show()
        self.list.focus_first()

    def _refresh(self) -> None:
        self._show_head()
        self.list.set_jobs(self._jobs, self._ended)
        if self.underMouse():
            return  # nothing moves under the pointer
        if self.empty():
            self.hide()
        else:
            self._fit()

    def _show_head(self) -> None:
        running = next((job for job in self._jobs if job.state is JobState.RUNNING), None)
        if not self._paused:
            title = self.tr("Queue")
        elif running is not None:
            clips = running.makes_clips
            title = self.tr("Pausing after this step") if clips else self.tr("Pausing after this picture")
        else:
            title = self.tr("Queue paused")
        self._title.setText(title)
        self._pause.setText(self.tr("Resume") if self._paused else self.tr("Pause"))
        stop = self.tr("Begin nothing more after the present picture")
        if running is not None and running.makes_clips:
            stop = self.tr("Pause after the present step; the clip goes on from there")
        self._pause.setToolTip(self.tr("Let the queue go on") if self._paused else stop)
        self._clear.setEnabled(any(job.state is not JobState.RUNNING for job in self._jobs) or bool(self._ended))

    def _fit(self) -> None:
        width, head = WIDTH - 2, self._head.totalSizeHint().height() + 2
        height = head + self.list.take_width(width)
        if height > HIGHEST:
            height = head + self.list.take_width(width - self.list.verticalScrollBar().sizeHint().width())
        self.setFixedHeight(min(HIGHEST, height))
        corner = self._anchor.mapToGlobal(QPoint(0, 0))
        window = self._anchor.window()
        edge = window.mapToGlobal(window.rect().bottomRight()).x() - self.width() - 8
        self.move(min(corner.x(), edge), corner.y() - self.height() - 10)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Undo):
            self.undoAsked.emit()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.list.set_over(True)

    def leaveEvent(self, event: QEvent) -> None:
        self.list.set_over(False)
        if self.isVisible():
            self._refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        self.list.close_down()

    def resizeEvent(self, event: QResizeEvent) -> None:
        outline = QBitmap(self.size())
        outline.fill(Qt.GlobalColor.color0)
        painter = QPainter(outline)
        painter.setBrush(Qt.GlobalColor.color1)
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), CORNER, CORNER)
        painter.end()
        self.setMask(outline)  # round corners, also where windows cannot be translucent

    def paintEvent(self, event: QPaintEvent) -> None:
        scheme = colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(scheme.color("line"), 1))
        painter.setBrush(scheme.color("raised"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), CORNER, CORNER)
