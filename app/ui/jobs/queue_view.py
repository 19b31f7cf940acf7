"""The strip at the bottom: how the running job stands, what waits, and how many pictures there are."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QWidget

from app.engine.jobs import Job, JobState
from app.ui.controls.buttons import push_button
from app.ui.controls.style.icons import IconButton
from app.ui.controls.text.labels import label, set_role
from app.ui.jobs.list.popover import JobsPopover
from app.ui.words import wording
from app.ui.words.language import on_language_change, set_translated

HEIGHT = 46
PREVIEW = 30
PARTS = 1000
"""The progress bar's steps."""


class QueueView(QWidget):
    """Shows the jobs of the engine.

    Signals:
        intended(str, str), moveAsked(str, object), clearAsked, undoAsked: as in `JobsPopover`.
        pauseAsked: pause the queue, or let it go on.
    """

    intended = Signal(str, str)
    moveAsked = Signal(str, object)
    pauseAsked = Signal()
    clearAsked = Signal()
    undoAsked = Signal()

    def __init__(self, backend_name: Callable[[str], str]) -> None:
        super().__init__()
        self.setObjectName("queueView")
        set_translated(self, lambda: self.tr("Queue"), self.setAccessibleName)
        self.setProperty("role", "bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT)
        self._jobs: Sequence[Job] = ()
        self._ended: Sequence[Job] = ()
        self._paused = False
        self._running: Job | None = None
        self._pictures = self._clips = 0
        self.preview = QLabel()
        self.preview.setObjectName("previewLabel")
        set_translated(self, lambda: self.tr("Preview"), self.preview.setAccessibleName)
        self.preview.setFixedSize(PREVIEW, PREVIEW)
        self.bar = QProgressBar()
        self.bar.setObjectName("progressBar")
        set_translated(self, lambda: self.tr("Progress"), self.bar.setAccessibleName)
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(200)
        self.state = label("")
        self.state.setObjectName("stateLabel")
        self.others = push_button("jobsButton", "")
        self.others.setProperty("role", "link")
        self.others.clicked.connect(self.open_jobs)
        self.count = label("", "muted")
        self.count.setObjectName("countLabel")
        self.cancel = push_button("cancelButton", lambda: self.tr("Cancel"))
        set_translated(self, lambda: self.tr("Cancel the running job"), self.cancel.setAccessibleName)
        self.cancel.clicked.connect(self._cancel)
        self.pause = IconButton("pause", self._pause_words, side=18)
        self.pause.setObjectName("pauseButton")
        self.pause.clicked.connect(self.pauseAsked)
        self.popover = JobsPopover(self, backend_name)
        self.popover.intended.connect(self.intended)
        self.popover.moveAsked.connect(self.moveAsked)
        self.popover.pauseAsked.connect(self.pauseAsked)
        self.popover.clearAsked.connect(self.clearAsked)
        self.popover.undoAsked.connect(self.undoAsked)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(12)
        for widget in (self.preview, self.bar, self.state, self.others):
            row.addWidget(widget)
        row.addStretch()
        row.addWidget(self.count)
        row.addWidget(self.pause)
        row.addWidget(self.cancel)
        self.show_jobs(())
        on_language_change(self, self._retranslate)

    def show_jobs(self, jobs: Sequence[Job], ended: Sequence[Job] = (), *, paused: bool = False) -> None:
        """Show how everything stands.

        Args:
            jobs: the queue.
            ended: jobs that have ended, the latest last.
            paused: whether the queue begins nothing more.
        """
        self._jobs, self._ended, self._paused = jobs, ended, paused
        self._running = next((job for job in jobs if job.state is JobState.RUNNING), None)
        self._show_running()
        self._show_others(jobs)
        self._show_pause()
        self.popover.show_jobs(jobs, ended, paused=paused)

    def show_preview(self, image: QImage) -> None:
        """The running job's picture so far; a null image for none."""
        if image.isNull():
            self.preview.clear()
            return
        ratio = self.devicePixelRatioF()
        side = round(PREVIEW * ratio)
        fill, smooth = Qt.AspectRatioMode.KeepAspectRatioByExpanding, Qt.TransformationMode.SmoothTransformation
        small = image.scaled(side, side, fill, smooth)
        pixmap = QPixmap(side, side)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QBrush(small))
        painter.drawRoundedRect(QRectF(0, 0, side, side), 5 * ratio, 5 * ratio)
        painter.end()
        pixmap.setDevicePixelRatio(ratio)
        self.preview.setPixmap(pixmap)
        self.preview.show()

    def show_count(self, shown: int, clips: int) -> None:
        """So many are listed, of which so many are clips."""
        self._pictures, self._clips = shown, clips
        self.count.setText(wording.counted(shown, clips) if shown else "")

    def open_jobs(self) -> None:
        """Show the list of jobs, if there are any."""
        if not self.popover.empty():
            self.popover.open_above(self.others if self.others.isVisible() else self.state)

    def _retranslate(self) -> None:
        self.show_jobs(self._jobs, self._ended, paused=self._paused)
        self.show_count(self._pictures, self._clips)

    def _show_running(self) -> None:
        job = self._running
        for widget in (self.bar, self.cancel):
            widget.setVisible(job is not None)
        self.cancel.setEnabled(job is not None)
        self.preview.setVisible(job is not None and not self.preview.pixmap().isNull())
        if job is None:
            self.preview.clear()
            self.state.setText(self.tr("Queue paused") if self._paused else self.tr("Ready"))
            set_role(self.state, "muted")
            return
        set_role(self.state, "")
        done = wording.fraction(job)
        count = job.request.count
        if done is None and not job.done:
            self.bar.setRange(0, 0)  # how long loading takes is not known
        else:
            self.bar.setRange(0, PARTS)
            self.bar.setValue(round(PARTS * (job.progress.picture + job.progress.together * (done or 0.0)) / count))
        text = wording.one_line(wording.progress(job))
        if count > 1:
            text = self.tr("{n} of {all} · {text}").format(n=_pictures(job), all=count, text=text)
        if self._paused:
            words = self.tr("{text} · pausing") if job.makes_clips else self.tr("{text} · then paused")
            text = words.format(text=text)
        self.state.setText(text)

    def _show_pause(self) -> None:
        waits = any(job.state in (JobState.RUNNING, JobState.WAITING) for job in self._jobs)
        self.pause.setVisible(self._paused or waits)
        self.pause.set_icon("play" if self._paused else "pause")
        self.pause.set_label(self._pause_words())

    def _pause_words(self) -> str:
        if self._paused:
            return self.tr("Resume the queue")
        if self._running is not None and self._running.makes_clips:
            return self.tr("Pause the queue after this step; the clip goes on from there")
        return self.tr("Pause the queue after this picture")

    def _show_others(self, jobs: Sequence[Job]) -> None:
        words = {
            JobState.WAITING: self.tr("{n} waiting"),
            JobState.PAUSED: self.tr("{n} paused"),
            JobState.FAILED: self.tr("{n} failed"),
        }
        parts = []
        for state, text in words.items():
            number = sum(job.state is state for job in jobs)
            if number:
                parts.append(text.format(n=number))
        if not parts and self._ended:
            parts.append(self.tr("Queue"))
        self.others.setText(" · ".join(parts))
        self.others.setVisible(bool(parts))

    def _cancel(self) -> None:
        if self._running is not None:
            self.cancel.setEnabled(False)  # it stops after the step that is under way
            self.intended.emit(self._running.id, "cancel")


def _pictures(job: Job) -> str:
    """Which pictures are in work, counted from 1: "2", or "1–4" where they are made together."""
    first, last = (
        min(job.progress.picture + number, job.request.count) for number in (1, max(1, job.progress.together))
    )
    return str(first) if first == last else f"{first}–{last}"
