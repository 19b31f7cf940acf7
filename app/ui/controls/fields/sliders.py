"""A number that can be typed or dragged."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QSlider, QVBoxLayout, QWidget

from app.core.limits import Range
from app.ui.controls.fields.number_box import DecimalBox, NumberBox
from app.ui.controls.style.theme import colours
from app.ui.controls.text.labels import buddy
from app.ui.words.language import Text, set_translated

HANDLE = 17
"""Points of the handle's width, as the style sheet has it."""


class Slider(QSlider):
    """A horizontal slider. The wheel scrolls the panel, not the value."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class SignedSlider(Slider):
    """A slider from below zero to above it: what is filled begins at zero."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "signed")

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        zero, handle = (self._place(value) for value in (0, self.sliderPosition()))
        gap = HANDLE / 2 if handle > zero else -HANDLE / 2
        if abs(handle - zero) > HANDLE / 2:
            middle = self.height() / 2
            painter = QPainter(self)
            filled = QRectF(QPointF(zero, middle - 2), QPointF(handle - gap, middle + 2)).normalized()
            painter.fillRect(filled, colours().color("accent"))

    def _place(self, value: int) -> float:
        """Where the middle of the handle is for a value, in points."""
        room = self.width() - HANDLE
        return HANDLE / 2 + room * (value - self.minimum()) / max(1, self.maximum() - self.minimum())


class SliderField(QWidget):
    """A caption, a number that can be typed and a slider beneath, kept in step."""

    valueChanged = Signal()

    def __init__(self, caption: Text, box: NumberBox | DecimalBox) -> None:
        super().__init__()
        self.box = box
        self._step = 1.0
        self._offset = 0.0  # of all values from the multiples of the step
        box.setProperty("role", "inline")
        box.setAlignment(Qt.AlignmentFlag.AlignRight)
        box.setFixedWidth(46)
        self.slider = Slider()
        set_translated(self, caption, self.slider.setAccessibleName)
        self.slider.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the arrow keys do the same in the box
        self._top = top = QHBoxLayout()
        top.setContentsMargins(0, 0, 0, 0)
        self.caption = buddy(caption, box)
        top.addWidget(self.caption)
        top.addStretch()
        top.addWidget(box)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self.slider)
        self.slider.valueChanged.connect(self._from_slider)
        box.valueChanged.connect(self._from_box)

    def set_range(self, limits: Range) -> None:
        """Limits and step of both; the value stays where it may."""
        self._step = step = limits.step
        lowest = round(limits.minimum / step)
        self._offset = limits.minimum - lowest * step
        self.slider.blockSignals(True)
        self.slider.setRange(lowest, math.floor((limits.maximum - self._offset) / step + 1e-6))
        self.slider.blockSignals(False)
        if isinstance(self.box, DecimalBox):
            self.box.setDecimals(1 if step >= 0.1 else 2)
            self.box.setRange(limits.minimum, limits.maximum)
            self.box.setSingleStep(step)
        else:
            self.box.setRange(int(limits.minimum), int(limits.maximum))
            self.box.setSingleStep(int(step))
        self._from_box()

    def add_beneath(self, row: QLayout) -> None:
        """Put something beneath the slider."""
        self._column.addLayout(row)

    def add_behind(self, words: QWidget) -> None:
        """Put something behind the number."""
        self._top.addWidget(words)

    def _from_slider(self, position: int) -> None:
        value = position * self._step + self._offset
        if isinstance(self.box, DecimalBox):
            self.box.setValue(value)
        else:
            self.box.setValue(round(value))

    def _from_box(self) -> None:
        self.slider.blockSignals(True)
        self.slider.setValue(round((self.box.value() - self._offset) / self._step))
        self.slider.blockSignals(False)
        self.valueChanged.emit()
