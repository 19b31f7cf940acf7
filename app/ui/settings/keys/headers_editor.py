"""The headers that a proxy before a server asks for: added one by one, kept in the keychain, never shown again."""

from __future__ import annotations

from app.backends.base import ServerSetup
from app.library.secrets import Secret
from app.ui.background import Background
from app.ui.settings.keys.secret_editor import SecretEditor
from app.ui.words import wording
from app.ui.words.language import Text, set_translated


class HeadersEditor(SecretEditor):
    """What is saved goes with the headers that are kept; one of the same name is replaced. Of those that are kept, the
    names are shown.

    Args:
        address: of the server that they are for.
    """

    def __init__(self, backend_id: str, setup: ServerSetup, address: str, background: Background) -> None:
        self._setup = setup
        super().__init__(setup.headers(address), f"{backend_id}HeadersEdit", background)
        self.caption: Text = lambda: self.tr("Headers for a proxy")
        set_translated(self, self.caption, self.key.setAccessibleName)

    def follow(self, address: str) -> None:
        """Show the headers for another address."""
        self.show_secret(self._setup.headers(address))

    def _to_keep(self, typed: str) -> str:
        own = self._secret.source in ("keychain", "session")
        kept = (self._secret.value or "").splitlines() if own else []
        return "\n".join([*(line for line in kept if _name(line) != _name(typed)), typed.strip()])

    def _source_words(self, secret: Secret, *, lasting: bool) -> str:
        names = wording.listed([line.partition(":")[0].strip() for line in (secret.value or "").splitlines()])
        match secret.source:
            case "environment":
                text = self.tr("Headers come from the environment variable {name}: {names}.")
                return text.format(name=self._setup.variable, names=names)
            case "keychain":
                return self.tr("In the keychain: {names}.").format(names=names)
            case "session" if lasting:
                return self.tr("Kept until you quit: {names}.").format(names=names)
            case "session":
                text = self.tr("Kept until you quit, as there is no keychain on this computer: {names}.")
                return text.format(names=names)
        text = self.tr("Only needed if a proxy in front of the server asks who you are.")
        if not lasting:
            text += " " + self.tr("There is no keychain on this computer: they are kept until you quit.")
        return text

    def _placeholder(self, *, kept: bool) -> str:
        return self.tr("Add another header") if kept else "Authorization: Bearer …"

    def _saved_words(self, source: str) -> str:
        return self.tr("The header is kept until you quit.") if source == "session" else self.tr("The header is saved.")

    def _removed_words(self) -> str:
        return self.tr("All headers are removed.")


def _name(line: str) -> str:
    return line.partition(":")[0].strip().casefold()
