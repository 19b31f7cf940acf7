"""Where the user asks for a grid: two settings, and the values of each."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from app.core.errors import UserError
from app.core.grid import Axis, Grid, parse_axis
from app.core.message import message
from app.ui.controls.buttons import push_button
from app.ui.controls.fields.combo_box import ComboBox
from app.ui.controls.text.labels import buddy, label, set_role
from app.ui.words import wording
from app.ui.words.language import on_language_change, set_translated
from app.ui.words.messages import translated

Describe = Callable[[Grid], str]
"""What a grid would take, in a line. Raises UserError where it cannot be made."""


class GridDialog(QDialog):
    """Says what the grid will take while it is chosen.

    Args:
        offered: the settings that the model has, as `core.grid` names them, each with values to start from.

    Signals:
        chosen(Grid): the user wants this grid.
    """

    chosen = Signal(object)

    def __init__(self, offered: dict[str, str], describe: Describe, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("gridDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        set_translated(self, lambda: self.tr("Make a Grid"), self.setWindowTitle)
        self.setMinimumWidth(460)
        self._offered = offered
        self._describe = describe
        self.boxes, self.values = (ComboBox(), ComboBox()), (QLineEdit(), QLineEdit())
        self.estimate = label("", "caption", wrap=True)
        self.estimate.setObjectName("gridEstimate")
        self.make = push_button("makeGrid", lambda: self.tr("Make the Grid"), self.accept)
        self.make.setProperty("role", "primary")
        self._lay_out()
        self._fill()
        for box, values in zip(self.boxes, self.values, strict=True):
            box.currentIndexChanged.connect(lambda _, box=box, values=values: self._suggest(box, values))
            values.textChanged.connect(self._show)
            self._suggest(box, values)
        on_language_change(self, self._show)

    def _lay_out(self) -> None:
        words = ((lambda: self.tr("Across")), (lambda: self.tr("Down")))
        fields = QGridLayout()
        fields.setHorizontalSpacing(10)
        fields.setColumnStretch(2, 1)
        for row, (text, box, values) in enumerate(zip(words, self.boxes, self.values, strict=True)):
            box.setObjectName(f"gridAxis{row + 1}")
            values.setObjectName(f"gridValues{row + 1}")
            set_translated(self, text, box.setAccessibleName)
            set_translated(self, lambda: self.tr("Values"), values.setAccessibleName)
            fields.addWidget(buddy(text, box), row, 0)
            fields.addWidget(box, row, 1)
            fields.addWidget(values, row, 2)
        buttons = QDialogButtonBox()
        buttons.addButton(
            push_button("", lambda: self.tr("Cancel"), self.reject), QDialogButtonBox.ButtonRole.RejectRole
        )
        buttons.addButton(self.make, QDialogButtonBox.ButtonRole.AcceptRole)
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addWidget(
            label(
                lambda: self.tr("One picture for each pair of values, and a sheet of them all. Separate values with "
                                "commas, or write a range with a step: 4-20:4"), "caption", wrap=True
            )
        )  # fmt: skip
        column.addLayout(fields)
        column.addWidget(self.estimate)
        column.addWidget(buttons)

    def _fill(self) -> None:
        self.boxes[1].add(self.tr("Nothing"), "")
        for box in self.boxes:
            for field in self._offered:
                box.add(wording.grid_field(field), field)
        self.boxes[1].setCurrentIndex(0)

    def _suggest(self, box: ComboBox, values: QLineEdit) -> None:
        values.setEnabled(bool(box.currentData()))
        values.setText(self._offered.get(str(box.currentData()), ""))
        self._show()

    def grid(self) -> Grid:
        """What is chosen. Raises UserError where it makes no sense."""
        axes: list[Axis] = []
        for box, values in zip(self.boxes, self.values, strict=True):
            field = str(box.currentData())
            if field:
                axes.append(parse_axis(field, values.text()))
        if len({axis.field for axis in axes}) < len(axes):
            raise UserError(
                message("Both axes change the same setting."), message("Choose another one for the second.")
            )
        return Grid(tuple(axes))

    def _show(self) -> None:
        try:
            role, words = "caption", self._describe(self.grid())
        except UserError as error:
            role, words = "danger", translated(error.text)
        set_role(self.estimate, role)
        self.estimate.setText(words)
        self.make.setEnabled(role != "danger")

    def accept(self) -> None:
        self.chosen.emit(self.grid())
        super().accept()
