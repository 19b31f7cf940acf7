"""The page of a backend on a server of its user's: its address, headers for a proxy, a test, and how to start it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.backends.base import Backend, HasServer, ServerSetup, TakesFiles
from app.engine.engine import Engine
from app.ui.background import Background
from app.ui.controls.style.frames import line
from app.ui.controls.text.labels import label
from app.ui.settings.editors import SettingEditor
from app.ui.settings.keys.headers_editor import HeadersEditor
from app.ui.settings.page import Page
from app.ui.settings.server.files import FilesList
from app.ui.settings.server.leaving import Leaving
from app.ui.settings.server.trial import ServerTest
from app.ui.words.messages import translated


class ServerPage(Page):
    """All of it comes from what the backend says of itself.

    Args:
        backend: with a server.
        background: of its own: it may wait for a server.
    """

    def __init__(self, engine: Engine, backend: Backend, background: Background) -> None:
        super().__init__()
        assert isinstance(backend, HasServer)
        self._engine, self._backend = engine, backend
        settings = engine.settings
        (declared,) = (each for each in settings.declared(backend.page) if each.key == backend.setup.setting)
        self.address = SettingEditor(settings, declared)
        self.leaving = Leaving(backend, settings)
        self.headers = HeadersEditor(backend.id, backend.setup, backend.address, background)
        self.test = ServerTest(backend, settings, self.address.commit, background)
        where = QWidget()
        column = QVBoxLayout(where)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for part in (self.address, self.leaving, self.test):
            column.addWidget(part)
        self.add_row(partial(translated, declared.label), where, self.address.editor)
        self.add_row(self.headers.caption, self.headers, self.headers.key)
        self.add_settings(settings, backend.page, leave_out=(declared.key,))
        if isinstance(backend, TakesFiles):
            self.files = FilesList(backend.id, backend.files, background)
            self.files.changed.connect(engine.backendsChanged)
            self.column.addWidget(line())
            self.add_row(partial(translated, backend.files.title), self.files, self.files.add_button)
        self._add_guide(backend.setup)
        self.column.addStretch()
        self.address.changed.connect(self._address_changed)
        self.headers.changed.connect(engine.backendsChanged)
        self.test.tested.connect(engine.backendsChanged)

    def _add_guide(self, setup: ServerSetup) -> None:
        if not setup.guide:
            return
        self.column.addWidget(line())
        *before, after = setup.guide
        self.column.addWidget(label(lambda: self.tr("How to start it"), "heading"))
        for words in before:
            self.column.addWidget(label(partial(translated, words), wrap=True))
        command = label(setup.command)
        command.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        command.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.column.addWidget(command)
        self.column.addWidget(label(partial(translated, after), wrap=True))

    def _address_changed(self) -> None:
        self.test.forget()
        self.leaving.refresh()
        self.headers.follow(self._backend.address)
        self._engine.backendsChanged.emit()
