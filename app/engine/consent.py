"""What leaves this machine for a server of its user's own is asked for once."""

from __future__ import annotations

from app.backends.base import Backend
from app.core.errors import UserError
from app.core.message import message
from app.library.settings import Settings

_KEY = "allowed_hosts"
_MOST = 50


class NotAllowedError(UserError):
    """Nobody has agreed yet that anything is sent to a host."""

    def __init__(self, host: str) -> None:
        super().__init__(
            message("The prompt and the pictures that go in would leave this computer, for {host}.", host=host),
            message("Allow it once, in Settings or here."),
        )
        self.host = host


def check_leaving(backend: Backend, settings: Settings) -> None:
    """Raises NotAllowedError where a backend sends to a host that its user was never asked about."""
    host = backend.remote.host if backend.remote is not None else ""
    if host and not is_allowed(settings, host):
        raise NotAllowedError(host)


def is_allowed(settings: Settings, host: str) -> bool:
    return host in str(settings.get(_KEY)).split()


def allow(settings: Settings, host: str) -> None:
    """Remember that its user agreed. Raises UserError where the settings cannot be saved."""
    hosts = [known for known in str(settings.get(_KEY)).split() if known != host]
    settings.set(_KEY, " ".join([*hosts, host][-_MOST:]))
