"""How long a clip is, and how fast: frames, which are shown as seconds too, and frames a second."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.core.capabilities import Capabilities
from app.core.limits import ClipLimits
from app.core.request import GenerationRequest
from app.ui.controls.fields.number_box import CorrectionNote, DecimalBox, NumberBox
from app.ui.controls.fields.sliders import SliderField
from app.ui.controls.text.labels import buddy, label
from app.ui.words import wording
from app.ui.words.language import on_language_change, set_translated


class RateBox(DecimalBox):
    """A decimal number without the zeros behind it."""

    def textFromValue(self, value: float) -> str:
        return f"{value:g}"


class ClipField(QWidget):
    """Hidden for a model that makes pictures. Only lengths that the model makes are asked for.

    Signals:
        changed: another number stands in one of the fields.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._limits: ClipLimits | None = None
        self.frames_box = NumberBox()
        self.frames_box.setObjectName("framesBox")
        set_translated(self, lambda: self.tr("Length in frames"), self.frames_box.setAccessibleName)
        self.frames = SliderField(lambda: self.tr("Length"), self.frames_box)
        self._length = label("")
        self._length.setObjectName("clipLength")
        self._length.setIndent(4)
        self.frames.add_behind(self._length)
        self.rate_box = RateBox()
        self.rate_box.setObjectName("fpsBox")
        set_translated(self, lambda: self.tr("Frames a second"), self.rate_box.setAccessibleName)
        set_translated(
            self, lambda: self.tr("More of them make the same frames pass faster."), self.rate_box.setToolTip
        )
        self.rate_box.setProperty("role", "inline")
        self.rate_box.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.rate_box.setFixedWidth(46)
        self.rate_box.setDecimals(3)
        self._rate = QWidget()
        row = QHBoxLayout(self._rate)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(buddy(lambda: self.tr("Frames a second"), self.rate_box))
        row.addStretch()
        row.addWidget(self.rate_box)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 5, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.frames)
        column.addWidget(self._rate)
        self._note = CorrectionNote(self.frames_box, self.rate_box)
        column.addWidget(self._note)
        self.frames.valueChanged.connect(self._changed)
        self.frames_box.editingFinished.connect(self.snap)
        self.rate_box.valueChanged.connect(self._changed)
        on_language_change(self, self._show_length)

    def show_capabilities(self, capabilities: Capabilities, *, keep: bool) -> None:
        """Take over a model's limits; its defaults unless the numbers are to be kept."""
        self._limits = limits = capabilities.clip
        self.setVisible(limits is not None)
        if limits is None:
            return
        self.frames.setVisible(limits.frames.minimum < limits.frames.maximum)
        self._rate.setVisible(limits.fps.minimum < limits.fps.maximum)
        self.frames.set_range(limits.frames)
        self.rate_box.setRange(limits.fps.minimum, limits.fps.maximum)
        self.rate_box.setSingleStep(limits.fps.step)
        if not keep:
            self.frames_box.setValue(int(limits.frames.default))
            self.rate_box.setValue(limits.fps.default)
        self._changed()

    def values(self) -> dict[str, Any]:
        """The fields of a request that stand here."""
        if self._limits is None:
            return {"frames": None, "fps": None}
        return {"frames": self._frames(self._limits), "fps": float(self.rate_box.value())}

    def apply(self, request: GenerationRequest) -> None:
        """Take over the values of a request; the nearest where the model does not make its length."""
        if self._limits is not None and request.frames is not None:
            self.frames_box.setValue(self._limits.nearest_frames(request.frames))
        if self._limits is not None and request.fps is not None:
            self.rate_box.setValue(request.fps)

    def snap(self) -> None:
        """A number that was typed becomes the nearest one that the model makes, and that is said."""
        if self._limits is None:
            return
        typed, frames = self.frames_box.value(), self._limits.frames
        self.frames_box.setValue(self._frames(self._limits))
        if (now := self.frames_box.value()) != typed:
            words = self.tr("Changed {typed} to {now}: this model makes {first}, {second}, {third}… frames.")
            first, step = int(frames.minimum), int(frames.step)
            self._note.show_note(
                words.format(typed=typed, now=now, first=first, second=first + step, third=first + 2 * step)
            )

    def _frames(self, limits: ClipLimits) -> int:
        """The length that is asked for, also while another one is being typed."""
        return limits.nearest_frames(self.frames_box.value())

    def _changed(self) -> None:
        self._show_length()
        self.changed.emit()

    def _show_length(self) -> None:
        if self._limits is None or not self.rate_box.value():
            return
        frames, rate = self._frames(self._limits), self.rate_box.value()
        self._length.setText(self.tr("frames, {time}").format(time=wording.seconds(frames / rate)))
        self.frames_box.setAccessibleDescription(wording.clip_length(frames, rate))
