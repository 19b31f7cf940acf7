"""Tries a server and says what answers there."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.backends.base import Backend, HasServer
from app.core.errors import UserError
from app.core.message import Message
from app.library.settings import Settings
from app.ui.background import Background
from app.ui.controls.buttons import push_button
from app.ui.controls.text.labels import StatusLabel
from app.ui.settings.editors import ROOM
from app.ui.words.language import Text
from app.ui.words.messages import translated


class ServerTest(QWidget):
    """A button, the answer, and where the server is found at another address, a button that takes it.

    Args:
        backend: with a server.
        settings: has its address.
        commit: takes over what is being typed, and says whether it fits.

    Signals:
        tested: the server was asked: it may stand otherwise now.
    """

    tested = Signal()

    def __init__(
        self, backend: Backend, settings: Settings, commit: Callable[[], bool], background: Background
    ) -> None:  # fmt: skip
        super().__init__()
        assert isinstance(backend, HasServer)
        self.setFixedWidth(ROOM)
        self._backend, self._name = backend, backend.name
        self._settings, self._commit, self._background = settings, commit, background
        self._found = ""
        self.button = push_button(f"{backend.id}TestServerButton", lambda: self.tr("Test"), self.start)
        self.use = push_button(
            f"{backend.id}UseAddressButton", lambda: self.tr("Use {address}").format(address=self._found), self._use
        )
        self.use.hide()
        self.status = StatusLabel()
        self.status.setObjectName(f"{backend.id}TestMessage")
        self.status.hide()
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.button)
        row.addWidget(self.use)
        row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(row)
        column.addWidget(self.status)

    def start(self) -> None:
        """Ask the server at the address that stands in the field."""
        if not self._commit():
            self.forget()
            return
        self.button.setEnabled(False)
        self.use.hide()
        self._show(lambda: self.tr("Asking {name}…").format(name=self._name), "caption")
        self._background.run(self._backend.test, self._works, self._fails)

    def forget(self) -> None:
        """What was found does not hold any more: the address is another one."""
        self.status.hide()
        self.use.hide()

    def _works(self, words: Message) -> None:
        self.button.setEnabled(True)
        self._show(lambda: translated(words), "")
        self.tested.emit()

    def _fails(self, error: UserError) -> None:
        self.button.setEnabled(True)
        self._show(lambda: translated(error.text), "danger")
        self.tested.emit()
        self._background.run(self._backend.elsewhere, self._offer)

    def _offer(self, address: str) -> None:
        self._found = address
        self.use.setText(self.tr("Use {address}").format(address=address))
        self.use.setVisible(bool(address))

    def _use(self) -> None:
        self._settings.set(self._backend.setup.setting, self._found)
        self.start()

    def _show(self, words: Text, role: str) -> None:
        self.status.show_text(words, role)
        self.status.show()
