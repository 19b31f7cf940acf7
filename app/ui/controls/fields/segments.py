"""A segmented control: one of a few, side by side."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QRadioButton, QWidget

from app.ui.controls.style.theme import RADIUS, colours
from app.ui.words.language import Text, set_translated


class Segments(QWidget):
    """A segmented control: one of a few, side by side."""

    chosen = Signal(int)

    def __init__(self, captions: list[Text], name: Text) -> None:
        super().__init__()
        set_translated(self, name, self.setAccessibleName)
        self.setFixedHeight(28)
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(0)
        for index, caption in enumerate(captions):
            button = _Segment(caption)
            self._group.addButton(button, index)
            row.addWidget(button)
        self._group.button(0).setChecked(True)
        self._group.idToggled.connect(lambda index, on: self.chosen.emit(index) if on else None)

    def value(self) -> int:
        return self._group.checkedId()

    def set_value(self, index: int | None) -> None:
        """Choose one, or none."""
        if index is not None:
            self._group.button(index).setChecked(True)
        elif (button := self._group.checkedButton()) is not None:
            self._group.setExclusive(False)
            button.setChecked(False)
            self._group.setExclusive(True)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colours().color("edge"), 1))
        painter.setBrush(colours().color("line"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)


class _Segment(QRadioButton):
    """Drawn otherwise, but a radio button for the keyboard and for assistive tools: one stop for Tab, arrows choose."""

    def __init__(self, caption: Text) -> None:
        super().__init__()
        set_translated(self, caption, self.setText, self.setAccessibleName)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 24, 24)

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        scheme = colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect())
        if self.isChecked():
            painter.setPen(QPen(scheme.color("edge"), 1))
            painter.setBrush(scheme.color("raised"))
            painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS - 2, RADIUS - 2)
        if self.hasFocus():
            painter.setPen(QPen(scheme.color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), RADIUS - 2, RADIUS - 2)
        painter.setPen(self.palette().color(QPalette.ColorRole.ButtonText))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self.text())
