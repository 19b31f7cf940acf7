"""The key of an online service: save, test and remove it."""

from __future__ import annotations

from urllib.parse import urlsplit

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.backends.base import Backend, HasAccount
from app.core.errors import UserError
from app.library import secrets
from app.library.secrets import Secret
from app.ui.background import Background
from app.ui.controls.buttons import push_button
from app.ui.controls.text.labels import LinkLabel, StatusLabel
from app.ui.settings.editors import ROOM
from app.ui.words.language import Text, on_language_change, set_translated
from app.ui.words.messages import translated


class KeyEditor(QWidget):
    """The keychain is asked in the background, since it may wait for its user.

    Signals:
        changed: there may be another key now.
    """

    changed = Signal()

    def __init__(self, backend: Backend, background: Background) -> None:
        super().__init__()
        assert isinstance(backend, HasAccount)
        self._name, self._account, self._check = backend.name, backend.account, backend.check_token
        self._host = urlsplit(backend.account.page).hostname or backend.account.page
        self._background = background
        self.key = QLineEdit()
        self.key.setObjectName(f"{backend.id}KeyEdit")
        self.caption: Text = lambda: self.tr("{name} key").format(name=self._name)
        set_translated(self, self.caption, self.key.setAccessibleName)
        self.key.setEchoMode(QLineEdit.EchoMode.Password)
        self.key.setMinimumWidth(120)
        self.key.returnPressed.connect(self._save)
        self.key.textChanged.connect(lambda: self._show_buttons())
        self.save = push_button("saveKeyButton", lambda: self.tr("Save"), self._save)
        self.test = push_button("testKeyButton", lambda: self.tr("Test"), self._test)
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
        first = QHBoxLayout()
        first.setSpacing(8)
        first.addWidget(self.key, 1)
        first.addWidget(self.save)
        first.addWidget(self.test)
        second = QHBoxLayout()
        second.setSpacing(8)
        for button in (self.remove, self.session, self.again):
            second.addWidget(button)
        second.addStretch()
        column.addLayout(first)
        column.addWidget(self.source)
        column.addWidget(self.status)
        column.addLayout(second)
        on_language_change(self, self._show_source)
        self._read()

    def _read(self) -> None:
        name = self._account.secret
        self._background.run(lambda: (secrets.get(name), secrets.lasting()), self._read_done, self._reading_refused)

    def _save(self) -> None:
        self._keep(session_only=False)

    def _save_for_session(self) -> None:
        self._keep(session_only=True)

    def _keep(self, *, session_only: bool) -> None:
        value = self.key.text()

        def done(source: object) -> None:
            self.key.clear()
            kept = source == "session"
            self._show_status(
                lambda: self.tr("The key is kept until you quit.") if kept else self.tr("The key is saved.")
            )
            self._changed()

        secrets.retry()
        self._background.run(
            lambda: secrets.set(self._account.secret, value, session_only=session_only), done, self._keychain_refused
        )  # fmt: skip

    def _test(self) -> None:
        """Ask the service whose key it is: the typed one, or the one in use."""
        typed = self.key.text().strip() or None
        self._show_status(lambda: self.tr("Asking {name}…").format(name=self._name))
        self._background.run(
            lambda: self._check(typed),
            lambda account: self._show_status(
                lambda: self.tr("The key works. It belongs to {account}.").format(account=account)
            ),
            self._failed,
        )

    def _remove(self) -> None:
        def done(_: object) -> None:
            self._show_status(lambda: self.tr("The key is removed."))
            self._changed()

        def refused(error: UserError) -> None:
            self._keychain_refused(error)
            self._read()  # one that was kept for the session is gone all the same

        secrets.retry()
        self._background.run(lambda: secrets.delete(self._account.secret), done, refused)

    def _changed(self) -> None:
        secrets.retry()
        self._read()
        self.changed.emit()

    def _read_done(self, read: tuple[Secret, bool]) -> None:
        known = self._secret.source
        self._secret, self._lasting = read
        self._show_source()
        self.session.hide()
        if not self.again.isHidden():  # what was told of the keychain does not hold any more
            self.again.hide()
            self.status.hide()
        self._show_buttons()
        if self._secret.source != known:
            self.changed.emit()

    def _show_source(self) -> None:
        """Where the key comes from, and how long a key is kept here."""
        match self._secret.source:
            case "environment":
                text = self.tr(
                    "A key comes from the environment variable {name}. It goes before one that is saved here."
                )
                text = text.format(name=self._account.variable)
            case "keychain":
                text = self.tr("A key is in the keychain.")
            case "session" if self._lasting:
                text = self.tr("A key is kept until you quit.")
            case "session":
                text = self.tr("A key is kept until you quit: there is no keychain on this computer.")
            case _:
                link = f'<a href="{self._account.page}" style="text-decoration: none">{self._host}</a>'
                text = self.tr("Without a key {name} is not used. Make one at {link}.")
                text = text.format(name=self._name, link=link)
                if not self._lasting:
                    text += " " + self.tr("There is no keychain on this computer: it is kept until you quit.")
        self.source.setText(text)
        replace = self.tr("Paste another key to replace it")
        self.key.setPlaceholderText(replace if self._secret.source else self.tr("Paste your key here"))

    def _show_buttons(self) -> None:
        self.save.setEnabled(bool(self.key.text().strip()))
        self.test.setEnabled(bool(self.key.text().strip() or self._secret.source))
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
