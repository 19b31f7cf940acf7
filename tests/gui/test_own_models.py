"""The user's own models in the settings: their base is asked for, and the float16 clip is shown and can be chosen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLabel, QPushButton, QWidget

from app.library.models.store import Models
from app.library.settings import Settings
from app.ui.controls.fields.combo_box import ComboBox
from app.ui.main_window import MainWindow
from app.ui.settings.dialog import SettingsDialog
from app.ui.settings.models.own_model import FIND_OUT, NO, YES
from tests.checkpoints import write_checkpoint, write_safetensors
from tests.gui.doubles import ScriptedBackend

TENSORS = {"transformer_blocks.0.attn1.to_q.weight": (4, 4), "proj_out.bias": (4,)}


@pytest.fixture
def window(make_window: Callable[..., MainWindow]) -> MainWindow:
    window = make_window(ScriptedBackend())
    window.menus.actions["settings"].trigger()
    return window


@pytest.fixture
def dialog(window: MainWindow) -> SettingsDialog:
    found = window.findChild(QDialog, "settingsDialog")
    assert isinstance(found, SettingsDialog)
    found.tabs.setCurrentWidget(
        next(found.tabs.widget(i) for i in range(found.tabs.count()) if "Models" in found.tabs.tabText(i))
    )
    return found


def choose(box: ComboBox, value: str) -> None:
    """With the keyboard, as who cannot use the mouse."""
    box.setFocus()
    steps = box.findData(value) - box.currentIndex()
    for _ in range(abs(steps)):
        QTest.keyClick(box, Qt.Key.Key_Down if steps > 0 else Qt.Key.Key_Up)


def click(parent: QWidget, name: str) -> None:
    button = parent.findChild(QPushButton, name)
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_file_that_fits_several_models_asks_for_its_base(dialog: SettingsDialog, tmp_path: Path) -> None:
    for number, name in enumerate(("one", "two")):
        folder = write_checkpoint(tmp_path / name)
        write_safetensors(folder / "transformer" / "diffusion_pytorch_model.safetensors", TENSORS, "F32", number)
        dialog.models.add_folder(folder)
    single = tmp_path / "flowers.safetensors"
    write_safetensors(single, TENSORS, "F32", 7)
    dialog.models.add_folder(single)
    asked = dialog.models.base
    assert asked.isVisible()
    assert [asked.box.itemText(index) for index in range(asked.box.count())] == ["one", "two"]
    assert str(single) not in dialog.models.rows

    choose(asked.box, str(tmp_path / "two"))
    click(asked, "baseButton")
    assert not asked.isVisible()
    notes = dialog.models.rows[str(single)].findChild(QLabel, "modelNotesLabel")
    assert notes is not None
    assert "“two”" in notes.text()
    assert Models(Settings()).resolve(str(single))[1].folder == tmp_path / "two"


def test_the_question_can_be_left(dialog: SettingsDialog, tmp_path: Path) -> None:
    for name in ("one", "two"):
        folder = write_checkpoint(tmp_path / name)
        write_safetensors(folder / "transformer" / "diffusion_pytorch_model.safetensors", TENSORS, "F32")
        dialog.models.add_folder(folder)
    write_safetensors(tmp_path / "flowers.safetensors", TENSORS, "F32", 7)
    dialog.models.add_folder(tmp_path / "flowers.safetensors")
    click(dialog.models.base, "baseCancelButton")
    assert not dialog.models.base.isVisible()
    assert len(Models(Settings()).folders()) == 2


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Sana_600M_512px_diffusers", "Automatic: yes"),
        ("Sana_1600M_1024px_BF16_diffusers", "Automatic: no"),
        ("mine", "Automatic: not known yet"),
    ],
)
def test_the_clip_is_shown_and_can_be_chosen(dialog: SettingsDialog, tmp_path: Path, name: str, words: str) -> None:
    folder = write_checkpoint(tmp_path / name)
    dialog.models.add_folder(folder)
    box = dialog.models.rows[str(folder)].own.clip_box
    assert box.isVisible()
    assert (box.currentText(), box.currentData()) == (words, FIND_OUT)
    for value, clip in ((YES, True), (NO, False)):
        choose(box, value)
        assert Models(Settings()).resolve(str(folder))[1].clip is clip
        assert box.currentData() == value
    choose(box, FIND_OUT)
    assert box.currentText() == words


def test_other_families_have_no_such_choice(dialog: SettingsDialog, tmp_path: Path) -> None:
    folder = write_checkpoint(tmp_path / "mine", "sana-sprint")
    dialog.models.add_folder(folder)
    assert not dialog.models.rows[str(folder)].own.clip_box.isVisible()
    assert not dialog.models.rows["starter"].own.isVisible()
