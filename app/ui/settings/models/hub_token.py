"""The Hugging Face token, for models whose owner asks who downloads them."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.core.errors import UserError
from app.core.message import message, sentences
from app.library import secrets
from app.library.secrets import Secret
from app.ui.background import Background
from app.ui.controls.buttons import push_button
from app.ui.controls.text.labels import StatusLabel
from app.ui.settings.editors import ROOM
from app.ui.words.language import Text, set_translated
from app.ui.words.messages import translated

NAME = "huggingface"
TOKENS_PAGE = "https://huggingface.co/settings/tokens"


class HubToken(QWidget):
    """Saves and removes the token. The keychain is asked in the background; where it refuses, the token is kept for
    the session, and the user is told.
    """

    def __init__(self, background: Background) -> None:
        super().__init__()
        self.setFixedWidth(ROOM)
        self._background = background
        self.edit = QLineEdit()
        self.edit.setObjectName("huggingfaceTokenEdit")
        set_translated(self, lambda: self.tr("Hugging Face token"), self.edit.setAccessibleName)
        self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        set_translated(self, lambda: self.tr("Paste your token here"), self.edit.setPlaceholderText)
        self.edit.returnPressed.connect(self._save)
        self.save = push_button("saveTokenButton", lambda: self.tr("Save"), self._save)
        self.save.setEnabled(False)
        self.edit.textChanged.connect(lambda text: self.save.setEnabled(bool(text.strip())))
        self.remove = push_button("removeTokenButton", lambda: self.tr("Remove"), self._remove)
        self.remove.hide()
        self.status = StatusLabel()
        self.status.setObjectName("tokenMessage")
        row = QHBoxLayout()
        row.addWidget(self.edit, 1)
        row.addWidget(self.save)
        row.addWidget(self.remove)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.status)
        self._read()

    def _read(self) -> None:
        self._background.run(lambda: secrets.get(NAME), self._show, self._failed)

    def _save(self) -> None:
        value = self.edit.text().strip()
        if value:
            self._background.run(lambda: _keep(value), self._kept, self._failed)

    def _kept(self, refusal: UserError | None) -> None:
        self.edit.clear()
        if refusal is None:
            self._read()
        else:
            problem = sentences(refusal.message, message("The token is kept until you quit."))
            self._show_status(lambda: translated(problem))
            self.remove.show()

    def _remove(self) -> None:
        self._background.run(lambda: secrets.delete(NAME), lambda _: self._read(), self._failed)

    def _show(self, secret: Secret) -> None:
        link = "" if secret.source else TOKENS_PAGE
        self.status.show_text(partial(self._how_it_stands, secret), "caption", link)
        self.remove.setVisible(secret.source in ("keychain", "session"))

    def _how_it_stands(self, secret: Secret) -> str:
        words = {
            "environment": self.tr("A token comes from the environment variable {name}.").format(
                name=secrets.VARIABLES[NAME]
            ),
            "keychain": self.tr("A token is in the keychain."),
            "session": self.tr("A token is kept until you quit. There is no keychain here."),
        }
        asked = self.tr("Only for models whose owner wants to know who downloads them. Make one at {link}.")
        return words[secret.source] if secret.source else asked.format(link="huggingface.co")

    def _failed(self, error: UserError) -> None:
        secrets.retry()
        self._show_status(lambda: translated(error.text), failed=True)

    def _show_status(self, words: Text, *, failed: bool = False) -> None:
        self.status.show_text(words, "danger" if failed else "caption")


def _keep(value: str) -> UserError | None:
    """Keep the token, in the session where the keychain refuses; returns that refusal.

    Raises:
        UserError: it cannot be a token.
    """
    try:
        secrets.set(NAME, value)
    except UserError as error:
        secrets.set(NAME, value, session_only=True)
        return error
    return None
