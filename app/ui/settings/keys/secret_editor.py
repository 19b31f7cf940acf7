"""A masked field for a secret: save it, remove it, and a way on where the keychain refuses."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.core.errors import UserError
from app.library import secrets
from app.library.secrets import Secret
from app.ui.background import Background
from app.ui.controls.buttons import push_button
from app.ui.controls.text.labels import LinkLabel, StatusLabel
from app.ui.settings.editors import ROOM
from app.ui.words.language import Text, on_language_change
from app.ui.words.messages import translated


class SecretEditor(QWidget):
    """The keychain is asked in the background, since it may wait for its user. What kind of secret it is, and what it
    is called, stands in the classes that derive from this one.

    Args:
        secret: its name among the secrets.
        id: begins the object name of the field.

    Signals:
        changed: there may be another secret now.
    """

    changed = Signal()

    def __init__(self, secret: str, id: str, background: Background) -> None:
        super().__init__()
        self._name = secret
        self._background = background
        self.key = QLineEdit()
        self.key.setObjectName(id)
        self.key.setEchoMode(QLineEdit.EchoMode.Password)
        self.key.setMinimumWidth(120)
        self.key.returnPressed.connect(self._save)
        self.key.textChanged.connect(lambda: self._show_buttons())
        self.save = push_button("saveKeyButton", lambda: self.tr("Save"), self._save)
        self.remove = push_button("removeKeyButton", lambda: self.tr("Remove"), self._remove)
        self.session = push_button(
            "sessionKeyButton", lambda: self.tr("Keep for this session only"), self._save_for_session
        )
        self.again = push_button("askKeychainButton", lambda: self.tr("Ask the keychain again"), self._changed)
        for button in (self.remove, self.session, self.again):
            button.hide()
        self.source = LinkLabel("caption")
        self.source.setObjectName("keySourceLabel")
        self.status = StatusLabel()
        self.status.setObjectName("keyMessage")
        self.status.hide()
        self._secret = Secret()
        self._lasting = True
        self.setFixedWidth(ROOM)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self._first = QHBoxLayout()
        self._first.setSpacing(8)
        self._first.addWidget(self.key, 1)
        self._first.addWidget(self.save)
        second = QHBoxLayout()
        second.setSpacing(8)
        for button in (self.remove, self.session, self.again):
            second.addWidget(button)
        second.addStretch()
        column.addLayout(self._first)
        column.addWidget(self.source)
        column.addWidget(self.status)
        column.addLayout(second)
        on_language_change(self, self._show_source)
        self._read()

    def _source_words(self, secret: Secret, *, lasting: bool) -> str:
        """Where the secret comes from, and how long it is kept here."""
        raise NotImplementedError

    def _placeholder(self, *, kept: bool) -> str:
        raise NotImplementedError

    def _saved_words(self, source: str) -> str:
        raise NotImplementedError

    def _removed_words(self) -> str:
        raise NotImplementedError

    def _to_keep(self, typed: str) -> str:
        """What is kept where this is typed. Raises UserError where it cannot be."""
        return typed

    def show_secret(self, name: str) -> None:
        """Show and keep another secret from now on."""
        if name != self._name:
            self._name, self._secret = name, Secret()
            self.status.hide()
            self._show_source()
            self._show_buttons()
            self._read()

    def _read(self) -> None:
        name = self._name
        self._background.run(
            lambda: (name, secrets.get(name), secrets.lasting()), self._read_done, self._reading_refused
        )

    def _save(self) -> None:
        self._keep(session_only=False)

    def _save_for_session(self) -> None:
        self._keep(session_only=True)

    def _keep(self, *, session_only: bool) -> None:
        def done(source: str) -> None:
            self.key.clear()
            self._show_status(lambda: self._saved_words(source))
            self._changed()

        try:
            value = self._to_keep(self.key.text())
        except UserError as error:
            self._failed(error)
            return
        secrets.retry()
        name = self._name
        self._background.run(lambda: secrets.set(name, value, session_only=session_only), done, self._keychain_refused)

    def _remove(self) -> None:
        def done(_: object) -> None:
            self._show_status(self._removed_words)
            self._changed()

        def refused(error: UserError) -> None:
            self._keychain_refused(error)
            self._read()  # one that was kept for the session is gone all the same

        secrets.retry()
        self._background.run(partial(secrets.delete, self._name), done, refused)

    def _changed(self) -> None:
        secrets.retry()
        self._read()
        self.changed.emit()

    def _read_done(self, read: tuple[str, Secret, bool]) -> None:
        known = self._secret.source
        name, secret, lasting = read
        if name != self._name:
            return
        self._secret, self._lasting = secret, lasting
        self._show_source()
        self.session.hide()
        if not self.again.isHidden():  # what was told of the keychain does not hold any more
            self.again.hide()
            self.status.hide()
        self._show_buttons()
        if self._secret.source != known:
            self.changed.emit()

    def _show_source(self) -> None:
        self.source.setText(self._source_words(self._secret, lasting=self._lasting))
        self.key.setPlaceholderText(self._placeholder(kept=bool(self._secret.source)))

    def _show_buttons(self) -> None:
        self.save.setEnabled(bool(self.key.text().strip()))
        self.remove.setVisible(self._secret.source in ("keychain", "session"))

    def _reading_refused(self, error: UserError) -> None:
        """Tell it, and offer the way on: unlock it and ask again."""
        self.again.show()
        self._keychain_refused(error)
        self._show_source()

    def _keychain_refused(self, error: UserError) -> None:
        """Tell it, and offer the way on: this session only."""
        self.session.setVisible(bool(self.key.text().strip()))
        self._failed(error)

    def _failed(self, error: UserError) -> None:
        self._show_status(lambda: translated(error.text), failed=True)

    def _show_status(self, words: Text, *, failed: bool = False) -> None:
        self.status.show_text(words, "danger" if failed else "")
        self.status.show()
