"""The list of jobs: what runs, waits, is paused or has failed, and what can be done with each."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QBitmap, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.core.message import NOTHING
from app.engine.jobs import Job, JobState
from app.ui.controls.buttons import push_button
from app.ui.controls.style.frames import line
from app.ui.controls.style.theme import colours
from app.ui.controls.text.labels import label, set_role
from app.ui.words import wording
from app.ui.words.language import set_translated
from app.ui.words.messages import translated

WIDTH = 430
HIGHEST = 420
CORNER = 9


class JobsPopover(QWidget):
    """Opens above the button that it belongs to.

    Signals:
        intended(str, str): job id, and "cancel", "remove", "resume", "retry" or "suggest".
    """

    intended = Signal(str, str)

    def __init__(self, parent: QWidget, backend_name: Callable[[str], str]) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setObjectName("jobsPopover")
        self._backend_name = backend_name
        set_translated(self, lambda: self.tr("Jobs"), self.setAccessibleName)
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
        self._column.addStretch()
        self._rows: list[JobRow] = []
        self._jobs = 0

    def show_jobs(self, jobs: tuple[Job, ...]) -> None:
        """List the jobs. Rows are kept and hidden, never deleted: a button may be pressed while the list changes."""
        while len(self._rows) < len(jobs):
            row = JobRow(self._backend_name, first=not self._rows)
            row.intended.connect(self.intended)
            self._column.insertWidget(len(self._rows), row)
            self._rows.append(row)
        for number, row in enumerate(self._rows):
            if number < len(jobs):
                row.show_job(jobs[number])
            row.setVisible(number < len(jobs))
        self._jobs = len(jobs)
        if not jobs:
            self.hide()
        elif self.isVisible():
            self._fit()

    def empty(self) -> bool:
        return not self._jobs

    def open_above(self, widget: QWidget) -> None:
        self._anchor = widget
        self._fit()
        self.show()

    def _fit(self) -> None:
        self._list.setFixedWidth(WIDTH - 2)
        for row in self._rows:
            row.settle()
        self.setFixedHeight(min(HIGHEST, self._column.totalHeightForWidth(WIDTH - 2) + 2))
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
    """One job: its prompt, how it stands, and its buttons. All but the first have a line above them."""

    intended = Signal(str, str)

    def __init__(self, backend_name: Callable[[str], str], *, first: bool) -> None:
        super().__init__()
        self._backend_name = backend_name
        self._job_id = ""
        self._prompt = label("", "heading")
        self._state = label("", "caption", wrap=True)
        self._remedy = label("", "caption", wrap=True)
        words = QVBoxLayout()
        words.setSpacing(2)
        for each in (self._prompt, self._state, self._remedy):
            words.addWidget(each)
        self._buttons: dict[str, QPushButton] = {}
        self._actions = QHBoxLayout()
        self._actions.setSpacing(8)
        for intent in ("cancel", "resume", "retry", "suggest", "remove"):
            button = push_button(f"{intent}JobButton", "")
            button.clicked.connect(lambda _=False, intent=intent: self.intended.emit(self._job_id, intent))
            self._actions.addWidget(button)
            self._buttons[intent] = button
        self._content = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._content.setContentsMargins(0, 10, 0, 10)
        self._content.setSpacing(12)
        self._content.addLayout(words, 1)
        self._content.addLayout(self._actions)
        self._whole = QVBoxLayout(self)
        self._whole.setContentsMargins(0, 0, 0, 0)
        self._whole.setSpacing(0)
        if not first:
            self._whole.addWidget(line())
        self._whole.addLayout(self._content)

    def settle(self) -> None:
        """Take what has just changed into account, so that the height can be measured."""
        for part in self.findChildren(QWidget):
            part.ensurePolished()  # with the style sheet's fonts
        self._whole.activate()

    def show_job(self, job: Job) -> None:
        self._job_id = job.id
        failed = job.state is JobState.FAILED  # then there is much to read: the buttons stand below it
        self._content.setDirection(QBoxLayout.Direction.TopToBottom if failed else QBoxLayout.Direction.LeftToRight)
        place = Qt.AlignmentFlag.AlignLeft if failed else Qt.AlignmentFlag.AlignVCenter
        self._content.setAlignment(self._actions, place)
        prompt = wording.one_line(job.request.prompt)
        self._prompt.ensurePolished()  # the style sheet's bold font is the one to measure with
        room = WIDTH - 60 if failed else WIDTH - 210
        self._prompt.setText(self._prompt.fontMetrics().elidedText(prompt, Qt.TextElideMode.ElideRight, room))
        self._prompt.setToolTip(wording.tip(job.request.prompt))
        state = wording.job_state(job)
        if job.state in (JobState.WAITING, JobState.PAUSED):
            state = f"{state} · {wording.summary(job.request)}"
        set_role(self._state, "danger" if failed else "caption")
        self._state.setText(wording.shortened(state, wording.MESSAGE_LENGTH))
        remedy = job.failure.remedy if job.failure is not None else NOTHING
        self._remedy.setText(wording.shortened(translated(remedy), wording.MESSAGE_LENGTH))
        self._remedy.setVisible(bool(remedy))
        captions = self._captions(job)
        for intent, button in self._buttons.items():
            caption = captions.get(intent, "")
            button.setVisible(bool(caption))
            button.setText(caption)
            button.setAccessibleName(f"{caption}: {prompt}")

    def _captions(self, job: Job) -> dict[str, str]:
        """What can be done with the job, by intent."""
        match job.state:
            case JobState.RUNNING:
                return {"cancel": self.tr("Cancel")}
            case JobState.PAUSED:
                return {"resume": self.tr("Resume"), "remove": self.tr("Remove")}
            case JobState.FAILED if job.failure is not None:
                suggestion = job.failure.suggestion
                retry = {"retry": self.tr("Retry")} if job.failure.retry else {}
                offer = {"suggest": wording.suggestion(suggestion, self._backend_name)} if suggestion else {}
                return {**retry, **offer, "remove": self.tr("Remove")}
            case _:
                return {"remove": self.tr("Remove")}
