"""The panel shows what the chosen backend can do with the chosen model, and makes requests of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QTextCursor, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QFileDialog,
    QLineEdit,
    QRadioButton,
    QScrollArea,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.backends.base import Estimate, State, Status
from app.core.capabilities import Choice
from app.core.catalog import load_catalog
from app.core.message import message
from app.core.request import MAX_SEED, GenerationRequest, ImageInput, Role
from app.library.models.vocabulary import read_vocabulary
from app.library.paths import resources
from app.ui.controls.column import Column
from app.ui.controls.fields.combo_box import DETAIL_ROLE
from app.ui.controls.fields.number_box import CorrectionNote, DecimalBox, NumberBox
from app.ui.main_window import MainWindow
from app.ui.panel.fields.pace_field import PaceField
from app.ui.panel.fields.shape_picker import SHAPES, size_for
from app.ui.panel.prompt.prompt_edit import LONGEST_PROMPT
from app.ui.panel.prompt.word_notes import WAIT_MS
from app.ui.panel.prompt_panel import PromptPanel
from app.ui.settings.dialog import SettingsDialog
from tests.gui.doubles import SPRINT, STARTER, ScriptedBackend
from tests.inputs import start_from

CLOUD = replace(
    SPRINT, model="Cloud Sana", choices=(Choice("output_quality", "Quality", ("low", "high"), "high"),), max_count=2
)


@pytest.fixture
def panel(make_window: Callable[..., MainWindow]) -> PromptPanel:
    local = ScriptedBackend(models={"starter": STARTER, "sprint": SPRINT})
    cloud = ScriptedBackend("replicate", "Replicate", {"nvidia/sana": CLOUD}, local=False)
    window = make_window(local, cloud)
    window.panel.prompt.setPlainText("a tree")
    return window.panel


def choose(box: QComboBox, value: object) -> None:
    """Pick an entry as a person does."""
    box.setCurrentIndex(box.findData(value))
    box.activated.emit(box.currentIndex())


def test_fields_that_a_model_lacks_are_hidden(panel: PromptPanel) -> None:
    assert panel.negative_part.isVisible()
    assert panel.guidance.isVisible()
    assert panel.start_picture.isVisible()
    choose(panel.choice.model_box, "sprint")
    assert not panel.negative_part.isVisible()
    assert not panel.guidance.isVisible()
    assert not panel.start_picture.isVisible()
    assert not panel.advanced_part.isVisible()
    request = panel.request()
    assert request.negative == ""
    assert request.guidance is None
    assert (request.width, request.height, request.steps) == (1024, 1024, 2)
    assert panel.count.box.maximum() == 4


def test_what_the_model_knows_stands_under_the_prompt(panel: PromptPanel) -> None:
    words = panel.words.words
    assert words.text() == STARTER.knows
    assert STARTER.knows_more in words.toolTip()
    choose(panel.choice.model_box, "sprint")
    assert not words.isVisible()


def test_a_closed_set_of_inputs_becomes_a_combo_box(panel: PromptPanel) -> None:
    choose(panel.choice.backend_box, "replicate")
    box = panel.findChild(QComboBox, "output_qualityBox")
    assert box is not None
    assert panel.request().options == (("output_quality", "high"),)
    choose(box, "low")
    assert panel.request().options == (("output_quality", "low"),)
    assert panel.parameters.seed_note.isVisible()


def test_another_backend_with_the_same_model_keeps_the_values(
    make_window: Callable[..., MainWindow],
) -> None:
    panel = make_window(ScriptedBackend(), ScriptedBackend("mlx", "MLX")).panel
    panel.steps_box.setValue(33)
    panel.size_field.set_size(320, 192)
    choose(panel.choice.backend_box, "mlx")
    assert panel.request().backend == "mlx"
    assert (panel.steps_box.value(), panel.request().width, panel.request().height) == (33, 320, 192)


def test_a_backend_that_cannot_work_says_why(make_window: Callable[..., MainWindow]) -> None:
    status = Status(State.UNAVAILABLE, message("This Mac is too old."), message("Use the cloud."))
    panel = make_window(ScriptedBackend(), ScriptedBackend("mlx", "MLX", status=status)).panel
    choose(panel.choice.backend_box, "mlx")
    assert "This Mac is too old." in panel.choice.note.text()
    assert "Use the cloud." in panel.choice.note.text()


@pytest.mark.parametrize(
    ("status", "words", "page"),
    [
        (
            Status(State.NEEDS_MODEL, message("{name} is not on this computer yet.", name="Sana")),
            "Get a model…",
            "Models",
        ),
        (Status(State.NEEDS_KEY, message("There is no key.")), "Enter a key…", "Cloud"),
        (Status(State.UNAVAILABLE, message("This Mac is too old.")), "Open the settings…", "Runs On"),
    ],
)
def test_what_is_missing_has_a_button_that_leads_there(
    make_window: Callable[..., MainWindow], status: Status, words: str, page: str
) -> None:
    window = make_window(ScriptedBackend("mlx", "MLX", models={}, status=status))
    choice = window.panel.choice
    choose(choice.backend_box, "mlx")
    assert not window.panel.parameters.isVisible()
    assert choice.mend.text() == words
    choice.mend.click()
    dialog = window.findChild(QDialog, "settingsDialog")
    assert isinstance(dialog, SettingsDialog)
    assert dialog.tabs.tabText(dialog.tabs.currentIndex()) == page


def test_automatic_says_what_it_chose_and_why(panel: PromptPanel) -> None:
    box = panel.choice.backend_box
    assert box.currentText() == "Automatic"
    assert box.currentData(DETAIL_ROLE) == "PyTorch"
    assert "PyTorch: it works on this machine's processor." in box.accessibleDescription()
    assert "this machine" in box.toolTip()
    assert not panel.choice.note.isVisible()


def test_a_backend_that_becomes_ready_is_offered_at_once(make_window: Callable[..., MainWindow]) -> None:
    cloud = ScriptedBackend(
        "replicate", "Replicate", {"nvidia/sana": CLOUD}, Status(State.NEEDS_KEY, message("No key.")), local=False
    )
    window = make_window(ScriptedBackend(), cloud)
    choose(window.panel.choice.backend_box, "replicate")
    assert "No key." in window.panel.choice.note.text()
    cloud.status = Status(State.READY, message("It works."))
    window.engine.backendsChanged.emit()
    assert window.panel.choice.backend() == "replicate"
    assert window.panel.choice.model() == "nvidia/sana"
    assert not window.panel.choice.note.text()


@pytest.mark.parametrize("shape", SHAPES)
def test_each_shape_is_a_size_that_the_model_takes(panel: PromptPanel, shape: tuple[int, int]) -> None:
    buttons = panel.size_field.shapes.findChildren(QAbstractButton)
    buttons[SHAPES.index(shape)].click()
    width, height = panel.request().width, panel.request().height
    assert width
    assert height
    assert STARTER.resolve(panel.request()).width == width
    assert (width > height) == (shape[0] > shape[1])
    assert [button.isChecked() for button in buttons].index(True) == SHAPES.index(shape)


def test_trained_sizes_are_preferred() -> None:
    trained = replace(STARTER, aspect_sizes=((256, 256), (192, 320), (320, 192)))
    assert size_for(trained, (9, 16)) == (192, 320)
    assert size_for(trained, (1, 1)) == (256, 256)


def note(panel: PromptPanel) -> str:
    """What the panel says of a number that it corrected."""
    notes = panel.findChildren(CorrectionNote)
    return " ".join(each.text() for each in notes if each.isVisible())


@pytest.mark.parametrize(
    ("name", "typed", "value", "says"),
    [
        ("widthBox", "300", 288, "Changed 300 to 288: sides go in steps of 32."),
        ("widthBox", "999", 512, "Changed 999 to 512, the largest allowed here."),
        ("heightBox", "7", 128, "Changed 7 to 128, the smallest allowed here."),
        ("stepsBox", "999", 50, "Changed 999 to 50, the largest allowed here."),
        ("guidanceBox", "75.5", 10, "Changed 75.5 to 10.0, the largest allowed here."),
        ("countBox", "0", 1, "Changed 0 to 1, the smallest allowed here."),
        ("seedBox", "99999999999999", MAX_SEED, f"Changed 99999999999999 to {MAX_SEED}, the largest allowed here."),
    ],
)
def test_a_number_that_does_not_fit_becomes_the_nearest_and_that_is_said(
    qtbot: QtBot, panel: PromptPanel, name: str, typed: str, value: float, says: str
) -> None:
    box = panel.findChild(QAbstractSpinBox, name)
    assert isinstance(box, NumberBox | DecimalBox)
    qtbot.mouseClick(box.lineEdit(), Qt.MouseButton.LeftButton)
    box.selectAll()
    qtbot.keyClicks(box, typed)
    assert box.text() == typed, "what is typed is seen as it is typed"
    qtbot.keyClick(box, Qt.Key.Key_Tab if name in ("heightBox", "seedBox") else Qt.Key.Key_Return)
    assert box.value() == value
    assert note(panel) == says
    qtbot.mouseClick(box.lineEdit(), Qt.MouseButton.LeftButton)
    box.selectAll()
    qtbot.keyClicks(box, "1")
    assert note(panel) == ""


def test_a_note_leaves_by_itself(qtbot: QtBot, panel: PromptPanel, monkeypatch: pytest.MonkeyPatch) -> None:
    for each in panel.findChildren(CorrectionNote):
        each._timer.setInterval(50)
    qtbot.keyClick(panel.steps_box, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(panel.steps_box, "999")
    qtbot.keyClick(panel.steps_box, Qt.Key.Key_Return)
    assert note(panel)
    qtbot.waitUntil(lambda: not note(panel))


def test_a_number_that_is_being_typed_counts_when_generate_is_pressed(qtbot: QtBot, panel: PromptPanel) -> None:
    asked: list[GenerationRequest] = []
    panel.generateRequested.connect(asked.append)
    box = panel.size_field.width_box
    qtbot.mouseClick(box.lineEdit(), Qt.MouseButton.LeftButton)
    box.selectAll()
    qtbot.keyClicks(box, "999")
    qtbot.keyClick(box, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert [request.width for request in asked] == [512]


def test_a_size_that_does_not_fit_is_told_before_generate(qtbot: QtBot, make_window: Callable[..., MainWindow]) -> None:
    small = replace(STARTER, max_pixels=256 * 256)
    panel = make_window(ScriptedBackend(models={"starter": small})).panel
    panel.size_field.set_size(512, 512)
    qtbot.waitUntil(lambda: "512 × 512 does not fit" in panel.estimate.text())


def test_the_estimate_leaves_out_what_is_not_known(
    qtbot: QtBot, panel: PromptPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = panel.choice.offer.backend
    assert isinstance(backend, ScriptedBackend)
    panel.count.box.setValue(2)
    qtbot.waitUntil(lambda: panel.estimate.text() == "About 3 s each · 1.9 GB")
    assert "Made on this" in panel.estimate.toolTip()
    assert "about 6 s in all" in panel.estimate.toolTip()
    backend.estimated = Estimate()
    panel.count.box.setValue(1)
    qtbot.waitUntil(lambda: panel.estimate.text() == "")
    backend.estimated = Estimate(peak_memory_bytes=2_000_000)
    panel.count.box.setValue(2)
    qtbot.waitUntil(lambda: panel.estimate.text() == "under 0.1 GB")


def test_the_estimate_follows_each_finished_picture(qtbot: QtBot, make_window: Callable[..., MainWindow]) -> None:
    backend = ScriptedBackend()
    backend.estimated = Estimate(seconds=15.0)
    window = make_window(backend)
    window.panel.prompt.setPlainText("a tree")
    qtbot.waitUntil(lambda: window.panel.estimate.text() == "About 15 s")
    backend.estimated = Estimate(seconds=1.4)
    window.panel.button.click()
    qtbot.waitUntil(lambda: window.panel.estimate.text() == "About 1.4 s")


def test_in_the_cloud_the_estimate_says_so(qtbot: QtBot, panel: PromptPanel) -> None:
    choose(panel.choice.backend_box, "replicate")
    backend = panel.choice.offer.backend
    assert isinstance(backend, ScriptedBackend)
    backend.estimated = Estimate(seconds=3.0, cost=0.004)
    panel.refresh_estimate()
    qtbot.waitUntil(lambda: panel.estimate.text() == "About 3 s · about $0.004 · in the cloud")


def test_the_seed_is_used_once_unless_it_is_locked(qtbot: QtBot, panel: PromptPanel) -> None:
    panel.seed.set_value(MAX_SEED - 20)
    assert panel.request().seed == MAX_SEED - 20
    panel.accepted()
    assert panel.seed.value() != MAX_SEED - 20
    panel.seed.lock.click()
    seed = panel.seed.value()
    panel.accepted()
    assert panel.seed.value() == seed
    panel.seed.dice.click()
    assert panel.seed.value() != seed


def test_quick_and_full_are_steps(qtbot: QtBot, panel: PromptPanel) -> None:
    pace = panel.findChild(QWidget, "paceField")
    assert isinstance(pace, PaceField)
    quick, full = pace.findChildren(QRadioButton)
    assert (pace.value(), panel.request().steps) == (1, 20)
    qtbot.mouseClick(quick, Qt.MouseButton.LeftButton)
    assert panel.request().steps == 10
    quick.setFocus()
    qtbot.keyClick(quick, Qt.Key.Key_Right)
    assert panel.request().steps == 20
    panel.steps_box.setValue(13)
    assert not quick.isChecked()
    assert not full.isChecked()
    panel.steps_box.setValue(10)
    assert quick.isChecked()
    choose(panel.choice.model_box, "sprint")
    assert not pace.isVisible(), "two steps are quick already"


def test_tab_stops_once_at_quick_and_full_and_arrows_choose(qtbot: QtBot, panel: PromptPanel) -> None:
    quick, full = panel.findChild(QWidget, "paceField").findChildren(QRadioButton)
    for chosen, other, arrow in ((full, quick, Qt.Key.Key_Left), (quick, full, Qt.Key.Key_Right)):
        chosen.setChecked(True)
        chosen.setFocus()
        qtbot.keyClick(chosen, Qt.Key.Key_Tab)
        beyond = QApplication.focusWidget()
        assert beyond is not None
        assert beyond not in (quick, full)
        qtbot.keyClick(beyond, Qt.Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
        assert chosen.hasFocus()
        qtbot.keyClick(chosen, arrow)
        assert other.isChecked()
        assert other.hasFocus()


def test_steps_and_slider_go_together(qtbot: QtBot, panel: PromptPanel) -> None:
    panel.steps.slider.setValue(31)
    assert panel.steps_box.value() == 31
    panel.guidance_box.setValue(7.3)
    assert panel.guidance.slider.value() == 73
    assert panel.request().guidance == 7.3


def test_the_settings_of_a_request_can_be_used_again(panel: PromptPanel) -> None:
    request = GenerationRequest(
        "a house\nat night", "blurry", width=320, height=192, steps=11, guidance=2.5, solver="euler", seed=99, count=3,
        precision="float32",
    )  # fmt: skip
    assert panel.apply(request)
    assert panel.request() == request
    assert panel.negative.isVisible()


def test_settings_of_a_model_that_is_not_here_say_so(panel: PromptPanel) -> None:
    assert not panel.apply(GenerationRequest("a house", model="sana-9b", steps=11))
    assert panel.choice.model() == "starter"
    assert panel.steps_box.value() == 11


def test_a_start_picture_and_its_mask(panel: PromptPanel, tmp_path: Path) -> None:
    picture, mask = tmp_path / "start.png", tmp_path / "mask.png"
    for path in (picture, mask):
        Image.fromarray(np.zeros((32, 48, 3), np.uint8)).save(path)
    panel.start_picture.set_path(str(picture), str(mask), 0.35)
    request = panel.request()
    assert request.inputs == start_from(picture, 0.35, mask)
    panel.start_picture.set_path("")
    assert panel.request().inputs == ()


def drop_on(target: QWidget, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    button, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    target.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, button, keys))


def test_a_start_picture_that_is_gone_is_none(qtbot: QtBot, panel: PromptPanel, tmp_path: Path) -> None:
    picture = tmp_path / "start.png"
    Image.fromarray(np.zeros((32, 48, 3), np.uint8)).save(picture)
    panel.start_picture.set_path(str(picture), str(tmp_path / "gone.png"))
    qtbot.waitUntil(lambda: panel.request().input(Role.MASK) is None)
    assert [item.path for item in panel.request().inputs] == [str(picture)]
    qtbot.waitUntil(lambda: not panel.start_picture._thumb.pixmap().isNull())
    with qtbot.waitSignal(panel.start_picture.problem) as missed:
        panel.start_picture.set_path(str(tmp_path / "gone.png"))
    assert "gone.png" in str(missed.args[0])
    assert panel.request().inputs == ()


def test_a_start_picture_of_another_machine_is_named(qtbot: QtBot, panel: PromptPanel) -> None:
    with qtbot.waitSignal(panel.start_picture.problem) as missed:
        panel.start_picture.set_request(
            GenerationRequest("a beach", inputs=(ImageInput(Role.INIT, name="beach.png", digest="0" * 64),))
        )
    assert "beach.png" in str(missed.args[0])
    assert panel.request().inputs == ()


def test_only_a_picture_can_be_the_start(
    qtbot: QtBot, panel: PromptPanel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, start = panel.window(), panel.start_picture
    assert isinstance(window, MainWindow)
    text, picture = tmp_path / "notes.txt", tmp_path / "start.png"
    text.write_text("a list of things")
    Image.fromarray(np.zeros((32, 48, 3), np.uint8)).save(picture)
    drop_on(start, text)
    qtbot.waitUntil(lambda: "notes.txt" in window.bar.text.text())
    assert panel.request().inputs == ()
    assert window.bar.remedy.text()
    window.bar.dismiss()
    chosen = iter([str(text), str(picture), str(text), ""])
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (next(chosen), ""))
    start._ask()
    qtbot.waitUntil(window.bar.isVisible)
    assert panel.request().inputs == ()
    window.bar.dismiss()
    start._ask()
    qtbot.waitUntil(lambda: [item.path for item in panel.request().inputs] == [str(picture)])
    start._ask_mask()  # no picture either
    qtbot.waitUntil(window.bar.isVisible)
    start._ask_mask()  # the choice is given up
    assert panel.request().input(Role.MASK) is None


def test_the_longest_seed_is_seen_whole_in_the_narrowest_panel(qtbot: QtBot, panel: PromptPanel) -> None:
    window = panel.window()
    assert isinstance(window, MainWindow)
    window.splitter.setSizes([1, 900, 300])
    qtbot.wait(10)
    box = panel.seed.box
    box.setValue(MAX_SEED)
    line = box.findChild(QLineEdit)
    assert line is not None
    assert line.fontMetrics().horizontalAdvance(box.text()) < line.width()
    scroll = panel.findChild(QScrollArea)
    assert scroll is not None
    assert scroll.widget().width() <= scroll.viewport().width(), "nothing of the panel is cut off"


def test_a_long_prompt_brings_no_bar_to_scroll_it_sideways(qtbot: QtBot, panel: PromptPanel) -> None:
    panel.prompt.replace("a red house by the sea, " * 400)
    qtbot.wait(10)
    assert not panel.prompt.horizontalScrollBar().isVisible()


def test_a_prompt_without_end_is_cut_politely(qtbot: QtBot, panel: PromptPanel) -> None:
    window = panel.window()
    assert isinstance(window, MainWindow)
    data = QMimeData()
    data.setText("x" * (LONGEST_PROMPT - 4))
    panel.prompt.insertFromMimeData(data)
    assert len(panel.prompt.toPlainText()) == LONGEST_PROMPT
    assert str(LONGEST_PROMPT) in window.bar.text.text()
    window.bar.dismiss()
    panel.prompt.selectAll()
    panel.prompt.insertFromMimeData(data)  # in place of what was there
    assert panel.prompt.toPlainText() == data.text()
    assert not window.bar.isVisible()
    panel.prompt.undo()
    assert panel.prompt.toPlainText().endswith("a tree")


def test_precisions_are_named_as_in_the_settings(panel: PromptPanel, speak: Callable[[str], None]) -> None:
    speak("en")
    panel.choice.refresh()
    box = panel.findChild(QComboBox, "precisionBox")
    assert box is not None
    assert [box.itemText(number) for number in range(3)] == ["Automatic", "Full (float32)", "Half (bfloat16)"]


def test_earlier_prompts_come_back_with_the_up_key(qtbot: QtBot, panel: PromptPanel) -> None:
    for text in ("first", "second"):
        panel.prompt.setPlainText(text)
        panel.accepted()
    panel.prompt.setPlainText("draft")
    panel.prompt.moveCursor(panel.prompt.textCursor().MoveOperation.Start)
    qtbot.keyClick(panel.prompt, Qt.Key.Key_Up)
    assert panel.prompt.toPlainText() == "second"
    qtbot.keyClick(panel.prompt, Qt.Key.Key_Up)
    assert panel.prompt.toPlainText() == "first"
    panel.prompt.moveCursor(panel.prompt.textCursor().MoveOperation.End)
    qtbot.keyClick(panel.prompt, Qt.Key.Key_Down)
    qtbot.keyClick(panel.prompt, Qt.Key.Key_Down)
    assert panel.prompt.toPlainText() == "draft"
    panel.words.history.fill()
    assert "second" in listed(panel)


def test_the_wheel_changes_no_number_on_the_way(panel: PromptPanel) -> None:
    panel.steps_box.setValue(20)
    here = panel.steps_box.rect().center().toPointF()
    for box in (panel.steps_box, panel.steps.slider, panel.choice.backend_box):
        event = QWheelEvent(
            here, box.mapToGlobal(here), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(box, event)
    assert panel.steps_box.value() == 20
    assert panel.choice.backend() == "auto"


@pytest.fixture
def starter(make_window: Callable[..., MainWindow]) -> MainWindow:
    """The window on what the bundled model can do."""
    spec = load_catalog((resources() / "catalog.toml").read_text(encoding="utf-8"))["starter"]
    known = replace(
        STARTER, model=spec.name, knows=spec.knows, knows_more=spec.knows_more,
        vocabulary=read_vocabulary(resources() / spec.bundled),
    )  # fmt: skip
    return make_window(ScriptedBackend(models={"starter": known, "sprint": SPRINT}))


def test_words_that_the_model_does_not_know_are_named(qtbot: QtBot, starter: MainWindow) -> None:
    prompt, notes = starter.panel.prompt, starter.panel.words.words
    qtbot.keyClicks(prompt, "a red house")
    qtbot.wait(WAIT_MS + 100)
    assert "Starter" not in notes.text()
    qtbot.keyClicks(prompt, " and a cat")
    qtbot.waitUntil(lambda: notes.text().startswith("Starter does not know “cat”. Try “"))
    assert "“house”" in notes.text()
    choose(starter.panel.choice.model_box, "sprint")
    assert not notes.isVisible()
    choose(starter.panel.choice.model_box, "starter")
    prompt.replace("一只猫")
    qtbot.waitUntil(lambda: "“猫”" in notes.text())
    assert "“房子”" in notes.text()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_panel_fits_the_window(qtbot: QtBot, starter: MainWindow, language: str) -> None:
    panel = starter.panel
    starter.engine.settings.set("language", language)
    panel.prompt.replace("a red sailboat on the sea with a cat and two dragons")
    column = panel.findChild(Column)
    assert column is not None
    starter.resize(1280, 800)
    qtbot.waitUntil(lambda: "dragons" in panel.words.words.text())
    qtbot.wait(20)
    assert column.verticalScrollBar().maximum() == 0
    for part in (panel.prompt, panel.choice.model_box, panel.start_picture, panel.advanced_part.button, panel.button):
        assert part.visibleRegion().boundingRect() == part.rect()
    assert not column.more.isVisible()
    starter.resize(900, 600)
    qtbot.wait(20)
    together: tuple[QWidget, ...] = (
        panel.prompt,
        panel.choice.model_box,
        panel.size_field.shapes,
        panel.steps_box,
        panel.seed.box,
    )
    for each in (*together, panel.button, panel.estimate):
        assert each.visibleRegion().boundingRect() == each.rect(), each.objectName()
    assert column.more.isVisible(), "there is more below"
    column.verticalScrollBar().setValue(column.verticalScrollBar().maximum())
    assert panel.advanced_part.button.visibleRegion().boundingRect() == panel.advanced_part.button.rect()
    assert not column.more.isVisible()


def test_use_settings_shows_the_prompt_that_gets_the_focus(qtbot: QtBot, starter: MainWindow) -> None:
    panel = starter.panel
    starter.resize(900, 600)
    panel.advanced_part.set_open(True)
    qtbot.wait(20)
    column = panel.findChild(Column)
    assert column is not None
    column.verticalScrollBar().setValue(column.verticalScrollBar().maximum())
    assert panel.prompt.visibleRegion().isEmpty()
    panel.show_prompt()
    assert panel.prompt.visibleRegion().boundingRect() == panel.prompt.rect()
    assert panel.prompt.hasFocus()


def listed(panel: PromptPanel) -> list[str]:
    """What the list of earlier prompts shows."""
    prompts = panel.words.history.popup.list
    return [prompts.item(row).text() for row in range(prompts.count())]


def test_examples_are_those_of_the_chosen_model(starter: MainWindow, qtbot: QtBot) -> None:
    panel, example = starter.panel, "a blue hot air balloon on the right over the mountains at dawn, a sun on the left"
    QTest.mouseClick(panel.words.history, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(panel.words.history.popup.isVisible)
    assert example in listed(panel)
    panel.words.history.popup.hide()
    choose(panel.choice.model_box, "sprint")
    QTest.mouseClick(panel.words.history, Qt.MouseButton.LeftButton)
    assert example not in listed(panel)


def test_earlier_prompts_are_searched_and_chosen_with_the_keys(panel: PromptPanel, qtbot: QtBot) -> None:
    for text in ("a red house by a lake", "a blue house, at dusk", "a tree"):
        panel.prompt.remember(text)
    QTest.mouseClick(panel.words.history, Qt.MouseButton.LeftButton)
    popup = panel.words.history.popup
    qtbot.waitUntil(popup.isVisible)
    QTest.keyClicks(popup.search, "HOUSE a")
    assert [text for text in listed(panel) if " house" in text] == ["a blue house, at dusk", "a red house by a lake"]
    assert "a tree" not in listed(panel)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Return):
        QTest.keyClick(popup.search, key)
    assert panel.prompt.toPlainText() == "a red house by a lake"
    assert not popup.isVisible()


def test_tab_takes_the_users_own_words_and_else_leaves_the_field(panel: PromptPanel, qtbot: QtBot) -> None:
    panel.prompt.remember("a red house, soft evening light")
    panel.prompt.suggests = True
    panel.activateWindow()
    panel.prompt.setFocus()
    qtbot.waitUntil(panel.prompt.hasFocus)
    panel.prompt.clear()
    QTest.keyClicks(panel.prompt, "a boat, SOF")
    assert panel.prompt.suggestion() == "t evening light"
    assert panel.prompt.toPlainText() == "a boat, SOF", "nothing is put in unasked"
    QTest.keyClick(panel.prompt, Qt.Key.Key_Tab)
    assert panel.prompt.toPlainText() == "a boat, SOFt evening light"
    assert panel.prompt.hasFocus()
    QTest.keyClick(panel.prompt, Qt.Key.Key_Left)
    assert panel.prompt.suggestion() == "", "it is not in the way of what stands behind the cursor"
    QTest.keyClick(panel.prompt, Qt.Key.Key_Tab)
    assert not panel.prompt.hasFocus()
    panel.prompt.setFocus()
    panel.prompt.suggests = False
    panel.prompt.setPlainText("a boat, sof")
    panel.prompt.moveCursor(QTextCursor.MoveOperation.End)
    assert panel.prompt.suggestion() == ""
