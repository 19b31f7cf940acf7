"""What is special in a kind of endpoint: its models and what they take, and how its protocol says it."""

from __future__ import annotations

import base64
import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from app.backends.cloud.answers import Prediction
from app.backends.cloud.pending import Entry
from app.core.capabilities import Capabilities
from app.core.errors import UserError
from app.core.limits import InputLimits, Range
from app.core.message import Message, any_of, message, quoted
from app.core.request import GenerationRequest
from app.library.endpoints import Endpoint

if TYPE_CHECKING:
    from app.backends.cloud.endpoints.notes import Notes
    from app.backends.cloud.http import Wire

MAX_PICTURE_ANSWER = (64 << 20) * 4 // 3 + (1 << 20)
"""Bytes of an answer that may hold a picture as base64."""
_FAST = (("sprint", 2), ("schnell", 4), ("klein", 4), ("lightning", 4), ("turbo", 8))
"""Words in the names of models that are made for few steps, and how many."""


@dataclass(frozen=True, slots=True)
class EndpointModel:
    """A model behind an endpoint. Prices are in US dollars, None where nobody knows."""

    id: str
    name: str
    price: float | None = None
    megapixel_price: float | None = None
    usual_steps: int = 20
    seconds_per_work: ClassVar[None] = None
    billed_by_time: ClassVar[bool] = False

    @property
    def steps(self) -> int:
        """A number of steps that suits it, as far as its name tells."""
        name = self.name.lower()
        return next((steps for word, steps in _FAST if word in name), self.usual_steps)

    def cost(self, request: GenerationRequest, seconds: float | None) -> float | None:
        if self.price is None and self.megapixel_price is not None:
            return round(self.megapixel_price * (request.width or 1024) * (request.height or 1024) / 1e6, 7)
        return self.price


class Dialect(ABC):
    """One endpoint's protocol. Everything but what gets a `wire` answers at once; what gets one asks the endpoint, and
    raises `Refused` and `Unanswered`.

    Attributes:
        answers_at_once: see `Connection`.
        charges: whether whoever is behind the protocol charges, wherever it is.
        keys: the page where its keys are made; empty where there is none.
        kept_seconds: so long it keeps what it has made.
    """

    answers_at_once: ClassVar[bool] = True
    charges: ClassVar[bool] = False
    keys: ClassVar[str] = ""
    kept_seconds: ClassVar[float] = 3600.0

    def __init__(self, endpoint: Endpoint, notes: Notes) -> None:
        self.endpoint = endpoint
        self.notes = notes

    def models(self) -> tuple[EndpointModel, ...]:
        """The default first."""
        name = self.endpoint.model or self.endpoint.name
        return (EndpointModel(name, name, self.endpoint.price),)

    def model(self, model: str) -> EndpointModel:
        """The model of an id. Raises UserError where there is none."""
        known = self.models()
        for each in known:
            if each.id == model:
                return each
        raise UserError(
            message("“{name}” is no model that {endpoint} offers.", name=model, endpoint=self.endpoint.name),
            message("Choose {choices}.", choices=any_of([quoted(each.id) for each in known[:10]])),
        )

    def ordered(self, model: str) -> EndpointModel:
        """The model of an order, which may not be offered any more."""
        try:
            return self.model(model)
        except UserError:
            return EndpointModel(model, model, self.endpoint.price)

    @abstractmethod
    def capabilities(self, model: EndpointModel) -> Capabilities: ...

    @abstractmethod
    def inputs(self, model: EndpointModel, request: GenerationRequest) -> dict[str, Any]:
        """What is asked for, for a resolved request of one picture, as JSON that tells it from others."""

    def headers(self, key: str) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {key}"} if key else {}

    @abstractmethod
    def test(self, wire: Wire) -> Message:
        """Ask for the cheapest harmless thing; what came of it."""

    def look(self, wire: Wire) -> None:
        """Ask which models there are, where the protocol tells."""
        return

    @abstractmethod
    def create(self, wire: Wire, entry: Entry, seconds: float) -> Prediction:
        """Order, and where the protocol answers at once, wait so long for the picture."""

    def get(self, wire: Wire, entry: Entry) -> Prediction:
        raise NotImplementedError(f"{type(self).__name__} answers at once")

    def cancel(self, wire: Wire, entry: Entry) -> Prediction:
        raise NotImplementedError(f"{type(self).__name__} answers at once")

    def _capabilities(
        self,
        model: EndpointModel,
        *,
        sized: bool = True,
        steps: bool = True,
        guidance: bool = True,
        negative: bool = True,
        seed: bool = True,
        inputs: tuple[InputLimits, ...] = (),
        max_steps: int = 100,
    ) -> Capabilities:
        return Capabilities(
            model=model.name,
            size=Range(64, 4096, 1024, 32) if sized else Range(1024, 1024, 1024, 32),
            max_pixels=4096**2,
            steps=Range(1, max_steps, min(model.steps, max_steps)) if steps else Range(1, 1, 1),
            guidance=Range(0, 20, 4.5, 0.1) if guidance else None,
            negative=negative,
            inputs=inputs,
            seed=seed,
        )


def duration(value: object, unit: float = 1.0) -> float | None:
    """A time of a service in seconds; None where it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        return None
    return value * unit


def inline(data: bytes | str, kind: str = "image/png") -> str:
    """A picture's file, or its base64, as an address that holds it."""
    text = data if isinstance(data, str) else base64.b64encode(data).decode()
    return f"data:{kind};base64,{text}"


def without(endings: Iterable[str], address: str) -> str:
    """An address without what a service's own pages show at its end, taken off in this order."""
    for ending in endings:
        address = address.removesuffix(ending)
    return address
