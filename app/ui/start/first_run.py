"""The first start: three quick ways to make pictures, and the table of them all."""

from __future__ import annotations

import sys

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.backends.registry import Registry
from app.core.errors import UserError
from app.library.models.model import ModelState
from app.library.models.store import Models
from app.ui.controls.buttons import push_button
from app.ui.controls.text.labels import label
from app.ui.settings.models.downloads import Downloads
from app.ui.settings.models.model_row import ModelRow, drive
from app.ui.start.first_paint import FirstPaint
from app.ui.start.ways_table import WaysTable
from app.ui.words.language import Text, on_language_change, set_translated


class FirstRun(QWidget):
    """The bundled model, the download that suits this machine, the cloud, and a table of all ways.

    The download asks for its licence, shows its progress and can be paused in place. It goes on when this is closed.

    Args:
        models, downloads: what is here, and what is under way.
        examples: the examples of what the bundled model can make.
        registry: the ways that the table shows.
        memory_limit_gb: the user's own limit, 0 for none.

    Signals:
        starterChosen: the user wants to try the bundled model.
        modelReady(str): the recommended model is here; its id.
        settingsAsked(str): the user wants this page of the settings.
    """

    starterChosen = Signal()
    modelReady = Signal(str)
    settingsAsked = Signal(str)

    def __init__(
        self, models: Models, downloads: Downloads, examples: QWidget, registry: Registry, memory_limit_gb: float
    ) -> None:  # fmt: skip
        super().__init__()
        self.setObjectName("firstRunSheet")
        set_translated(self, lambda: self.tr("Ways to make pictures"), self.setAccessibleName)
        self._models = models
        self._downloads = downloads
        self._spec = models.recommended()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        self.table = WaysTable(registry, memory_limit_gb)
        self.table.settingsAsked.connect(self.settingsAsked)
        for way in (self._starter(examples), self._download(), self._cloud(), self.table):
            column.addWidget(way)
        FirstPaint(self, self.table.refresh)
        downloads.changed.connect(self._changed)
        downloads.failed.connect(self._failed)
        on_language_change(self, self._show)

    def _starter(self, examples: QWidget) -> QWidget:
        way = _Way(
            lambda: self.tr("Try the starter"),
            lambda: self.tr(
                "A small model that came with the app: simple drawn scenes, at once and without a download."
            ),
        )
        way.add_button(lambda: self.tr("Try it"), "tryStarterButton").clicked.connect(self.starterChosen)
        way.column.addSpacing(4)
        way.column.addWidget(examples)
        return way

    def _download(self) -> QWidget:
        way = _Way(self._download_title, self._download_text)
        self._row: ModelRow | None = None
        if not self._spec.bundled:
            self._row = ModelRow(self._spec.id, ruled=False)
            drive(self._row, self._models, self._downloads, self._show)
            self._use = way.add_button(lambda: self.tr("Use it"), "useSanaButton")
            self._use.clicked.connect(lambda: self.modelReady.emit(self._spec.id))
            way.column.addSpacing(4)
            way.column.addWidget(self._row)
            self._show()
        button = way.add_button(lambda: self.tr("All models…"), "allModelsButton")
        button.clicked.connect(lambda: self.settingsAsked.emit("Models"))
        return way

    def _download_title(self) -> str:
        mac = sys.platform == "darwin"
        return self.tr("Get Sana on this Mac") if mac else self.tr("Get Sana on this computer")

    def _download_text(self) -> str:
        if self._spec.bundled:
            return self.tr("The full models need more memory than there is here: 8 GB or more.")
        return self.tr("Makes anything you describe. It runs here, and your prompts stay here.")

    def _cloud(self) -> QWidget:
        way = _Way(
            lambda: self.tr("Use the cloud"),
            lambda: self.tr(
                "Nothing to download: Replicate makes it in seconds, for about one cent a picture. "
                "It needs a key, and your prompts are sent there."
            ),
        )
        button = way.add_button(lambda: self.tr("Enter a key…"), "useCloudButton")
        button.clicked.connect(lambda: self.settingsAsked.emit("Cloud"))
        return way

    def _show(self) -> None:
        if self._row is not None:
            model = self._models.look(self._spec.id)
            self._row.show_model(model, self._downloads.state(model.id), best=False)
            self._use.setVisible(model.state is ModelState.READY)

    def _changed(self, model_id: str) -> None:
        if model_id != self._spec.id or self._row is None:
            return
        state = self._downloads.state(model_id)
        if state is not None:
            self._row.show_progress(state)
            return
        self._show()
        if self._models.state(model_id) is ModelState.READY:
            self.modelReady.emit(model_id)

    def _failed(self, model_id: str, error: UserError) -> None:
        if model_id == self._spec.id and self._row is not None:
            self._row.show_problem(error)


class _Way(QFrame):
    """A card: a heading with a button beside it, a text, and room for more."""

    def __init__(self, title: Text, text: Text) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._top = QHBoxLayout()
        self._top.addWidget(label(title, "heading", wrap=True), 1)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(16, 12, 16, 14)
        self.column.setSpacing(4)
        self.column.addLayout(self._top)
        self.column.addWidget(label(text, "muted", wrap=True))

    def add_button(self, text: Text, name: str) -> QPushButton:
        button = push_button(name, text)
        self._top.addWidget(button)
        return button
