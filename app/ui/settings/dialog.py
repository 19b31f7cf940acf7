"""The settings dialog. What is changed applies at once, as on a Mac; there is nothing to confirm."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QTabWidget, QVBoxLayout, QWidget

from app.backends.base import HasServer
from app.engine.engine import Engine
from app.library import paths
from app.library.models.store import Models
from app.ui.background import Background
from app.ui.settings.advanced_page import AdvancedPage
from app.ui.settings.backends_page import BackendsPage
from app.ui.settings.cloud_page import CloudPage
from app.ui.settings.endpoints.endpoints_page import EndpointsPage
from app.ui.settings.models.downloads import Downloads
from app.ui.settings.models.models_page import ModelsPage
from app.ui.settings.page import Page
from app.ui.settings.server.page import ServerPage
from app.ui.words.language import Text, set_translated


class SettingsDialog(QDialog):
    """Six pages, and one for each backend on a server of its user's. It may stay open beside the window while jobs
    run; what is changed holds for the next job.

    Args:
        engine: its settings are edited, its registry says how the backends stand.
        models, downloads: of the window, which may be downloading one already.
    """

    def __init__(self, engine: Engine, models: Models, downloads: Downloads, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("settingsDialog")
        set_translated(self, lambda: self.tr("Settings"), self.setAccessibleName, self.setWindowTitle)
        self.setWindowModality(Qt.WindowModality.NonModal)
        self.setMinimumSize(700, 360)  # a page's captions and editors, and a bar to scroll them
        self.resize(740, 600)
        settings = engine.settings
        self._background = Background(self, threads=2)
        general = Page()
        general.add_settings(settings, "General", default_folder=paths.pictures())
        general.column.addStretch()
        self.backends = BackendsPage(engine)
        self.models = ModelsPage(engine, models, downloads, self._background)
        self.cloud = CloudPage(engine, engine.session.ledger, self._background)
        self.endpoints = EndpointsPage(engine, self._background)
        self.backends.pageAsked.connect(self.show_page)
        self.tabs = QTabWidget()
        self.tabs.setObjectName("settingsTabs")
        set_translated(self, lambda: self.tr("Pages of the settings"), self.tabs.setAccessibleName)
        self.tabs.tabBar().setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._pages: dict[str, Page] = {}
        self._add("General", general, lambda: self.tr("General"))
        self._add("Backends", self.backends, lambda: self.tr("Runs On"))
        self._add("Models", self.models, lambda: self.tr("Models"))
        self._add("Cloud", self.cloud, lambda: self.tr("Cloud"))
        self._add("Endpoints", self.endpoints, lambda: self.tr("Endpoints"))
        for backend in engine.registry.backends.values():
            if isinstance(backend, HasServer):
                page = ServerPage(engine, backend, self._background)
                self._add(backend.page, page, backend.name)
        self._add("Advanced", AdvancedPage(settings), lambda: self.tr("Advanced"))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 8, 0, 0)
        whole.addWidget(self.tabs)
        self.setFocus()

    def show_page(self, name: str) -> None:
        """Turn to a page, by the name that the declared settings give it."""
        self.tabs.setCurrentWidget(self._pages[name])

    def _add(self, name: str, page: Page, title: Text) -> None:
        self._pages[name] = page
        set_translated(page, title, partial(self.tabs.setTabText, self.tabs.addTab(page, "")))

    def close_down(self) -> None:
        """Before the app ends: stop tests, let background work finish."""
        self.backends.close_down()
        self.models.compacting.stop()
        self.endpoints.close_down()
        self._background.close()
