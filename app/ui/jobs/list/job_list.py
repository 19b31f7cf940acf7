"""The rows of the list. While the pointer is over them, none moves by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QScrollArea, QVBoxLayout, QWidget

from app.engine.jobs import Job
from app.ui.jobs.list.reordering import Reordering
from app.ui.jobs.list.row import JobRow
from app.ui.jobs.list.shown import Shown, held, moved, neighbour, shown
from app.ui.words.language import on_language_change, set_translated

MARGIN = 8
_UP, _DOWN = (Qt.Key.Key_Up, Qt.Key.Key_Down)
_DELETE = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)


class JobList(QScrollArea):
    """Arrow keys walk from job to job, with Alt they move the job; Delete removes it.

    Signals:
        intended(str, str): job id and intent, as in `intents`.
        moveAsked(str, object): job id, and the id of the job that it is put in front of, or None for the end.
    """

    intended = Signal(str, str)
    moveAsked = Signal(str, object)

    def __init__(self, backend_name: Callable[[str], str]) -> None:
        super().__init__()
        set_translated(self, lambda: self.tr("Jobs"), self.setAccessibleName)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._backend_name = backend_name
        self._jobs: Sequence[Job] = ()
        self._ended: Sequence[Job] = ()
        self._shown: list[Shown] = []
        self._rows: list[JobRow] = []
        self._over = False
        self._inner = inner = QWidget()
        inner.setProperty("role", "page")
        self.column = QVBoxLayout(inner)
        self.column.setContentsMargins(MARGIN, 0, MARGIN, 4)
        self.column.setSpacing(0)
        self.column.addStretch()
        self.setWidget(inner)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._reordering = Reordering(self, inner, self._movable, self._move)
        on_language_change(self, lambda: self._show(self._shown, anew=True))

    def set_jobs(self, jobs: Sequence[Job], ended: Sequence[Job]) -> None:
        """List the queue's jobs and those that have ended, the latest of them last."""
        self._jobs, self._ended = jobs, ended
        now = shown(jobs, ended)
        self._show(held(self._shown, now) if self._over or self._reordering.active else now)

    def set_over(self, over: bool) -> None:
        """Tell that the pointer is over the list, or is no longer."""
        if over == self._over:
            return
        self._over = over
        for row in self._rows:
            row.keep_height(over)
        if not over:
            self._show(shown(self._jobs, self._ended), anew=True)

    def rows(self) -> list[JobRow]:
        """Those that are shown, in order."""
        return self._rows[: len(self._shown)]

    def take_width(self, width: int) -> int:
        """Lay the rows out so many points wide; how high they are then."""
        self._inner.setFixedWidth(width)
        for row in self.rows():
            row.settle()
        wraps = self.column.hasHeightForWidth()  # only what says much does
        return self.column.totalHeightForWidth(width) if wraps else self.column.totalSizeHint().height()

    def focus_first(self) -> None:
        """Let the keys begin at the top."""
        if self._shown:
            self._rows[0].setFocus()
        self.verticalScrollBar().setValue(0)

    def close_down(self) -> None:
        """The list is hidden: nobody holds it."""
        self._reordering.end()
        self.set_over(False)

    def _show(self, rows: list[Shown], *, anew: bool = False) -> None:
        """Rows are kept and hidden, never deleted: a button may be pressed while the list changes."""
        before, self._shown = self._shown, rows
        while len(self._rows) < len(rows):
            self._add_row()
        for number, row in enumerate(self._rows):
            if number < len(rows):
                new, old = rows[number], before[number] if number < len(before) else None
                if anew or old is None or old.job is not new.job or old.gone != new.gone:
                    row.show_job(new, hold=self._over)
            row.setVisible(number < len(rows))

    def _add_row(self) -> None:
        row = JobRow(self._backend_name)
        row.intended.connect(self._intend)
        self._reordering.watch(row)
        self.column.insertWidget(len(self._rows), row)
        self._rows.append(row)

    def _movable(self) -> list[JobRow]:
        return [row for row, each in zip(self._rows, self._shown, strict=False) if each.movable]

    # -- what the user wants

    def _intend(self, job_id: str, intent: str) -> None:
        steps = {"move_up": -1, "move_down": 1}
        movable = [row.job_id for row in self._movable()]
        if intent in steps:
            self._step(job_id, steps[intent])
        elif intent == "move_first":
            self._move(job_id, movable[0])
        elif intent == "move_last":
            self._move(job_id, None)
        else:
            self.intended.emit(job_id, intent)

    def _step(self, job_id: str, step: int) -> None:
        possible, before = neighbour(self._shown, job_id, step)
        if possible:
            self._move(job_id, before)

    def _move(self, job_id: str, before: str | None) -> None:
        """The user moves it, so it moves at once, also under the pointer."""
        if job_id == before:
            return
        self._show(moved(self._shown, job_id, before), anew=True)
        self.moveAsked.emit(job_id, before)
        self._focus(job_id)

    def _focus(self, job_id: str) -> None:
        for row in self.rows():
            if row.job_id == job_id:
                row.setFocus()
                self.ensureWidgetVisible(row, 0, 0)

    def _focused(self) -> int | None:
        """The row that has the focus, itself or a button of it."""
        focus = QApplication.focusWidget()
        for number, row in enumerate(self.rows()):
            if focus is not None and (row is focus or row.isAncestorOf(focus)):
                return number
        return None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        number, key = self._focused(), event.key()
        if number is None:
            super().keyPressEvent(event)
        elif key in (_UP, _DOWN):
            step = -1 if key == _UP else 1
            if event.modifiers() & Qt.KeyboardModifier.AltModifier:
                self._step(self._rows[number].job_id, step)
            else:
                self._focus_row(number + step)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._focus_row(0 if key == Qt.Key.Key_Home else len(self._shown) - 1)
        elif key in _DELETE and self._shown[number].movable:
            self.intended.emit(self._rows[number].job_id, "remove")
        else:
            super().keyPressEvent(event)

    def _focus_row(self, number: int) -> None:
        row = self._rows[max(0, min(len(self._shown) - 1, number))]
        row.setFocus()
        self.ensureWidgetVisible(row, 0, 0)
