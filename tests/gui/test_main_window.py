"""The main job through the window: type, generate, watch, find the picture again."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFileDialog,
    QLabel,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.core.errors import UserError
from app.core.events import Failed
from app.core.message import message, plain
from app.core.request import GenerationRequest
from app.engine.jobs import Job, JobState
from app.library import paths
from app.library.pictures import images
from app.ui.gallery.pictures.model import JOB_ROLE, PATH_ROLE
from app.ui.main_window import MainWindow
from tests.gui.conftest import close
from tests.gui.doubles import ScriptedBackend

NAMES = [
    "promptEdit",
    "negativeEdit",
    "modelBox",
    "backendBox",
    "aspectBox",
    "widthBox",
    "heightBox",
    "stepsBox",
    "guidanceBox",
    "seedBox",
    "countBox",
    "generateButton",
    "cancelButton",
    "estimateLabel",
    "galleryView",
    "searchEdit",
    "inspector",
    "viewer",
    "queueView",
    "previewLabel",
    "progressBar",
]


def find(window: MainWindow, name: str, kind: type = QWidget) -> Any:
    found: Any = window.findChild(kind, name)
    assert found is not None, name
    return found


def type_prompt(qtbot: QtBot, window: MainWindow, text: str) -> None:
    qtbot.keyClicks(find(window, "promptEdit", QPlainTextEdit), text)


def test_every_named_widget_is_there_and_has_an_accessible_name(window: MainWindow) -> None:
    assert [name for name in NAMES if not find(window, name).accessibleName()] == []


def test_the_prompt_has_the_focus_when_the_window_opens(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: find(window, "promptEdit").hasFocus())


def test_a_prompt_becomes_a_picture(qtbot: QtBot, window: MainWindow, backend: ScriptedBackend) -> None:
    model = find(window, "galleryView", QAbstractItemView).model()
    type_prompt(qtbot, window, "a red sailboat")
    window.panel.seed.set_value(7)
    qtbot.mouseClick(find(window, "generateButton", QPushButton), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: model.rowCount() == 1 and model.index(0, 0).data(PATH_ROLE) is not None)
    path = model.index(0, 0).data(PATH_ROLE)
    picture = images.read(path)
    assert picture.prompt == "a red sailboat"
    assert picture.seed == 7
    qtbot.waitUntil(lambda: window.inspector.path == path)  # who asked for it sees it


def test_ctrl_return_generates_from_the_prompt_field(qtbot: QtBot, window: MainWindow) -> None:
    type_prompt(qtbot, window, "a tree")
    qtbot.keyClick(find(window, "promptEdit"), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.model.pictures == 1)
    assert "\n" not in window.panel.prompt.toPlainText()


def test_a_running_job_shows_progress_preview_and_cancels(
    qtbot: QtBot, window: MainWindow, backend: ScriptedBackend
) -> None:
    backend.stop_at(5)
    type_prompt(qtbot, window, "a tree")
    window.panel.count.box.setValue(2)
    window.panel.generate()
    bar, cancel = find(window, "progressBar", QProgressBar), find(window, "cancelButton", QPushButton)
    state = find(window, "stateLabel", QLabel)
    qtbot.waitUntil(lambda: "step 5 of 20" in state.text())
    assert "1 of 2" in state.text()
    assert 0 < bar.value() < bar.maximum()
    qtbot.waitUntil(lambda: not find(window, "previewLabel", QLabel).pixmap().isNull())
    assert window.model.index(0).data(JOB_ROLE) is not None
    assert window.model.rowCount() == 2, "each picture of the job has its place"
    assert cancel.isEnabled()
    qtbot.mouseClick(cancel, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.engine.jobs())
    qtbot.waitUntil(lambda: window.model.rowCount() == 0)
    assert cancel.isHidden()


def test_an_empty_prompt_says_what_to_do(qtbot: QtBot, window: MainWindow) -> None:
    window.panel.generate()
    assert window.bar.isVisible()
    assert "empty" in window.bar.text.text()
    assert window.bar.remedy.text()
    assert not window.engine.jobs()


def test_a_failed_job_offers_retry_and_nothing_is_lost(
    qtbot: QtBot, window: MainWindow, backend: ScriptedBackend
) -> None:
    backend.fault, backend.fault_at = (
        UserError(message("There is not enough memory."), message("Close other programs.")),
        3,
    )
    type_prompt(qtbot, window, "a tree")
    window.panel.generate()
    qtbot.waitUntil(lambda: window.bar.isVisible())
    assert window.bar.text.text() == "There is not enough memory."
    assert window.bar.remedy.text() == "Close other programs."
    assert [job.state for job in window.engine.jobs()] == [JobState.FAILED]
    assert "1 failed" in window.queue.others.text()
    backend.fault = None
    qtbot.mouseClick(window.bar.action, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.model.pictures == 1)


def test_waiting_jobs_are_listed_and_can_be_removed(qtbot: QtBot, window: MainWindow, backend: ScriptedBackend) -> None:
    backend.stop_at(1)
    type_prompt(qtbot, window, "a tree")
    for _ in range(3):
        window.panel.generate()
    qtbot.waitUntil(lambda: "2 waiting" in window.queue.others.text())
    window.queue.open_jobs()
    buttons = [each for each in window.queue.popover.findChildren(QPushButton, "removeJobButton") if each.isVisible()]
    assert len(buttons) == 2
    qtbot.mouseClick(buttons[0], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "1 waiting" in window.queue.others.text())
    assert len(window.engine.jobs()) == 2
    window.queue.popover.hide()


def test_the_list_of_jobs_is_as_high_as_its_rows(qtbot: QtBot, window: MainWindow) -> None:
    request = GenerationRequest("a tree", width=256, height=256, steps=20, seed=1)
    waiting = [Job(request, state=state) for state in (JobState.RUNNING, JobState.WAITING, JobState.WAITING)]
    failure = Failed(plain("There is not enough memory. " * 6), plain("Close others. " * 6))
    failed = Job(request, state=JobState.FAILED, failure=failure)
    popover = window.queue.popover
    for jobs in (waiting, [failed, *waiting], waiting[:2]):
        popover.show_jobs(jobs, (), paused=False)
        popover.open_above(window.queue)
        qtbot.wait(10)
        last = popover.list.rows()[-1]
        below = popover.height() - last.mapTo(popover, last.rect().bottomLeft()).y()
        assert 0 < below < 16
        popover.hide()


def test_nothing_is_cut_off_in_the_smallest_window(
    qtbot: QtBot, make_window: Callable[..., MainWindow], speak: Callable[[str], None]
) -> None:
    """The first start has the most to say."""
    window = make_window()
    window.resize(1, 1)
    window.splitter.setSizes([1000, 1, 1000])
    ask = window.findChild(QPushButton, "downloadButton")
    assert ask is not None
    ask.click()  # the licence is asked for
    for language in ("en", "zh"):
        window.engine.settings.set("language", language)
        window.bar.show_notice("This is a notice of so many words that they take some lines.", "Undo", lambda: None)
        qtbot.wait(50)
        assert window.width() >= 900
        assert window.height() >= 600
        for scroll in window.findChildren(QScrollArea):
            if scroll.isVisible():
                assert scroll.widget().width() <= scroll.viewport().width(), scroll.widget().children()
        assert window.panel.prompt.visibleRegion().boundingRect().height() == window.panel.prompt.height()
        assert window.bar.text.height() >= window.bar.text.heightForWidth(window.bar.text.width())


def test_jobs_of_the_last_run_come_back_paused_and_resume(
    qtbot: QtBot, make_window: Callable[..., MainWindow], backend: ScriptedBackend
) -> None:
    backend.stop_at(1)
    first = make_window()
    first.panel.prompt.setPlainText("a tree")
    first.panel.generate()
    qtbot.waitUntil(lambda: any(job.state is JobState.RUNNING for job in first.engine.jobs()))
    first.engine.shutdown()
    first.close()
    again = make_window(ScriptedBackend())
    assert "1 paused" in again.queue.others.text()
    assert again.bar.isVisible()
    qtbot.mouseClick(again.bar.action, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: again.model.pictures == 1)
    assert not again.engine.jobs()


def test_pictures_and_settings_are_there_after_a_restart(qtbot: QtBot, make_window: Callable[..., MainWindow]) -> None:
    first = make_window()
    first.panel.prompt.setPlainText("日落时的帆船 🌅\nin two lines")
    first.panel.steps_box.setValue(9)
    first.panel.seed.set_value(4_294_967_000)
    first.panel.seed.lock.setChecked(True)
    first.panel.generate()
    qtbot.waitUntil(lambda: first.model.pictures == 1)
    first.gallery.set_tile_size(333)
    close(first)
    again = make_window()
    assert again.model.pictures == 1
    assert again.panel.prompt.toPlainText() == "日落时的帆船 🌅\nin two lines"
    assert again.panel.steps_box.value() == 9
    assert again.panel.seed.value() == 4_294_967_000
    assert again.panel.seed.locked()
    assert again.gallery.tile_size() == 333


@pytest.mark.parametrize(
    "text", ["", "no json", "[1]", '{"panel": 5, "geometry": 7}', '{"panel": {"request": {"prompt": 1}}}']
)
def test_a_broken_window_file_is_no_reason_not_to_open(make_window: Callable[..., MainWindow], text: str) -> None:
    file = paths.home() / "window.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    assert make_window().isVisible()


def test_the_examples_of_the_bundled_model_can_be_pressed(
    qtbot: QtBot, make_window: Callable[..., MainWindow], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    starter = tmp_path / "resources" / "starter"
    starter.mkdir(parents=True)
    (starter / "vocabulary.json").write_text(
        '{"words": [], "subjects_by_language": {}, "examples": ["a red sailboat on the sea", "a blue house"]}'
    )
    for name in ("catalog.toml", "controlnets.toml"):
        shutil.copy(paths.resources() / name, starter.parent)
    monkeypatch.setattr(paths, "resources", lambda: tmp_path / "resources")
    window = make_window()
    chips = [button for button in window.page.empty.findChildren(QPushButton) if button.toolTip()]
    assert [chip.toolTip() for chip in chips] == ["a red sailboat on the sea", "a blue house"]
    qtbot.mouseClick(chips[1], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.model.pictures == 1)
    assert images.read(window.model.path_at(0)).prompt == "a blue house"


def test_the_appearance_changes_at_once(window: MainWindow) -> None:
    window.engine.settings.set("appearance", "dark")
    dark = window.palette().window().color().lightness()
    window.engine.settings.set("appearance", "light")
    assert dark < 100 < window.palette().window().color().lightness()


def test_a_change_of_the_appearance_makes_no_new_style(window: MainWindow) -> None:
    """Each widget would be dressed once for that, and once for the colours."""
    gone: list[bool] = []
    QApplication.style().destroyed.connect(lambda: gone.append(True))
    for appearance in ("dark", "light"):
        window.engine.settings.set("appearance", appearance)
    assert not gone


def test_another_pictures_folder_is_shown_at_once(
    qtbot: QtBot, window: MainWindow, make_pictures: Callable[[int], list[Path]], tmp_path: Path
) -> None:
    assert window.model.pictures == 0
    made = make_pictures(2)
    other = tmp_path / "elsewhere"
    other.mkdir()
    for path in made:
        path.rename(other / path.name)
    window.engine.settings.set("pictures_folder", str(other))
    qtbot.waitUntil(lambda: window.model.pictures == 2)


def test_a_folder_that_cannot_be_written_to_has_a_button_to_choose_another(
    qtbot: QtBot,
    make_window: Callable[..., MainWindow],
    backend: ScriptedBackend,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    window = make_window()
    folder = window.engine.gallery.folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.write_text("in the way")
    type_prompt(qtbot, window, "a tree")
    window.panel.button.click()
    qtbot.waitUntil(lambda: window.bar.isVisible())
    assert window.bar.action.text() == "Choose folder…"
    other = tmp_path / "elsewhere"
    other.mkdir()
    chosen = iter(["", str(other)])
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: next(chosen))
    window.jobs._choose_folder(window.engine.jobs()[0].id)  # the choice is given up
    assert not backend.generated
    qtbot.mouseClick(window.bar.action, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(list(other.glob("*.png"))) == 1)
    assert window.engine.settings.pictures_folder() == other
