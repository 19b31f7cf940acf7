"""The window on its desktop, with a real application and window and a scripted engine."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app import platform
from app.core.events import Failed
from app.core.message import message
from app.core.request import GenerationRequest
from app.engine.jobs import Job, JobState
from app.platform import presence as module
from app.platform.application import Application
from app.platform.presence import DesktopPresence
from app.ui.words.language import use_language


class ScriptedEngine(QObject):
    jobsChanged = Signal()
    jobChanged = Signal(object)
    jobEnded = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.settings = {"notifications": True}
        self._jobs: dict[str, Job] = {}

    def jobs(self) -> tuple[Job, ...]:
        return tuple(self._jobs.values())

    def busy(self) -> bool:
        return any(job.state in (JobState.WAITING, JobState.RUNNING) for job in self.jobs())

    def put(self, job: Job) -> None:
        self._jobs[job.id] = job
        self.jobsChanged.emit()
        self.jobChanged.emit(job)

    def end(self, job: Job) -> None:
        """As the engine does it: finished and cancelled jobs leave the list, failed ones stay."""
        if job.state is JobState.FAILED:
            self._jobs[job.id] = job
        else:
            del self._jobs[job.id]
        self.jobChanged.emit(job)
        self.jobEnded.emit(job)
        self.jobsChanged.emit()


class Bar:
    def __init__(self) -> None:
        self.notices: list[tuple[str, str]] = []
        self.act: Callable[[], object] = lambda: None

    def show_notice(
        self, text: Callable[[], str], action: Callable[[], str], act: Callable[[], object], *, stay: bool
    ) -> None:
        assert stay, "it must be there still when the window is looked for"
        self.notices.append((text(), action()))
        self.act = act


class Window(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.bar = Bar()
        self.opened: list[Path] = []
        self.closed = False

    def open_picture(self, path: Path) -> None:
        self.opened.append(path)

    def closeEvent(self, event: QEvent) -> None:
        self.closed = True


class Stage:
    """The parts under test, and what the desktop was told."""

    def __init__(self, app: Application, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
        self.app = app
        self.monkeypatch = monkeypatch
        self.awake: list[str] = []
        self.notes: list[tuple[str, str]] = []
        self.badges: list[int] = []
        self.now = 100.0

        @contextlib.contextmanager
        def keep_awake(reason: str) -> Iterator[None]:
            self.awake.append(reason)
            yield
            self.awake.remove(reason)

        monkeypatch.setattr(platform, "keep_awake", keep_awake)
        monkeypatch.setattr(platform, "notify", lambda title, text: self.notes.append((title, text)))
        monkeypatch.setattr(platform, "put_aside", lambda window: window.hide())
        monkeypatch.setattr(app, "setBadgeNumber", self.badges.append, raising=False)
        monkeypatch.setattr(f"{module.__name__}.time.monotonic", lambda: self.now)
        self.in_front(False)
        self.engine = ScriptedEngine()
        self.window = Window()
        qtbot.addWidget(self.window)
        self.presence = DesktopPresence(app, self.engine, self.window, lambda message: str(message).upper())  # type: ignore[arg-type]

    def in_front(self, yes: bool) -> None:
        state = Qt.ApplicationState.ApplicationActive if yes else Qt.ApplicationState.ApplicationInactive
        self.monkeypatch.setattr(self.app, "applicationState", lambda: state, raising=False)

    def run(self, job: Job, seconds: float, state: JobState, failure: Failed | None = None) -> None:
        self.engine.put(job.replace(state=JobState.RUNNING))
        self.now += seconds
        self.engine.end(job.replace(state=state, failure=failure))


@pytest.fixture
def stage(qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    assert isinstance(qapp, Application)
    use_language(qapp, "en")
    qapp.setQuitOnLastWindowClosed(False)  # what it posts would end the event loop of a later test
    made = Stage(qapp, qtbot, monkeypatch)
    yield made
    made.app.aboutToQuit.emit()
    qapp.setQuitOnLastWindowClosed(True)


def job(prompt: str = "a red boat", **request: int) -> Job:
    return Job(request=GenerationRequest(prompt=prompt, seed=1, **request))  # type: ignore[arg-type]


def test_computer_stays_awake_and_the_badge_counts_while_jobs_are_to_be_done(stage: Stage) -> None:
    first, second = job(), job()
    stage.engine.put(first)
    stage.engine.put(second)
    stage.engine.put(first.replace(state=JobState.RUNNING))
    assert stage.awake == ["Making pictures"]
    assert stage.badges[-1] == 2
    stage.engine.end(first.replace(state=JobState.FINISHED))
    assert stage.awake == ["Making pictures"]
    assert stage.badges[-1] == 1
    stage.engine.end(second.replace(state=JobState.FAILED))
    assert stage.awake == []
    assert stage.badges[-1] == 0


def test_paused_jobs_keep_nothing_awake(stage: Stage) -> None:
    stage.engine.put(job().replace(state=JobState.PAUSED))
    assert stage.awake == []
    assert set(stage.badges) == {0}


def test_quitting_lets_the_computer_sleep_and_clears_the_badge(stage: Stage) -> None:
    stage.engine.put(job())
    stage.app.aboutToQuit.emit()
    assert stage.awake == []
    assert stage.badges[-1] == 0


def test_long_job_that_ends_in_the_background_is_told(stage: Stage) -> None:
    stage.run(job("a red boat\n  at sea", count=4), 6, JobState.FINISHED)
    assert stage.notes == [("4 pictures ready", "a red boat at sea")]


def test_clips_are_told_as_clips(stage: Stage) -> None:
    stage.run(job(frames=9), 6, JobState.FINISHED)
    stage.run(job(frames=9, count=2), 6, JobState.FINISHED)
    stage.run(job(frames=9), 6, JobState.FAILED, Failed(message("The memory does not suffice.")))
    assert [title for title, _ in stage.notes] == ["1 clip ready", "2 clips ready", "A clip could not be made"]


def test_failure_in_the_background_is_told_with_its_message(stage: Stage) -> None:
    stage.run(job(), 6, JobState.FAILED, Failed(message("The memory does not suffice.")))
    assert stage.notes == [("A picture could not be made", "THE MEMORY DOES NOT SUFFICE.")], "in the window's words"


def test_long_prompt_is_cut_in_the_notification(stage: Stage) -> None:
    stage.run(job("boat " * 100), 6, JobState.FINISHED)
    ((_, text),) = stage.notes
    assert len(text) == 120
    assert text.endswith("…")


@pytest.mark.parametrize("why", ["short", "in front", "not wanted", "cancelled"])
def test_nobody_is_told_needlessly(stage: Stage, why: str) -> None:
    stage.in_front(why == "in front")
    stage.engine.settings["notifications"] = why != "not wanted"
    state = JobState.CANCELLED if why == "cancelled" else JobState.FINISHED
    stage.run(job(), 1 if why == "short" else 60, state)
    assert stage.notes == []


def test_closing_the_window_while_jobs_run_only_puts_it_aside(stage: Stage) -> None:
    stage.window.show()
    stage.engine.put(job())
    assert not stage.window.close()
    assert not stage.window.closed
    assert stage.window.isHidden()
    ((text, action),) = stage.window.bar.notices
    assert "put the window aside" in text
    assert action == "Quit Now"


def test_window_that_was_put_aside_offers_to_quit(stage: Stage) -> None:
    stage.window.show()
    stage.engine.put(job())
    stage.window.close()
    QTimer.singleShot(0, stage.window.bar.act)
    stage.app.exec()
    assert stage.window.closed


def test_dock_click_brings_a_window_back_that_was_put_aside(stage: Stage) -> None:
    stage.window.show()
    stage.engine.put(job())
    stage.window.close()
    stage.app.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
    assert stage.window.isVisible()


def test_window_that_nobody_put_aside_is_not_shown_by_a_click(stage: Stage) -> None:
    stage.app.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
    assert stage.window.isHidden()


def test_closing_the_window_without_jobs_closes_it(stage: Stage) -> None:
    stage.window.show()
    assert stage.window.close()
    assert stage.window.closed


def test_quitting_closes_the_window_even_while_jobs_run(stage: Stage) -> None:
    stage.window.show()
    stage.engine.put(job())
    QTimer.singleShot(0, stage.app.quit)
    stage.app.exec()
    assert stage.window.closed


def test_quitting_lets_a_window_that_was_put_aside_save_its_state(stage: Stage) -> None:
    stage.window.show()
    stage.engine.put(job())
    stage.window.close()
    assert not stage.window.closed
    QTimer.singleShot(0, stage.app.quit)
    stage.app.exec()
    assert stage.window.closed


def test_a_quit_that_was_called_off_is_forgotten(stage: Stage, qtbot: QtBot) -> None:
    stage.window.show()
    stage.engine.put(job())
    stage.app.quitAsked.emit()
    qtbot.wait(10)
    assert not stage.window.close()


def test_file_dropped_on_the_dock_icon_goes_to_the_window(stage: Stage, tmp_path: Path) -> None:
    picture = tmp_path / "a red boat 红.png"
    QCoreApplication.sendEvent(stage.app, QFileOpenEvent(str(picture)))
    assert stage.window.opened == [picture]
    assert stage.window.isVisible()


def test_link_that_is_no_file_opens_nothing(stage: Stage) -> None:
    QCoreApplication.sendEvent(stage.app, QFileOpenEvent(QUrl("https://example.org/picture.png")))
    assert stage.window.opened == []
