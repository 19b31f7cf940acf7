"""The seed, with a dice for a new one and a lock that keeps it."""

from __future__ import annotations

import random

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.core.request import MAX_SEED
from app.ui.controls.fields.number_box import DecimalBox, NumberBox
from app.ui.controls.style.frames import FieldFrame
from app.ui.controls.style.icons import IconButton
from app.ui.words.language import set_translated


class SeedField(QWidget):
    """What stands in the field is the seed of the next picture. Unless it is locked, a request is followed by a new
    one.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.box = DecimalBox()  # QSpinBox ends at 2**31 - 1, seeds at 2**32 - 1
        self.box.setObjectName("seedBox")
        set_translated(self, lambda: self.tr("Seed"), self.box.setAccessibleName)
        set_translated(
            self, lambda: self.tr("The same seed with the same settings gives the same picture."), self.box.setToolTip
        )
        self.box.setDecimals(0)
        self.box.setRange(0, MAX_SEED)
        self.box.setMinimumWidth(self.box.fontMetrics().horizontalAdvance(str(MAX_SEED)) + 8)
        self.box.setGroupSeparatorShown(False)
        self.box.valueChanged.connect(self.changed)
        self.dice = IconButton("dice", lambda: self.tr("New random seed"))
        self.dice.clicked.connect(self.roll)
        self.lock = IconButton("unlock", lambda: self.tr("Keep this seed"))
        self.lock.setCheckable(True)
        self.lock.toggled.connect(lambda on: self.lock.set_icon("lock" if on else "unlock"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(FieldFrame(self.box, self.dice, self.lock))
        self.roll()

    def value(self) -> int:
        return int(self.box.value())

    def set_value(self, seed: int) -> None:
        self.box.setValue(seed)

    def locked(self) -> bool:
        return self.lock.isChecked()

    def roll(self) -> None:
        """A new random seed, short enough to remember."""
        self.box.setValue(random.randrange(1_000_000))

    def used(self) -> None:
        """The seed has gone into a request."""
        if not self.locked():
            self.roll()


class CountField(QWidget):
    """How many pictures, with minus and plus."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.box = NumberBox()
        self.box.setObjectName("countBox")
        self.box.setRange(1, 16)
        self.box.setMinimumWidth(22)
        self.box.valueChanged.connect(self._changed)
        self._minus = IconButton("minus", lambda: self.tr("One less"))
        self._minus.clicked.connect(self.box.stepDown)
        self._plus = IconButton("plus", lambda: self.tr("One more"))
        self._plus.clicked.connect(self.box.stepUp)
        for button in (self._minus, self._plus):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the arrow keys do the same in the field
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(FieldFrame(self.box, self._minus, self._plus))
        self._changed()

    def set_maximum(self, maximum: int) -> None:
        self.box.setMaximum(maximum)
        self._changed()

    def _changed(self) -> None:
        self._minus.setEnabled(self.box.value() > 1)
        self._plus.setEnabled(self.box.value() < self.box.maximum())
        self.changed.emit()
