"""HTTP clients for the services that the app asks: with the system's proxy, and with words where that cannot be used.

Import this module only to ask a service: httpx takes a tenth of a second.
"""

from __future__ import annotations

import contextlib
import functools
import ssl
from collections.abc import Iterator
from typing import Any

import httpx
import httpx2

from app.core.errors import UserError
from app.core.message import message
from app.library.addresses import is_loopback


@functools.cache
def trusted() -> ssl.SSLContext:
    """The certificates that are trusted; reading them takes longer than many a request."""
    return httpx.create_ssl_context()


def client(url: str, **options: Any) -> httpx.Client:
    """A client without credentials for an address: by the system's proxy, unless the address is on this machine.

    Raises:
        UserError: the proxy cannot be used.
    """
    with explained_proxy():
        return httpx.Client(verify=trusted(), trust_env=not is_loopback(url), **options)


@contextlib.contextmanager
def explained_proxy() -> Iterator[None]:
    """Making a client: what goes wrong there is the address of the proxy, or of what needs none, in the environment.

    The address is not shown: it may hold a password.
    """
    try:
        yield
    except (ImportError, ValueError, httpx.InvalidURL, httpx2.InvalidURL):
        raise UserError(
            message("The proxy that this system names cannot be used."),
            message(
                "Its address has to begin with http://, https:// or socks5://. Look at the variables ALL_PROXY, "
                "HTTPS_PROXY, HTTP_PROXY and NO_PROXY, or at the system's network settings."
            ),
        ) from None
