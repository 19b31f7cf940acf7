"""Endpoints of the user's own: each is a backend, and each kind of them a dialect.

backend     the Backend itself
dialect     what is special in a kind: openai, fal, runpod, huggingface
connection  an endpoint with a key, as the shared code asks it
fields      what not every server takes, learned from what it refuses
notes       what is remembered of an endpoint
template    what a worker takes, as its user wrote it
outputs     finding the picture in what a worker gives
"""

from __future__ import annotations

from collections.abc import Callable

from app.backends.cloud.endpoints.backend import POSSIBLE, EndpointBackend
from app.backends.registry import Registry
from app.library.endpoints import Endpoint, Endpoints

__all__ = ["POSSIBLE", "EndpointBackend", "follow"]


def follow(endpoints: Endpoints, registry: Registry, make: Callable[[Endpoint], EndpointBackend]) -> None:
    """Keep a backend in the registry for each endpoint, also when these change."""
    shown: dict[str, Endpoint] = {}

    def changed() -> None:
        now = {endpoint.name: endpoint for endpoint in endpoints.list()}
        gone = shown.keys() - now.keys()
        new = [make(endpoint) for name, endpoint in now.items() if shown.get(name) != endpoint]
        shown.clear()
        shown.update(now)
        registry.change(put=new, drop=gone)

    changed()
    endpoints.subscribe(changed)
