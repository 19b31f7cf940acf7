"""The panel of a model that makes clips: it shows just what the capabilities say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractSpinBox, QLabel, QPushButton, QSlider
from pytestqt.qtbot import QtBot

from app.core.limits import ClipLimits, InputLimits, Range
from app.core.request import GenerationRequest, Role
from app.ui.main_window import MainWindow
from tests.gui.clips import MOTION, Cinema
from tests.gui.doubles import ScriptedBackend

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def window(make_window: Callable[..., MainWindow]) -> MainWindow:
    window = make_window(ScriptedBackend(), Cinema())
    window.panel.choice.choose("cinema", "motion")
    window.panel.prompt.setPlainText("a boat sails")
    return window


def box(window: MainWindow, name: str) -> QAbstractSpinBox:
    found = window.findChild(QAbstractSpinBox, name)
    assert found is not None
    return found


def text(window: MainWindow, name: str) -> str:
    found = window.findChild(QLabel, name)
    assert found is not None
    return found.text()


def enter(qtbot: QtBot, field: QAbstractSpinBox, number: str) -> None:
    """Type a number over what stands there, as a person does."""
    qtbot.mouseClick(field, LEFT)
    field.selectAll()
    qtbot.keyClicks(field, number)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def test_length_and_rate_stand_there_for_clips_alone(window: MainWindow) -> None:
    frames, rate = box(window, "framesBox"), box(window, "fpsBox")
    assert (frames.isVisible(), rate.isVisible()) == (True, True)
    assert (frames.text(), text(window, "clipLength"), rate.text()) == ("81", "frames, 5.1 s", "16")
    assert (frames.accessibleName(), frames.accessibleDescription()) == ("Length in frames", "81 frames, 5.1 s")
    assert rate.accessibleName() == "Frames a second"
    assert (window.panel.request().frames, window.panel.request().fps) == (81, 16.0)
    window.panel.choice.choose("torch", "starter")
    assert (frames.isVisible(), rate.isVisible()) == (False, False)
    assert (window.panel.request().frames, window.panel.request().fps) == (None, None)


def test_only_lengths_that_the_model_makes_can_be_chosen(qtbot: QtBot, window: MainWindow) -> None:
    frames = box(window, "framesBox")
    enter(qtbot, frames, "18")
    assert (frames.text(), window.panel.request().frames) == ("17", 17)
    note = window.panel.parameters.clip._note
    assert note.isVisible()
    assert note.text() == "Changed 18 to 17: this model makes 5, 9, 13… frames."
    qtbot.keyClick(frames, Qt.Key.Key_Up)
    assert (frames.text(), text(window, "clipLength")) == ("21", "frames, 1.3 s")
    enter(qtbot, frames, "900")
    assert frames.text() == "81"
    qtbot.mouseClick(frames, LEFT)
    frames.selectAll()
    qtbot.keyClicks(frames, "30")
    assert window.panel.request().frames == 29, "also while it is being typed"


def test_the_slider_stops_at_each_length(qtbot: QtBot, window: MainWindow) -> None:
    field = window.panel.parameters.clip.frames
    slider: QSlider = field.slider
    chosen = set()
    field.valueChanged.connect(lambda: chosen.add(window.panel.request().frames))
    qtbot.mousePress(slider, LEFT, pos=QPoint(slider.width() - 9, slider.height() // 2))
    for x in range(slider.width() - 9, 0, -3):
        qtbot.mouseMove(slider, QPoint(x, slider.height() // 2))
    qtbot.mouseRelease(slider, LEFT, pos=QPoint(0, slider.height() // 2))
    assert chosen <= set(range(5, 82, 4))
    assert len(chosen) > 10
    assert window.panel.request().frames == 5


def test_lengths_of_eight_and_one(make_window: Callable[..., MainWindow], qtbot: QtBot) -> None:
    limits = ClipLimits(Range(9, 161, 81, 8), Range(16, 16, 16))
    window = make_window(Cinema(replace(MOTION, clip=limits)))
    slider = window.panel.parameters.clip.frames.slider
    for position in range(slider.minimum(), slider.maximum() + 1):
        slider.setValue(position)
        assert window.panel.request().frames in range(9, 162, 8)
    assert window.panel.request().frames == 161
    assert not box(window, "fpsBox").isVisible(), "there is no choice"
    assert window.panel.request().fps == 16.0


def test_what_the_model_does_not_take_is_hidden(window: MainWindow, make_pictures: Callable[[int], list[Path]]) -> None:
    panel = window.panel
    assert not panel.count.isVisible()
    panel.start_picture.set_path(str(make_pictures(1)[0]))
    assert not panel.start_picture._strength.isVisible()
    for name in ("maskButton", "editMaskButton"):
        button = window.findChild(QPushButton, name)
        assert button is not None
        assert not button.isVisible()
    start = panel.request().input(Role.INIT)
    assert start is not None
    assert start.strength == 1.0
    panel.choice.choose("torch", "starter")
    assert panel.count.isVisible()
    assert panel.start_picture._strength.isVisible()


def test_the_start_picture_is_called_a_first_frame(window: MainWindow) -> None:
    button = window.findChild(QPushButton, "startPictureButton")
    assert button is not None
    assert button.text() == "Start from a first frame…"
    assert window.panel.prompt.placeholderText() == "Describe the clip"
    assert window.panel.negative.placeholderText() == "What to keep out of the clip"
    window.panel.choice.choose("torch", "starter")
    assert button.text() == "Start from a picture…"
    assert window.panel.prompt.placeholderText() == "Describe the picture"
    assert window.panel.negative.placeholderText() == "What to keep out of the picture"


def test_with_a_first_frame_the_solver_is_the_one_for_that(
    make_window: Callable[..., MainWindow], make_pictures: Callable[[int], list[Path]], qtbot: QtBot
) -> None:
    window = make_window(Cinema(replace(MOTION, solvers=("dpmpp", "euler"), start_solver="euler")))
    panel, (picture,) = window.panel, make_pictures(1)
    assert panel.request().solver == "dpmpp"
    panel.start_picture.set_path(str(picture))
    assert panel.request().solver == "euler"
    panel.start_picture.set_path("")
    assert panel.request().solver == "dpmpp"
    panel.start_picture.set_path(str(picture))
    panel.apply(panel.request().replace(solver="dpmpp"))
    qtbot.waitUntil(lambda: panel.start_picture.picture_size is not None)
    assert panel.request().solver == "dpmpp", "as it was made"


def test_the_estimate_is_of_the_whole(qtbot: QtBot, window: MainWindow) -> None:
    estimate = "About 4 min 18 s · 7.9 GB memory · 12 MB disk"
    qtbot.waitUntil(lambda: text(window, "estimateLabel") == estimate)
    button = window.panel.button
    assert button.text().startswith("Generate a clip ")
    assert "17 frames, 1.1 s · About 54 s" in window.panel.footer.draft.toolTip()
    window.panel.choice.choose("torch", "starter")
    qtbot.waitUntil(lambda: text(window, "estimateLabel") == "About 6 s · 1.9 GB")
    assert button.text().startswith("Generate  ")
    assert not window.panel.footer.draft.isVisible()


def test_several_clips_are_told_in_all(qtbot: QtBot, make_window: Callable[..., MainWindow]) -> None:
    window = make_window(Cinema(replace(MOTION, max_count=4)))
    window.panel.prompt.setPlainText("a boat sails")
    assert window.panel.parameters.count_caption.text() == "Clips"
    window.panel.count.box.setValue(2)
    qtbot.waitUntil(lambda: text(window, "estimateLabel").startswith("About 8 min 36 s in all"))
    assert window.panel.button.text().startswith("Generate 2 clips ")


def test_a_draft_is_the_same_but_short(qtbot: QtBot, window: MainWindow) -> None:
    cinema = window.engine.registry.backends["cinema"]
    assert isinstance(cinema, Cinema)
    seed = window.panel.request().seed
    enter(qtbot, box(window, "framesBox"), "41")
    draft = window.findChild(QPushButton, "draftButton")
    assert draft is not None
    qtbot.waitUntil(draft.isVisible)
    with qtbot.waitSignal(window.engine.generated, timeout=15_000):
        qtbot.mouseClick(draft, LEFT)
    (made,) = cinema.generated
    assert (made.frames, made.whole, made.seed, made.fps) == (17, 41, seed, 16.0)
    enter(qtbot, box(window, "framesBox"), "13")
    qtbot.waitUntil(lambda: not draft.isEnabled())


def test_where_a_clip_is_no_longer_than_a_draft_there_is_none(
    qtbot: QtBot, make_window: Callable[..., MainWindow]
) -> None:
    window = make_window(Cinema(replace(MOTION, clip=ClipLimits(Range(5, 33, 17, 4), Range(8, 24, 16)))))
    window.panel.prompt.setPlainText("a boat sails")
    qtbot.waitUntil(lambda: text(window, "estimateLabel").startswith("About"))
    assert window.panel.button.text().startswith("Generate a clip ")
    assert not window.panel.footer.draft.isVisible()


def test_settings_of_a_clip_come_back(window: MainWindow) -> None:
    window.panel.apply(GenerationRequest("a kite", model="motion", backend="cinema", frames=33, fps=23.976, seed=4))
    request = window.panel.request()
    assert (request.frames, request.fps) == (33, 23.976)
    assert box(window, "fpsBox").text() == "23.976"


def test_a_model_without_a_first_frame_has_no_place_for_one(make_window: Callable[..., MainWindow]) -> None:
    window = make_window(Cinema(replace(MOTION, inputs=(InputLimits(Role.CONTROL),))))
    assert not window.panel.start_picture.isVisible()
