"""What the code that all services share needs of one of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from app.core.message import NOTHING, Message
from app.core.request import GenerationRequest

if TYPE_CHECKING:
    from app.backends.cloud.answers import Prediction
    from app.backends.cloud.pending import Entry

FIXED_WORK = 4
"""What reading the prompt and decoding take, in steps."""


class CloudModel(Protocol):
    """A model that a service offers.

    Attributes:
        seconds_per_work: how long it takes per unit of `work` as long as nothing was measured; None where nobody
            knows.
        billed_by_time: whether a prediction that failed is billed, too.
    """

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def seconds_per_work(self) -> float | None: ...

    @property
    def billed_by_time(self) -> bool: ...

    def cost(self, request: GenerationRequest, seconds: float | None) -> float | None:
        """US dollars for one picture of a resolved request that took so long; None where nobody knows."""
        ...


class Inputs(Protocol):
    """What a version of a model takes."""

    @property
    def version(self) -> str: ...

    def of(self, model: Any, request: GenerationRequest) -> dict[str, Any]:
        """The input of a prediction for a request of one picture, whose values fitted when they were shown. Raises
        UserError where they fit no more.
        """
        ...


@dataclass(frozen=True, slots=True)
class Service:
    """A service, as the words and the rules of the shared code need it.

    Attributes:
        id: of its backend.
        name: display name.
        model: gives the model of an id; raises UserError where there is none.
        missing_key, key_advice, credit_advice: what to do where there is no key, where it is not accepted, and where
            the account is empty.
        reach_advice: what to do where it does not answer.
        charged_at: the page that shows what was charged; empty where there is none.
        kept_seconds: so long it keeps what it has made.
        measured_as: the name under which the speed of a model is remembered.
    """

    id: str
    name: str
    model: Callable[[str], CloudModel]
    missing_key: Message
    key_advice: Message
    credit_advice: Message = NOTHING
    charged_at: str = ""
    reach_advice: Message = NOTHING
    kept_seconds: float = 3600.0
    measured_as: Callable[[CloudModel], str] = lambda model: model.id


class Connection(Protocol):
    """A service with a key. All methods may be called from several threads, and raise `Refused` and `Unanswered` only.

    Attributes:
        plain_http: whether it is on this machine, so that its pictures may be fetched without encryption.
        answers_at_once: `create` waits for the picture, and `get` finds it only as long as this connection is open.
        finds: whether `find` can tell what came of an order whose answer was lost.
    """

    plain_http: bool
    answers_at_once: bool
    finds: bool

    def close(self) -> None: ...

    def now(self) -> float:
        """The time by the service's clock, in unix seconds, as its last answers gave it."""
        ...

    def describe(self, model: Any) -> Inputs:
        """What the model takes today. Raises ValueError where that makes no sense."""
        ...

    def create(self, entry: Entry) -> Prediction:
        """Start a prediction, which will be billed. Never call it again where it is unclear what came of it. Raises
        Stopped where it waits for the picture and the task is to end.
        """
        ...

    def get(self, entry: Entry) -> Prediction: ...

    def cancel(self, entry: Entry) -> Prediction: ...

    def find(self, entry: Entry, others: frozenset[str]) -> Prediction | None:
        """The newest prediction but the `others` that came of an entry without an id."""
        ...


def work(request: GenerationRequest) -> float:
    """The amount of work in one picture of a resolved request: megapixels times steps."""
    return (request.width or 1024) * (request.height or 1024) / 2**20 * ((request.steps or 1) + FIXED_WORK)
