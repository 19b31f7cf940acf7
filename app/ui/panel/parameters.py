"""The lower part of the panel: size, steps, guidance, seed, number of pictures, start picture, and what few need."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.core.capabilities import Capabilities
from app.core.request import GenerationRequest
from app.ui.controls.disclosure import Disclosure
from app.ui.controls.fields.number_box import CorrectionNote, DecimalBox, NumberBox
from app.ui.controls.fields.sliders import SliderField
from app.ui.controls.text.labels import buddy, label
from app.ui.panel.control.control_field import ControlField
from app.ui.panel.fields.advanced_box import AdvancedBox
from app.ui.panel.fields.clip_field import ClipField
from app.ui.panel.fields.seed_field import CountField, SeedField
from app.ui.panel.fields.size_field import SizeField
from app.ui.panel.loras.lora_list import LoraList
from app.ui.panel.start.start_picture import StartPictureField
from app.ui.words.language import on_language_change, set_translated

GAP = 8
"""Between groups of fields, in points."""
BETWEEN = 12
"""Between two fields side by side."""


class Parameters(QWidget):
    """The fields that a model's capabilities give limits and defaults to; those that it lacks are hidden.

    Signals:
        changed: another value stands in one of them.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._shown: Capabilities | None = None
        self._makes_clips = self._starts = False
        self._make_fields()
        self._lay_out()
        for signal in (
            self.size_field.changed, self.clip.changed, self.steps.valueChanged, self.guidance.valueChanged,
            self.count.changed, self.advanced.changed, self.start_picture.changed,
            self.control.changed, self.loras.changed,
        ):  # fmt: skip
            signal.connect(self.changed)
        self.size_field.changed.connect(self._show_control_size)
        self.start_picture.changed.connect(self._follow_start)
        on_language_change(self, self._name_count)

    def values(self) -> dict[str, Any]:
        """The fields of a request that stand here."""
        start = self.start_picture.values()
        has_guidance = self._shown is None or self._shown.guidance is not None
        return {
            "width": self.size_field.width_box.value(),
            "height": self.size_field.height_box.value(),
            **self.clip.values(),
            "steps": self.steps_box.value(),
            "guidance": round(self.guidance_box.value(), 2) if has_guidance else None,
            "seed": self.seed.value(),
            "count": self.count.box.value(),
            **start,
            "inputs": (*start["inputs"], *self.control.inputs()),
            **self.loras.values(),
            **self.advanced.values(),
        }

    def apply(self, request: GenerationRequest) -> None:
        """Take over the values of a request; what cannot be chosen here is left out."""
        if request.width is not None and request.height is not None:
            self.size_field.set_size(request.width, request.height)
        self.clip.apply(request)
        if request.steps is not None:
            self.steps_box.setValue(request.steps)
        if request.guidance is not None:
            self.guidance_box.setValue(request.guidance)
        if request.seed is not None:
            self.seed.set_value(request.seed)
        self.count.box.setValue(request.count)
        self.start_picture.set_request(request)
        self.control.set_inputs(request.inputs)
        self.loras.set_loras(request.loras)
        self.advanced.apply(request)

    def settle(self) -> None:
        """Take what is still being typed as it would be taken at its end."""
        for box in (*self.findChildren(NumberBox), *self.findChildren(DecimalBox)):
            if box.hasFocus():
                box.interpretText()
                box.editingFinished.emit()

    def show_capabilities(self, capabilities: Capabilities, before: GenerationRequest, *, keep: bool) -> None:
        """Take over a model's limits and defaults.

        Args:
            before: what the panel would have asked for until now.
            keep: the model is the same as before; what the user chose stays.
        """
        self.size_field.show_capabilities(capabilities, keep=keep)
        self.size_field.setVisible(capabilities.size.minimum < capabilities.size.maximum)
        self.clip.show_capabilities(capabilities, keep=keep)
        self.steps.setVisible(capabilities.steps.minimum < capabilities.steps.maximum)
        self.steps.set_range(capabilities.steps)
        for widget in (self.seed, self.seed_caption):
            widget.setVisible(capabilities.seed)
        self.guidance.setVisible(capabilities.guidance is not None)
        if capabilities.guidance is not None:
            self.guidance.set_range(capabilities.guidance)
        self.count.set_maximum(capabilities.max_count)
        for part in (self.count, self.count_caption):
            part.setVisible(capabilities.max_count > 1)
        self._makes_clips = capabilities.clip is not None
        self._name_count()
        self.start_picture.show_capabilities(capabilities)
        self.control.show_capabilities(capabilities)
        self.loras.show_capabilities(capabilities)
        self._show_control_size()
        self._enable_size()
        self.advanced_part.setVisible(self.advanced.show_capabilities(capabilities))
        shown, self._shown = self._shown, capabilities
        if keep:
            self.advanced.apply(before)
        if not keep or (shown is not None and before.steps == shown.steps.default):
            self.steps_box.setValue(int(capabilities.steps.default))
        if capabilities.guidance is not None:
            usual = shown.guidance.default if shown is not None and shown.guidance is not None else None
            if not keep or usual is None or before.guidance == usual:
                self.guidance_box.setValue(capabilities.guidance.default)

    def _name_count(self) -> None:
        clips = self._makes_clips
        self.count_caption.setText(self.tr("Clips") if clips else self.tr("Pictures"))
        self.count.box.setAccessibleName(self.tr("Number of clips") if clips else self.tr("Number of pictures"))

    def _follow_start(self) -> None:
        """With a start picture, some models have another default."""
        self._enable_size()
        starts, shown = bool(self.start_picture.values()["inputs"]), self._shown
        if starts != self._starts and shown is not None and shown.start_solver:
            usual, other = shown.solvers[0], shown.start_solver
            self.advanced.choose_solver(*((other, usual) if starts else (usual, other)))
        self._starts = starts

    def _enable_size(self) -> None:
        """Where only a part of a picture changes, its size is the result's."""
        self.size_field.setEnabled(not self.start_picture.keeps_size())

    def _show_control_size(self) -> None:
        self.control.set_size(self.size_field.width_box.value(), self.size_field.height_box.value())

    def _make_fields(self) -> None:
        self.size_field = SizeField()
        self.clip = ClipField()
        self.steps_box = NumberBox()
        self.steps_box.setObjectName("stepsBox")
        set_translated(self, lambda: self.tr("Steps"), self.steps_box.setAccessibleName)
        self.steps = SliderField(lambda: self.tr("Steps"), self.steps_box)
        set_translated(
            self, lambda: self.tr("More steps take longer and add detail, up to a point."), self.steps.setToolTip
        )
        self.guidance_box = DecimalBox()
        self.guidance_box.setObjectName("guidanceBox")
        set_translated(self, lambda: self.tr("Guidance"), self.guidance_box.setAccessibleName)
        self.guidance = SliderField(lambda: self.tr("Guidance"), self.guidance_box)
        set_translated(self, lambda: self.tr("How closely the picture follows the prompt."), self.guidance.setToolTip)
        self.seed = SeedField()
        self.seed_note = label(
            lambda: self.tr("In the cloud, the same seed may give another picture."), "caption", wrap=True
        )
        self.count = CountField()
        self.start_picture = StartPictureField()
        self.control = ControlField()
        self.loras = LoraList()
        self.advanced = AdvancedBox()
        self.advanced_part = Disclosure(lambda: self.tr("Advanced"), self.advanced)

    def _lay_out(self) -> None:
        sliders = QHBoxLayout()
        sliders.setSpacing(BETWEEN)
        sliders.addWidget(self.steps)
        sliders.addWidget(self.guidance)
        numbers = QGridLayout()
        numbers.setHorizontalSpacing(BETWEEN)
        numbers.setVerticalSpacing(3)
        numbers.setColumnStretch(0, 3)
        numbers.setColumnStretch(1, 2)
        self.seed_caption = buddy(lambda: self.tr("Seed"), self.seed.box, "caption")
        numbers.addWidget(self.seed_caption, 0, 0)
        self.count_caption = buddy("", self.count.box, "caption")
        numbers.addWidget(self.count_caption, 0, 1)
        numbers.addWidget(self.seed, 1, 0)
        numbers.addWidget(self.count, 1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addWidget(self.size_field)
        column.addWidget(self.clip)
        column.addSpacing(GAP - 3)
        column.addLayout(sliders)
        column.addWidget(CorrectionNote(self.steps_box, self.guidance_box))
        column.addLayout(numbers)
        column.addWidget(CorrectionNote(self.seed.box, self.count.box))
        column.addWidget(self.seed_note)
        column.addSpacing(GAP - 3)
        column.addWidget(self.start_picture)
        column.addSpacing(GAP - 3)
        column.addWidget(self.control)
        column.addSpacing(GAP - 3)
        column.addWidget(self.loras)
        column.addWidget(self.advanced_part)
