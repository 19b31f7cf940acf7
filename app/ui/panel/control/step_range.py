"""The share of the steps in which something counts."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.ui.controls.fields.number_box import NumberBox
from app.ui.controls.text.labels import buddy, label
from app.ui.words.language import set_translated


class StepRange(QWidget):
    """Two percentages, the first always below the second.

    Signals:
        changed: one of them is another.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.start, self.end = NumberBox(), NumberBox()
        for box, name, value in ((self.start, "controlStartBox", 0), (self.end, "controlEndBox", 100)):
            box.setObjectName(name)
            box.setRange(0, 100)
            box.setSingleStep(5)
            box.setValue(value)
            box.setProperty("role", "inline")
            box.setAlignment(Qt.AlignmentFlag.AlignRight)
            box.setFixedWidth(52)
            box.setSuffix(" %")
            box.valueChanged.connect(self._limit)
        set_translated(self, lambda: self.tr("First step that follows, in percent"), self.start.setAccessibleName)
        set_translated(self, lambda: self.tr("Last step that follows, in percent"), self.end.setAccessibleName)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(buddy(lambda: self.tr("Steps"), self.start))
        row.addStretch()
        row.addWidget(self.start)
        row.addWidget(label(lambda: self.tr("to"), "muted"))
        row.addWidget(self.end)

    def values(self) -> tuple[float, float]:
        """Both as fractions of all steps."""
        return self.start.value() / 100, self.end.value() / 100

    def set_values(self, start: float, end: float) -> None:
        for box, value in ((self.start, start), (self.end, end)):
            with QSignalBlocker(box):  # both at once: one by one they might bar each other's way
                box.setRange(0, 100)
                box.setValue(round(100 * value))
        self._limit()

    def _limit(self) -> None:
        self.start.setMaximum(self.end.value() - 1)
        self.end.setMinimum(self.start.value() + 1)
        self.changed.emit()
