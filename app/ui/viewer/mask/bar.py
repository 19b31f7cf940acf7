"""The buttons above the canvas: tools, the size of the brush, the edge, and what is done to the whole mask."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QWidget

from app.core.limits import Range
from app.ui.controls.fields.number_box import NumberBox
from app.ui.controls.fields.sliders import SliderField
from app.ui.controls.style.icons import IconButton
from app.ui.viewer.mask.mask import MOST_FEATHER
from app.ui.viewer.mask.tools import Tool
from app.ui.words.language import Text, set_translated


class MaskBar(QWidget):
    """A row of buttons and fields.

    Signals:
        toolChosen(Tool): paint with this.
        sizeChanged(int): the brush's diameter in pixels of the picture.
        featherChanged(int): how far the soft edge reaches, in pixels.
        intended(str): "undo", "redo", "invert", "clear" or "close".
    """

    toolChosen = Signal(object)
    sizeChanged = Signal(int)
    featherChanged = Signal(int)
    intended = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("maskBar")
        tips: dict[Tool, Text] = {
            Tool.BRUSH: lambda: self.tr("Brush (B): paint over what is to change"),
            Tool.ERASER: lambda: self.tr("Eraser (E): take back what was painted"),
            Tool.LASSO: lambda: self.tr("Lasso (L): draw around what is to change; with Alt, around what stays"),
            Tool.RECTANGLE: lambda: self.tr("Rectangle (R): change all within it; with Alt, keep it"),
        }
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self._group = QButtonGroup(self)
        self.tools: dict[Tool, IconButton] = {}
        for tool, tip in tips.items():
            button = self._button(tool.value, tip)
            button.setCheckable(True)
            button.clicked.connect(lambda _=False, tool=tool: self.toolChosen.emit(tool))
            self._group.addButton(button)
            self.tools[tool] = button
            row.addWidget(button)
        row.addSpacing(10)
        self.size_box = self._number("maskSizeBox", lambda: self.tr("Size of the brush in pixels"))
        self.size_field = SliderField(lambda: self.tr("Size"), self.size_box)
        set_translated(self, lambda: self.tr("Smaller and larger with [ and ]"), self.size_field.setToolTip)
        self.feather_box = self._number("maskFeatherBox", lambda: self.tr("Soft edge in pixels"))
        self.feather = SliderField(lambda: self.tr("Soft edge"), self.feather_box)
        self.feather.set_range(Range(0, MOST_FEATHER, 0))
        set_translated(
            self, lambda: self.tr("How gently what changes goes over into what stays"), self.feather.setToolTip
        )
        for field in (self.size_field, self.feather):
            field.setFixedWidth(132)
            row.addWidget(field)
            row.addSpacing(10)
        self.size_box.valueChanged.connect(self.sizeChanged)
        self.feather_box.valueChanged.connect(self.featherChanged)
        self.buttons = {
            "undo": self._button("undo", lambda: self.tr("Undo")),
            "redo": self._button("redo", lambda: self.tr("Redo")),
            "invert": self._button("invert", lambda: self.tr("Swap what changes and what stays (I)")),
            "clear": self._button("trash", lambda: self.tr("Remove all that was painted")),
            "close": self._button("close", lambda: self.tr("Leave (Esc); what was painted is kept")),
        }
        for name, button in self.buttons.items():
            button.setObjectName(f"{name}MaskButton")
            button.clicked.connect(lambda _=False, name=name: self.intended.emit(name))
            row.addWidget(button)
        self._row = row
        row.insertStretch(row.count() - 1)

    def add_hint(self, hint: QWidget) -> None:
        """Say something at the end of the row."""
        self._row.insertSpacing(self._row.count() - 2, 10)
        self._row.insertWidget(self._row.count() - 2, hint, 1)

    def set_largest(self, size: int) -> None:
        """The largest brush that makes sense, in pixels."""
        self.size_field.set_range(Range(1, size, 1))

    def show_tool(self, tool: Tool) -> None:
        self.tools[tool].setChecked(True)
        self.size_field.setEnabled(tool.has_size)

    def _button(self, icon: str, tip: Text) -> IconButton:
        button = IconButton(icon, tip, side=20)
        button.setObjectName(f"{icon}MaskButton")
        return button

    def _number(self, name: str, words: Text) -> NumberBox:
        box = NumberBox()
        box.setObjectName(name)
        set_translated(self, words, box.setAccessibleName)
        return box
