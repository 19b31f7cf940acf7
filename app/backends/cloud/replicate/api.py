"""Replicate's HTTP API through its Python client: plain values in and out, and every failure one of two exceptions.

The client (1.0.7) needs help in five places, and gets it from the transport below it: it creates predictions without
a timeout; it knows no proxy; it sleeps through a 429 where nobody can cancel; it loses the Retry-After of a refused
create; and its types refuse a prediction that was aborted, an account without a name, any example they do not know, and
whatever lacks a field, though nobody reads it.
"""

from __future__ import annotations

import json
import logging
import os
import re
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

import httpx
import replicate
from replicate.exceptions import ReplicateError
from replicate.version import Versions

from app.backends.cloud.answers import ABORTED, Prediction, Refused, Unanswered, detail_of, one_line, parsed
from app.backends.cloud.http import body_of, refusal, unanswered
from app.backends.cloud.pending import Entry
from app.backends.cloud.replicate.catalog import CloudModel
from app.backends.cloud.replicate.schema import InputSchema
from app.core.message import message
from app.library import network

log = logging.getLogger(__name__)

T = TypeVar("T")

REMOVED = "data removed"
_UNDERSTOOD = frozenset({"starting", "processing", "succeeded", "failed", "canceled"})
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Api:
    """One connection to the service; close it, or use it in a `with` block. Safe to use from several threads.

    Args:
        token: the API key. It goes to the API's host only.
        connect, read: timeouts in seconds.
        lifetime: seconds after which the service itself ends a prediction.

    All methods raise `Refused` and `Unanswered` only.
    """

    answers_at_once = False
    finds = True

    def __init__(self, token: str, *, connect: float = 10, read: float = 20, lifetime: float = 900) -> None:
        address = os.environ.get("REPLICATE_BASE_URL", "")
        self._wire = _Wire(address, httpx.Timeout(read, connect=connect))
        headers = {"Cancel-After": f"{max(5, round(lifetime))}s"}
        self._client = replicate.Client(api_token=token, transport=self._wire, headers=headers)
        self.plain_http = address.startswith("http://")

    def __enter__(self) -> Api:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._wire.close()

    def now(self) -> float:
        """The time by the service's clock, in unix seconds, as its last answers gave it."""
        return time.time() + (self._wire.clock_ahead or 0.0)

    def account(self) -> str:
        """The name of the account that the key belongs to."""
        return str(self._call(self._client.accounts.current).username)

    def model(self, name: str) -> tuple[str, dict[str, Any]]:
        """The id of the latest version of a model, and its OpenAPI schema. An id of "" says that there is none."""
        version = self._call(self._client.models.get, name).latest_version
        if version is None or not version.openapi_schema:
            version = next(iter(self._versions(name)), version)  # the newest first
        return (str(version.id), dict(version.openapi_schema)) if version is not None else ("", {})

    def describe(self, model: CloudModel) -> InputSchema:
        """What the latest version of a model takes. Raises ValueError where that makes no sense."""
        return InputSchema.parse(*self.model(model.id))

    def create(self, entry: Entry) -> Prediction:
        return self._prediction(self._client.predictions.create, version=entry.version, input=dict(entry.inputs))

    def get(self, entry: Entry) -> Prediction:
        return self._prediction(self._client.predictions.get, entry.prediction)

    def cancel(self, entry: Entry) -> Prediction:
        return self._prediction(self._client.predictions.cancel, entry.prediction)

    def find(self, entry: Entry, others: frozenset[str]) -> Prediction | None:
        """The newest prediction but the `others` that has the version and input of an entry and was created since."""
        # Only the first page, 100 predictions: the address of the next one comes from the answer, and the client
        # would send the key to whatever host it names.
        for found in self._call(self._client.predictions.list).results:
            given = found.input or {}
            if found.version in (entry.version, "") and all(given.get(name) == v for name, v in entry.inputs.items()):
                prediction = self._call(_plain, found)
                late_enough = prediction.created == 0.0 or prediction.created >= entry.since  # 0 is not known
                if late_enough and prediction.id not in others:
                    return prediction
        return None

    def _versions(self, name: str) -> list[Any]:
        try:
            return list(self._call(lambda: Versions(self._client, name).list().results))
        except Refused as error:
            if error.passing:
                raise
            return []

    def _prediction(self, function: Callable[..., Any], *arguments: Any, **named: Any) -> Prediction:
        return self._call(lambda: _plain(function(*arguments, **named)))

    def _call(self, function: Callable[..., T], *arguments: Any) -> T:
        # `from None`: what the client raises holds the request, and that holds the key.
        try:
            return function(*arguments)
        except (httpx.RequestError, httpx.InvalidURL) as error:
            raise unanswered(error) from None
        except ReplicateError as error:
            raise Refused(error.status or 0) from None
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Unanswered(message("its answer cannot be understood")) from None


class _Wire(httpx.BaseTransport):
    """The network below the client: bounded in time and size, refusals raised, answers in the client's types."""

    def __init__(self, address: str, timeout: httpx.Timeout) -> None:
        self._network = network.client(address)
        self._timeout = timeout
        self.clock_ahead: float | None = None

    def close(self) -> None:
        self._network.close()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.extensions["timeout"] = self._timeout.as_dict()
        response = self._network.send(request, stream=True)
        try:
            body = body_of(response, 3 * (self._timeout.read or 20))
        finally:
            response.close()
        self._read_clock(response.headers.get("Date", ""))
        answer = parsed(body)
        if not response.is_success:
            raise refusal(response, answer)
        if not isinstance(answer, dict):
            raise httpx.DecodingError("no JSON object")
        return httpx.Response(response.status_code, json=_translated(answer))

    def _read_clock(self, date: str) -> None:
        """Dates are cut to whole seconds, so the largest difference is the nearest to the truth."""
        try:
            ahead = parsedate_to_datetime(date).timestamp() - time.time()
        except (ValueError, TypeError):
            return
        self.clock_ahead = ahead if self.clock_ahead is None else max(self.clock_ahead, ahead)


def _plain(found: Any) -> Prediction:
    """A prediction of the client's as plain values. Raises ValueError where its id is not fit for an address."""
    if not _ID.fullmatch(str(found.id)):
        raise ValueError("not an id")
    return Prediction(
        id=found.id,
        status=found.status if found.error != ABORTED else ABORTED,
        output=found.output,
        error=one_line(found.error or ""),
        removed=found.error == REMOVED,
        logs=found.logs or "",
        predict_time=_predict_time(found),
        created=_moment(found.created_at) or 0.0,
        version=found.version,
    )


def _predict_time(found: Any) -> float | None:
    """Seconds: as the service measured them, else from its clock; None where it gives neither."""
    seconds = (found.metrics or {}).get("predict_time")
    if isinstance(seconds, int | float) and seconds >= 0:
        return float(seconds)
    started, completed = _moment(found.started_at), _moment(found.completed_at)
    return max(0.0, completed - started) if started is not None and completed is not None else None


def _moment(text: str | None) -> float | None:
    """A time of the service in unix seconds; None where there is none, or none that can be read."""
    try:
        return datetime.fromisoformat(text or "").timestamp()
    except ValueError:
        return None


def _translated(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer of the service in the values that the client's types know."""
    predictions = answer.get("results", [answer])
    for prediction in predictions if isinstance(predictions, list) else []:
        if isinstance(prediction, dict) and "status" in prediction:
            if prediction["status"] == ABORTED:
                prediction.update(status="canceled", error=ABORTED)
            elif prediction["status"] not in _UNDERSTOOD:
                prediction["status"] = "processing"
            elif prediction["status"] == "succeeded" and prediction.get("data_removed") is True:
                prediction["error"] = REMOVED  # the client passes over what it has no field for
            if isinstance(prediction.get("error"), dict):
                prediction["error"] = detail_of(prediction["error"]) or json.dumps(prediction["error"])
            _fill_in(prediction, _PREDICTION)
    if "username" in answer and not answer.get("name"):
        answer["name"] = answer["username"]
    if "latest_version" in answer or "default_example" in answer:
        answer["default_example"] = None
        answer.setdefault("latest_version", None)
        _fill_in(answer, _MODEL)
        answer["visibility"] = "public"
    versions = [answer.get("latest_version"), *(predictions if isinstance(predictions, list) else [])]
    for version in versions:
        if isinstance(version, dict) and "status" not in version and isinstance(version.get("id"), str):
            _fill_in(version, _VERSION)
    return answer


_PREDICTION = {"model": "", "version": "", "logs": "", "error": ""}
_MODEL = {"url": "", "owner": "", "name": "", "run_count": 0}
_VERSION: dict[str, Any] = {"created_at": "1970-01-01T00:00:00Z", "cog_version": "", "openapi_schema": {}}
"""What the client's types insist on and nobody here reads, or reads as nothing."""


def _fill_in(values: dict[str, Any], usual: Mapping[str, Any]) -> None:
    """Put in what is missing, or of another type than the client expects."""
    for name, value in usual.items():
        if not isinstance(values.get(name), type(value)):
            values[name] = value
