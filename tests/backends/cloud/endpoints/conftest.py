"""Backends of endpoints against the stand-ins."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from app.backends.cloud.endpoints import EndpointBackend
from app.backends.cloud.timeouts import Timeouts
from app.core.events import Event, Generated
from app.core.request import GenerationRequest
from app.engine.spending import check_spending
from app.library import secrets
from app.library.endpoints import Endpoint, Kind
from app.library.settings import Settings
from app.library.spending import Ledger
from tests.servers.endpoints import EndpointServer

KEY = "a-secret-key-123"
VARIABLE = "ENDPOINT_TEST_KEY"
BRIEF = Timeouts(
    connect=5, read=5, poll=0.02, slowest_poll=0.1, deadline=20, silence=10, throttled=0.05, longest_throttled=0.2,
    throttle_patience=10, lookups=(0.02, 0.05), download_pauses=(0.02, 0.02), heartbeat=0.2, grace=5, missing=0.2,
    cancel_pauses=(0.02, 0.05),
)  # fmt: skip


@dataclasses.dataclass
class Desk:
    """An endpoint with its stand-in and its backend; `restarted` is the one of the app's next start."""

    server: EndpointServer
    values: dict[str, Any] = dataclasses.field(default_factory=dict)
    timing: Timeouts = BRIEF
    settings: Settings = dataclasses.field(default_factory=Settings)
    ledger: Ledger = dataclasses.field(default_factory=Ledger)

    def __post_init__(self) -> None:
        values = {"key_env": VARIABLE, "url": self.server.url, **self.values}
        self.endpoint = Endpoint("mine", Kind(self.server.kind), **values)
        self.backend = EndpointBackend(self.endpoint, self.settings, self.ledger, timing=self.timing)

    def restarted(self, **timing: Any) -> Desk:
        return Desk(self.server, self.values, dataclasses.replace(self.timing, **timing))

    def request(self, prompt: str = "a red kite", **values: Any) -> GenerationRequest:
        model = values.pop("model", self.backend.models()[0][0])
        request = GenerationRequest(prompt, model=model, **{"width": 64, "height": 96, "seed": 7, **values})
        return self.backend.capabilities(model).resolve(request)

    def events(self, cancel: Callable[[list[Event]], bool] = lambda _: False, **values: Any) -> list[Event]:
        events: list[Event] = []
        request = self.request(**values)
        check_spending(self.backend, request, self.settings, self.ledger, None)
        for event in self.backend.generate(request, lambda: cancel(events)):
            events.append(event)
        return events

    def generate(self, **values: Any) -> list[Generated]:
        return [event for event in self.events(**values) if isinstance(event, Generated)]

    def under_way(self) -> int:
        return len(self.backend._pending._file.read_if_possible())


@pytest.fixture
def server(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[EndpointServer]:
    monkeypatch.setattr(secrets, "_memory", secrets._Memory())
    monkeypatch.setattr(secrets, "VARIABLES", dict(secrets.VARIABLES))
    monkeypatch.setattr(secrets, "_keychain", lambda: None)
    monkeypatch.setenv(VARIABLE, KEY)
    with EndpointServer(getattr(request, "param", "openai"), KEY) as server:
        yield server
        assert server.leaks == [], "the key went to the pictures' host"


@pytest.fixture
def desk(server: EndpointServer) -> Desk:
    return Desk(server)
