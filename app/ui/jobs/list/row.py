"""One job of the list: its prompt, how it stands, and its buttons."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from app.core.message import NOTHING
from app.engine.jobs import JobState
from app.ui.controls.buttons import push_button
from app.ui.controls.style.icons import paint_icon
from app.ui.controls.style.theme import RADIUS, colours
from app.ui.controls.text.labels import label, set_role
from app.ui.jobs.list.intents import intents, menu_intents
from app.ui.jobs.list.shown import Shown
from app.ui.words import wording
from app.ui.words.messages import translated

GRIP = 20
"""Points at the left by which a job is taken hold of."""
QWIDGETSIZE_MAX = (1 << 24) - 1
"""Qt's own; PySide does not have it."""
BUTTONS = ("cancel", "resume", "retry", "suggest", "again", "remove")


class JobRow(QWidget):
    """One job. Its menu offers more than its buttons do.

    Signals:
        intended(str, str): job id and intent, as in `intents`.
    """

    intended = Signal(str, str)

    def __init__(self, backend_name: Callable[[str], str]) -> None:
        super().__init__()
        self.setObjectName("jobRow")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._backend_name = backend_name
        self._shown: Shown | None = None
        self._state_text = ""
        self.dragged = False
        self._prompt = label("", "heading")
        self._state = label("", "caption")
        self._remedy = label("", "caption", wrap=True)
        words = QVBoxLayout()
        words.setSpacing(2)
        for each in (self._prompt, self._state, self._remedy):
            each.setMinimumWidth(1)
            each.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)  # the row is what is dragged
            words.addWidget(each)
        self._buttons: dict[str, QPushButton] = {}
        self._actions = QHBoxLayout()
        self._actions.setSpacing(8)
        for intent in BUTTONS:
            button = push_button(f"{intent}JobButton", "")
            button.clicked.connect(lambda _=False, intent=intent: self._pressed(intent))
            self._actions.addWidget(button)
            self._buttons[intent] = button
        self._content = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._content.setContentsMargins(GRIP, 10, 6, 10)
        self._content.setSpacing(12)
        self._content.addLayout(words, 1)
        self._content.addLayout(self._actions)
        self._whole = QVBoxLayout(self)
        self._whole.setContentsMargins(0, 0, 0, 0)
        self._whole.addLayout(self._content)

    @property
    def job_id(self) -> str:
        return self._shown.job.id if self._shown is not None else ""

    def settle(self) -> None:
        """Take what has just changed into account, so that the height can be measured."""
        for part in self.findChildren(QWidget):
            part.ensurePolished()  # with the style sheet's fonts
        self._whole.activate()

    def show_job(self, shown: Shown, *, hold: bool) -> None:
        """Show a job.

        Args:
            hold: keep the height, and offer nothing else where a press may be under way.
        """
        self._shown = shown
        job, prompt = shown.job, wording.one_line(shown.job.request.prompt)
        failed = job.state is JobState.FAILED and not hold  # then there is much to read: the buttons stand below it
        self._content.setDirection(QBoxLayout.Direction.TopToBottom if failed else QBoxLayout.Direction.LeftToRight)
        place = Qt.AlignmentFlag.AlignLeft if failed else Qt.AlignmentFlag.AlignVCenter
        self._content.setAlignment(self._actions, place)
        self._prompt.setToolTip(wording.tip(job.request.prompt))
        self._state_text = wording.shortened(self._state_words(shown), wording.MESSAGE_LENGTH)
        set_role(self._state, "danger" if job.state is JobState.FAILED and not shown.gone else "caption")
        self._state.setWordWrap(failed)
        remedy = job.failure.remedy if failed and job.failure is not None else NOTHING
        self._remedy.setText(wording.shortened(translated(remedy), wording.MESSAGE_LENGTH))
        self._remedy.setVisible(bool(remedy))
        self._show_buttons(shown, prompt, hold=hold)
        self.setAccessibleName(f"{prompt}, {self._state_text}")
        self._elide()
        self.update()

    def keep_height(self, keep: bool) -> None:
        """Let nothing that is shown from now on change the height, or let it again."""
        self.setMinimumHeight(self.height() if keep and self.isVisible() else 0)
        self.setMaximumHeight(self.height() if keep and self.isVisible() else QWIDGETSIZE_MAX)

    def menu(self, intent: str = "") -> QMenu:
        """What can be done with the job, or the choice that one of its buttons leaves."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        assert self._shown is not None
        job_id = self.job_id  # the row may show another job by then
        for each, words in menu_intents(self._shown):
            if each.startswith(intent):
                action = menu.addAction(words)
                action.setObjectName(f"{each}JobAction")
                action.triggered.connect(lambda _=False, each=each: self.intended.emit(job_id, each))
        return menu

    def _show_buttons(self, shown: Shown, prompt: str, *, hold: bool) -> None:
        captions = intents(shown, self._backend_name)
        if hold and set(captions) != {name for name, each in self._buttons.items() if not each.isHidden()}:
            for button in self._buttons.values():
                button.setEnabled(False)  # a press that was meant for what it said before does nothing
            return
        for intent, button in self._buttons.items():
            caption = captions.get(intent, "")
            button.setVisible(bool(caption))
            button.setEnabled(not shown.gone)
            button.setText(caption)
            button.setAccessibleName(f"{caption}: {prompt}" if caption else "")

    def _state_words(self, shown: Shown) -> str:
        job = shown.job
        if shown.gone:
            return self.tr("Removed")
        words = wording.job_state(job)
        if job.state in (JobState.RUNNING, JobState.FAILED):
            return words
        return f"{words} · {wording.summary(job.request)}"

    def _elide(self) -> None:
        """Cut what does not fit: a label would ask for all of its room."""
        width = max(40, self._prompt.width())
        assert self._shown is not None
        right = Qt.TextElideMode.ElideRight
        for each, text in (
            (self._prompt, wording.one_line(self._shown.job.request.prompt)),
            (self._state, self._state_text),
        ):
            each.ensurePolished()  # the style sheet's font is the one to measure with
            each.setText(text if each.wordWrap() else each.fontMetrics().elidedText(text, right, width))
        self._state.setToolTip("" if self._state.text() == self._state_text else wording.tip(self._state_text))

    def _pressed(self, intent: str) -> None:
        if intent == "again":
            button = self._buttons[intent]
            self.menu(intent).popup(button.mapToGlobal(button.rect().bottomLeft()))
        else:
            self.intended.emit(self.job_id, intent)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu().popup(event.globalPos())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._shown is not None:
            self._elide()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        scheme, painter = colours(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.dragged:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(scheme.color("pressed"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0, 2, 0, -2), RADIUS, RADIUS)
        if self.hasFocus():
            painter.setPen(QPen(scheme.color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 3, -1, -2), RADIUS, RADIUS)
        painter.setPen(QPen(scheme.color("line"), 1))
        painter.drawLine(0, 0, self.width(), 0)
        if self._shown is not None and self._shown.movable:
            paint_icon(
                painter, "grip", scheme.color("muted"), QRectF(1, self._prompt.geometry().center().y() - 8, 16, 16)
            )
