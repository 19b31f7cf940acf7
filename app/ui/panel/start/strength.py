"""How far to go from the start picture, as a number, a slider, and in words."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout

from app.core.limits import Range
from app.core.request import DEFAULT_STRENGTH
from app.ui.controls.fields.number_box import DecimalBox
from app.ui.controls.fields.sliders import SliderField
from app.ui.controls.text.labels import label
from app.ui.words.language import on_language_change, set_translated


class StrengthField(SliderField):
    """Its caption says what the present value does."""

    def __init__(self) -> None:
        box = DecimalBox()
        box.setObjectName("strengthBox")
        super().__init__(lambda: self.tr("Change"), box)
        set_translated(self, lambda: self.tr("How much to change the start picture"), box.setAccessibleName)
        self.caption.setObjectName("strengthWord")
        self.set_range(Range(0.05, 1, DEFAULT_STRENGTH, 0.05))
        box.setValue(DEFAULT_STRENGTH)
        ends = QHBoxLayout()
        ends.addWidget(label(lambda: self.tr("keep"), "caption"))
        ends.addStretch()
        ends.addWidget(label(lambda: self.tr("change"), "caption"))
        self.add_beneath(ends)
        self.valueChanged.connect(self._show_word)
        on_language_change(self, self._show_word)
        self._show_word()

    def set_strength(self, strength: float) -> None:
        """0..1, where 1 keeps nothing."""
        assert isinstance(self.box, DecimalBox)
        self.box.setValue(strength)

    def _show_word(self) -> None:
        word = self._word(round(self.box.value(), 2))
        self.caption.setText(word)
        self.box.setAccessibleDescription(word)

    def _word(self, strength: float) -> str:
        if strength < 0.2:
            return self.tr("Keep nearly everything")
        if strength < 0.4:
            return self.tr("Change a little")
        if strength < 0.6:
            return self.tr("Change some of it")
        if strength < 0.8:
            return self.tr("Change much of it")
        if strength < 0.95:
            return self.tr("Change most of it")
        return self.tr("Change everything")
