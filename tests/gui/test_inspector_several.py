"""Several pictures in the inspector: how many, in what they agree, and what can be done with all of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.core.output import Provenance
from app.core.request import GenerationRequest
from app.library import paths
from app.library.pictures import images
from app.ui.gallery.inspector.facts import DIFFERENT, common
from app.ui.main_window import MainWindow

LEFT, SHIFT, CONTROL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


def save(prompt: str, seed: int, steps: int = 20, model: str = "Sana Starter") -> images.Picture:
    request = GenerationRequest(
        prompt, width=64, height=64, steps=steps, guidance=4.5, solver="dpmpp", seed=seed, model="starter"
    )
    return images.save(
        np.zeros((64, 64, 3), np.uint8), request, Provenance(model=model, backend="torch"), paths.pictures()
    )


@pytest.fixture
def full(home: Path, make_window: Callable[..., MainWindow]) -> MainWindow:
    """The newest first: two of one prompt, one of another and with other steps."""
    save("a tree", 3, steps=8)
    save("a house", 2)
    save("a house", 1)
    return make_window()


def select(qtbot: QtBot, window: MainWindow, last: int) -> None:
    for row, keys in ((0, Qt.KeyboardModifier.NoModifier), (last, SHIFT)):
        where = window.gallery.visualRect(window.model.index(row)).center()
        qtbot.mouseClick(window.gallery.viewport(), LEFT, keys, where)


def titles(window: MainWindow) -> list[str]:
    return [each.text() for each in window.inspector.findChildren(QLabel) if each.isVisible()]


def buttons(window: MainWindow) -> dict[str, QPushButton]:
    found = window.inspector.findChildren(QPushButton)
    return {each.objectName(): each for each in found if each.isVisible()}


def test_what_is_the_same_is_told_and_what_differs(qtbot: QtBot, full: MainWindow) -> None:
    select(qtbot, full, 1)
    qtbot.waitUntil(lambda: full.inspector.rows() != {})
    assert "2 pictures selected" in titles(full)
    assert full.inspector.prompt.text() == "a house"
    assert full.inspector.rows() == {
        "Model": "Sana Starter", "Ran on": "PyTorch", "Size": "64 × 64", "Steps": "20", "Guidance": "4.5",
        "Solver": "DPM-Solver++", "Seed": "different",
    }  # fmt: skip
    select(qtbot, full, 2)
    qtbot.waitUntil(lambda: full.inspector.rows().get("Steps") == "different")
    assert "3 pictures selected" in titles(full)
    assert full.inspector.prompt.text() == "Different prompts"
    assert full.inspector.rows()["Size"] == "64 × 64"


def test_one_again_is_shown_as_one(qtbot: QtBot, full: MainWindow) -> None:
    select(qtbot, full, 2)
    qtbot.waitUntil(lambda: full.inspector.rows() != {})
    select(qtbot, full, 0)
    qtbot.waitUntil(lambda: full.inspector.path is not None)
    assert full.inspector.image.isVisible()
    assert set(buttons(full)) == {
        "useButton",
        "varyButton",
        "startButton",
        "editButton",
        "upscaleButton",
        "revealButton",
        "exportButton",
    }
    assert not any("selected" in title for title in titles(full))


def test_all_of_them_get_the_star_and_are_deleted(qtbot: QtBot, full: MainWindow) -> None:
    select(qtbot, full, 1)
    chosen = full.selection.paths()
    assert set(buttons(full)) == {"compareButton", "upscaleButton", "exportButton", "favouriteButton", "deleteButton"}
    assert all(each.isEnabled() for each in buttons(full).values())
    qtbot.mouseClick(buttons(full)["favouriteButton"], LEFT)
    assert all(full.model.is_favourite(path) for path in chosen)
    qtbot.waitUntil(lambda: all(full.engine.gallery.favourite(path) for path in chosen))
    qtbot.mouseClick(buttons(full)["deleteButton"], LEFT)
    assert full.model.pictures == 1
    qtbot.waitUntil(lambda: not any(path.exists() for path in chosen))
    qtbot.keyClick(full.gallery, Qt.Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: full.model.pictures == 3)
    assert all(full.model.is_favourite(path) for path in chosen)


def test_another_language_says_it_anew(qtbot: QtBot, full: MainWindow) -> None:
    select(qtbot, full, 2)
    qtbot.waitUntil(lambda: full.inspector.rows() != {})
    english = full.inspector.rows()
    full.engine.settings.set("language", "zh")
    assert len(full.inspector.rows()) == len(english)
    assert full.inspector.rows()["尺寸"] == english["Size"]


def test_common_settings_of_nothing_and_of_photos(home: Path) -> None:
    assert common([]) == {}
    first, second = save("a", 1), save("b", 1)
    assert common([first])["prompt"] == "a"
    assert common([first, second])["prompt"] is DIFFERENT
    photo = images.Picture(first.path, 64, 64, 0.0)
    assert common([photo])["steps"] is None
    assert common([first, photo])["steps"] is DIFFERENT
