"""Which widgets Tab reaches."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QRadioButton, QWidget


def focusable(widgets: list[QWidget]) -> list[QWidget]:
    """The widgets and all within them that Tab reaches, in order. Of radio buttons it reaches the chosen one only,
    which may be another one later.
    """
    found = []
    for widget in widgets:
        for each in (widget, *widget.findChildren(QWidget)):
            inside = isinstance(each.parent(), QAbstractSpinBox | QComboBox)  # their editor has the focus by proxy
            takes = bool(each.focusPolicy() & Qt.FocusPolicy.TabFocus) or isinstance(each, QRadioButton)
            if takes and not inside and each.window() is widget.window():
                found.append(each)
    return found
