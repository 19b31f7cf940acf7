"""Between the engine's jobs and the widgets that show them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog

from app.core.errors import UserError
from app.core.grid import Grid
from app.core.output import Pixels
from app.core.request import GenerationRequest
from app.engine.engine import Engine
from app.engine.jobs import Job, JobState
from app.library.files import check_writable
from app.library.pictures.images import Picture
from app.ui.controls.message_bar import MessageBar
from app.ui.gallery.grid.view import GalleryView
from app.ui.gallery.inspector.inspector import Inspector
from app.ui.gallery.pictures.model import GalleryModel
from app.ui.jobs.actions import JobActions
from app.ui.jobs.previews import MovingPreview
from app.ui.jobs.queue_view import QueueView
from app.ui.words import wording
from app.ui.words.messages import translated

CUT_LENGTH = 80
"""Characters of what was left out of a prompt that a notice shows."""


class JobController(QObject):
    """Submits requests, and shows what the engine tells. `actions` does what the user wants of jobs.

    Args:
        has_warned: whether the user was warned that the end of this prompt would be left out.

    Signals:
        queued: what was asked for is in the queue.
        runningChanged(bool): a job runs now, or none does.
        queueChanged: the jobs, or whether the queue is paused.
    """

    queued = Signal()
    runningChanged = Signal(bool)
    queueChanged = Signal()

    def __init__(
        self,
        engine: Engine,
        model: GalleryModel,
        gallery: GalleryView,
        inspector: Inspector,
        queue: QueueView,
        bar: MessageBar,
        has_warned: Callable[[str], bool],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._model = model
        self._gallery = gallery
        self._inspector = inspector
        self._queue = queue
        self._bar = bar
        self._has_warned = has_warned
        self._cut_prompt = ""
        self._jobs: tuple[Job, ...] = ()
        self._previewed_picture = "", 0
        self._preview = MovingPreview(self)
        self._preview.shown.connect(self._show_preview)
        self.actions = JobActions(engine, bar, self)
        engine.jobsChanged.connect(self._jobs_changed)
        engine.jobChanged.connect(self._job_changed)
        engine.previewed.connect(self._previewed)
        engine.generated.connect(self._generated)
        engine.jobEnded.connect(self._job_ended)
        queue.intended.connect(self.actions.act)
        queue.moveAsked.connect(self.actions.move)
        queue.pauseAsked.connect(self.actions.toggle_pause)
        queue.clearAsked.connect(self.actions.clear)
        queue.undoAsked.connect(self.actions.undoAsked)
        self.actions.endedChanged.connect(self._show)

    def open(self) -> None:
        """Show the jobs that are there, and offer to go on with those of the last run."""
        self._jobs_changed()
        paused = sum(job.state is JobState.PAUSED for job in self._jobs)
        if paused:
            self._bar.show_notice(
                lambda: self._paused_text(paused), lambda: self.tr("Resume"), self._engine.resume_all, stay=True
            )

    def _paused_text(self, paused: int) -> str:
        if paused == 1:
            return self.tr("A job waits since the last time.")
        return self.tr("{n} jobs wait since the last time.").format(n=paused)

    def submit(self, *requests: GenerationRequest) -> bool:
        """Queue requests, as `JobActions.submit`, and follow their pictures."""
        return self._follow(self.actions.submit(*requests))

    def ask_for(self, wish: GenerationRequest, grid: Grid | None = None) -> bool:
        """Queue what a wish stands for, as `JobActions.ask_for`, and follow its pictures."""
        return self._follow(self.actions.ask_for(wish, grid))

    def _follow(self, queued: bool) -> bool:
        if queued:
            self._gallery.auto_selection.begin()
            self.queued.emit()
        return queued

    def show_in_inspector(self) -> None:
        """Show a picture in work there, if its tile is selected."""
        placeholder = self._gallery.placeholder()
        if placeholder is not None:
            self._inspector.show_placeholder(placeholder, self._model.preview(placeholder))

    def removable(self) -> bool:
        """Whether there is a job to clear."""
        return any(job.state is not JobState.RUNNING for job in self._jobs)

    def _running(self) -> Job | None:
        return next((job for job in self._jobs if job.state is JobState.RUNNING), None)

    def _jobs_changed(self) -> None:
        self._jobs = self._engine.jobs()
        self._show()

    def _job_changed(self, job: Job) -> None:
        self._jobs = tuple(job if each.id == job.id else each for each in self._jobs)
        self._show()

    def _show(self) -> None:
        running = self._running()
        if running is None:
            self._preview.stop()
        self._model.set_jobs(self._jobs)
        self._queue.show_jobs(self._jobs, self.actions.ended, paused=self._engine.paused())
        self.show_in_inspector()
        self.runningChanged.emit(running is not None)
        self.queueChanged.emit()

    def _previewed(self, job_id: str, number: int, pixels: Pixels) -> None:
        running = self._running()
        if running is None or running.id != job_id:
            return  # it has ended meanwhile
        self._previewed_picture = job_id, number
        self._preview.show(pixels)

    def _show_preview(self, image: QImage) -> None:
        self._model.set_preview(*self._previewed_picture, image)
        self._queue.show_preview(image)
        self.show_in_inspector()

    def _generated(self, job_id: str, picture: Picture) -> None:
        if self._engine.closed:
            return  # and so is the gallery; the picture is listed at the next start
        self._model.add(picture.path)
        self._gallery.auto_selection.generated(job_id, picture.path, picture.seed)
        note, cut = picture.provenance.note, picture.provenance.prompt_cut
        if note:
            self._bar.show_notice(lambda: translated(note))
        elif cut and picture.prompt != self._cut_prompt and not self._has_warned(picture.prompt):
            self._cut_prompt = picture.prompt
            self._bar.show_notice(lambda: self._cut_text(cut))

    def _cut_text(self, cut: str) -> str:
        return self.tr("The end of the prompt was left out: “{text}”").format(text=wording.one_line(cut, CUT_LENGTH))

    def _job_ended(self, job: Job) -> None:
        failure = job.failure
        if failure is None:
            self.actions.keep_ended(job)
            return
        error = UserError(failure.message, failure.remedy)
        if self._folder_refuses():
            self._bar.show_error(error, lambda: self.tr("Choose folder…"), lambda: self._choose_folder(job.id))
        elif failure.suggestion:  # it is likelier to succeed; the list of jobs offers to try the same again, too
            self._bar.show_error(
                error,
                self.actions.offered(failure.suggestion),
                lambda: self.actions.act(job.id, "suggest"),
            )
        elif failure.retry:
            self._bar.show_error(error, lambda: self.tr("Retry"), lambda: self._engine.retry(job.id))
        else:
            self._bar.show_error(error)

    def _folder_refuses(self) -> bool:
        """Whether the pictures folder cannot be written to, which no other try would change."""
        try:
            check_writable(self._engine.gallery.folder)
        except UserError:
            return True
        return False

    def _choose_folder(self, job_id: str) -> None:
        """Let the user choose where pictures are saved, and try the job again there."""
        folder = QFileDialog.getExistingDirectory(self._queue.window(), self.tr("Where new pictures are saved"))
        if not folder:
            return
        try:
            self._engine.settings.set("pictures_folder", folder)
            self._engine.retry(job_id)
        except UserError as error:
            self._bar.show_error(error)
