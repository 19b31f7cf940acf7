"""The settings that few people need: solver, precision, and a model's own further inputs."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.core.capabilities import Capabilities
from app.core.request import GenerationRequest, Option
from app.ui.controls.fields.combo_box import ComboBox
from app.ui.controls.text.labels import label
from app.ui.words import wording


class AdvancedBox(QWidget):
    """One combo box for each thing that can be chosen; what has no choice is not shown."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._rows: dict[str, tuple[QLabel, ComboBox]] = {}  # by the box's object name
        self._offered: set[str] = set()
        self._options: tuple[str, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(5)

    def show_capabilities(self, capabilities: Capabilities) -> bool:
        """Show what can be chosen for a model, each at its default; False where there is nothing to choose."""
        precisions = {value: wording.precision(value) for value in capabilities.precisions}
        self._offered = set()
        self._offer("solver", self.tr("Solver"), capabilities.solvers, wording.SOLVER_NAMES)
        self._offer("precision", self.tr("Precision"), capabilities.precisions, precisions)
        for choice in capabilities.choices:
            self._offer(choice.name, choice.label, choice.values, {}, choice.default)
        self._options = tuple(choice.name for choice in capabilities.choices)
        for name, row in self._rows.items():
            for widget in row:
                widget.setVisible(name in self._offered)
        return bool(self._offered)

    def values(self) -> dict[str, object]:
        """The fields of the request that stand here."""
        solver, precision = self._box("solver"), self._box("precision")
        options = [(name, box.currentData()) for name in self._options if (box := self._box(name))]
        return {
            "solver": solver.currentData() if solver else None,
            "precision": precision.currentData() if precision else "auto",
            "options": tuple(sorted(options)),
        }

    def apply(self, request: GenerationRequest) -> None:
        """Take over what a request says where it can be chosen here."""
        chosen = {"solver": request.solver, "precision": request.precision}
        options = {name: value for name, value in request.options if name in self._options}
        for name, value in {**chosen, **options}.items():
            if box := self._box(name):
                box.select(value)

    def choose_solver(self, solver: str, instead_of: str) -> None:
        """Choose a solver where the other one is chosen."""
        box = self._box("solver")
        if box is not None and box.currentData() == instead_of:
            box.select(solver)

    def _box(self, name: str) -> ComboBox | None:
        """The box for this field, if there is a choice."""
        return self._rows[name][1] if name in self._offered else None

    def _offer(
        self, name: str, caption: str, values: tuple[Option, ...], words: dict[str, str], default: Option | None = None
    ) -> None:
        if len(values) < 2:
            return
        if name not in self._rows:
            made = ComboBox()
            made.setObjectName(f"{name}Box")
            made.currentIndexChanged.connect(self.changed)
            self._rows[name] = label("", "caption"), made
            for widget in self._rows[name]:
                self._column.addWidget(widget)
        title, box = self._rows[name]
        title.setText(caption)
        box.setAccessibleName(caption)
        with QSignalBlocker(box):
            box.clear()
            for value in values:
                box.add(words.get(str(value), str(value)), value)
            if default is not None:
                box.select(default)
        self._offered.add(name)
