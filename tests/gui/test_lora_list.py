"""The list of LoRAs: added by the button, by a drop, by a typed tag and by a picture; weighed, switched and removed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QFileSystemWatcher, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.core.limits import LORAS
from app.core.output import Provenance
from app.core.request import GenerationRequest, LoraUse
from app.library import paths
from app.library.pictures import images
from app.ui.controls.style.theme import colours
from app.ui.main_window import MainWindow
from app.ui.panel.loras.lora_list import LoraList
from tests.gui.doubles import SPRINT, STARTER, ScriptedBackend

SEPIA = Path(__file__).parents[1] / "material" / "sepia.safetensors"
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def folder(home: Path) -> Path:
    paths.loras().mkdir(parents=True)
    shutil.copy(SEPIA, paths.loras())
    return paths.loras()


@pytest.fixture
def window(folder: Path, make_window: Callable[..., MainWindow]) -> MainWindow:
    window = make_window(ScriptedBackend(models={"starter": replace(STARTER, loras=LORAS), "sprint": SPRINT}))
    window.panel.prompt.setPlainText("a house")
    return window


@pytest.fixture
def loras(window: MainWindow) -> LoraList:
    found = window.findChild(QWidget, "loraList")
    assert isinstance(found, LoraList)
    return found


def used(window: MainWindow) -> list[tuple[str, float]]:
    return [(Path(lora.path).name, lora.weight) for lora in window.panel.request().loras]


def pick(loras: LoraList, text: str) -> None:
    """Choose an entry of the button's menu by the mouse."""
    QTest.mouseClick(loras.add_button, LEFT)
    action = next(action for action in loras.menu.actions() if action.text() == text)
    QTest.mouseClick(loras.menu, LEFT, pos=loras.menu.actionGeometry(action).center())


def drop(target: QWidget, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    target.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, LEFT, Qt.KeyboardModifier.NoModifier))


def test_a_row_by_mouse_and_keys(window: MainWindow, loras: LoraList, qtbot: QtBot) -> None:
    assert loras.isVisible()
    assert loras.accessibleName() == "LoRAs"
    pick(loras, "sepia")
    assert used(window) == [("sepia.safetensors", 1.0)]
    row = loras.rows[0]
    qtbot.waitUntil(lambda: "Sepia" in row.check.toolTip())
    assert all(part.accessibleName() for part in (row.check, row.slider, row.box, row.remove))
    row.box.setFocus()
    row.box.selectAll()
    QTest.keyClicks(row.box, "-1.5")
    QTest.keyClick(row.box, Qt.Key.Key_Return)
    assert used(window) == [("sepia.safetensors", -1.5)]
    assert row.slider.value() == -30
    QTest.mouseClick(row.check, LEFT)
    assert used(window) == []
    QTest.mouseClick(row.check, LEFT)
    assert used(window) == [("sepia.safetensors", -1.5)]
    QTest.mouseClick(row.remove, LEFT)
    assert used(window) == []
    assert loras.rows == []


@pytest.mark.parametrize(("weight", "left", "right"), [(-2, True, False), (2, False, True), (0, False, False)])
def test_what_is_filled_begins_at_zero(
    window: MainWindow, loras: LoraList, weight: float, left: bool, right: bool
) -> None:
    pick(loras, "sepia")
    loras.rows[0].box.setValue(weight)
    image = loras.rows[0].slider.grab().toImage()
    middle, accent = image.height() // 2, colours().accent
    found = [image.pixelColor(round(image.width() * share), middle).name() == accent for share in (0.35, 0.65)]
    assert found == [left, right]


def test_a_dropped_file_and_one_that_is_none(window: MainWindow, loras: LoraList, tmp_path: Path, qtbot: QtBot) -> None:
    other = tmp_path / "other.safetensors"
    shutil.copy(SEPIA, other)
    drop(loras, other)
    drop(window, other)
    assert used(window) == [("other.safetensors", 1.0)] * 2
    (tmp_path / "junk.safetensors").write_bytes(b"junk")
    drop(loras, tmp_path / "junk.safetensors")
    qtbot.waitUntil(lambda: len(loras.rows) == 2)
    assert "junk.safetensors" in window.bar.text.text()


def test_a_typed_tag_becomes_a_row(window: MainWindow, loras: LoraList, qtbot: QtBot) -> None:
    window.panel.prompt.setPlainText("a house <lora:sepia:0.8>, at night")
    with qtbot.waitSignal(window.panel.generateRequested) as asked:
        QTest.mouseClick(window.panel.button, LEFT)
    assert window.panel.prompt.toPlainText() == "a house, at night"
    qtbot.waitUntil(lambda: used(window) == [("sepia.safetensors", 0.8)])
    request = asked.args[0]
    assert (request.prompt, [lora.weight for lora in request.loras]) == ("a house, at night", [0.8])


def test_a_picture_gives_its_loras_back_or_says_which_is_missing(
    window: MainWindow, loras: LoraList, folder: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    (folder / "sepia.safetensors").rename(folder / "renamed.safetensors")
    shutil.copy(SEPIA, tmp_path / "sepia.safetensors")
    pixels = np.random.default_rng(0).integers(0, 255, (64, 64, 3)).astype(np.uint8)
    request = GenerationRequest(
        "a boat", seed=1, steps=4, width=64, height=64, loras=(LoraUse(str(tmp_path / "sepia.safetensors"), 0.6),)
    )
    picture = images.save(pixels, request, Provenance(), tmp_path).path
    (tmp_path / "sepia.safetensors").unlink()
    window.open_picture(picture)
    qtbot.waitUntil(lambda: used(window) == [("renamed.safetensors", 0.6)])

    (folder / "renamed.safetensors").unlink()
    qtbot.waitUntil(lambda: not loras.rows)  # the folder is watched
    window.open_picture(picture)
    qtbot.waitUntil(lambda: "sepia" in window.bar.text.text())
    assert not loras.rows


def test_only_where_the_model_takes_them(window: MainWindow, loras: LoraList) -> None:
    pick(loras, "sepia")
    models = window.panel.choice.model_box
    models.setCurrentIndex(models.findData("sprint"))
    models.activated.emit(models.currentIndex())
    assert not loras.isVisible()
    assert used(window) == []


def test_rows_survive_a_restart(
    window: MainWindow, loras: LoraList, make_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    pick(loras, "sepia")
    loras.add_files([SEPIA])
    QTest.mouseClick(loras.rows[1].check, LEFT)  # it stays, and does not count
    window.close()
    again = make_window(ScriptedBackend(models={"starter": replace(STARTER, loras=LORAS)}))
    assert used(again) == [("sepia.safetensors", 1.0)]
    assert [row.counts() for row in again.panel.loras.rows] == [True, False]
    QTest.mouseClick(again.panel.loras.rows[1].check, LEFT)
    assert len(used(again)) == 2


def test_folders_within_the_folder_are_watched(window: MainWindow, loras: LoraList, folder: Path, qtbot: QtBot) -> None:
    (folder / "mine" / "old").mkdir(parents=True)
    watcher = loras.findChild(QFileSystemWatcher)
    qtbot.waitUntil(lambda: str(folder / "mine" / "old") in watcher.directories())
    inner = folder / "mine" / "old" / "inner.safetensors"
    shutil.copy(SEPIA, inner)
    loras.add_files([inner])
    inner.unlink()
    qtbot.waitUntil(lambda: not loras.rows)
    assert "inner" in window.bar.text.text()
