"""Colours that can be read, and what follows them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.core.request import GenerationRequest
from app.library import paths
from app.library.pictures import images
from app.ui.controls.buttons import push_button
from app.ui.controls.theme import DARK, LIGHT, Colours
from app.ui.main_window import MainWindow
from app.ui.settings.twice_button import TwiceButton


def luminance(colour: QColor) -> float:
    """As WCAG 2 defines it."""
    parts = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.getRgbF()[:3]]
    return float(np.dot(parts, (0.2126, 0.7152, 0.0722)))


@pytest.mark.parametrize("scheme", [LIGHT, DARK])
@pytest.mark.parametrize(
    ("text", "ground"),
    [
        (text, ground)
        for text in ("text", "muted", "link", "danger")
        for ground in ("window", "canvas", "raised", "viewer")
    ],
)
def test_text_has_enough_contrast(scheme: Colours, text: str, ground: str) -> None:
    dark, light = sorted((luminance(scheme.color(text)), luminance(scheme.color(ground))))
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def blue(label: QLabel) -> int:
    """The bluest of a label's pixels that are blue."""
    picture = label.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(picture.constBits(), np.uint8).reshape(picture.height(), picture.width(), 4).astype(int)
    blues = pixels[..., 0][pixels[..., 0] > pixels[..., 2] + 80]
    return int(blues.max())


def test_links_follow_the_colours(qtbot: QtBot, make_window: Callable[..., MainWindow], home: Path) -> None:
    facts = {"licence": "NSCL v2", "licence_url": "https://example.org/licence"}
    picture = images.save(np.zeros((64, 64, 3), np.uint8), GenerationRequest("x"), facts, paths.pictures())
    window = make_window()
    settings = window.engine.settings
    settings.set("appearance", "light")
    window.inspector.show_picture(picture)
    licence = window.inspector._values[window.inspector._shown - 1][1]
    window.open_settings("Cloud")
    dialog = window._settings_dialog
    assert dialog is not None
    source = dialog.cloud.source
    qtbot.waitUntil(lambda: "href" in source.text())
    light = blue(licence), blue(source)
    settings.set("appearance", "dark")
    assert blue(licence) > light[0] + 5
    assert blue(source) > light[1] + 5
    settings.set("appearance", "light")
    assert (blue(licence), blue(source)) == light


def test_a_button_shows_its_focus_by_its_border_alone(qtbot: QtBot, window: MainWindow) -> None:
    for button in (push_button("plain", ""), TwiceButton("", "")):
        button.setParent(window)
        button.resize(80, 32)
        button.show()
        button.setFocus()
        window.setAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)  # as after a press of Tab
        assert button.hasFocus()
        picture = button.grab().toImage()
        inside = {picture.pixelColor(x, y).name() for x in range(6, 74) for y in range(4, 28)}
        assert len(inside) == 1
