"""A line with a triangle that shows or hides what is under it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from app.ui.controls.icons import paint_icon
from app.ui.controls.theme import colours
from app.ui.words.language import Words, say


class Disclosure(QWidget):
    """A line with a triangle that shows or hides what is under it."""

    def __init__(self, caption: Words, content: QWidget) -> None:
        super().__init__()
        self.content = content
        self.button = QToolButton()
        say(self, caption, self.button.setText, self.button.setAccessibleName)
        self.button.setCheckable(True)
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.setArrowType(Qt.ArrowType.NoArrow)
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.setStyleSheet("QToolButton { padding: 1px 4px 1px 12px; } QToolButton:hover { background: none; }")
        self.button.toggled.connect(self.set_open)
        self.button.installEventFilter(self)
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

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.button.removeEventFilter(self)
            self.button.event(event)
            self.button.installEventFilter(self)
            name = "chevron-down" if self.is_open() else "chevron-right"
            middle = self.button.rect().center().y() + 0.5
            paint_icon(QPainter(self.button), name, colours().color("muted"), QRectF(-2, middle - 8, 16, 16))
            return True
        return super().eventFilter(watched, event)
