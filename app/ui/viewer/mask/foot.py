"""The row beneath the canvas: by how much the picture becomes larger, and whether its details are worked on."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.core.request import Extension
from app.ui.controls.fields.check_box import CheckBox
from app.ui.controls.fields.number_box import NumberBox
from app.ui.controls.text.labels import buddy, label
from app.ui.viewer.mask.handles import MOST, STEP
from app.ui.words.language import Text, set_translated


class MaskFoot(QWidget):
    """Four fields and a check box.

    Signals:
        changed: another value stands in one of them.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("maskFoot")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(label(lambda: self.tr("Extend by")))
        sides: dict[str, tuple[Text, Text]] = {
            "left": (lambda: self.tr("left"), lambda: self.tr("Extend on the left, in pixels")),
            "top": (lambda: self.tr("top"), lambda: self.tr("Extend at the top, in pixels")),
            "right": (lambda: self.tr("right"), lambda: self.tr("Extend on the right, in pixels")),
            "bottom": (lambda: self.tr("bottom"), lambda: self.tr("Extend at the bottom, in pixels")),
        }
        self.sides: dict[str, NumberBox] = {}
        for side, (caption, words) in sides.items():
            box = NumberBox()
            box.setObjectName(f"{side}ExtendBox")
            box.setProperty("role", "inline")
            box.setAlignment(Qt.AlignmentFlag.AlignRight)
            box.setFixedWidth(44)
            box.setRange(0, MOST)
            box.setSingleStep(STEP)
            set_translated(box, words, box.setAccessibleName, box.setToolTip)
            box.valueChanged.connect(self.changed)
            box.editingFinished.connect(self._snap)
            self.sides[side] = box
            row.addWidget(buddy(caption, box, "muted"))
            row.addWidget(box)
        row.addSpacing(6)
        self.detail = CheckBox()
        self.detail.setObjectName("detailBox")
        set_translated(self, lambda: self.tr("Work on details (hands, faces)"), self.detail.setText)
        set_translated(
            self,
            lambda: self.tr("What is painted over is enlarged, made anew by itself and put back."),
            self.detail.setToolTip,
        )
        self.detail.toggled.connect(self.changed)
        row.addWidget(self.detail)

    def extension(self) -> Extension:
        """What stands in the four fields."""
        return Extension(**{side: box.value() for side, box in self.sides.items()})

    def show_values(self, extend: Extension, detail: bool) -> None:
        """Put values in without telling of them."""
        self.blockSignals(True)
        for side, box in self.sides.items():
            box.setValue(getattr(extend, side))
        self.detail.setChecked(detail)
        self.blockSignals(False)

    def _snap(self) -> None:
        """What was typed becomes the nearest step."""
        for box in self.sides.values():
            box.setValue(round(box.value() / STEP) * STEP)
