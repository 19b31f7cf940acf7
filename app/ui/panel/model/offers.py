"""What the panel can offer: which backends and models there are, and what the chosen pair can do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.backends.base import Backend, Status
from app.backends.registry import Registry
from app.core.capabilities import Capabilities
from app.core.errors import UserError
from app.core.message import NOTHING, Message
from app.core.request import AUTO, GenerationRequest, Role


@dataclass(frozen=True, slots=True)
class Offer:
    """What a choice of backend and model comes to: a backend with its capabilities, or a problem."""

    backend: Backend | None = None
    capabilities: Capabilities | None = None
    why: Message = NOTHING
    problem: UserError | None = None


def offer(registry: Registry, backend_id: str, model: str) -> Offer:
    """What a request for this backend (or "auto") and model would run on."""
    try:
        backend, why = registry.choose(backend_id, model)
        return Offer(backend, backend.capabilities(model), why)
    except UserError as error:
        return Offer(problem=error)


def statuses(registry: Registry) -> list[tuple[Backend, Status]]:
    return [(backend, registry.status(backend)) for backend in registry.backends.values()]


def price(backend: Backend) -> float | None:
    """US dollars for a picture of the first model that a backend has, as its defaults make it; None where that is not
    known.
    """
    models = backend.models()
    if not models:
        return None
    try:
        capabilities = backend.capabilities(models[0][0])
        return backend.estimate(capabilities.resolve(GenerationRequest("?", model=models[0][0]))).cost
    except UserError:
        return None


def models(registry: Registry, backend_id: str, stand: Sequence[tuple[Backend, Status]]) -> list[tuple[str, str]]:
    """(id, display name) of the models that a backend has; for "auto" those that it would find a backend for.

    Args:
        stand: what `statuses` has just given.
    """
    if backend_id != AUTO:
        backend = registry.backends.get(backend_id)
        return list(backend.models()) if backend else []
    found: dict[str, str] = {}
    usable = [backend for backend, status in stand if status.ready]
    for backend in usable:
        if backend.remote is None:
            found.update({model: name for model, name in backend.models() if model not in found})
    for backend in usable:
        if backend.remote is not None:
            for model, name in backend.models():
                if model not in found and offer(registry, AUTO, model).backend is not None:
                    found[model] = name
    return list(found.items())


def animates(found: Offer) -> bool:
    """Whether it makes clips that begin with a picture."""
    can = found.capabilities
    return can is not None and can.clip is not None and can.takes(Role.INIT) is not None


def animating(registry: Registry) -> str:
    """A model on this machine that makes clips from a picture, if there is one rather one that shows anything; else
    empty.
    """
    offered = [(model, offer(registry, AUTO, model)) for model, _ in models(registry, AUTO, statuses(registry))]
    usable = [
        (bool(found.capabilities and found.capabilities.knows), model)
        for model, found in offered
        if animates(found) and found.backend is not None and found.backend.remote is None
    ]
    return min(usable, key=lambda each: each[0])[1] if usable else ""
