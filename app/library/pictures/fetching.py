"""Fetching a picture from an address that the user agreed to: over HTTPS alone, with bounds, and never from this
machine or its network.
"""

from __future__ import annotations

import ipaddress
import socket
import time

import httpx

from app.core.errors import UserError
from app.core.message import Message, message
from app.library import network
from app.library.pictures.addresses import SAVE_IT, check_address, local

MAX_BYTES = 64 << 20
MOST_SECONDS = 120
_TIMEOUT = httpx.Timeout(20, connect=15)


def fetch(address: str) -> bytes:
    """The file at an address. It is not checked that it is a picture, only that the server says so.

    Raises:
        UserError: the address is not safe, or no picture came from it.
    """
    latest = time.monotonic() + MOST_SECONDS
    try:
        with (
            network.client(
                address,
                timeout=_TIMEOUT,
                follow_redirects=True,
                max_redirects=5,
                headers={"Accept": "image/*"},
                event_hooks={"request": [_check]},  # each redirect is a request too
            ) as client,
            client.stream("GET", address) as response,
        ):
            if not response.is_success:
                raise _failed(message("the server answered {status}", status=response.status_code))
            if not response.headers.get("content-type", "").lower().startswith("image/"):
                raise _failed(message("that address leads to no picture"))
            data = bytearray()
            for chunk in response.iter_bytes():
                data += chunk
                if len(data) > MAX_BYTES:
                    raise _failed(message("it is larger than {megabytes} MB", megabytes=MAX_BYTES >> 20))
                if time.monotonic() > latest:
                    raise _failed(message("it took too long"))
            return bytes(data)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise _failed(message("the connection failed")) from error


def _check(request: httpx.Request) -> None:
    """Where a name leads may change after this look. Whoever answers then has no certificate for the name."""
    host = check_address(str(request.url))
    try:
        found = socket.getaddrinfo(host, request.url.port or 443, type=socket.SOCK_STREAM)
    except OSError:
        return  # a proxy may know the name; else the connection fails
    if not all(ipaddress.ip_address(str(place[0]).partition("%")[0]).is_global for *_, place in found):
        raise local(host)


def _failed(reason: Message) -> UserError:
    return UserError(message("The picture could not be fetched: {reason}.", reason=reason), SAVE_IT)
