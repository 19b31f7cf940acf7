"""One endpoint of the Endpoints page: what it is, whether it answers, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.core.errors import UserError
from app.core.message import Message
from app.library.endpoint import Endpoint
from app.library.secrets import Secret
from app.ui.controls.buttons import push_button
from app.ui.controls.style.frames import line
from app.ui.controls.text.labels import StatusLabel, label
from app.ui.controls.twice_button import TwiceButton
from app.ui.settings.endpoints.kinds import words_of
from app.ui.words import wording
from app.ui.words.language import Text, on_language_change, set_translated
from app.ui.words.messages import translated


class EndpointRow(QWidget):
    """What the user wants of it goes out as a signal with its name.

    Signals:
        tested, edited, removed: ask it, change it, forget it with its key.
    """

    tested = Signal(str)
    edited = Signal(str)
    removed = Signal(str)

    def __init__(self, endpoint: Endpoint) -> None:
        super().__init__()
        self.setObjectName(f"endpoint:{endpoint.name}")
        self._endpoint = endpoint
        self._secret: Secret | None = None
        name = endpoint.name
        title = label(name, "heading", wrap=True)
        title.setMinimumWidth(1)
        self._facts = label("", "muted", wrap=True)
        self._facts.setMinimumWidth(1)
        self._key = label("", "caption", wrap=True)
        self.status = StatusLabel()
        self.status.setObjectName("endpointStatusLabel")
        self.status.hide()
        self.test = push_button("testEndpointButton", lambda: self.tr("Test"), lambda: self.tested.emit(name))
        edit = push_button("editEndpointButton", lambda: self.tr("Edit…"), lambda: self.edited.emit(name))
        remove = TwiceButton(lambda: self.tr("Remove"), lambda: self.tr("Really remove it?"))
        remove.setObjectName("removeEndpointButton")
        remove.confirmed.connect(lambda: self.removed.emit(name))
        for button, words in (
            (self.test, lambda: self.tr("Test {name}").format(name=name)),
            (edit, lambda: self.tr("Edit {name}").format(name=name)),
            (remove, lambda: self.tr("Remove {name}").format(name=name)),
        ):
            set_translated(self, words, button.setAccessibleName)
        set_translated(self, lambda: self.tr("Asks it something that costs nothing."), self.test.setToolTip)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(title, 1)
        for button in (self.test, edit, remove):
            top.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addWidget(line())
        column.addSpacing(12)
        column.addLayout(top)
        for each in (self._facts, self._key, self.status):
            column.addWidget(each)
        on_language_change(self, self._show)
        self._show()

    def show_endpoint(self, endpoint: Endpoint) -> None:
        if endpoint != self._endpoint:
            self._endpoint = endpoint
            self.status.hide()
        self._show()

    def show_key(self, secret: Secret) -> None:
        """Where its key comes from."""
        self._secret = secret
        self._show()

    def show_testing(self) -> None:
        self.test.setEnabled(False)
        self._tell(lambda: self.tr("Asking {name}…").format(name=self._endpoint.name), "caption")

    def show_answer(self, answer: Message) -> None:
        self.test.setEnabled(True)
        self._tell(lambda: translated(answer), "good")

    def show_problem(self, error: UserError) -> None:
        self.test.setEnabled(True)
        self._tell(lambda: translated(error.text), "danger")

    def show_notice(self, words: Message) -> None:
        self._tell(lambda: translated(words), "caption")

    def _tell(self, words: Text, role: str) -> None:
        self.status.show_text(words, role)
        self.status.show()

    def _show(self) -> None:
        endpoint = self._endpoint
        price = (
            "" if endpoint.price is None else self.tr("{money} a picture").format(money=wording.money(endpoint.price))
        )
        facts = (translated(words_of(endpoint.kind).name), endpoint.url, endpoint.model, price)
        self._facts.setText(" · ".join(filter(None, facts)))
        self._key.setText(self._key_words())
        self._key.setVisible(bool(self._key.text()))

    def _key_words(self) -> str:
        source = self._secret.source if self._secret is not None else None
        if self._endpoint.key_env:
            text = self.tr("Its key comes from the variable {name}.")
            if self._secret is not None and source != "environment":
                text = self.tr("Its key comes from the variable {name}, which is not set.")
            return text.format(name=self._endpoint.key_env)
        match source:
            case "keychain":
                return self.tr("Its key is in the keychain.")
            case "session":
                return self.tr("Its key is kept until you quit.")
        return self.tr("It has no key.") if self._secret is not None else ""
