"""Colours that can be read, and what follows them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QIcon, QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.core.output import Provenance
from app.core.request import GenerationRequest
from app.library import paths
from app.library.pictures import images
from app.ui.controls.buttons import push_button
from app.ui.controls.style import icons
from app.ui.controls.style.theme import DARK, LIGHT, Colours, colours
from app.ui.controls.twice_button import TwiceButton
from app.ui.main_window import MainWindow


def luminance(colour: QColor) -> float:
    """As WCAG 2 defines it."""
    parts = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
        for part in (colour.redF(), colour.greenF(), colour.blueF())
    ]
    return float(np.dot(parts, (0.2126, 0.7152, 0.0722)))


def contrast(one: QColor, other: QColor) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [LIGHT, DARK])
@pytest.mark.parametrize(
    ("text", "ground"),
    [
        (text, ground)
        for text in ("text", "muted", "link", "danger")
        for ground in ("window", "canvas", "raised", "field", "viewer", "pressed")
        if ground != "pressed" or text in ("text", "muted")  # only buttons are pressed
    ],
)
def test_text_has_enough_contrast(scheme: Colours, text: str, ground: str) -> None:
    assert contrast(scheme.color(text), scheme.color(ground)) >= 4.5


@pytest.mark.parametrize("scheme", [LIGHT, DARK])
def test_white_text_has_enough_contrast(scheme: Colours) -> None:
    for ground in ("fill", "fill_hover", "fill_pressed"):
        assert contrast(QColor("#ffffff"), scheme.color(ground)) >= 4.5


@pytest.mark.parametrize("scheme", [LIGHT, DARK])
@pytest.mark.parametrize("part", ["edge", "accent", "good", "warning", "fill"])
def test_what_can_be_operated_is_seen(scheme: Colours, part: str) -> None:
    """WCAG 2, success criterion 1.4.11."""
    for ground in ("window", "canvas", "raised", "field", "viewer"):
        if part == "fill" and ground == "raised":
            continue  # a filled button stands on no card
        assert contrast(scheme.color(part), scheme.color(ground)) >= 3
    if part == "edge":
        for ground in ("pressed", "line"):
            assert contrast(scheme.color(part), scheme.color(ground)) >= 3


def operable(window: QWidget) -> list[QWidget]:
    kinds = QAbstractButton, QComboBox, QLineEdit, QAbstractSpinBox, QPlainTextEdit, QAbstractSlider
    shown = [each for kind in kinds for each in window.findChildren(kind)]
    return [
        each
        for each in shown
        if each.isVisible() and each.isEnabled() and each.visibleRegion().boundingRect() == each.rect()
        if each.window() is window and not isinstance(each.parent(), QAbstractSpinBox | QComboBox | QLineEdit)
    ]


@pytest.mark.parametrize("appearance", ["light", "dark"])
def test_every_control_stands_out_from_its_ground(qtbot: QtBot, window: MainWindow, appearance: str) -> None:
    """Measured in what is drawn: a control's most different pixel, its border or its icon, against what is around."""
    window.engine.settings.set("appearance", appearance)
    window.panel.advanced_part.set_open(True)
    window.open_settings()
    dialog = window._settings_dialog
    assert dialog is not None
    for page in range(dialog.tabs.count()):
        dialog.tabs.setCurrentIndex(page)
        qtbot.wait(20)
        for top in (window, dialog):
            picture = top.grab().toImage()
            for control in operable(top):
                seen = control.visibleRegion().boundingRect()
                rect = QRect(control.mapTo(top, seen.topLeft()), seen.size())
                assert edge_contrast(picture, rect, framed=not_by_its_words(control)) >= 3, (
                    control.objectName() or control.accessibleName() or type(control).__name__
                )


def not_by_its_words(control: QWidget) -> bool:
    """Whether it is known by a frame: fields, boxes, and buttons that are no links and no icons."""
    return isinstance(control, QComboBox | QLineEdit | QPlainTextEdit) or (
        isinstance(control, QPushButton) and control.property("role") != "link"
    )


def edge_contrast(picture: QImage, rect: QRect, *, framed: bool) -> float:
    """The highest contrast with the ground just outside, on the way in from the left; across it all where a control
    has no frame.
    """
    middle = rect.center().y()
    ground = picture.pixelColor(max(0, rect.left() - 2), middle)
    if framed:
        places = [(x, middle) for x in range(rect.left(), rect.left() + 4)]
    else:
        places = [(x, y) for x in range(rect.left(), rect.right() + 1) for y in range(rect.top(), rect.bottom() + 1)]
    inside = {picture.pixelColor(x, y).rgb() for x, y in places if picture.valid(x, y)}
    return max(contrast(QColor(colour), ground) for colour in inside)


@pytest.mark.parametrize("appearance", ["light", "dark"])
def test_what_is_written_in_empty_fields_can_be_read(qtbot: QtBot, window: MainWindow, appearance: str) -> None:
    window.engine.settings.set("appearance", appearance)
    window.panel.negative_part.set_open(True)
    qtbot.wait(20)
    for field in (window.header.search, window.panel.prompt, window.panel.negative):
        picture = field.grab(QRect(30, 6, 120, 18)).toImage()
        ground = picture.pixelColor(119, 17)
        drawn = {picture.pixelColor(x, y).rgb() for x in range(120) for y in range(18)}
        assert max(contrast(QColor(colour), ground) for colour in drawn) >= 4.4  # letters are thin, their edges soft


def blue(label: QLabel) -> int:
    """The bluest of a label's pixels that are blue."""
    picture = label.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(picture.constBits(), np.uint8).reshape(picture.height(), picture.width(), 4).astype(int)
    blues = pixels[..., 0][pixels[..., 0] > pixels[..., 2] + 80]
    return int(blues.max())


def test_links_follow_the_colours(qtbot: QtBot, make_window: Callable[..., MainWindow], home: Path) -> None:
    made = Provenance(licence="NSCL v2", licence_url="https://example.org/licence")
    picture = images.save(np.zeros((64, 64, 3), np.uint8), GenerationRequest("x"), made, paths.pictures())
    window = make_window()
    settings = window.engine.settings
    settings.set("appearance", "light")
    window.inspector.show_picture(picture)
    licence = window.inspector._values[window.inspector._shown - 1][1]
    window.open_settings("Models")
    dialog = window._settings_dialog
    assert dialog is not None
    source = dialog.models.token.status
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


def test_an_icon_is_drawn_when_it_is_seen_in_its_own_size(qtbot: QtBot) -> None:
    button = icons.IconButton("star", lambda: "Favourite", side=18)
    qtbot.addWidget(button)
    icons.pixmap.cache_clear()
    button.redraw()
    assert icons.pixmap.cache_info().misses == 0
    button.grab()
    assert icons.pixmap.cache_info().misses == 1
    assert button.icon().pixmap(18).toImage() == icons.pixmap("star", colours().muted, 18).toImage()
    button.setEnabled(False)
    disabled, faint = button.icon().pixmap(18, 18, QIcon.Mode.Disabled), button.icon().pixmap(18)
    assert disabled.toImage() != faint.toImage()  # as a style shows what is disabled
