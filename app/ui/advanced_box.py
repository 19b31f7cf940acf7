"""The settings that few people need: solver, precision, and a model's own further inputs."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.capabilities import Capabilities
from app.core.request import GenerationRequest, Option
from app.ui.combo_box import ComboBox
from app.ui.widgets import label
from app.ui.wording import SOLVERS


class AdvancedBox(QWidget):
    """One combo box for each thing that can be chosen; what has no choice is not shown."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._solver: ComboBox | None = None
        self._precision: ComboBox | None = None
        self._options: dict[str, ComboBox] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(5)

    def show_capabilities(self, capabilities: Capabilities) -> bool:
        """Build the boxes for a model, each at its default; False where there is nothing to choose."""
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
        precisions = {
            "auto": self.tr("Automatic"),
            "float32": self.tr("32 bit (most exact)"),
            "bfloat16": self.tr("16 bit"),
            "8bit": self.tr("8 bit"),
            "4bit": self.tr("4 bit (least memory)"),
        }
        self._solver = self._add("solverBox", self.tr("Solver"), capabilities.solvers, SOLVERS)
        self._precision = self._add("precisionBox", self.tr("Precision"), capabilities.precisions, precisions)
        self._options = {}
        for choice in capabilities.choices:
            box = self._add(f"{choice.name}Box", choice.label, choice.values, {})
            if box is not None:
                box.select(choice.default)
                self._options[choice.name] = box
        return self._column.count() > 0

    def values(self) -> dict[str, object]:
        """The fields of the request that stand here."""
        return {
            "solver": self._solver.currentData() if self._solver else None,
            "precision": self._precision.currentData() if self._precision else "auto",
            "options": tuple(sorted((name, box.currentData()) for name, box in self._options.items())),
        }

    def apply(self, request: GenerationRequest) -> None:
        """Take over what a request says where it can be chosen here."""
        if self._solver:
            self._solver.select(request.solver)
        if self._precision:
            self._precision.select(request.precision)
        for name, value in request.options:
            if name in self._options:
                self._options[name].select(value)

    def _add(self, name: str, caption: str, values: tuple[Option, ...], words: dict[str, str]) -> ComboBox | None:
        if len(values) < 2:
            return None
        box = ComboBox()
        box.setObjectName(name)
        box.setAccessibleName(caption)
        for value in values:
            box.add(words.get(str(value), str(value)), value)
        box.currentIndexChanged.connect(self.changed)
        self._column.addWidget(label(caption, "caption"))
        self._column.addWidget(box)
        return box
