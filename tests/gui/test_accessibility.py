"""What assistive tools hear of the window, and where Tab goes in it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QRadioButton, QWidget
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
