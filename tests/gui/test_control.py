"""The box for a picture to follow: shown where a model takes one, with the edges that are found in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QFileDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.core.limits import CONTROL_SCALE, InputLimits
from app.core.request import Edges, ImageInput, Role
from app.library.pictures import images
from app.ui.main_window import MainWindow
from app.ui.panel.prompt_panel import PromptPanel
from tests.gui.doubles import SPRINT, STARTER, ScriptedBackend

NETS = (("lines", "Lines"), ("sketch", "Sketches"))
CONTROLLED = replace(STARTER, inputs=(*STARTER.inputs, InputLimits(Role.CONTROL, CONTROL_SCALE, models=NETS)))
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def window(make_window: Callable[..., MainWindow]) -> MainWindow:
    window = make_window(ScriptedBackend(models={"starter": CONTROLLED, "sprint": SPRINT}))
    window.panel.prompt.setPlainText("a house")
    return window


@pytest.fixture
def panel(window: MainWindow) -> PromptPanel:
    return window.panel


@pytest.fixture
def house(tmp_path: Path) -> Path:
    pixels = np.full((64, 96, 3), 230, np.uint8)
    pixels[20:50, 30:70] = (40, 60, 160)
    Image.fromarray(pixels).save(tmp_path / "house.png")
    return tmp_path / "house.png"


def box(panel: PromptPanel, name: str) -> Any:
    found = panel.findChild(QWidget, name)
    assert found is not None, name
    return found


def drop(target: QWidget, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    target.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, LEFT, Qt.KeyboardModifier.NoModifier))


def shown(panel: PromptPanel) -> np.ndarray:
    """How bright the preview is, by pixels."""
    image = panel.control.preview.picture.pixmap().toImage()
    return np.array([[image.pixelColor(x, y).lightness() for x in range(image.width())] for y in range(image.height())])


def test_it_is_there_where_the_model_takes_one(panel: PromptPanel, house: Path) -> None:
    control = box(panel, "controlBox")
    assert control.isVisible()
    assert control.accessibleName()
    assert all(child.accessibleName() for child in control.findChildren(QComboBox))
    panel.control.set_path(str(house))
    assert panel.request().input(Role.CONTROL) is not None
    models = panel.choice.model_box
    models.setCurrentIndex(models.findData("sprint"))
    models.activated.emit(models.currentIndex())
    assert not control.isVisible()
    assert panel.request().inputs == ()


def test_a_dropped_picture_shows_its_edges_and_goes_into_the_request(
    qtbot: QtBot, panel: PromptPanel, house: Path
) -> None:
    drop(panel.control, house)
    qtbot.waitUntil(lambda: panel.request().input(Role.CONTROL) is not None)
    assert panel.request().input(Role.CONTROL) == ImageInput(Role.CONTROL, str(house), 1.0, model="lines")
    qtbot.waitUntil(lambda: not panel.control.preview.picture.pixmap().isNull(), timeout=20_000)
    edges = shown(panel)
    assert edges.shape == (256, 256)  # as the result
    assert 0.005 < (edges > 128).mean() < 0.1
    assert edges[0].max() == 0


def test_how_it_is_followed_is_chosen_with_keys_and_mouse(qtbot: QtBot, panel: PromptPanel, house: Path) -> None:
    panel.control.set_path(str(house))
    models, edges = box(panel, "controlModelBox"), box(panel, "controlEdgesBox")
    for each, presses in ((models, 1), (edges, 2)):
        each.setFocus()
        for _ in range(presses):
            QTest.keyClick(each, Qt.Key.Key_Down)
    for name, keys in (("controlScaleBox", "0.45"), ("controlStartBox", "10"), ("controlEndBox", "60")):
        number = box(panel, name)
        number.setFocus()
        number.selectAll()
        QTest.keyClicks(number, keys)
        QTest.keyClick(number, Qt.Key.Key_Tab)
    wanted = ImageInput(Role.CONTROL, str(house), 0.45, 0.1, 0.6, model="sketch", edges=Edges.NONE)
    assert panel.request().input(Role.CONTROL) == wanted
    remove = next(each for each in panel.control.findChildren(QWidget) if each.accessibleName().startswith("Remove"))
    QTest.mouseClick(remove, LEFT)
    assert panel.request().inputs == ()
    panel.apply(panel.request().replace(inputs=(wanted,)))
    assert panel.request().input(Role.CONTROL) == wanted


def test_the_range_of_steps_never_crosses(panel: PromptPanel, house: Path) -> None:
    panel.control.steps.set_values(0.9, 0.95)
    assert panel.control.steps.values() == (0.9, 0.95)
    panel.control.steps.set_values(0.1, 0.3)
    assert panel.control.steps.values() == (0.1, 0.3)
    panel.control.steps.start.setValue(80)
    start, end = panel.control.steps.values()
    assert start < end


def test_the_button_asks_and_what_is_no_picture_is_said(
    qtbot: QtBot, panel: PromptPanel, house: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").write_text("no picture")
    button = panel.findChild(QPushButton, "controlPictureButton")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(tmp_path / "notes.txt"), ""))
    with qtbot.waitSignal(panel.control.problem):
        QTest.mouseClick(button, LEFT)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(house), ""))
    QTest.mouseClick(button, LEFT)
    qtbot.waitUntil(lambda: panel.request().input(Role.CONTROL) is not None)
    with qtbot.waitSignal(panel.control.problem) as missed:
        panel.control.set_path(str(tmp_path / "gone.png"))
    assert "gone.png" in str(missed.args[0])
    assert panel.request().inputs == ()


def test_a_copied_file_is_pasted(qtbot: QtBot, panel: PromptPanel, house: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(house))])
    QGuiApplication.clipboard().setMimeData(data)
    button = panel.findChild(QPushButton, "controlPictureButton")
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: panel.request().input(Role.CONTROL) is not None)


def test_copied_pixels_are_pasted(qtbot: QtBot, panel: PromptPanel, house: Path) -> None:
    data = QMimeData()
    data.setImageData(QImage(str(house)))
    QGuiApplication.clipboard().setMimeData(data)
    button = panel.findChild(QPushButton, "controlPictureButton")
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: panel.request().input(Role.CONTROL) is not None)
    kept = Path(panel.request().input(Role.CONTROL).path)
    assert np.array_equal(images.decode(kept), images.decode(house))


def test_a_picture_without_edges_is_said_beside_it(qtbot: QtBot, panel: PromptPanel, tmp_path: Path) -> None:
    Image.fromarray(np.full((32, 32, 3), 90, np.uint8)).save(tmp_path / "fog.png")
    panel.control.set_path(str(tmp_path / "fog.png"))
    qtbot.waitUntil(panel.control.preview.note.isVisible, timeout=20_000)
    assert "No edges" in panel.control.preview.note.text()


def test_a_folder_of_ones_own_is_kept_in_the_list(
    panel: PromptPanel, house: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel.control.set_path(str(house))
    (tmp_path / "mine").mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "mine"))
    models = box(panel, "controlModelBox")
    models.setCurrentIndex(models.count() - 1)
    models.activated.emit(models.currentIndex())
    assert panel.request().input(Role.CONTROL).model == str(tmp_path / "mine")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")  # asked, and dismissed
    models.setCurrentIndex(models.count() - 1)
    models.activated.emit(models.currentIndex())
    assert panel.request().input(Role.CONTROL).model == str(tmp_path / "mine")
