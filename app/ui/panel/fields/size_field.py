"""The picture's size: a shape to press, or numbers to type."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.core.capabilities import Capabilities
from app.ui.controls.fields.number_box import CorrectionNote, NumberBox
from app.ui.controls.text.labels import label
from app.ui.panel.fields.shape_picker import ShapePicker, size_for
from app.ui.words.language import Text, set_translated


class SizeField(QWidget):
    """Width and height in pixels, as a model takes them."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._capabilities: Capabilities | None = None
        self._shape = (1, 1)
        self.shapes = ShapePicker()
        self.shapes.setObjectName("aspectBox")
        set_translated(self, lambda: self.tr("Shape"), self.shapes.setAccessibleName)
        self.shapes.chosen.connect(self._shape_chosen)
        self.width_box = self._side("widthBox", lambda: self.tr("Width in pixels"))
        self.height_box = self._side("heightBox", lambda: self.tr("Height in pixels"))
        row = QHBoxLayout()
        row.setSpacing(3)
        row.addWidget(label(lambda: self.tr("Shape")))
        row.addStretch()
        row.addWidget(self.width_box)
        row.addWidget(label("×", "muted"))
        row.addWidget(self.height_box)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.shapes)
        self._note = CorrectionNote(self.width_box, self.height_box)
        column.addWidget(self._note)

    def show_capabilities(self, capabilities: Capabilities, *, keep: bool) -> None:
        """Take over a model's limits; its own size for the chosen shape unless the numbers are to be kept."""
        self._capabilities = capabilities
        for side in (self.width_box, self.height_box):
            side.setRange(int(capabilities.size.minimum), int(capabilities.size.maximum))
            side.setSingleStep(int(capabilities.size.step))
        if not keep and capabilities.own_size is not None:
            self.set_size(*capabilities.own_size)
        elif not keep:
            self._shape_chosen(*self._shape)
        self._changed()

    def set_size(self, width: int, height: int) -> None:
        self.width_box.setValue(width)
        self.height_box.setValue(height)

    def snap(self) -> None:
        """A number that was typed becomes the nearest one that the model takes, and that is said."""
        if self._capabilities is None:
            return
        multiple = int(self._capabilities.size.step)
        for side in (self.width_box, self.height_box):
            typed = side.value()
            side.setValue(round(typed / multiple) * multiple)
            if side.value() != typed:
                now = side.value()
                self._note.show_note(
                    self.tr("Changed {typed} to {now}: sides go in steps of {step}.").format(
                        typed=typed, now=now, step=multiple
                    )
                )

    def _side(self, name: str, caption: Text) -> NumberBox:
        box = NumberBox()
        box.setObjectName(name)
        set_translated(box, caption, box.setAccessibleName, box.setToolTip)
        box.setProperty("role", "inline")
        box.setAlignment(Qt.AlignmentFlag.AlignRight)
        box.setFixedWidth(40)
        box.valueChanged.connect(self._changed)
        box.editingFinished.connect(self.snap)
        return box

    def _shape_chosen(self, across: int, down: int) -> None:
        self._shape = (across, down)
        if self._capabilities is not None:
            self.set_size(*size_for(self._capabilities, self._shape))

    def _changed(self) -> None:
        if self._capabilities is not None:
            self.shapes.show_size(self._capabilities, self.width_box.value(), self.height_box.value())
        self.changed.emit()
