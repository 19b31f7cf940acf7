"""Ties the engine and the window to the desktop around them."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QWidget

from app import platform
from app.core.message import Message
from app.platform.application import Application

if TYPE_CHECKING:
    from app.engine.engine import Engine
    from app.engine.jobs import Job

LONG_JOB = 5.0
"""Seconds from which on a job's end is worth a notification."""
LONGEST_TEXT = 120


class Bar(Protocol):
    def show_notice(
        self, text: Callable[[], str], action: Callable[[], str], act: Callable[[], object], *, stay: bool
    ) -> None: ...


class LinkReader(Protocol):
    def open(self, link: str) -> None: ...


class PictureWindow(Protocol):
    bar: Bar
    links: LinkReader

    def open_picture(self, path: Path) -> None: ...


class DesktopPresence(QObject):
    """What the desktop sees of the app while the window lives.

    - While jobs are to be done: sleep and App Nap are held off, and the Dock badge counts the jobs.
    - A job that took long and ends while another app is in front: a notification, if the settings want it.
    - Closing the window while jobs run puts it aside, and it says so; quitting quits.
    - A click on the Dock icon brings a window back that was put aside.
    - Pictures dropped on the Dock icon or opened with the app go to the window, and so do links of its scheme.

    Args:
        window: the main window, not shown yet; it is a `PictureWindow` too.
        translate: gives a message of the engine in the window's language.
    """

    def __init__(
        self, app: Application, engine: Engine, window: QWidget, translate: Callable[[Message], str] = str
    ) -> None:
        super().__init__(window)
        self._app = app
        self._engine = engine
        self._window = window
        self._translate = translate
        self._awake = contextlib.ExitStack()
        self._is_awake = False
        self._started: dict[str, float] = {}
        self._aside = False
        self._quitting = False
        platform.unify_title_bar(window)
        engine.jobsChanged.connect(self._update)
        engine.jobChanged.connect(self._job_changed)
        engine.jobEnded.connect(self._job_ended)
        app.fileOpened.connect(self._open)
        app.linkOpened.connect(self._open_link)
        app.quitAsked.connect(self._quit_asked)
        app.applicationStateChanged.connect(self._application_state_changed)
        app.aboutToQuit.connect(self._leave)
        window.installEventFilter(self)
        self._update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the window's close from ending the app while jobs run."""
        if event.type() != QEvent.Type.Close or watched is not self._window:
            return False
        if self._quitting or not self._engine.busy():
            return False
        event.ignore()
        self._aside = True
        # A desktop need not minimize; then the window seems not to heed the click.
        cast(PictureWindow, self._window).bar.show_notice(
            lambda: self.tr("Closing only put the window aside, because pictures were still being made."),
            lambda: self.tr("Quit Now"),
            self._app.quit,
            stay=True,
        )
        platform.put_aside(self._window)
        return True

    def bring_back(self) -> None:
        """Show the window, in front."""
        self._aside = False
        self._window.setWindowState(self._window.windowState() & ~Qt.WindowState.WindowMinimized)
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()

    def _quit_asked(self) -> None:
        # Quitting closes every window; one that refuses calls it off.
        self._quitting = True
        QTimer.singleShot(0, self._quit_called_off)

    def _quit_called_off(self) -> None:
        self._quitting = False

    def _application_state_changed(self, state: Qt.ApplicationState) -> None:
        if state == Qt.ApplicationState.ApplicationActive and self._aside and not self._window.isVisible():
            self.bring_back()

    def _open(self, path: Path) -> None:
        self.bring_back()
        cast(PictureWindow, self._window).open_picture(path)

    def _open_link(self, link: str) -> None:
        self.bring_back()
        cast(PictureWindow, self._window).links.open(link)

    def _job_changed(self, job: Job) -> None:
        if job.state == "running":
            self._started.setdefault(job.id, time.monotonic())
        self._update()

    def _update(self) -> None:
        self._app.setBadgeNumber(sum(job.state in ("running", "waiting") for job in self._engine.jobs()))
        if self._engine.busy() != self._is_awake:
            self._is_awake = not self._is_awake
            if self._is_awake:
                self._awake.enter_context(platform.keep_awake("Making pictures"))
            else:
                self._awake.close()

    def _job_ended(self, job: Job) -> None:
        seconds = time.monotonic() - self._started.pop(job.id, time.monotonic())
        in_front = self._app.applicationState() == Qt.ApplicationState.ApplicationActive
        if in_front or seconds < LONG_JOB or not self._engine.settings.get("notifications"):
            return
        count, clips = job.request.count, job.makes_clips
        if job.state == "finished":
            ready = self.tr("%n picture(s) ready", "", count)
            if clips:
                ready = self.tr("1 clip ready") if count == 1 else self.tr("{n} clips ready").format(n=count)
            platform.notify(ready, _short(job.request.prompt))
        elif job.failure is not None:
            failed = self.tr("A clip could not be made") if clips else self.tr("A picture could not be made")
            platform.notify(failed, _short(self._translate(job.failure.message)))

    def _leave(self) -> None:
        self._awake.close()
        self._app.setBadgeNumber(0)
        if self._aside and self._window.isHidden():
            # Quitting closes only windows that can be seen; this one has its state to save too.
            self._quitting = True
            self._app.sendEvent(self._window, QCloseEvent())


def _short(text: str) -> str:
    line = " ".join(text[: 4 * LONGEST_TEXT].split())
    return line if len(line) <= LONGEST_TEXT else line[: LONGEST_TEXT - 1] + "…"
