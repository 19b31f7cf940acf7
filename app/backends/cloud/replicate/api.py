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
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

import httpx
import replicate
from replicate.exceptions import ReplicateError
from replicate.version import Versions

from app.core.message import Message, message
from app.library import network

log = logging.getLogger(__name__)

T = TypeVar("T")

MAX_ANSWER = 16 << 20
"""Bytes; the longest list of predictions is far smaller."""
ABORTED = "aborted"
REMOVED = "data removed"
ENDED = frozenset({"succeeded", "failed", "canceled", ABORTED})
_UNDERSTOOD = frozenset({"starting", "processing", "succeeded", "failed", "canceled"})
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_RESETS_IN = re.compile(r"resets in ~?(\d+)\s*s")


class Refused(Exception):  # noqa: N818 - an answer, and often no error of anybody
    """The service answered with an HTTP status that is no success.

    Attributes:
        status: the HTTP status.
        detail: the service's own words, one line.
        retry_after: seconds to wait before the next try, where the service named them.
    """

    def __init__(self, status: int, detail: str = "", retry_after: float | None = None) -> None:
        super().__init__(f"{status} {detail}".strip())
        self.status = status
        self.detail = detail
        self.retry_after = retry_after

    @property
    def reason(self) -> Message:
        return message("error {status}", status=self.status)

    @property
    def passing(self) -> bool:
        """Whether the same question may well be answered a little later."""
        return self.status == 429 or self.status >= 500


class Unanswered(Exception):  # noqa: N818
    """No answer came, or none that makes sense. `sent` is False where the request has certainly not arrived."""

    def __init__(self, reason: Message, sent: bool = True) -> None:
        super().__init__(reason)
        self.reason = reason
        self.sent = sent


@dataclass(frozen=True, slots=True)
class Prediction:
    """A prediction as the service shows it. `status` may be "aborted"; `created` is in unix seconds of its clock;
    `removed` says that its output was deleted.
    """

    id: str
    status: str
    output: Any = None
    error: str = ""
    logs: str = ""
    predict_time: float | None = None  # seconds of computing, which is what is billed
    created: float = 0.0
    version: str = ""
    removed: bool = False

    @property
    def ended(self) -> bool:
        return self.status in ENDED


class Api:
    """One connection to the service; close it, or use it in a `with` block. Safe to use from several threads.

    Args:
        token: the API key. It goes to the API's host only.
        connect, read: timeouts in seconds.
        lifetime: seconds after which the service itself ends a prediction.

    All methods raise `Refused` and `Unanswered` only.
    """

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

    def create(self, version: str, values: Mapping[str, Any]) -> Prediction:
        """Start a prediction, which will be billed. Never call it again after `Unanswered` or a 5xx: look first."""
        return self._prediction(self._client.predictions.create, version=version, input=dict(values))

    def get(self, prediction: str) -> Prediction:
        return self._prediction(self._client.predictions.get, prediction)

    def cancel(self, prediction: str) -> Prediction:
        return self._prediction(self._client.predictions.cancel, prediction)

    def find(self, version: str, values: Mapping[str, Any], since: float, others: frozenset[str]) -> Prediction | None:
        """The newest prediction but the `others` that has this version and input and was created since."""
        # Only the first page, 100 predictions: the address of the next one comes from the answer, and the client
        # would send the key to whatever host it names.
        for found in self._call(self._client.predictions.list).results:
            given = found.input or {}
            if found.version in (version, "") and all(given.get(name) == value for name, value in values.items()):
                prediction = self._call(_plain, found)
                late_enough = prediction.created == 0.0 or prediction.created >= since  # 0 is not known
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
            sent = not isinstance(error, (*_NOT_SENT, httpx.InvalidURL))
            raise Unanswered(_fault(error), sent) from None
        except ReplicateError as error:
            raise Refused(error.status or 0) from None
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Unanswered(message("its answer cannot be understood")) from None


def _fault(error: httpx.RequestError | httpx.InvalidURL) -> Message:
    """What is wrong with a connection, in plain words."""
    match error:
        case httpx.TimeoutException():
            return message("it does not answer in time")
        case httpx.ConnectError():
            return message("there is no connection")
        case httpx.ProxyError():
            return message("the system's proxy does not work")
        case _:
            return message("the connection failed")


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
            body = self._body(response)
        finally:
            response.close()
        self._read_clock(response.headers.get("Date", ""))
        try:
            answer = json.loads(body)
        except (ValueError, RecursionError):
            answer = None
        if not response.is_success:
            raise _refusal(response, answer)
        if not isinstance(answer, dict):
            raise httpx.DecodingError("no JSON object")
        return httpx.Response(response.status_code, json=_translated(answer))

    def _body(self, response: httpx.Response) -> bytes:
        """The whole body; the timeouts of the network are per packet, so the sum is watched here."""
        latest = time.monotonic() + 3 * (self._timeout.read or 20)
        body = bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > MAX_ANSWER:
                raise httpx.DecodingError("the answer is too long")
            if time.monotonic() > latest:
                raise httpx.ReadTimeout("the answer takes too long")
        return bytes(body)

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
                prediction["error"] = _detail(prediction["error"]) or json.dumps(prediction["error"])
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


def _refusal(response: httpx.Response, answer: Any) -> Refused:
    problem = answer if isinstance(answer, dict) else {}
    detail = _detail(problem)
    reset = _RESETS_IN.search(detail)
    for wait in (response.headers.get("Retry-After"), problem.get("retry_after"), reset and reset.group(1)):
        seconds = _seconds(wait, response.headers.get("Date"))
        if seconds is not None:
            return Refused(response.status_code, one_line(detail), seconds)
    return Refused(response.status_code, one_line(detail))


def _detail(problem: Mapping[str, Any]) -> str:
    """What an answer says is wrong; empty where it says nothing."""
    detail = next((problem[name] for name in ("detail", "title", "error", "message") if problem.get(name)), "")
    if isinstance(detail, list):  # a validation report of the model itself
        detail = "; ".join(str(item.get("msg", item)) if isinstance(item, dict) else str(item) for item in detail)
    return str(detail)


def _seconds(wait: Any, now: str | None) -> float | None:
    """A Retry-After as seconds from the answer on, whose own date is `now`; it may be a number or a date."""
    if isinstance(wait, bool) or wait is None:
        return None
    try:
        return min(3600.0, max(0.0, float(wait)))
    except (ValueError, TypeError):
        pass
    try:
        until = parsedate_to_datetime(str(wait)).timestamp()
    except (ValueError, TypeError):
        return None
    try:
        since = parsedate_to_datetime(now or "").timestamp()
    except (ValueError, TypeError):
        since = time.time()
    return min(3600.0, max(0.0, until - since))


def one_line(text: str, longest: int = 300) -> str:
    """A foreign text that is fit for a message: one line, not too long."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1] + "…"
