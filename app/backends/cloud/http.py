"""The network below the services: bounded in time and size, without redirects, and what goes wrong as plain words."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from app.backends.cloud.answers import Refused, Unanswered, code_of, detail_of, one_line, parsed
from app.backends.cloud.tasks import Stopped
from app.core.message import Message, message
from app.library import network

MAX_ANSWER = 16 << 20
"""Bytes of an answer that holds no picture; the longest list of predictions is far smaller."""
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)
_RESETS_IN = re.compile(r"resets in ~?(\d+)\s*s")
_OUT_OF_CREDIT = 402
_SEE_OTHER = 303
_MOST_REDIRECTS = 20
_SHORTEST_KEY = 6
"""Shorter ones are not blanked: they would be found by chance."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with a status of success. `kind` is its media type."""

    kind: str
    body: bytes

    def json(self) -> Any:
        """Raises Unanswered where it is no JSON object or list."""
        found = parsed(self.body)
        if not isinstance(found, dict | list):
            raise Unanswered(self._nonsense())
        return found

    def object(self) -> dict[str, Any]:
        """Raises Unanswered where it is no JSON object."""
        found = parsed(self.body)
        if not isinstance(found, dict):
            raise Unanswered(self._nonsense())
        return found

    def _nonsense(self) -> Message:
        if self.kind == "text/html":
            return message("it answers with a web page")
        return message("its answer cannot be understood")


class Wire:
    """Asks one host, with the key that is for it. Safe to use from several threads.

    Args:
        address: of the host; nothing is sent to any other, whatever answers say.
        headers: sent with each request; the key among them.
        key: blanked in what comes back.
        connect, read: timeouts in seconds.
        stopping: asked while it waits for a long answer; where it answers True, the connection is dropped.

    All methods raise `Refused`, `Unanswered` and, where `stopping` did, `Stopped`.
    """

    def __init__(
        self,
        address: str,
        headers: Mapping[str, str],
        key: str,
        *,
        connect: float,
        read: float,
        stopping: Callable[[], bool],
    ) -> None:
        self._address = address
        self._origin = _origin(address)
        self._headers = dict(headers)
        self._key = key.encode()
        self._connect, self._read = connect, read
        self._stopping = stopping
        self._client = network.client(address, headers=self._headers, follow_redirects=False)
        # A wait can be stopped on a connection of its own only, which nobody else goes on to use.
        unshared = httpx.Limits(max_keepalive_connections=0)
        self._stoppable = network.client(address, headers=self._headers, follow_redirects=False, limits=unshared)

    def close(self) -> None:
        self._client.close()
        self._stoppable.close()

    def is_own(self, address: str) -> bool:
        """Whether an address is of this host, so that the key may go there."""
        try:
            return _origin(address) == self._origin
        except (httpx.InvalidURL, ValueError):
            return False

    def ask(
        self, method: str, address: str, body: Any = None, *, seconds: float | None = None, most: int = MAX_ANSWER
    ) -> Answer:
        """Send a request, with a body as JSON, and wait for its answer. "303 See Other" is followed within the host:
        Modal answers so what takes longer than 150 seconds.

        Args:
            seconds: the longest it may take; where it is given, the wait can be stopped.
            most: bytes of the answer.
        """
        if not self.is_own(address):
            raise Unanswered(message("its answer cannot be understood"), sent=False)
        timeout = httpx.Timeout(seconds or self._read, connect=self._connect)
        longest = seconds or 3 * self._read
        client = self._client if seconds is None else self._stoppable
        with self._bounded(longest, stoppable=seconds is not None) as trace:
            request = client.build_request(method, address, json=body, timeout=timeout)
            for _ in range(_MOST_REDIRECTS):
                request.extensions["trace"] = trace
                response = client.send(request, stream=True)
                try:
                    data = body_of(response, longest, most)
                finally:
                    response.close()
                following = response.next_request
                if response.status_code != _SEE_OTHER or following is None or not self.is_own(str(following.url)):
                    break
                request = client.build_request("GET", following.url, timeout=timeout)
        if len(self._key) >= _SHORTEST_KEY:
            data = data.replace(self._key, b"***")
        if not response.is_success:
            raise refusal(response, parsed(data))
        return Answer(response.headers.get("Content-Type", "").partition(";")[0].strip().lower(), data)

    @contextlib.contextmanager
    def _bounded(self, seconds: float, *, stoppable: bool) -> Iterator[Callable[[str, Mapping[str, Any]], None]]:
        """Within it a request takes so long at most, however its answer drips; what goes wrong is raised as the
        exceptions of this module.
        """
        streams: list[Any] = []
        ended = threading.Event()
        latest = time.monotonic() + self._connect + seconds

        def trace(event: str, info: Mapping[str, Any]) -> None:
            if event.endswith((".connect_tcp.complete", ".start_tls.complete")):  # of the host, or of a proxy
                streams.append(info["return_value"])

        def watch() -> None:
            while not ended.wait(0.05):
                if time.monotonic() > latest or (stoppable and self._stopping()):
                    for stream in streams:
                        _shut_down(stream)
                    return

        threading.Thread(target=watch, name="cloud-watch", daemon=True).start()
        try:
            yield trace
        except (httpx.RequestError, httpx.InvalidURL) as error:
            if stoppable and self._stopping():
                raise Stopped from None
            if time.monotonic() > latest:
                raise Unanswered(message("it does not answer in time")) from None
            raise unanswered(error) from None  # what httpx raises holds the request, and that holds the key
        finally:
            ended.set()


def _shut_down(stream: Any) -> None:
    """End a connection in whose thread somebody waits; closing it would not wake them."""
    connected = stream.get_extra_info("socket")
    if connected is not None:
        with contextlib.suppress(OSError):
            socket.socket.shutdown(connected, socket.SHUT_RDWR)


def _origin(address: str) -> tuple[str, str, int | None]:
    url = httpx.URL(address)
    return url.scheme, url.host, url.port


def fault(error: httpx.RequestError | httpx.InvalidURL) -> Message:
    """What is wrong with a connection, in plain words."""
    match error:
        case httpx.TimeoutException():
            return message("it does not answer in time")
        case httpx.DecodingError():
            return message("its answer cannot be understood")
        case httpx.ConnectError():
            return message("there is no connection")
        case httpx.ProxyError():
            return message("the system's proxy does not work")
        case _:
            return message("the connection failed")


def unanswered(error: httpx.RequestError | httpx.InvalidURL) -> Unanswered:
    return Unanswered(fault(error), not isinstance(error, (*_NOT_SENT, httpx.InvalidURL)))


def body_of(response: httpx.Response, seconds: float, most: int = MAX_ANSWER) -> bytes:
    """The whole body; the timeouts of the network are per packet, so the sum is watched here.

    Raises:
        httpx.DecodingError, httpx.ReadTimeout: it is longer than `most` bytes, or takes longer than so many seconds.
    """
    latest = time.monotonic() + seconds
    body = bytearray()
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > most:
            raise httpx.DecodingError("the answer is too long")
        if time.monotonic() > latest:
            raise httpx.ReadTimeout("the answer takes too long")
    return bytes(body)


def refusal(response: httpx.Response, answer: Any) -> Refused:
    problem = answer if isinstance(answer, dict) else {}
    detail = detail_of(problem)
    status = _OUT_OF_CREDIT if _is_out_of_credit(response.status_code, problem) else response.status_code
    reset = _RESETS_IN.search(detail)
    for wait in (
        response.headers.get("Retry-After"),
        problem.get("retry_after"),
        problem.get("estimated_time"),
        reset and reset.group(1),
    ):
        seconds = _seconds(wait, response.headers.get("Date"))
        if seconds is not None:
            return Refused(status, one_line(detail), seconds, code=code_of(problem))
    return Refused(status, one_line(detail), code=code_of(problem))


def _is_out_of_credit(status: int, problem: Mapping[str, Any]) -> bool:
    """Whether a 429 means that the account is empty, so that no waiting helps."""
    error = problem.get("error")
    return status == 429 and isinstance(error, dict) and error.get("code") == "insufficient_quota"


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
