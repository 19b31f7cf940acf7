"""Says that a server is on another machine, and asks once whether anything may be sent there."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.backends.base import Backend
from app.core.errors import UserError
from app.engine.consent import allow, is_allowed
from app.library.settings import Settings
from app.ui.controls.buttons import push_button
from app.ui.controls.text.labels import label, set_role
from app.ui.settings.editors import ROOM
from app.ui.words.language import on_language_change
from app.ui.words.messages import translated


class Leaving(QWidget):
    """A note, and a button as long as nobody has agreed."""

    def __init__(self, backend: Backend, settings: Settings) -> None:
        super().__init__()
        self.setFixedWidth(ROOM)
        self._backend, self._settings = backend, settings
        self.note = label("", wrap=True)
        self.note.setObjectName(f"{backend.id}LeavingNote")
        self.allow = push_button(f"{backend.id}AllowButton", "", self._allow)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.note)
        column.addWidget(self.allow, 0, Qt.AlignmentFlag.AlignLeft)
        on_language_change(self, self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Read again where the server is."""
        remote = self._backend.remote
        self.setVisible(remote is not None)
        if remote is None:
            return
        asked = is_allowed(self._settings, remote.host)
        self.note.setText(translated(remote.sends))
        set_role(self.note, "caption" if asked else "")
        self.allow.setText(self.tr("Send to {host}").format(host=remote.host))
        self.allow.setVisible(not asked)

    def _allow(self) -> None:
        remote = self._backend.remote
        try:
            if remote is not None:
                allow(self._settings, remote.host)
        except UserError as error:
            self.note.setText(translated(error.text))
            set_role(self.note, "danger")
        else:
            self.refresh()
