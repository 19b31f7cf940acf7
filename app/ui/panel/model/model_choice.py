"""Which model makes the pictures, and what it runs on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QGridLayout, QWidget

from app.backends.base import Backend, Group, State, Status
from app.backends.registry import Registry
from app.backends.ways import way_of
from app.core.message import sentences
from app.core.request import AUTO
from app.ui.controls.buttons import push_button
from app.ui.controls.fields.combo_box import ComboBox, Entry, heading
from app.ui.controls.text.labels import buddy, label
from app.ui.panel.model import offers
from app.ui.words import ways, wording
from app.ui.words.language import on_language_change, set_translated
from app.ui.words.messages import translated

_FOLDER = "\0folder"
"""The model box's last entry: choose a folder."""


class ModelChoice(QWidget):
    """Two combo boxes and what their choice comes to: `offer`.

    Signals:
        changed: another choice, or the same one can do other things now.
        settingsAsked(str): the user wants to mend what is in the way, on this page of the settings.
    """

    changed = Signal()
    settingsAsked = Signal(str)

    def __init__(self, registry: Registry) -> None:
        super().__init__()
        self._registry = registry
        self._wish = ""
        self.folders: list[str] = []
        self.offer = offers.Offer()
        self._page = ""
        self.model_box = ComboBox()
        self.model_box.setObjectName("modelBox")
        set_translated(self, lambda: self.tr("Model"), self.model_box.setAccessibleName)
        self.model_box.activated.connect(self._model_activated)
        self.backend_box = ComboBox()
        self.backend_box.setObjectName("backendBox")
        set_translated(self, lambda: self.tr("Runs on"), self.backend_box.setAccessibleName)
        self.backend_box.activated.connect(lambda: self.choose(self.backend(), self._wish))
        self.why = label("", "caption", wrap=True)
        self.why.setObjectName("backendWhy")
        self.note = label("", "danger", wrap=True)
        self.note.setObjectName("backendNote")
        self.about = label("", "caption", wrap=True)
        self.about.setObjectName("modelNotes")
        self.mend = push_button("mendButton", "")
        self.mend.clicked.connect(lambda: self.settingsAsked.emit(self._page))
        set_translated(self, lambda: self.tr("No model yet"), self.model_box.setPlaceholderText)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        for row, (caption, box) in enumerate(
            ((lambda: self.tr("Model"), self.model_box), (lambda: self.tr("Runs on"), self.backend_box))
        ):
            grid.addWidget(buddy(caption, box, "muted"), row, 0)
            grid.addWidget(box, row, 1)
        grid.addWidget(self.why, 2, 0, 1, 2)
        grid.addWidget(self.note, 3, 0, 1, 2)
        grid.addWidget(self.mend, 4, 0, 1, 2, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(self.about, 5, 0, 1, 2)
        on_language_change(self, self.refresh)

    def backend(self) -> str:
        return str(self.backend_box.currentData() or AUTO)

    def model(self) -> str:
        return str(self.model_box.currentData() or "")

    def choose(self, backend_id: str, model: str) -> None:
        """Choose a backend (or "auto") and a model; what is not there is replaced by the first that is."""
        self._wish = model
        stand = offers.statuses(self._registry)
        self._fill_backends(backend_id, stand)
        self._fill_models(stand)
        self.offer = offers.offer(self._registry, self.backend(), self.model())
        self._show_note()
        self.changed.emit()

    def choose_for_clips(self) -> bool:
        """Choose a model that makes clips from a picture, unless one is chosen; False where none is on this machine."""
        if offers.animates(self.offer):
            return True
        model = offers.animating(self._registry)
        if model:
            self.choose(AUTO, model)
        return bool(model)

    def refresh(self) -> None:
        """Read again which backends and models there are."""
        self.choose(self.backend(), self._wish)

    def _fill_backends(self, backend_id: str, stand: Sequence[tuple[Backend, Status]]) -> None:
        box = self.backend_box
        rows = [Entry(self.tr("Automatic"), AUTO, dot="good", tip=self.tr("The best that works on this machine"))]
        for group in Group:
            members = [self._entry(backend, status) for backend, status in stand if backend.group is group]
            rows += [heading(ways.group(group)), *members] if members else []
        box.blockSignals(True)
        box.show_entries(rows)
        if not box.select(backend_id):
            box.setCurrentIndex(0)
        box.blockSignals(False)

    @staticmethod
    def _entry(backend: Backend, status: Status) -> Entry:
        charges = backend.remote is not None and backend.remote.charges
        standing = ways.standing(backend, status, offers.price(backend) if charges else None)
        heard = wording.listed([backend.name, ways.group(backend.group), standing])
        dot, tip = ways.DOTS[status.state], translated(status.reason)
        return Entry(backend.name, backend.id, standing, dot, tip, heard)

    def _fill_models(self, stand: Sequence[tuple[Backend, Status]]) -> None:
        box = self.model_box
        box.blockSignals(True)
        box.clear()
        for model_id, name in offers.models(self._registry, self.backend(), stand):
            box.add(name, model_id)
        for folder in self.folders:
            if box.findData(folder) < 0:
                box.add(Path(folder).name, folder, tip=folder)
        found = box.count()
        if found:
            box.insertSeparator(found)
        box.add(self.tr("Open a model folder…"), _FOLDER)
        if not (self._wish and box.select(self._wish)):
            box.setCurrentIndex(0 if found else -1)
        box.blockSignals(False)

    def _model_activated(self) -> None:
        model = self.model()
        if model == _FOLDER:
            folder = QFileDialog.getExistingDirectory(self, self.tr("Open a model folder"))
            model = folder or self._wish
            if folder and folder not in self.folders:
                self.folders.append(folder)
        self.choose(self.backend(), model)

    def _show_note(self) -> None:
        """A problem stands beneath; what Automatic has chosen stands in its box, and why beneath it."""
        error, backend = self.offer.problem, self.offer.backend
        box = self.backend_box
        why = box.currentData(Qt.ItemDataRole.ToolTipRole) or ""
        automatic = self.backend() == AUTO and backend is not None
        if self.backend() == AUTO:
            box.set_dot(box.currentIndex(), "faint" if error is not None else "good")
        if automatic and backend is not None:
            box.set_detail(box.currentIndex(), backend.name)
            why = self.tr("{name}: {why}.").format(name=backend.name, why=translated(self.offer.why))
        self.why.setText(why if automatic else "")
        self.why.setVisible(automatic)
        box.setToolTip(wording.tip(why) if why else "")
        box.setAccessibleDescription(why)
        text = translated(error.text) if error is not None else ""
        self.note.setText(text)
        self.note.setVisible(bool(text))
        offered = self.offer.capabilities
        about = translated(sentences(*offered.notes)) if offered is not None else ""
        self.about.setText(about)
        self.about.setVisible(bool(about))
        self._show_mend()

    def _show_mend(self) -> None:
        """Where something is missing, a button leads to where it can be had."""
        self.mend.setVisible(self.offer.capabilities is None)
        if self.offer.capabilities is not None:
            return
        chosen = self._registry.backends.get(self.backend())
        self._page, words = "Models", ways.mend(State.NEEDS_MODEL)
        if chosen is not None:
            way = way_of(self._registry, chosen)
            self._page, words = way.page, ways.mend(way.status.state)
        self.mend.setText(words or self.tr("Open the settings…"))
