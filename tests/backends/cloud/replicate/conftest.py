"""A stand-in for Replicate, and backends that wait only briefly for it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from app.backends.cloud.replicate import ReplicateBackend
from app.backends.cloud.timeouts import Timeouts
from app.core.events import Event, Generated
from app.core.request import GenerationRequest
from app.engine.spending import check_spending
from app.library.settings import Settings
from app.library.spending import Ledger
from tests.servers.replicate import ReplicateServer

# Short pauses, but patience: the machine that runs the tests may be busy.
BRIEF = Timeouts(
    connect=10, read=10, poll=0.02, slowest_poll=0.1, deadline=60, silence=30, throttled=0.05, longest_throttled=0.2,
    throttle_patience=30, lookups=(0.02, 0.05, 0.1), download_pauses=(0.02, 0.02), heartbeat=0.2, grace=20,
    missing=0.3, cancel_pauses=(0.02, 0.05),
)  # fmt: skip


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ReplicateServer]:
    with ReplicateServer() as server:
        monkeypatch.setenv("REPLICATE_BASE_URL", server.url)
        yield server
        assert server.leaks == [], "the key went to the file's host"


@dataclass
class Studio:
    """A backend with its parts; `restarted` gives the one that the next start of the app would have."""

    server: ReplicateServer
    timing: Timeouts = BRIEF
    settings: Settings = field(default_factory=Settings)
    ledger: Ledger = field(default_factory=Ledger)
    token: Callable[[], str | None] | None = None

    def __post_init__(self) -> None:
        token = self.token or (lambda: self.server.token)
        self.backend = ReplicateBackend(token, self.settings, self.ledger, timing=self.timing)

    def restarted(self) -> Studio:
        return Studio(self.server, self.timing)

    def other(self, token: Callable[[], str | None] | None = None, **timing: Any) -> Studio:
        """The same with another key or other times."""
        return Studio(self.server, replace(self.timing, **timing), token=token)

    def request(self, prompt: str = "a red kite over dunes", **values: Any) -> GenerationRequest:
        """A resolved request for small pictures."""
        defaults: dict[str, Any] = {"model": "nvidia/sana", "width": 256, "height": 256, "seed": 7}
        request = GenerationRequest(prompt, **{**defaults, **values})
        return self.backend.capabilities(request.model).resolve(request)

    def events(
        self, cancel: Callable[[list[Event]], bool] = lambda _: False, into: list[Event] | None = None, **values: Any
    ) -> list[Event]:
        """All events of a request. They are put in `into` as they come; `cancel` is asked with those so far."""
        events = into if into is not None else []
        agreed = values.pop("spend_up_to", None)
        request = self.request(**values)
        check_spending(self.backend, request, self.settings, self.ledger, agreed)
        for event in self.backend.generate(request, lambda: cancel(events)):
            events.append(event)
        return events

    def generate(self, **values: Any) -> list[Generated]:
        return [event for event in self.events(**values) if isinstance(event, Generated)]

    def under_way(self) -> int:
        """How many pictures are written down as under way."""
        return len(self.backend._pending._file.read())


@pytest.fixture
def studio(server: ReplicateServer) -> Studio:
    assert "REPLICATE_API_TOKEN" not in os.environ
    return Studio(server)
