"""The Models page: what is here, what can be had, what it costs in bytes, memory and licence."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout

from app.backends.base import Packs
from app.core.errors import UserError
from app.engine.engine import Engine
from app.library.models.checkpoint.transformer_only import UnclearBaseError
from app.library.models.model import Model, ModelState
from app.library.models.sharing import Shared, shared_parts
from app.library.models.store import Models
from app.ui.background import Background
from app.ui.controls.buttons import push_button
from app.ui.controls.fields.combo_box import ComboBox
from app.ui.controls.style.frames import line
from app.ui.controls.text.labels import StatusLabel, label
from app.ui.settings.editors import WIDTH
from app.ui.settings.models.compacting import Compacting
from app.ui.settings.models.downloads import Downloads
from app.ui.settings.models.hub_token import HubToken
from app.ui.settings.models.model_row import ModelRow, drive
from app.ui.settings.models.own_model import BaseChoice
from app.ui.settings.models.planned import PlannedModels
from app.ui.settings.page import Page
from app.ui.words import wording
from app.ui.words.language import on_language_change, set_translated
from app.ui.words.messages import translated


class ModelsPage(Page):
    """The default, a row for each model, and beneath them what few need: the declared settings of this page."""

    _settingChanged = Signal(str, object)

    def __init__(self, engine: Engine, models: Models, downloads: Downloads, background: Background) -> None:
        super().__init__()
        self._engine = engine
        self._models = models
        self.downloads = downloads
        self.compacting = Compacting(self)
        self.rows: dict[str, ModelRow] = {}  # of all models that were ever here
        self.default = ComboBox()
        self.default.setObjectName("default_modelSetting")
        set_translated(self, lambda: self.tr("Model for new pictures"), self.default.setAccessibleName)
        self.default.setFixedWidth(WIDTH)
        self.default.activated.connect(self._default_chosen)
        self.add_row(lambda: self.tr("Model for new pictures"), self.default, self.default)
        self.column.addWidget(line())
        heading = QHBoxLayout()
        heading.addWidget(label(lambda: self.tr("Models"), "heading"))
        heading.addStretch()
        for text, name, act in (
            (lambda: self.tr("Add a folder…"), "addModelButton", self._add_folder),
            (lambda: self.tr("Add a file…"), "addModelFileButton", self._add_file),
        ):
            heading.addWidget(push_button(name, text, act))
        self.column.addLayout(heading)
        self._status = StatusLabel()
        self._status.setObjectName("modelsMessage")
        self._status.hide()
        self.column.addWidget(self._status)
        self.base = BaseChoice(self.add_folder)
        self.column.addWidget(self.base)
        self._shared = label("", "caption", wrap=True)
        self._shared.setObjectName("sharedPartsLabel")
        self.column.addWidget(self._shared)
        self._place = self.column.count()
        self.column.addWidget(PlannedModels(models.planned))
        self.column.addWidget(line())
        self.column.addWidget(label(lambda: self.tr("Downloads"), "heading"))
        self.add_settings(engine.settings, "Models", leave_out=("default_model",))
        self.token = HubToken(background)
        self.add_row(lambda: self.tr("Hugging Face token"), self.token, self.token.edit)
        self.column.addStretch()
        self.downloads.changed.connect(self._download_changed)
        self.downloads.failed.connect(self._failed)
        self.compacting.changed.connect(lambda _: self._changed())
        self.compacting.failed.connect(self._failed)
        unsubscribe = engine.settings.subscribe(self._settingChanged.emit)
        self._settingChanged.connect(self._setting_changed)
        self.destroyed.connect(lambda _=None: unsubscribe())
        on_language_change(self, self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Look again what is on the disk."""
        found = {model.id: model for model in _in_order(self._models)}
        for place, model in enumerate(found.values()):
            if model.id not in self.rows:
                self.rows[model.id] = self._row(model)
            self.column.insertWidget(self._place + place, self.rows[model.id])
        for model_id, row in self.rows.items():
            row.setVisible(model_id in found)
        recommended = self._models.recommended().id
        backends = self._engine.registry.backends.values()
        packing = (backend for backend in backends if isinstance(backend, Packs) and backend.check().ready)
        packed_by = {model_id for backend in packing for model_id, _ in backend.models()}
        for model_id, model in found.items():
            self.rows[model_id].show_model(
                model,
                self.downloads.state(model_id),
                best=model_id == recommended,
                packs=model_id in packed_by and _is_whole(model),
                packing=model_id == self.compacting.running,
            )
        self._show_shared(shared_parts(found.values()))
        self.default.clear()
        for model in found.values():
            if model.state in (ModelState.READY, ModelState.BUNDLED) and model.controlnet is None:
                self.default.add(model.name, model.id)
        self.default.select(self._engine.settings.get("default_model"))

    def _show_shared(self, parts: list[Shared]) -> None:
        words = {
            "text_encoder": self.tr("Text encoder shared by {count} models: {size}, once on the disk"),
            "vae": self.tr("Autoencoder shared by {count} models: {size}, once on the disk"),
            "transformer": self.tr("Transformer shared by {count} models: {size}, once on the disk"),
        }
        lines = [words[p.part].format(count=len(p.models), size=wording.size(p.size)) for p in parts]
        self._shared.setText("\n".join(lines))
        self._shared.setToolTip("\n".join(", ".join(p.models) for p in parts))
        self._shared.setVisible(bool(lines))

    def _row(self, model: Model) -> ModelRow:
        row = ModelRow(model.id)
        drive(row, self._models, self.downloads, self._changed)
        row.compacted.connect(self.compacting.start)
        return row

    def _add_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.tr("A folder in diffusers layout"))
        if folder:
            self.add_folder(Path(folder))

    def _add_file(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, self.tr("A fine-tuned transformer"), "", self.tr("Weights (*.safetensors)")
        )
        if name:
            self.add_folder(Path(name))

    def add_folder(self, folder: Path, base: str = "") -> None:
        """Add a checkpoint of the user's own: a folder or a single file, made from the model `base`."""
        self.base.hide()
        try:
            self._models.add_folder(folder, base)
        except UnclearBaseError as error:
            self._status.hide()
            self.base.ask(error)
        except UserError as error:
            self._show_status(error)
        else:
            self._status.hide()
            self._changed()

    def _changed(self) -> None:
        self.refresh()
        self._engine.backendsChanged.emit()

    def _download_changed(self, model_id: str) -> None:
        state = self.downloads.state(model_id)
        if state is None:
            self.refresh()
        elif model_id in self.rows:
            self.rows[model_id].show_progress(state)

    def _failed(self, model_id: str, error: UserError) -> None:
        self.refresh()
        if model_id in self.rows:
            self.rows[model_id].show_problem(error)
        else:
            self._show_status(error)

    def _show_status(self, error: UserError) -> None:
        self._status.show_text(lambda: translated(error.text), "danger")
        self._status.show()

    def _default_chosen(self) -> None:
        try:
            self._engine.settings.set("default_model", str(self.default.currentData()))
        except UserError as error:
            self._show_status(error)

    def _setting_changed(self, key: str, value: object) -> None:
        if key == "default_model":
            self.default.select(value)


def _is_whole(model: Model) -> bool:
    """Whether it was downloaded, and not in few bits."""
    downloaded = model.state is ModelState.READY and model.spec is not None and bool(model.spec.repo)
    return downloaded and model.checkpoint is not None and not model.checkpoint.packed


def _in_order(models: Models) -> list[Model]:
    """All models, each ControlNet beneath the one that it was made for."""
    found = list(models.list())
    for controlnet in models.list_controlnets():
        base = controlnet.spec.fits[0] if controlnet.spec is not None else ""
        place = max((at for at, model in enumerate(found) if base in (model.id, *_fits(model)[:1])), default=-1)
        found.insert(place + 1, controlnet)
    return found


def _fits(model: Model) -> tuple[str, ...]:
    return model.spec.fits if model.spec is not None else ()
