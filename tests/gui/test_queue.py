"""The list of jobs: reordered, held under the pointer, paused, cleared, run again."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from app.core.errors import UserError
from app.core.message import message
from app.core.request import GenerationRequest
from app.engine.jobs import Job, JobProgress, JobState
from app.library import paths
from app.ui.jobs.list.popover import JobsPopover
from app.ui.jobs.list.row import JobRow
from app.ui.main_window import MainWindow
from tests.gui.doubles import ScriptedBackend

LEFT = Qt.MouseButton.LeftButton
ALT = Qt.KeyboardModifier.AltModifier


def ask(window: MainWindow, *prompts: str) -> None:
    for prompt in prompts:
        assert window.jobs.submit(GenerationRequest(prompt, model="starter", backend="torch", width=256, height=256))


@pytest.fixture
def busy(qtbot: QtBot, window: MainWindow, backend: ScriptedBackend) -> MainWindow:
    """A window whose list of jobs is open: one runs, three wait."""
    backend.stop_at(5)
    ask(window, "runs", "one", "two", "three")
    qtbot.waitUntil(lambda: window.engine.jobs()[0].state is JobState.RUNNING)
    window.queue.open_jobs()
    return window


def queue(window: MainWindow) -> str:
    return " ".join(job.request.prompt for job in window.engine.jobs())


def on_disk() -> str:
    """The prompts as another start of the app would find them."""
    return " ".join(job["request"]["prompt"] for job in json.loads((paths.home() / "queue.json").read_text())["jobs"])


def popover(window: MainWindow) -> JobsPopover:
    return window.queue.popover


def rows(window: MainWindow) -> dict[str, JobRow]:
    """The rows that are shown, by the beginning of what is heard of them."""
    return {row.accessibleName().partition(",")[0]: row for row in popover(window).list.rows()}


def press(qtbot: QtBot, window: MainWindow, prompt: str, name: str) -> None:
    button = rows(window)[prompt].findChild(QPushButton, f"{name}JobButton")
    assert button is not None
    assert button.isVisible()
    qtbot.mouseClick(button, LEFT)


def enter(window: MainWindow) -> None:
    QApplication.sendEvent(popover(window), QEnterEvent(QPointF(5, 5), QPointF(5, 5), QPointF(5, 5)))
    popover(window).setAttribute(Qt.WidgetAttribute.WA_UnderMouse, True)


def leave(window: MainWindow) -> None:
    popover(window).setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False)
    QApplication.sendEvent(popover(window), QEvent(QEvent.Type.Leave))


def drag(qtbot: QtBot, row: JobRow, to: JobRow, y: int) -> None:
    """Drag a row to a height within another one."""
    start, end = QPoint(60, 10), row.mapFromGlobal(to.mapToGlobal(QPoint(60, y)))
    qtbot.mousePress(row, LEFT, pos=start)
    for step in range(1, 5):
        qtbot.mouseMove(row, start + (end - start) * step / 4)
    qtbot.mouseRelease(row, LEFT, pos=end)


def test_a_drag_reorders_the_queue_at_once_and_on_disk(qtbot: QtBot, busy: MainWindow) -> None:
    shown = rows(busy)
    drag(qtbot, shown["three"], shown["one"], 5)
    assert queue(busy) == on_disk() == "runs three one two"
    assert list(rows(busy)) == ["runs", "three", "one", "two"]
    shown = rows(busy)
    drag(qtbot, shown["three"], shown["two"], shown["two"].height() + 20)
    assert queue(busy) == on_disk() == "runs one two three"
    shown = rows(busy)
    drag(qtbot, shown["two"], shown["runs"], 2)
    assert queue(busy) == on_disk() == "runs two one three", "the running job stays the first"
    drag(qtbot, rows(busy)["runs"], rows(busy)["three"], 40)
    assert queue(busy) == "runs two one three", "it cannot be moved"


def test_escape_calls_a_drag_off(qtbot: QtBot, busy: MainWindow) -> None:
    row = rows(busy)["three"]
    qtbot.mousePress(row, LEFT, pos=QPoint(60, 10))
    qtbot.mouseMove(row, QPoint(60, -120))
    qtbot.keyClick(row, Qt.Key.Key_Escape)
    qtbot.mouseRelease(row, LEFT, pos=QPoint(60, -120))
    assert queue(busy) == "runs one two three"
    assert popover(busy).isVisible()


def test_the_keys_walk_reorder_and_remove(qtbot: QtBot, busy: MainWindow) -> None:
    def key(*keys: object) -> None:
        focus = QApplication.focusWidget()
        assert focus is not None
        qtbot.keyClick(focus, *keys)

    assert rows(busy)["runs"].hasFocus()
    key(Qt.Key.Key_Down)
    key(Qt.Key.Key_Down, ALT)
    assert queue(busy) == on_disk() == "runs two one three"
    assert rows(busy)["one"].hasFocus()
    key(Qt.Key.Key_Down, ALT)
    key(Qt.Key.Key_Down, ALT)  # it is the last already
    assert queue(busy) == "runs two three one"
    for _ in range(3):
        key(Qt.Key.Key_Up, ALT)
    assert queue(busy) == on_disk() == "runs one two three"
    key(Qt.Key.Key_Delete)
    assert queue(busy) == on_disk() == "runs two three"
    assert busy.bar.action.text() == "Undo"


def test_nothing_moves_under_the_pointer(qtbot: QtBot, busy: MainWindow, backend: ScriptedBackend) -> None:
    enter(busy)
    before = {prompt: row.geometry() for prompt, row in rows(busy).items()}
    place = popover(busy).geometry()
    backend.fault = UserError(message("There is not enough memory. " * 5), message("Close other programs."))
    backend.fault_at = 6
    backend.gate.set()
    qtbot.waitUntil(lambda: [job.state for job in busy.engine.jobs()] == [JobState.FAILED] * 4)
    removed = busy.engine.jobs()[1]
    busy.engine.remove(removed.id)
    after = rows(busy)
    assert list(after)[:4] == ["runs", "one", "two", "three"]
    assert {prompt: after[prompt].geometry() for prompt in before} == before
    assert popover(busy).geometry() == place
    assert not [
        button for button in after["runs"].findChildren(QPushButton) if button.isVisible() and button.isEnabled()
    ]
    leave(busy)
    assert set(rows(busy)) == {"runs", "one", "two", "three"} - {removed.request.prompt}
    assert rows(busy)["runs"].height() > before["runs"].height(), "there is room for what went wrong now"


def test_removed_jobs_come_back_in_order(qtbot: QtBot, busy: MainWindow) -> None:
    press(qtbot, busy, "two", "remove")
    assert queue(busy) == "runs one three"
    assert busy.bar.text.text() == "1 job removed"
    qtbot.mouseClick(busy.bar.action, LEFT)
    assert queue(busy) == "runs one two three"
    clear = popover(busy).findChild(QPushButton, "clearQueueButton")
    assert clear is not None
    qtbot.mouseClick(clear, LEFT)
    assert queue(busy) == on_disk() == "runs"
    assert busy.bar.text.text() == "3 jobs removed"
    qtbot.mouseClick(busy.bar.action, LEFT)
    assert queue(busy) == on_disk() == "runs one two three"


def test_the_keys_of_undo_work_in_the_list(qtbot: QtBot, busy: MainWindow) -> None:
    clear = popover(busy).findChild(QPushButton, "clearQueueButton")
    assert clear is not None
    qtbot.mouseClick(clear, LEFT)
    assert queue(busy) == "runs"
    focused = popover(busy).focusWidget()
    assert focused is not None
    qtbot.keyClick(focused, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert queue(busy) == "runs one two three"
    assert popover(busy).isVisible()


def test_undo_in_the_menu_takes_a_removal_back_once(qtbot: QtBot, busy: MainWindow) -> None:
    popover(busy).hide()
    busy.menus.actions["clear_queue"].trigger()
    assert queue(busy) == "runs"
    undo = busy.menus.actions["undo"]
    busy.activateWindow()
    busy.gallery.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is busy.gallery)
    busy.menus.name_undo()
    assert undo.text() == "Undo Removal of Jobs"
    busy.bar.dismiss()
    undo.trigger()
    assert queue(busy) == on_disk() == "runs one two three"
    undo.trigger()
    assert queue(busy) == "runs one two three"
    assert undo.text() == "Undo"


def test_the_queue_is_paused_after_the_picture_and_says_so(
    qtbot: QtBot, busy: MainWindow, backend: ScriptedBackend
) -> None:
    strip = busy.queue
    pause = popover(busy).findChild(QPushButton, "pauseQueueButton")
    assert pause is not None
    qtbot.mouseClick(pause, LEFT)
    assert strip.state.text().endswith("then paused")
    assert pause.text() == "Resume"
    backend.gate.set()
    qtbot.waitUntil(lambda: strip.state.text() == "Queue paused")
    assert queue(busy) == "one two three"
    assert busy.menus.actions["pause"].text() == "Resume the Queue"
    popover(busy).hide()
    ask(busy, "four")
    assert "paused" in busy.bar.text.text()
    assert strip.pause.accessibleName() == "Resume the queue"
    qtbot.mouseClick(strip.pause, LEFT)
    qtbot.waitUntil(lambda: busy.model.pictures == 5)
    assert not strip.pause.isVisible()


@pytest.mark.parametrize(("entry", "same"), [("again_new", False), ("again_same", True)])
def test_an_ended_job_is_run_again(
    qtbot: QtBot, window: MainWindow, backend: ScriptedBackend, entry: str, same: bool
) -> None:
    ask(window, "a tree")
    qtbot.waitUntil(lambda: window.model.pictures == 1 and not window.engine.busy())
    window.queue.open_jobs()
    assert rows(window)["a tree"].accessibleName().startswith("a tree, Finished")
    menu = rows(window)["a tree"].menu("again")
    (action,) = [each for each in menu.actions() if each.objectName() == f"{entry}JobAction"]
    assert len(menu.actions()) == 2
    action.trigger()
    qtbot.waitUntil(lambda: len(backend.generated) == 2)
    first, second = backend.generated
    assert (second.seed == first.seed) is same
    assert second == first.replace(seed=second.seed)


def test_the_settings_of_a_job_go_into_the_panel(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    picture, mask = tmp_path / "start.png", tmp_path / "mask.png"
    for path in (picture, mask):
        Image.new("L", (64, 64), "white").save(path)
    window.panel.start_picture.set_path(str(picture), str(mask), 0.4)
    inputs = window.panel.request().inputs
    window.panel.prompt.replace("a tree")
    window.panel.generate()
    qtbot.waitUntil(lambda: window.model.pictures == 1 and not window.engine.busy())
    window.panel.start_picture.set_path("")
    window.panel.prompt.replace("a house")
    window.queue.open_jobs()
    (action,) = [each for each in rows(window)["a tree"].menu().actions() if each.objectName() == "useJobAction"]
    action.trigger()
    assert window.panel.prompt.toPlainText() == "a tree"
    assert [(item.role, item.path) for item in window.panel.request().inputs] == [
        (item.role, item.path) for item in inputs
    ]


def test_buttons_are_called_by_what_they_do_and_the_others_by_nothing(
    qtbot: QtBot, busy: MainWindow, speak: Callable[[str], None]
) -> None:
    buttons = [each for row in rows(busy).values() for each in row.findChildren(QPushButton)]
    names = {each.accessibleName() for each in buttons if each.isVisible()}
    assert names == {"Cancel: runs", "Remove: one", "Remove: two", "Remove: three"}
    assert {each.accessibleName() for each in buttons if not each.isVisible()} == {""}


def test_a_long_queue_is_listed_quickly(qtbot: QtBot, window: MainWindow) -> None:
    window.engine.pause()
    for number in range(100):
        window.engine.submit(GenerationRequest(f"a tree {number}", model="starter", backend="torch"))
    window.queue.open_jobs()
    assert len(rows(window)) == 100
    assert popover(window).height() < window.height()
    rows(window)["a tree 99"].setFocus()
    with qtbot.waitSignal(window.engine.jobsChanged, timeout=500):
        qtbot.keyClick(rows(window)["a tree 99"], Qt.Key.Key_Up, ALT)
    assert queue(window).endswith("a tree 99 a tree 98")


def test_pictures_that_are_made_together_are_counted_together(qtbot: QtBot, busy: MainWindow) -> None:
    progress = JobProgress(picture=1, step=2, steps=4, together=2)
    job = Job(GenerationRequest("a house", seed=1, count=5), state=JobState.RUNNING, progress=progress)
    busy.queue.show_jobs((job,))
    assert busy.queue.state.text() == "2–3 of 5 · step 2 of 4"
    together = busy.queue.bar.value()
    busy.queue.show_jobs((job.replace(progress=dataclasses.replace(progress, together=1)),))
    assert together > busy.queue.bar.value()
