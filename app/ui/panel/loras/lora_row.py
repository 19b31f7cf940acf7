"""One LoRA: whether it counts, its name, its weight, and a way to remove it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.core.limits import LoraLimits
from app.core.lora_tags import tag_name
from app.core.request import LoraUse
from app.library.models.loras.folder import LoraWords
from app.ui.controls.fields.check_box import GAP, SIDE, CheckBox
from app.ui.controls.fields.number_box import DecimalBox
from app.ui.controls.fields.sliders import SignedSlider
from app.ui.controls.style.icons import IconButton
from app.ui.words.language import on_language_change, set_translated


class LoraRow(QWidget):
    """Signals:
    changed: another weight, or it counts now or no more.
    removed: the user wants it away.
    """

    changed = Signal()
    removed = Signal()

    def __init__(self, lora: LoraUse, limits: LoraLimits) -> None:
        super().__init__()
        self._lora = lora
        self._words = LoraWords()
        self._step = limits.weight.step
        self.check = CheckBox()
        self.check.setObjectName("loraCheck")
        self.check.setChecked(True)
        self.check.setMinimumWidth(60)
        self.slider = SignedSlider()
        self.slider.setFixedWidth(72)
        self.slider.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the arrow keys do the same in the box
        self.box = DecimalBox()
        self.box.setObjectName("loraWeightBox")
        self.box.setProperty("role", "inline")
        self.box.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.box.setFixedWidth(46)
        self.box.setDecimals(2)
        self.box.installEventFilter(self)
        self.set_limits(limits)
        self.box.setValue(lora.weight)
        self.remove = IconButton("close", lambda: self.tr("Remove the LoRA"))
        self.remove.setObjectName("loraRemoveButton")
        self.remove.clicked.connect(self.removed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.check, 1)
        row.addWidget(self.slider)
        row.addWidget(self.box)
        row.addWidget(self.remove)
        self._follow_box()
        self.slider.valueChanged.connect(lambda place: self.box.setValue(place * self._step))
        self.box.valueChanged.connect(self._follow_box)
        self.check.toggled.connect(self.changed)
        name = self.name
        set_translated(self, lambda: self.tr("Weight of {name}").format(name=name), self.box.setAccessibleName,
                       self.slider.setAccessibleName)  # fmt: skip
        self.check.setAccessibleName(name)
        on_language_change(self, self._show_words)
        self._show_words()

    @property
    def name(self) -> str:
        """As a prompt would name it."""
        return tag_name(self._lora.name or Path(self._lora.path).name)

    @property
    def path(self) -> str:
        """Its file; empty while that is not found."""
        return self._lora.path

    def use(self) -> LoraUse:
        """What stands here."""
        return replace(self._lora, weight=round(self.box.value(), 2))

    def counts(self) -> bool:
        return self.check.isChecked()

    def found(self, lora: LoraUse, words: LoraWords) -> None:
        """Its file is known now, and what it says of itself."""
        self._lora = replace(lora, digest=self._lora.digest)
        self._words = words
        self._show_words()

    def set_limits(self, limits: LoraLimits) -> None:
        self._step = limits.weight.step
        self.box.setRange(limits.weight.minimum, limits.weight.maximum)
        self.box.setSingleStep(self._step)
        self.slider.blockSignals(True)
        self.slider.setRange(round(limits.weight.minimum / self._step), round(limits.weight.maximum / self._step))
        self.slider.blockSignals(False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel:  # the wheel scrolls the panel; it changes no number on the way
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self.check.width() - SIDE - GAP - 4
        self.check.setText(self.fontMetrics().elidedText(self.name, Qt.TextElideMode.ElideMiddle, max(0, room)))

    def _follow_box(self) -> None:
        self.slider.blockSignals(True)
        self.slider.setValue(round(self.box.value() / self._step))
        self.slider.blockSignals(False)
        self.changed.emit()

    def _show_words(self) -> None:
        lines = [self._words.title or self.name]
        if self._words.triggers:
            lines.append(self.tr("Its words: {words}").format(words=", ".join(self._words.triggers)))
        self.check.setToolTip("\n".join(lines))
