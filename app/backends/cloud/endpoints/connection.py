"""An endpoint with a key, as the code that all services share asks it."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable

from app.backends.cloud.answers import SUCCEEDED, Prediction, Refused
from app.backends.cloud.endpoints.dialect import Dialect, EndpointModel
from app.backends.cloud.http import Wire
from app.backends.cloud.pending import Entry
from app.backends.cloud.timeouts import Timeouts
from app.core.request import GenerationRequest

_GONE = 410
_PICTURE = "picture"
"""The address of what a server made that answers at once, among the links that are written down."""
_NOT_DONE = (500, 501, 503)
"""With these a server that answers at once says that it made nothing; what stands between may say the other ones."""


class EndpointConnection:
    """Close it, or use it in a `with` block. Safe to use from several threads."""

    finds = False

    def __init__(self, dialect: Dialect, key: str, timing: Timeouts, stopping: Callable[[], bool]) -> None:
        self._dialect = dialect
        self._deadline = timing.deadline
        self.answers_at_once = dialect.answers_at_once
        self.plain_http = dialect.endpoint.loopback
        self.wire = Wire(
            dialect.endpoint.url,
            dialect.headers(key),
            key,
            connect=timing.connect,
            read=timing.read,
            stopping=stopping,
        )
        self._answers: dict[str, Prediction] = {}

    def __enter__(self) -> EndpointConnection:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.wire.close()

    def now(self) -> float:
        return time.time()

    def describe(self, model: EndpointModel) -> EndpointInputs:
        return EndpointInputs(self._dialect)

    def create(self, entry: Entry) -> Prediction:
        if not self.answers_at_once:
            return self._dialect.create(self.wire, entry, self._deadline)
        began = time.monotonic()
        try:
            prediction = self._dialect.create(self.wire, entry, self._deadline)
        except Refused as error:
            if error.status not in _NOT_DONE:
                raise
            raise Refused(error.status, error.detail, error.retry_after, code=error.code, nothing_came=True) from None
        if prediction.predict_time is None:
            prediction = dataclasses.replace(prediction, predict_time=time.monotonic() - began)
        self._answers[entry.key] = prediction
        address = _address(prediction.output)
        return dataclasses.replace(prediction, links={_PICTURE: address}) if address else prediction

    def get(self, entry: Entry) -> Prediction:
        if not self.answers_at_once:
            return self._dialect.get(self.wire, entry)
        if entry.key in self._answers:
            return self._answers[entry.key]
        if _PICTURE not in entry.links:
            raise Refused(_GONE)
        return Prediction(entry.prediction, SUCCEEDED, entry.links[_PICTURE])

    def cancel(self, entry: Entry) -> Prediction:
        return self.get(entry) if self.answers_at_once else self._dialect.cancel(self.wire, entry)

    def find(self, entry: Entry, others: frozenset[str]) -> Prediction | None:
        raise NotImplementedError("no endpoint tells what became of an order")


def _address(output: object) -> str:
    """Where a picture can be fetched, also later; empty where the answer held it."""
    for item in output if isinstance(output, list) else [output]:
        if isinstance(item, str) and item.startswith(("https:", "http:")):
            return item
    return ""


@dataclasses.dataclass(frozen=True, slots=True)
class EndpointInputs:
    """What is asked of an endpoint; see `Inputs`."""

    dialect: Dialect
    version: str = ""

    def of(self, model: EndpointModel, request: GenerationRequest) -> dict[str, object]:
        return self.dialect.inputs(model, request)
