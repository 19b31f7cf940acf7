"""Picture to video in the window with the bundled models alone, computed by a true backend."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QSpinBox
from pytestqt.qtbot import QtBot

from app.composition import local_backends
from app.core.output import Provenance
from app.core.request import GenerationRequest, Role
from app.library import paths
from app.library.pictures import images
from app.library.pictures.clips.reading import open_clip
from app.ui.main_window import MainWindow

LEFT = Qt.MouseButton.LeftButton
KEYS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
PROMPT = "a red sailboat on the left on the sea at sunset"


@pytest.fixture
def picture(home: Path) -> Path:
    """As the picture model makes them."""
    request = GenerationRequest(PROMPT, width=256, height=256, steps=20, guidance=2.0, solver="dpmpp", seed=1)
    pixels = np.full((256, 256, 3), (200, 120, 90), np.uint8)
    pixels[100:160, 60:100] = (200, 30, 30)
    made = images.save(pixels, request, Provenance("torch", "cpu", model="Starter"), paths.pictures())
    os.utime(made.path, (1_000_000, 1_000_000))
    return made.path


def test_a_picture_becomes_a_clip_before_anything_is_downloaded(
    qtbot: QtBot, make_window: Callable[..., MainWindow], picture: Path
) -> None:
    window = make_window(local_backends()["torch"])
    panel = window.panel
    panel.choice.choose("auto", "starter")
    place = window.gallery.visualRect(window.model.index_of(picture)).center()
    qtbot.mouseClick(window.gallery.viewport(), LEFT, pos=place)
    qtbot.waitUntil(lambda: window.selection.picture is not None)
    qtbot.keyClick(window, Qt.Key.Key_U, KEYS)
    assert panel.choice.model_box.currentText() == "Starter Video"
    assert (panel.request().frames, panel.request().width, panel.request().height) == (17, 96, 96)
    start = panel.request().input(Role.INIT)
    assert start is not None
    assert Path(start.path) == picture
    assert panel.prompt.hasFocus()
    qtbot.keyClick(panel.prompt, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(panel.prompt, ", sailing to the right")
    estimate = window.findChild(QLabel, "estimateLabel")
    assert estimate is not None
    qtbot.waitUntil(lambda: "0.5 GB memory" in estimate.text())
    assert not panel.footer.draft.isVisible(), "a whole clip is no longer than a draft"
    panel.steps_box.setValue(2)
    assert isinstance(panel.steps_box, QSpinBox)
    with qtbot.waitSignal(window.engine.generated, timeout=240_000) as made:
        qtbot.mouseClick(panel.button, LEFT)
    clip = made.args[1]
    assert (clip.frames, clip.width, clip.height, clip.request.prompt) == (
        17,
        96,
        96,
        f"{PROMPT}, sailing to the right",
    )
    with open_clip(clip.path) as file:
        assert (file.count, file.fps) == (17, 16.0)
    qtbot.waitUntil(lambda: window.model.is_clip(clip.path))
