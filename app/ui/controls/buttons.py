"""Push buttons."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from app.ui.words.language import Text, set_translated


def push_button(name: str, words: Text, act: Callable[[], object] | None = None) -> QPushButton:
    """A button that the mouse presses without taking the focus; a press does `act`. Return in a field of a dialog
    presses none.
    """
    made = QPushButton()
    made.setAutoDefault(False)
    set_translated(made, words, made.setText)
    made.setObjectName(name)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    if act is not None:
        made.clicked.connect(lambda: act())
    return made
