"""The row of buttons that choose the picture's shape."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QRadioButton, QWidget

from app.core.capabilities import Capabilities
from app.ui.controls.style.frames import paint_field
from app.ui.controls.style.theme import colours
from app.ui.words.language import set_translated

SHAPES = ((1, 1), (3, 4), (4, 3), (9, 16), (16, 9))
"""Width to height: square, portrait, landscape, tall, wide."""


def size_for(capabilities: Capabilities, shape: tuple[int, int]) -> tuple[int, int]:
    """The (width, height) in pixels that a model does best in a shape.

    One of the sizes it was trained for where those are known, else about as many pixels as its trained square.
    """
    ratio = shape[0] / shape[1]
    if capabilities.aspect_sizes:
        return min(capabilities.aspect_sizes, key=lambda size: abs(size[0] / size[1] - ratio))
    side = capabilities.size.default
    return capabilities.nearest_size(round(side * ratio**0.5), round(side / ratio**0.5))


class ShapePicker(QWidget):
    """One button for each shape; `chosen` tells which (width, height) ratio was pressed."""

    chosen = Signal(int, int)

    def __init__(self) -> None:
        super().__init__()
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for index, shape in enumerate(SHAPES):
            button = _ShapeButton(shape)
            set_translated(button, partial(self._name, shape), button.setToolTip, button.setAccessibleName)
            button.clicked.connect(lambda _=False, shape=shape: self.chosen.emit(*shape))
            self._group.addButton(button, index)
            row.addWidget(button, 1)

    def _name(self, shape: tuple[int, int]) -> str:
        names = {
            (1, 1): self.tr("Square"),
            (3, 4): self.tr("Portrait"),
            (4, 3): self.tr("Landscape"),
            (9, 16): self.tr("Tall"),
            (16, 9): self.tr("Wide"),
        }
        return f"{names[shape]} ({shape[0]} : {shape[1]})"

    def show_size(self, capabilities: Capabilities, width: int, height: int) -> None:
        """Mark the shape whose size is in use, or none."""
        self._group.setExclusive(False)
        for index, shape in enumerate(SHAPES):
            self._group.button(index).setChecked(size_for(capabilities, shape) == (width, height))
        self._group.setExclusive(True)


class _ShapeButton(QRadioButton):
    """Drawn as a frame, but a radio button for the keyboard and for assistive tools."""

    def __init__(self, shape: tuple[int, int]) -> None:
        super().__init__()
        self._shape = shape
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMinimumSize(36, 34)

    def sizeHint(self) -> QSize:
        return QSize(51, 34)

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        scheme = colours()
        painter = QPainter(self)
        rect = QRectF(self.rect())
        ground = scheme.color("pressed" if self.isDown() else "raised")
        paint_field(painter, rect, focus=self.isChecked(), ground=ground)
        if self.hasFocus():  # within the frame that says it is chosen
            painter.setPen(QPen(scheme.color("accent"), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(4, 4, -4, -4), 3, 3)
        width, height = self._shape
        scale = 17 / (width * height) ** 0.5
        box = QRectF(0, 0, round(width * scale), round(height * scale))
        box.moveCenter(rect.center())
        painter.setPen(QPen(scheme.color("accent" if self.isChecked() else "muted"), 1.2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, 2, 2)
