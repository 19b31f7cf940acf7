"""An endpoint of the user's own as a backend."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from app.backends.base import Account, Group, Remote, State, Status, Suits
from app.backends.cloud.backend import CloudBackend
from app.backends.cloud.endpoints.notes import Notes, orders_slug, slug
from app.backends.cloud.service import Service
from app.backends.cloud.timeouts import Timeouts
from app.backends.ways import Possible
from app.core.capabilities import Capabilities
from app.core.errors import UserError
from app.core.events import CancelCheck
from app.core.message import Message, message
from app.library import paths, secrets
from app.library.addresses import is_private
from app.library.endpoints import Endpoint, Kind
from app.library.secrets import Secret
from app.library.settings import Settings
from app.library.spending import Ledger

if TYPE_CHECKING:
    from app.backends.cloud.endpoints.connection import EndpointConnection
    from app.backends.cloud.endpoints.dialect import Dialect
    from app.backends.cloud.http import Wire

log = logging.getLogger(__name__)

T = TypeVar("T")

_NOTHING_THERE = 404
_KNOCK_SECONDS = 1.0
_PORTS = {"http": 80, "https": 443}

SUITS = Suits(
    message("Models and hardware of your choice, on a server or a service of your own."),
    message("What its provider asks; nothing on a server of yours."),
)


def dialect_of(kind: Kind) -> type[Dialect]:
    """How a kind of endpoint is spoken to; imported with the first one of its kind."""
    match kind:
        case Kind.OPENAI:
            from app.backends.cloud.endpoints.openai import OpenAI

            return OpenAI
        case Kind.FAL:
            from app.backends.cloud.endpoints.fal import Fal

            return Fal
        case Kind.RUNPOD:
            from app.backends.cloud.endpoints.runpod import RunPod

            return RunPod
        case Kind.HUGGINGFACE:
            from app.backends.cloud.endpoints.huggingface import HuggingFace

            return HuggingFace


class EndpointBackend(CloudBackend):
    """Generates at an endpoint.

    Args:
        endpoint: where.
        settings, ledger, timing: see `CloudBackend`.
        in_window: whether `check` may not wait for the keychain.
    """

    page = "Endpoints"
    suits = SUITS

    def __init__(
        self,
        endpoint: Endpoint,
        settings: Settings,
        ledger: Ledger,
        *,
        in_window: bool = False,
        timing: Timeouts | None = None,
    ) -> None:
        self.endpoint = endpoint
        self._silent = False
        self.dialect = dialect_of(endpoint.kind)(endpoint, Notes(endpoint))
        secrets.declare(endpoint.secret, endpoint.key_env)
        self.account = Account(endpoint.secret, endpoint.key_env, self.dialect.keys)
        self.group = _group(endpoint)
        charges = endpoint.price != 0 and (self.dialect.charges or bool(endpoint.price) or not endpoint.loopback)
        self.remote = None if endpoint.loopback and not charges else Remote(self._sends_to(endpoint), charges)
        service = Service(
            id=endpoint.name,
            name=endpoint.name,
            model=self.dialect.ordered,
            missing_key=_advice(endpoint, message("Enter one in Settings, Endpoints.")),
            key_advice=_advice(endpoint, message("Enter it anew in Settings, Endpoints.")),
            reach_advice=message("Check its address, whether it runs, and the connection."),
            kept_seconds=self.dialect.kept_seconds,
            measured_as=lambda model: f"{slug(endpoint)}/{model.id}",
        )
        super().__init__(
            service,
            partial(_key, secrets.get, endpoint),
            settings,
            ledger,
            paths.home() / "endpoints" / f"{orders_slug(endpoint)}.json",
            cached_token=partial(_key, secrets.cached, endpoint) if in_window else None,
            timing=timing,
        )

    @property
    def address(self) -> str:
        return self.endpoint.url

    def look(self) -> bool:
        """See whether anything listens, where it is on this machine; another one would be told that the app runs."""
        before = self._silent
        self._silent = self.endpoint.loopback and not _listens(self.address)
        return self._silent != before

    def check(self) -> Status:
        status = super().check()
        if not status.ready or not self._silent:
            return status
        return Status(
            State.NOT_RUNNING,
            message("{name} is not running at {address}.", name=self.name, address=self.address),
            message("Start it, or correct its address in Settings, Endpoints."),
            self.name,
        )

    def models(self) -> tuple[tuple[str, str], ...]:
        return tuple((model.id, model.name) for model in self.dialect.models())

    def capabilities(self, model: str) -> Capabilities:
        return self.dialect.capabilities(self.dialect.model(model))

    def look_up(self, model: str, cancel: CancelCheck) -> bool:
        """Ask which models there are, where the protocol tells; True where it tells something new.

        Raises:
            UserError: it needs a key, or refuses. A server that does not answer now may still be starting.
        """
        from app.backends.cloud.answers import Refused, Unanswered

        before = self._offered(model)

        def look(wire: Wire) -> None:
            try:
                self.dialect.look(wire)
            except (Refused, Unanswered) as error:
                if isinstance(error, Refused) and not error.passing:
                    raise
                log.info("%s does not tell its models: %s", self.name, error)

        self._ask(look)
        return self._offered(model) != before

    def test(self) -> Message:
        """Ask for the cheapest harmless thing; what came of it.

        Raises:
            UserError: it does not work, and why.
        """
        return self._ask(self.dialect.test)

    def check_change(self, new: Endpoint) -> None:
        """Raises UserError where pictures are under way that nobody could fetch once the endpoint was this one."""
        if orders_slug(new) != orders_slug(self.endpoint) and not self._pending.is_empty():
            raise UserError(
                message("Pictures are still under way at {host}.", host=self.endpoint.host),
                message("Wait until they are here, or add the new address under another name."),
            )

    def check_token(self, token: str | None = None) -> str:
        """The host that accepts a key (default: the one in use), as far as it tells. Raises UserError as `test`."""
        self._ask(self.dialect.test, token)
        return self.endpoint.host

    @property
    def _sends(self) -> Message:
        return self._sends_to(self.endpoint)

    @staticmethod
    def _sends_to(endpoint: Endpoint) -> Message:
        return message("Prompts and start pictures are sent to {host}.", host=endpoint.host)

    def _check_online(self) -> None:
        if self.remote is not None:  # else nothing leaves this machine
            super()._check_online()

    def _needs_key(self) -> bool:
        return self.dialect.charges and not self.endpoint.loopback

    def _offered(self, model: str) -> object:
        try:
            return self.models(), self.capabilities(model)
        except UserError:
            return self.models()

    def _ask(self, question: Callable[[Wire], T], token: str | None = None) -> T:
        key = self._key(token)
        from app.backends.cloud.answers import Refused, Unanswered
        from app.backends.cloud.explain import explain

        try:
            self._check_online()
            with self._connect(key, lambda: False) as connection:
                return question(connection.wire)
        except (Refused, Unanswered) as error:
            if isinstance(error, Refused) and error.status == _NOTHING_THERE:
                raise UserError(
                    message("{service} has nothing at this address.", service=self.name),
                    message("Check its address in Settings, Endpoints."),
                ) from None
            raise explain(error, self._service) from None

    def _connect(self, key: str, stopping: Callable[[], bool]) -> EndpointConnection:
        from app.backends.cloud.endpoints.connection import EndpointConnection

        return EndpointConnection(self.dialect, key, self._timing, stopping)

    def _remember(self, model: Any, inputs: Any) -> None:
        """Nothing is described anew at each order."""


def _listens(address: str) -> bool:
    parts = urlsplit(address)
    try:
        socket.create_connection((parts.hostname, parts.port or _PORTS[parts.scheme]), _KNOCK_SECONDS).close()
    except OSError:
        return False
    return True


def _key(read: Callable[[str], Secret], endpoint: Endpoint) -> str | None:
    """Its key; None also where it was removed while it was in use, and where a locked keychain would keep its user
    from a server on this machine, which seldom asks for one.
    """
    if endpoint.secret not in secrets.VARIABLES:
        return None
    try:
        return read(endpoint.secret).value
    except UserError:
        if endpoint.loopback:
            return None
        raise


POSSIBLE = Possible(
    "endpoints",
    message("Your endpoints"),
    Group.CLOUD,
    SUITS,
    message("None is set up."),
    message("Add one in Settings, Endpoints, or with: sana-studio endpoints add"),
    "Endpoints",
    EndpointBackend,
)
"""What the table of all ways shows while there is none."""


def _group(endpoint: Endpoint) -> Group:
    if endpoint.loopback:
        return Group.MACHINE
    return Group.NETWORK if is_private(urlsplit(endpoint.url).hostname or "") else Group.CLOUD


def _advice(endpoint: Endpoint, in_keychain: Message) -> Message:
    """What to do about a key: look at the variable that holds it, else in the keychain."""
    if endpoint.key_env:
        return message("Look at the variable {variable}, which holds it.", variable=endpoint.key_env)
    return in_keychain
