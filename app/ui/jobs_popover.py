"""The list of jobs: what runs, waits, is paused or has failed, and what can be done with each."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QBitmap, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.engine.jobs import Job, JobState
from app.ui import wording
from app.ui.theme import colours
from app.ui.widgets import label, line

WIDTH = 430
HIGHEST = 420
CORNER = 9


class JobsPopover(QWidget):
    """Opens above the button that it belongs to.

    Signals:
        intended(str, str): job id, and "cancel", "remove", "resume", "retry" or "suggest".
    """

    intended = Signal(str, str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setObjectName("jobsPopover")
        self.setAccessibleName(self.tr("Jobs"))
        self.setFixedWidth(WIDTH)
        self._list = QWidget()
        self._list.setProperty("role", "page")
        self._column = QVBoxLayout(self._list)
        self._column.setContentsMargins(14, 6, 14, 6)
        self._column.setSpacing(0)
        self._scroll = QScrollArea()
        self._scroll.setWidget(self._list)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(1, 1, 1, 1)
        whole.addWidget(self._scroll)
        self._rows: dict[str, JobRow] = {}

    def show_jobs(self, jobs: tuple[Job, ...]) -> None:
        """List the jobs; rows whose buttons stay the same are only given new words."""
        if [(job.id, job.state) for job in jobs] == [(row.job.id, row.job.state) for row in self._rows.values()]:
            for job in jobs:
                self._rows[job.id].show_job(job)
            return
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
        self._rows = {}
        for job in jobs:
            if self._rows:
                self._column.addWidget(line())
            row = JobRow(job)
            row.intended.connect(self.intended)
            self._rows[job.id] = row
            self._column.addWidget(row)
        self._column.addStretch()
        if not jobs:
            self.hide()
        elif self.isVisible():
            self._fit()

    def empty(self) -> bool:
        return not self._rows

    def open_above(self, widget: QWidget) -> None:
        self._anchor = widget
        self._fit()
        self.show()

    def _fit(self) -> None:
        self._list.setFixedWidth(WIDTH - 2)
        height = self._column.totalHeightForWidth(WIDTH - 2)
        self.setFixedHeight(min(HIGHEST, max(height, self._column.totalSizeHint().height()) + 2))
        corner = self._anchor.mapToGlobal(QPoint(0, 0))
        self.move(corner.x(), corner.y() - self.height() - 10)

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


class JobRow(QWidget):
    """One job: its prompt, how it stands, and its buttons."""

    intended = Signal(str, str)

    def __init__(self, job: Job) -> None:
        super().__init__()
        self._prompt = label("", "heading")
        self._state = label("", "danger" if job.state is JobState.FAILED else "caption", wrap=True)
        self._remedy = label("", "caption", wrap=True)
        words = QVBoxLayout()
        words.setSpacing(2)
        for each in (self._prompt, self._state, self._remedy):
            each.setTextFormat(Qt.TextFormat.PlainText)
            words.addWidget(each)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for intent, caption in self._intents(job):
            button = QPushButton(caption)
            button.setObjectName(f"{intent}JobButton")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setAccessibleName(f"{caption}: {job.request.prompt}")
            button.clicked.connect(lambda _=False, intent=intent: self.intended.emit(self.job.id, intent))
            buttons.addWidget(button)
        tall = job.state is JobState.FAILED
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 10, 0, 10)
        whole.setSpacing(8)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addLayout(words, 1)
        whole.addLayout(row)
        if tall:
            buttons.addStretch()
            whole.addLayout(buttons)
        else:
            row.addLayout(buttons)
        self.show_job(job)

    def show_job(self, job: Job) -> None:
        self.job = job
        prompt = job.request.prompt.replace("\n", " ")
        room = WIDTH - 60 if job.state is JobState.FAILED else WIDTH - 210
        self._prompt.setText(self._prompt.fontMetrics().elidedText(prompt, Qt.TextElideMode.ElideRight, room))
        self._prompt.setToolTip(job.request.prompt)
        state = wording.job_state(job)
        if job.state in (JobState.WAITING, JobState.PAUSED):
            state = f"{state} · {wording.summary(job.request)}"
        self._state.setText(state)
        self._remedy.setText(job.remedy)
        self._remedy.setVisible(bool(job.remedy))

    def _intents(self, job: Job) -> list[tuple[str, str]]:
        match job.state:
            case JobState.RUNNING:
                return [("cancel", self.tr("Cancel"))]
            case JobState.PAUSED:
                return [("resume", self.tr("Resume")), ("remove", self.tr("Remove"))]
            case JobState.FAILED:
                retry = [("retry", self.tr("Retry"))] if job.retry else []
                offer = [("suggest", wording.suggestion(job.suggestion))] if job.suggestion else []
                return [*retry, *offer, ("remove", self.tr("Remove"))]
            case _:
                return [("remove", self.tr("Remove"))]
