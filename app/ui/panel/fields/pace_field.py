"""Quick or full: the number of steps in one press."""

from __future__ import annotations

from PySide6.QtCore import Signal

from app.core.capabilities import Capabilities
from app.ui.controls.fields.segments import Segments
from app.ui.words.language import set_translated


class PaceField(Segments):
    """Chosen is what the steps are; neither, where they are other ones.

    Signals:
        stepsChosen(int): the steps of what was pressed.
    """

    stepsChosen = Signal(int)

    def __init__(self) -> None:
        super().__init__([lambda: self.tr("Quick"), lambda: self.tr("Full")], lambda: self.tr("Pace"))
        self.setObjectName("paceField")
        self.setFixedHeight(24)
        set_translated(
            self,
            lambda: self.tr("Quick takes half of the steps and about half of the time. Small details may differ."),
            self.setToolTip,
        )
        self._steps: tuple[int, int] = (0, 0)
        self.chosen.connect(lambda index: self.stepsChosen.emit(self._steps[index]))

    def show_capabilities(self, capabilities: Capabilities, steps: int) -> None:
        """Offer what a model has; hidden where it has no quick way."""
        quick = capabilities.quick_steps
        self.setVisible(quick is not None)
        self._steps = (quick or 0, int(capabilities.steps.default))
        self.show_steps(steps)

    def show_steps(self, steps: int) -> None:
        """Follow the steps, whoever chose them."""
        self.set_value(self._steps.index(steps) if steps in self._steps else None)
