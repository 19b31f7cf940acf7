"""Fields for numbers that take what is typed, and say so where they had to correct it."""

from __future__ import annotations

import re

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QLabel, QSpinBox

from app.ui.words import wording

NOTE_MS = 8_000
Validated = tuple[QValidator.State, str, int]
_NUMBER = re.compile(r"\d{1,300}([.,]\d{0,9})?")


class NumberBox(QSpinBox):
    """A whole number. What is typed beyond the limits becomes the nearest limit when the typing ends.

    Signals:
        corrected(str, str): what was typed, and what stands there now.
    """

    corrected = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)

    def validate(self, text: str, position: int) -> Validated:
        return _validated(self, super().validate(text, position), text, position)

    def fixup(self, text: str) -> str:
        return _fixed(self, text)


class DecimalBox(QDoubleSpinBox):
    """As `NumberBox`, for numbers with decimals, and for whole ones beyond 2**31 - 1."""

    corrected = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)

    def validate(self, text: str, position: int) -> Validated:
        return _validated(self, super().validate(text, position), text, position)

    def fixup(self, text: str) -> str:
        return _fixed(self, text)


def _validated(box: NumberBox | DecimalBox, answer: Validated, text: str, position: int) -> Validated:
    """Qt refuses a key that leads beyond the limits, so that 999 becomes 99 without a word; here it may be typed."""
    if answer[0] == QValidator.State.Invalid and _NUMBER.fullmatch(text.removesuffix(box.suffix())):
        return QValidator.State.Intermediate, text, position
    return answer


def _fixed(box: NumberBox | DecimalBox, text: str) -> str:
    typed = text.removesuffix(box.suffix())
    if not _NUMBER.fullmatch(typed):
        return box.text()  # nothing was typed
    nearest = min(max(float(typed.replace(",", ".")), box.minimum()), box.maximum())
    shown = box.textFromValue(int(nearest) if isinstance(box, NumberBox) else nearest)  # type: ignore[arg-type]
    box.corrected.emit(typed, shown)
    return f"{shown}{box.suffix()}"


class CorrectionNote(QLabel):
    """The line beneath number boxes that says what was corrected. It goes away by itself, or with the next typing."""

    def __init__(self, *boxes: NumberBox | DecimalBox) -> None:
        super().__init__()
        self.setObjectName("correctionNote")
        self.setProperty("role", "caption")
        self.setWordWrap(True)
        self._timer = QTimer(self, singleShot=True, interval=NOTE_MS)
        self._timer.timeout.connect(self.hide)
        self.hide()
        for box in boxes:
            box.corrected.connect(lambda typed, now: self.show_note(wording.corrected(typed, now)))
            box.lineEdit().textEdited.connect(lambda _: self.hide())

    def show_note(self, words: str) -> None:
        self.setText(words)
        self.show()
        self._timer.start()
