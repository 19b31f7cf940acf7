"""The key of an online service: save, test and remove it."""

from __future__ import annotations

from urllib.parse import urlsplit

from app.backends.base import Backend, HasAccount
from app.library.secrets import Secret
from app.ui.background import Background
from app.ui.controls.buttons import push_button
from app.ui.settings.keys.secret_editor import SecretEditor
from app.ui.words.language import Text, set_translated


class KeyEditor(SecretEditor):
    """The key of a backend's account."""

    def __init__(self, backend: Backend, background: Background) -> None:
        assert isinstance(backend, HasAccount)
        self._service, self._account, self._check = backend.name, backend.account, backend.check_token
        self._host = urlsplit(backend.account.page).hostname or backend.account.page
        super().__init__(backend.account.secret, f"{backend.id}KeyEdit", background)
        self.caption: Text = lambda: self.tr("{name} key").format(name=self._service)
        set_translated(self, self.caption, self.key.setAccessibleName)
        self.test = push_button("testKeyButton", lambda: self.tr("Test"), self._test)
        self._first.addWidget(self.test)
        self._show_buttons()

    def _test(self) -> None:
        """Ask the service whose key it is: the typed one, or the one in use."""
        typed = self.key.text().strip() or None
        self._show_status(lambda: self.tr("Asking {name}…").format(name=self._service))
        self._background.run(
            lambda: self._check(typed),
            lambda account: self._show_status(
                lambda: self.tr("The key works. It belongs to {account}.").format(account=account)
            ),
            self._failed,
        )

    def _source_words(self, secret: Secret, *, lasting: bool) -> str:
        match secret.source:
            case "environment":
                text = self.tr(
                    "A key comes from the environment variable {name}. It goes before one that is saved here."
                )
                return text.format(name=self._account.variable)
            case "keychain":
                return self.tr("A key is in the keychain.")
            case "session" if lasting:
                return self.tr("A key is kept until you quit.")
            case "session":
                return self.tr("A key is kept until you quit: there is no keychain on this computer.")
        link = f'<a href="{self._account.page}" style="text-decoration: none">{self._host}</a>'
        text = self.tr("Without a key {name} is not used. Make one at {link}.")
        text = text.format(name=self._service, link=link)
        if not lasting:
            text += " " + self.tr("There is no keychain on this computer: it is kept until you quit.")
        return text

    def _placeholder(self, *, kept: bool) -> str:
        return self.tr("Paste another key to replace it") if kept else self.tr("Paste your key here")

    def _saved_words(self, source: str) -> str:
        return self.tr("The key is kept until you quit.") if source == "session" else self.tr("The key is saved.")

    def _removed_words(self) -> str:
        return self.tr("The key is removed.")

    def _show_buttons(self) -> None:
        super()._show_buttons()
        self.test.setEnabled(bool(self.key.text().strip() or self._secret.source))
