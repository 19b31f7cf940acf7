"""What assistive tools hear of the window, and where Tab goes in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QApplication, QRadioButton, QWidget
from pytestqt.qtbot import QtBot

from app.ui.controls.disclosure import ExpandButton
from app.ui.main_window import MainWindow


def heard(widget: QWidget) -> tuple[QAccessible.Role, QAccessible.State, str]:
    """Role, state and name as a screen reader gets them."""
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.role(), interface.state(), interface.text(QAccessible.Text.Name)


@pytest.mark.parametrize("group", ["filter", "shapes"])
def test_one_of_several_is_a_radio_button(qtbot: QtBot, window: MainWindow, group: str) -> None:
    buttons = (window.header.filter if group == "filter" else window.panel.size_field.shapes).findChildren(
        QAbstractButton
    )
    assert [heard(button)[0] for button in buttons] == [QAccessible.Role.RadioButton] * len(buttons)
    assert [bool(heard(button)[1].checked) for button in buttons] == [True] + [False] * (len(buttons) - 1)
    qtbot.mouseClick(buttons[1], Qt.MouseButton.LeftButton)
    assert [bool(heard(button)[1].checked) for button in buttons[:2]] == [False, True]
    assert all(heard(button)[2] for button in buttons)


def test_the_arrows_choose_among_several(qtbot: QtBot, window: MainWindow) -> None:
    first, second, *_ = window.panel.size_field.shapes.findChildren(QRadioButton)
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Right)
    assert second.isChecked()
    assert second.hasFocus()
    assert window.panel.request().width != window.panel.request().height


def test_a_disclosure_is_a_button_that_is_expanded_or_not(qtbot: QtBot, window: MainWindow) -> None:
    button = window.panel.advanced_part.button
    assert isinstance(button, ExpandButton)
    role, state, name = heard(button)
    assert (role, name) == (QAccessible.Role.Button, "Advanced")
    assert (bool(state.expandable), bool(state.expanded), bool(state.collapsed)) == (True, False, True)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    state = heard(button)[1]
    assert (bool(state.expanded), bool(state.collapsed)) == (True, False)
    assert window.panel.advanced.isVisible()
    QAccessible.queryAccessibleInterface(button).actionInterface().doAction("Press")
    assert not window.panel.advanced.isVisible()


def test_disclosures_come_and_go_with_a_screen_reader_running(qtbot: QtBot, window: MainWindow) -> None:
    """Qt frees what it reports of a widget with the widget."""
    for _ in range(50):
        button = ExpandButton()
        button.setText("More")
        assert heard(button)[0] == QAccessible.Role.Button
        button.toggle()
        button.deleteLater()
        qtbot.wait(0)


ORDER = [
    "panelButton", "albumsButton", "All", "sortButton", "filterButton", "searchEdit", "inspectorButton",
    "modelBox", "backendBox", "widthBox", "heightBox", "Square (1 : 1)", "stepsBox", "guidanceBox", "seedBox",
    "New random seed", "Keep this seed", "countBox", "startPictureButton", "Advanced",
    "Quick", "styleButton", "wildcardsButton",
    "promptEdit", "Earlier prompts and examples", "Negative prompt", "generateButton", "galleryView",
]  # fmt: skip
"""What Tab reaches, by object name or accessible name, until it comes to the pictures."""


def recorded(qtbot: QtBot, window: MainWindow, start: QWidget, stops: int) -> list[QWidget]:
    """The widgets that get the focus at each press of Tab."""
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    start.setFocus()
    found = [start]
    for _ in range(stops):
        focused = QApplication.focusWidget()
        assert focused is not None
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
        reached = QApplication.focusWidget()
        assert reached is not None
        found.append(reached)
    return found


def test_tab_goes_from_the_header_through_the_panel_to_the_pictures(
    qtbot: QtBot, make_window: Callable[..., MainWindow], make_pictures: Callable[[int], list[Path]]
) -> None:
    make_pictures(2)
    window = make_window()
    widgets = recorded(qtbot, window, window.header.panel_button, len(ORDER) - 1)
    names = [heard(widget)[2] for widget in widgets]
    assert all(names), "each stop has a name"
    seen = [widget.objectName() or name for widget, name in zip(widgets, names, strict=True)]
    assert seen == ORDER


def test_from_the_prompt_to_the_pictures_is_few_presses(
    qtbot: QtBot, make_window: Callable[..., MainWindow], make_pictures: Callable[[int], list[Path]]
) -> None:
    make_pictures(2)
    window = make_window()
    assert window.gallery in recorded(qtbot, window, window.panel.prompt, 4)


def test_tab_comes_around_and_every_stop_has_a_name(
    qtbot: QtBot, make_window: Callable[..., MainWindow], make_pictures: Callable[[int], list[Path]]
) -> None:
    """All of the window, with a picture selected and its details shown."""
    first, _ = make_pictures(2)
    window = make_window()
    window.gallery.select(first)
    qtbot.waitUntil(lambda: window.selection.request() is not None)
    widgets = recorded(qtbot, window, window.header.panel_button, 60)
    assert window.header.panel_button in widgets[1:]
    whole = widgets[: widgets.index(window.header.panel_button, 1)]
    assert len(whole) == len(set(whole)), "none is met twice"
    assert [type(widget).__name__ for widget in whole if not heard(widget)[2]] == []
    assert [each for each in whole if each in window.inspector.findChildren(QWidget)]


def test_every_stop_of_the_settings_has_a_name(qtbot: QtBot, window: MainWindow) -> None:
    window.open_settings()
    dialog = window._settings_dialog
    assert dialog is not None
    bar = dialog.tabs.tabBar()
    for page in range(dialog.tabs.count()):
        dialog.tabs.setCurrentIndex(page)
        dialog.activateWindow()
        qtbot.waitUntil(dialog.isActiveWindow)
        bar.setFocus()
        met: list[QWidget] = []
        while len(met) < 80:
            qtbot.keyClick(dialog, Qt.Key.Key_Tab)
            reached = QApplication.focusWidget()
            assert reached is not None
            if reached is bar:
                break
            met.append(reached)
        assert met
        assert len(met) < 80, "Tab comes back to the tabs"
        assert [type(each).__name__ for each in met if not heard(each)[2]] == []
