"""A line with a triangle that shows or hides what is under it."""

from __future__ import annotations

from PySide6.QtCore import QObject, QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QAccessibleStateChangeEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QAccessibleWidget, QVBoxLayout, QWidget

from app.ui.controls.style.icons import paint_icon
from app.ui.controls.style.theme import colours
from app.ui.words.language import Text, set_translated

ICON = 16


class Disclosure(QWidget):
    """A line with a triangle that shows or hides what is under it."""

    def __init__(self, caption: Text, content: QWidget) -> None:
        super().__init__()
        self.content = content
        self.button = ExpandButton()
        set_translated(self, caption, self.button.setText, self.button.setAccessibleName)
        self.button.toggled.connect(self.set_open)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(content)
        content.setVisible(False)

    def set_open(self, is_open: bool) -> None:
        self.button.setChecked(is_open)
        self.content.setVisible(is_open)

    def is_open(self) -> bool:
        return self.button.isChecked()


class ExpandButton(QAbstractButton):
    """The triangle and its caption. Assistive tools hear of a button that is expanded or collapsed."""

    def __init__(self) -> None:
        super().__init__()
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.toggled.connect(self._announce)

    def sizeHint(self) -> QSize:
        return QSize(ICON + self.fontMetrics().horizontalAdvance(self.text()) + 8, 22)

    def paintEvent(self, event: QPaintEvent) -> None:
        scheme = colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect())
        name = "chevron-down" if self.isChecked() else "chevron-right"
        paint_icon(painter, name, scheme.color("muted"), QRectF(-2, rect.center().y() - ICON / 2, ICON, ICON))
        painter.setPen(scheme.color("text"))
        painter.drawText(rect.adjusted(ICON, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self.text())
        if self.hasFocus():
            painter.setPen(QPen(scheme.color("accent"), 2))
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 4, 4)

    def _announce(self) -> None:
        changed = QAccessible.State()
        changed.expanded = changed.collapsed = True
        QAccessible.updateAccessibility(QAccessibleStateChangeEvent(self, changed))


class _Accessible(QAccessibleWidget):
    """What Qt has for buttons would report a check box."""

    def __init__(self, button: ExpandButton) -> None:
        super().__init__(button, QAccessible.Role.Button)

    def state(self) -> QAccessible.State:
        state = super().state()
        button = self.object()
        expanded = isinstance(button, ExpandButton) and button.isChecked()
        state.expandable = True
        state.expanded = expanded
        state.collapsed = not expanded
        return state

    def actionNames(self) -> list[str]:
        return ["Press"]

    def doAction(self, _name: str) -> None:
        button = self.object()
        if isinstance(button, ExpandButton):
            button.click()


def _accessible(class_name: str, made: QObject) -> QAccessibleInterface | None:
    return _Accessible(made) if class_name == "ExpandButton" and isinstance(made, ExpandButton) else None


QAccessible.installFactory(_accessible)
