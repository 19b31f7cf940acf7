"""What concerns the user's own models alone: what each is made from, and whether it was trained in float16."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.core.message import sentences
from app.library.models.checkpoint.transformer_only import UnclearBaseError
from app.library.models.model import Model
from app.ui.controls.buttons import push_button
from app.ui.controls.fields.combo_box import ComboBox
from app.ui.controls.text.labels import buddy, label
from app.ui.words.language import set_translated
from app.ui.words.messages import translated

FIND_OUT, YES, NO = "find out", "yes", "no"
_CLIP = {FIND_OUT: None, YES: True, NO: False}


class OwnModelDetails(QWidget):
    """Beneath a row of the Models page; hidden for models of the catalog.

    Signals:
        clipChosen(object): whether it was trained in float16; None to find out.
    """

    clipChosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._notes = label("", "caption", wrap=True)
        self._notes.setObjectName("modelNotesLabel")
        self.clip_box = ComboBox()
        self.clip_box.setObjectName("trainedInFloat16Box")
        self.clip_box.setMinimumWidth(200)
        set_translated(self, lambda: self.tr("Trained in float16"), self.clip_box.setAccessibleName)
        set_translated(self, self._why, self.clip_box.setToolTip)
        set_translated(self, self._why, self.clip_box.setAccessibleDescription)
        self.clip_box.activated.connect(lambda: self.clipChosen.emit(_CLIP[str(self.clip_box.currentData())]))
        self._caption = buddy(lambda: self.tr("Trained in float16"), self.clip_box, "caption")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._caption)
        row.addWidget(self.clip_box)
        row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._notes)
        column.addLayout(row)

    def _why(self) -> str:
        return self.tr("A model trained in float16 makes wrong pictures unless its numbers stay in that range.")

    def show_model(self, model: Model) -> None:
        """Show what is known of an own model, and what was chosen for it."""
        checkpoint = model.checkpoint if model.spec is None else None
        self.setVisible(checkpoint is not None)
        if checkpoint is None:
            return
        self._notes.setText(translated(sentences(*checkpoint.notes)))
        self._notes.setVisible(bool(checkpoint.notes))
        matters = checkpoint.family == "sana"
        self._caption.setVisible(matters)
        self.clip_box.setVisible(matters)
        found = self.tr("Automatic")
        if model.choice.clip is None:
            results = {
                True: self.tr("Automatic: yes"),
                False: self.tr("Automatic: no"),
                None: self.tr("Automatic: not known yet"),
            }
            found = results[checkpoint.clip]
        self.clip_box.clear()
        for value, words in ((FIND_OUT, found), (YES, self.tr("Yes")), (NO, self.tr("No"))):
            self.clip_box.add(words, value)
        self.clip_box.select(next(value for value, clip in _CLIP.items() if clip is model.choice.clip))


class BaseChoice(QWidget):
    """Asks which model a transformer was made from, where several fit it.

    Args:
        chosen: called with the file and the id of the model.
    """

    def __init__(self, chosen: Callable[[Path, str], None]) -> None:
        super().__init__()
        self._path = Path()
        self._chosen = chosen
        self._question = label("", wrap=True)
        self.box = ComboBox()
        self.box.setObjectName("baseBox")
        set_translated(self, lambda: self.tr("Made from"), self.box.setAccessibleName)
        row = QHBoxLayout()
        row.addWidget(self.box, 1)
        row.addWidget(push_button("baseButton", lambda: self.tr("Add"), self._add))
        row.addWidget(push_button("baseCancelButton", lambda: self.tr("Cancel"), self.hide))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._question)
        column.addLayout(row)
        self.hide()

    def ask(self, error: UnclearBaseError) -> None:
        """Show the models that fit."""
        self._path = error.path
        words = self.tr("“{name}” fits several models. Which one was it made from?")
        self._question.setText(words.format(name=error.path.name))
        self.box.clear()
        for base, name in error.bases:
            self.box.add(name, base)
        self.show()
        self.box.setFocus()

    def _add(self) -> None:
        self.hide()
        self._chosen(self._path, str(self.box.currentData()))
