"""ComfyUI's HTTP routes: plain values in and out, bounded in time and size, every failure one of two exceptions."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import httpx

from app.core.message import Message, message
from app.library import network

MAX_JSON = 64 << 20
"""Bytes. The description of all nodes of a server with hundreds of packs is the longest answer."""
MAX_PICTURE = 256 << 20
CONNECT = 2.0
READ = 20.0


class Refused(Exception):  # noqa: N818 - an answer, and often no error of anybody
    """The server answered with an HTTP status that is no success. `detail` is its JSON answer, or its text's begin."""

    def __init__(self, status: int, detail: Any = None) -> None:
        super().__init__(f"{status}")
        self.status = status
        self.detail = detail


class Unanswered(Exception):  # noqa: N818
    """No answer came, or none that makes sense.

    Attributes:
        connected: False where nothing listens there, or it cannot be reached.
        strange: whether something answered that does not speak as ComfyUI does.
    """

    def __init__(self, reason: Message, *, connected: bool = True, strange: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.connected = connected
        self.strange = strange


class Server:
    """A connection to a server; close it, or use it in a `with` block. Safe to use from several threads.

    Args:
        address: http or https, with or without a path.
        headers: for every request, such as those that a proxy asks for. They go to this address only.
        read: seconds to wait for an answer.

    All methods raise `Refused` and `Unanswered` only.

    Raises:
        UserError: the system's proxy cannot be used.
    """

    def __init__(self, address: str, headers: Mapping[str, str] | None = None, *, read: float = READ) -> None:
        self.address = address.rstrip("/")
        self.headers = dict(headers or {})
        self._read = read
        self._client = network.client(self.address, headers=self.headers)

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._client.close()

    def get(self, path: str, seconds: float | None = None) -> Any:
        """The JSON answer of a route. `seconds` to wait for it, instead of the usual."""
        return self._json("GET", path, seconds)

    def post(self, path: str, body: Any, seconds: float | None = None) -> Any:
        """The JSON answer of a route to a JSON body; None where it answers nothing."""
        return self._json("POST", path, seconds, json=body)

    def upload(self, name: str, png: bytes) -> str:
        """Put a picture into the server's folder for what is temporary, which it empties when it starts; returns what a
        LoadImage node calls it. The server may give it another name.
        """
        answer = self._json("POST", "/upload/image", files={"image": (name, png, "image/png")}, data={"type": "temp"})
        if not isinstance(answer, dict) or not isinstance(answer.get("name"), str):
            raise _strange()
        folder, kind = answer.get("subfolder"), answer.get("type", "input")
        path = f"{folder}/{answer['name']}" if isinstance(folder, str) and folder else str(answer["name"])
        return f"{path} [{kind}]" if kind != "input" else path

    def view(self, name: str, folder: str, kind: str) -> bytes:
        """A file of the server's, as the `executed` message and the history name it."""
        where = {"filename": name, "subfolder": folder, "type": kind}
        return self._bytes("GET", "/view", MAX_PICTURE, params=where)

    def nodes(self, *classes: str) -> dict[str, Any]:
        """How the server describes these types of nodes; those that it does not have are left out."""
        found: dict[str, Any] = {}
        for name in classes:
            try:
                answer = self.get(f"/object_info/{quote(name, safe='')}")
            except Refused as error:
                if error.status != 404:
                    raise
                continue
            if isinstance(answer, dict) and isinstance(answer.get(name), dict):
                found[name] = answer[name]
        return found

    def _json(self, method: str, path: str, seconds: float | None = None, **options: Any) -> Any:
        body = self._bytes(method, path, MAX_JSON, seconds, **options)
        if not body.strip():
            return None
        try:
            return json.loads(body)
        except (ValueError, RecursionError):
            raise _strange() from None

    def _bytes(self, method: str, path: str, limit: int, seconds: float | None = None, **options: Any) -> bytes:
        seconds = seconds or self._read
        timeout = httpx.Timeout(seconds, connect=min(CONNECT, seconds))
        try:
            with self._client.stream(method, self.address + path, timeout=timeout, **options) as response:
                body = _body(response, limit, 3 * seconds)
        except (httpx.RequestError, httpx.InvalidURL, ValueError) as error:
            connected = not isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout, httpx.InvalidURL, ValueError))
            raise Unanswered(fault(error), connected=connected) from None
        if not response.is_success:
            raise Refused(response.status_code, _detail(body))
        return body


def _body(response: httpx.Response, limit: int, seconds: float) -> bytes:
    """The whole body; the timeouts of the network are per packet, so the sum is watched here."""
    latest = time.monotonic() + seconds
    body = bytearray()
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > limit:
            raise Unanswered(message("its answer is too long"), strange=True)
        if time.monotonic() > latest:
            raise Unanswered(message("it does not answer in time"))
    return bytes(body)


def fault(error: Exception) -> Message:
    """What is wrong with a connection, in plain words."""
    match error:
        case httpx.ConnectError() | httpx.ConnectTimeout():
            return message("there is no connection")
        case httpx.TimeoutException():
            return message("it does not answer in time")
        case httpx.ProxyError():
            return message("the system's proxy does not work")
        case _:
            return message("the connection failed")


def _detail(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return body[:300].decode("utf-8", "replace")


def _strange() -> Unanswered:
    return Unanswered(message("its answer cannot be understood"), strange=True)
