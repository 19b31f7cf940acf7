"""One editor for each kind of setting. A change is applied at once; a value that does not fit is told beneath."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from app.core.errors import UserError
from app.library.setting import Setting
from app.library.settings import Settings
from app.ui.controls.buttons import push_button
from app.ui.controls.fields.check_box import GAP, SIDE, CheckBox
from app.ui.controls.fields.combo_box import ComboBox
from app.ui.controls.fields.number_box import CorrectionNote, DecimalBox, NumberBox
from app.ui.controls.style.frames import FieldFrame
from app.ui.controls.text.labels import label, set_role
from app.ui.words.language import on_language_change, set_translated
from app.ui.words.messages import translated
from app.ui.words.wording import tr

WIDTH = 320
"""Of a text field or combo box."""
ROOM = 420
"""Of an editor with its buttons and its help."""


class SettingEditor(QWidget):
    """The editor of one declared setting, with its help beneath. It follows changes from elsewhere.

    Args:
        default_folder: for the kind "folder", what an empty value means.

    Signals:
        changed: the setting has another value.
    """

    changed = Signal()
    _changed = Signal(str, object)

    def __init__(self, settings: Settings, setting: Setting, default_folder: Path | None = None) -> None:
        super().__init__()
        self.setFixedWidth(ROOM)
        self.setting = setting
        self._settings = settings
        self._default_folder = default_folder
        self._show: Callable[[Any], None] = lambda _: None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self.editor = self._make()
        self.editor.setObjectName(f"{setting.key}Setting")
        set_translated(self, lambda: translated(setting.label), self.editor.setAccessibleName)
        set_translated(self, lambda: translated(setting.help), self.editor.setAccessibleDescription)
        column.addWidget(self._row or self.editor, 0, Qt.AlignmentFlag.AlignLeft)
        self._help = label("", "caption", wrap=True)
        self._problem: UserError | None = None
        if setting.kind == "bool":
            self._help.setContentsMargins(SIDE + GAP, 0, 0, 0)  # beneath the words, not beneath the tick
        column.addWidget(self._help)
        self._show(settings.get(setting.key))
        self._show_help()
        on_language_change(self, self._show_help)
        self._unsubscribe = settings.subscribe(self._changed.emit)
        self._changed.connect(self._follow)
        self.destroyed.connect(lambda _=None, stop=self._unsubscribe: stop())

    def refresh(self) -> None:
        """Show the setting as it is declared now: what there is to choose may be something else."""
        self.setting = next(setting for setting in self._settings.declared() if setting.key == self.setting.key)
        self._show(self._settings.get(self.setting.key))

    def commit(self) -> bool:
        """Take over what is being typed; whether it fits."""
        if isinstance(self.editor, QLineEdit):
            self._apply(self.editor.text())
        return self._problem is None

    def _apply(self, value: Any) -> None:
        if value == self._settings.get(self.setting.key):
            self._show_problem(None)
            return
        try:
            self._settings.set(self.setting.key, value)
            self._show_problem(None)
        except UserError as error:
            self._show_problem(error)

    def _show_problem(self, error: UserError | None) -> None:
        self._problem = error
        self._show_help()
        set_role(self._help, "danger" if error else "caption")

    def _show_help(self) -> None:
        self._help.setText(translated(self._problem.text) if self._problem else translated(self.setting.help))

    def _follow(self, key: str, value: object) -> None:
        if key == self.setting.key:
            self._show(value)
            self.changed.emit()

    def _make(self) -> QWidget:
        self._row: QWidget | None = None
        match self.setting.kind:
            case "bool":
                return self._check_box()
            case "choice":
                return self._combo_box()
            case "int" | "float":
                return self._number()
            case "folder":
                return self._folder()
            case _:
                return self._text()

    def _check_box(self) -> QWidget:
        box = CheckBox()
        set_translated(box, lambda: translated(self.setting.label), box.setText)
        box.toggled.connect(self._apply)
        self._show = box.setChecked
        return box

    def _combo_box(self) -> QWidget:
        box = ComboBox()
        box.setFixedWidth(WIDTH)

        def show_words() -> None:
            for index, (_, words) in enumerate(self.setting.choices):
                box.setItemText(index, translated(words))

        def show(value: Any) -> None:
            choices = [choice for choice, _ in self.setting.choices]  # what there is to choose may change
            if choices != [box.itemData(index) for index in range(box.count())]:
                box.clear()
                for choice in choices:
                    box.add("", choice)
                show_words()
            box.select(value)

        box.activated.connect(lambda: self._apply(box.currentData()))
        on_language_change(box, show_words)
        self._show = show
        return box

    def _number(self) -> QWidget:
        box: NumberBox | DecimalBox
        if self.setting.kind == "int":
            box = NumberBox()
            most = 2**31 - 1 if self.setting.maximum is None else int(self.setting.maximum)
            box.setRange(int(self.setting.minimum or 0), most)
        else:
            box = _Number()
            box.setDecimals(2)
            box.setRange(self.setting.minimum or 0.0, 1e9 if self.setting.maximum is None else self.setting.maximum)
        box.setKeyboardTracking(False)
        set_translated(box, lambda: _unit(self.setting.key), box.setSuffix)
        if self.setting.zero:
            set_translated(box, lambda: translated(self.setting.zero), box.setSpecialValueText)
        box.valueChanged.connect(self._apply)
        field = FieldFrame(box)
        field.setFixedWidth(120)
        self._row = QWidget()
        column = QVBoxLayout(self._row)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(field)
        column.addWidget(CorrectionNote(box))
        self._show = box.setValue
        return box

    def _text(self) -> QWidget:
        edit = QLineEdit()
        edit.setFixedWidth(WIDTH)
        edit.editingFinished.connect(lambda: self._apply(edit.text()))
        self._show = edit.setText
        return edit

    def _folder(self) -> QWidget:
        edit = QLineEdit()
        edit.setFixedWidth(WIDTH)
        if self._default_folder is not None:
            edit.setPlaceholderText(str(self._default_folder))
        edit.editingFinished.connect(lambda: self._apply(edit.text()))
        self._show = edit.setText
        choose = push_button(f"{self.setting.key}Button", lambda: self.tr("Choose…"), self._choose_folder)
        self._row = QWidget()
        row = QHBoxLayout(self._row)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(edit)
        row.addWidget(choose)
        return edit

    def _choose_folder(self) -> None:
        start = self._settings.get(self.setting.key) or str(self._default_folder or "")
        folder = QFileDialog.getExistingDirectory(self, translated(self.setting.label), start)
        if folder:
            self._apply(folder)


def _unit(key: str) -> str:
    """What stands behind the number of a setting: its key ends in it."""
    unit = {"minutes": tr("min"), "gb": "GB"}.get(key.rpartition("_")[2], "")
    return f" {unit}" if unit else ""


class _Number(DecimalBox):
    """Shows no more decimals than there are."""

    def textFromValue(self, value: float) -> str:
        return f"{value:.2f}".rstrip("0").rstrip(".")
