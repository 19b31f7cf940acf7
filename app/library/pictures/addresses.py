"""From which addresses a picture may be fetched. It asks no name server, and imports nothing that takes time."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from app.core.errors import UserError
from app.core.message import message

SAVE_IT = message("Save the picture in the browser, then drop the file here.")


def check_address(address: str) -> str:
    """The host of an address from which a picture may be fetched.

    Raises:
        UserError: it is not encrypted, or of this machine or its network.
    """
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        parts, host = urlsplit(""), ""
    if parts.scheme != "https" or not host:
        raise UserError(message("Pictures are fetched from addresses that begin with https:// only."), SAVE_IT)
    if parts.username or parts.password or host == "localhost" or host.endswith((".localhost", ".local")):
        raise local(host)
    try:
        numeric = ipaddress.ip_address(host)
    except ValueError:
        return host
    if not numeric.is_global:
        raise local(host)
    return host


def local(host: str) -> UserError:
    """For an address of this machine or its network."""
    return UserError(message("“{host}” is an address of this machine or its network.", host=host), SAVE_IT)
