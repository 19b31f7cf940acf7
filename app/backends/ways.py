"""The table that helps to choose: each way to compute, how it stands here and now, what it suits and what it costs."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from app.backends.base import Backend, Group, HasAccount, OnServer, State, Status, Suits
from app.backends.registry import Registry
from app.core.errors import UserError
from app.core.message import Message, gigabytes, message, plain
from app.library import machine, secrets
from app.library.addresses import is_loopback
from app.library.setting import Page

PATIENCE = 3.0
"""Seconds for all servers together."""
_USUAL: dict[State, Page] = {State.NEEDS_MODEL: "Models", State.NEEDS_KEY: "Cloud"}


@dataclass(frozen=True, slots=True)
class Possible:
    """A way to compute that there is once its user has set it up; `kind` is what the backends are that it becomes."""

    id: str
    name: Message
    group: Group
    suits: Suits
    reason: Message
    remedy: Message
    page: Page
    kind: type[Backend]


@dataclass(frozen=True, slots=True)
class Way:
    """One row. `id` is that of a backend or of what is `Possible`; `page` is where what is missing is had."""

    id: str
    name: Message
    group: Group
    status: Status
    suits: Suits
    page: Page

    @property
    def usable(self) -> bool:
        return self.status.ready


def ways(registry: Registry) -> tuple[Way, ...]:
    """All rows, by group. Connects nowhere and takes no time: what is on a server stands as it was last found."""
    backends = registry.backends.values()
    rows = [way_of(registry, backend) for backend in backends]
    for possible in registry.possible:
        if not any(isinstance(backend, possible.kind) for backend in backends):
            status = Status(State.NOT_SET_UP, possible.reason, possible.remedy)
            rows.append(Way(possible.id, possible.name, possible.group, status, possible.suits, possible.page))
    return tuple(row for group in Group for row in rows if row.group is group)


def way_of(registry: Registry, backend: Backend) -> Way:
    status = registry.status(backend)
    page = backend.page or _USUAL.get(status.state, "Backends")
    return Way(backend.id, plain(backend.name), backend.group, status, backend.suits, page)


def this_machine(memory_limit_gb: float) -> Message:
    """Its chip and its memory."""
    return message(
        "{chip}, {memory} of memory, of which a model may take {limit}",
        chip=machine.chip(),
        memory=gigabytes(machine.total_memory()),
        limit=gigabytes(machine.memory_budget(memory_limit_gb)),
    )


def key_source(backend: HasAccount) -> str:
    """Where the key of a backend comes from, such as "keychain"; empty where there is none or it cannot be asked."""
    try:
        return secrets.get(backend.account.secret).source or ""
    except UserError:
        return ""


def look_at_servers(registry: Registry) -> None:
    """Ask the servers on this machine how they stand, all at once. Nothing else is asked, and none is waited for longer
    than `PATIENCE`.
    """
    here = [b for b in registry.backends.values() if isinstance(b, OnServer) and is_loopback(b.address)]
    looks = [threading.Thread(target=backend.look, daemon=True) for backend in here]
    until = time.monotonic() + PATIENCE
    for look in looks:
        look.start()
    for look in looks:
        look.join(max(0.0, until - time.monotonic()))
